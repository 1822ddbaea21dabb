// A recording is the run: the same hash, and every nanosecond of every track accounted for.
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { POINT, POINT_KINDS } from '../../../src-main/core/base/point-kind.ts'
import { TIME_CLASS_KEYS } from '../../../src-main/core/base/time-class.ts'
import type { TimeClassKey } from '../../../src-main/core/base/time-class.ts'
import { ScenarioSchema } from '../../../src-main/core/contract/scenario.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import {
  stateName,
  threadTrack,
  trackKind,
  vcpuTrack,
} from '../../../src-main/core/trace/layout.ts'
import { VCPU_STATE } from '../../../src-main/core/trace/layout.ts'
import { BLOCK_BUCKETS, decodeBlock, LEVELS } from '../../../src-main/core/trace/pyramid.ts'
import type { Trace } from '../../../src-main/core/trace/trace.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import { recordRun } from './record-run.ts'

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1)

const sum = (numbers: Iterable<number>): number => {
  let total = 0
  for (const number of numbers) total += number
  return total
}

/** ns by state of a track. */
function byState({ layout, tracks }: Trace, track: number): Record<string, number> {
  const sums: Record<string, number> = {}
  const { count, state, ns } = tracks[track]!
  for (let i = 0; i < count; i++) {
    const name = stateName(layout, track, state[i]!)
    sums[name] = (sums[name] ?? 0) + ns[i]!
  }
  return sums
}

const isBarrier = (key: string): boolean => key.startsWith('barrier')

describe('recording a run', () => {
  it('changes nothing: 60 random scenarios give the same result with and without', () => {
    for (const seed of SEEDS) {
      const scenario = randomScenario(seed)
      const { result, header } = recordRun(scenario)
      expect({ seed, ...result }).toEqual({ seed, ...simulate(scenario) })
      expect(header.traceHash).toBe(result.traceHash)
    }
  })

  it('covers every track from the start to the end, without gap or overlap', () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const { trace, header } = recordRun(randomScenario(seed))
      for (const { startNs, ns } of trace.tracks) {
        const gaps = startNs.filter((from, i) => i > 0 && from !== startNs[i - 1]! + ns[i - 1]!)
        expect([gaps.length, startNs[0], sum(ns)]).toEqual([0, 0, header.endNs])
      }
    }
  })

  it('gives a VM’s threads the time in each class that the run charges, to the ns', () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const { trace, result } = recordRun(randomScenario(seed))
      for (const vm of trace.layout.vms) {
        const recorded: Record<string, number> = {}
        for (let t = vm.firstThread; t < vm.firstThread + vm.threads; t++) {
          for (const [key, ns] of Object.entries(byState(trace, threadTrack(trace.layout, t))))
            recorded[key] = (recorded[key] ?? 0) + ns
        }
        const charged = result.vms[vm.index]!.attributionNs
        const plain = TIME_CLASS_KEYS.filter((key: TimeClassKey) => !isBarrier(key))
        for (const key of plain) expect([key, recorded[key] ?? 0]).toEqual([key, charged[key]])
        // a barrier wait is split only when it is over
        expect(recorded['barrier-wait'] ?? 0).toBe(
          sum(TIME_CLASS_KEYS.filter(isBarrier).map((key) => charged[key])),
        )
      }
    }
  })

  it('shows a vCPU running exactly while its pCPU runs it', () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const { trace, result } = recordRun(randomScenario(seed))
      const { layout, tracks } = trace
      const onPcpus = new Float64Array(layout.vcpus)
      for (let p = 0; p < layout.pcpus; p++) {
        const { count, arg, ns } = tracks[p]!
        for (let i = 0; i < count; i++) if (arg[i]! >= 0) onPcpus[arg[i]!]! += ns[i]!
      }
      for (let i = 0; i < layout.vcpus; i++) {
        const running = byState(trace, vcpuTrack(layout, i))['running'] ?? 0
        expect([seed, i, running]).toEqual([seed, i, onPcpus[i]])
      }
      expect(sum(onPcpus)).toBeCloseTo(sum(result.vms.map((vm) => vm.cpuNs)), 0)
    }
  })

  it('has each lock taken, then released by the same thread, and never two holders', () => {
    let taken = 0
    for (const seed of SEEDS.slice(0, 30)) {
      const { kind, subject, object, count } = recordRun(randomScenario(seed)).trace.points
      const holder = new Map<number, number>()
      for (let i = 0; i < count; i++) {
        if (kind[i] === POINT['lock-acquire']) {
          expect(holder.has(object[i]!)).toBe(false)
          holder.set(object[i]!, subject[i]!)
          taken++
        }
        if (kind[i] !== POINT['lock-release']) continue
        expect(holder.get(object[i]!)).toBe(subject[i])
        holder.delete(object[i]!)
      }
    }
    expect(taken).toBeGreaterThan(1000)
  })

  it('counts events as the run does', () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const { trace, result } = recordRun(randomScenario(seed))
      const counts = new Float64Array(POINT_KINDS.length)
      for (const kind of trace.points.kind) counts[kind]!++
      const { barriers, tlbShootdowns, pleExits, resizes, wakeups } = result.counters
      expect(counts[POINT['barrier-open']]).toBe(barriers)
      expect(counts[POINT['tlb-shootdown']]).toBe(tlbShootdowns)
      expect(counts[POINT['ple-exit']]).toBe(pleExits)
      expect(counts[POINT.resize]).toBe(resizes)
      expect(counts[POINT.kick]).toBe(wakeups)
      expect(counts[POINT['iteration-end']]).toBe(
        sum(result.vms.map((one) => one.iterationNs.length)),
      )
    }
  })
})

describe('a VM that departs', () => {
  it('is told as an event, and its vCPUs are offline from then on', () => {
    const vm = { vcpus: 2, workload: { app: 'mutex', params: { scale: 0.05 } } }
    const scenario = v.parse(ScenarioSchema, {
      kind: 'scenario',
      version: 1,
      name: 'departs',
      host: { sockets: 1, coresPerSocket: 2 },
      vms: [vm, { ...vm, stopNs: 5_000_000 }],
    })
    const { trace, header } = recordRun(scenario)
    const { points, tracks, layout } = trace
    const stops = [...points.kind].flatMap((kind, i) => (kind === POINT['vm-stop'] ? [i] : []))
    expect(stops.map((i) => [points.timeNs[i], points.subject[i]])).toEqual([[5_000_000, 1]])
    for (const vcpu of [2, 3]) {
      const { count, state, startNs, ns } = tracks[vcpuTrack(layout, vcpu)]!
      const last = count - 1
      expect([state[last], startNs[last]]).toEqual([VCPU_STATE.offline, 5_000_000])
      expect(startNs[last]! + ns[last]!).toBe(header.endNs)
    }
  })
})

describe('the limit of records', () => {
  it('stops the recording, not the run, and the header says when', () => {
    const scenario = randomScenario(7)
    const whole = recordRun(scenario)
    const recordsMax = Math.floor((whole.header.intervals + whole.header.points) / 2)
    const { header, result, trace } = recordRun(scenario, recordsMax)
    expect(result).toEqual(whole.result)
    expect(header.truncatedAtNs).toBeGreaterThan(0)
    expect(header.truncatedAtNs).toBeLessThan(header.endNs)
    expect(header.intervals + header.points).toBeLessThan(recordsMax + 200)
    for (const { startNs, ns, count } of trace.tracks)
      expect(count === 0 ? 0 : startNs[count - 1]! + ns[count - 1]!).toBeLessThanOrEqual(
        header.truncatedAtNs!,
      )
    expect(whole.header.truncatedAtNs).toBeNull()
  })
})

describe('the pyramid', () => {
  it('has at every level, for every track and state, the time that the intervals have', () => {
    for (const seed of SEEDS.slice(0, 15)) {
      const { trace, blocks } = recordRun(randomScenario(seed))
      for (const level of LEVELS) {
        const sums = trace.tracks.map((): Record<string, number> => ({}))
        for (const block of blocks.filter((candidate) => candidate.level === level)) {
          const decoded = decodeBlock(block, trace.layout)
          if (!decoded.ok) throw new Error(decoded.error)
          decoded.value.state.forEach((state, i) => {
            const name = stateName(trace.layout, block.track, state)
            const to = sums[block.track]!
            to[name] = (to[name] ?? 0) + decoded.value.ns[i]!
          })
        }
        trace.tracks.forEach((_, track) => {
          expect([level, track, sums[track]]).toEqual([level, track, byState(trace, track)])
        })
      }
    }
  })

  it('puts time into the bucket in which it passed, and none has more than its width', () => {
    const { trace, blocks } = recordRun(randomScenario(3))
    const bucketNs = 2 ** LEVELS[0]!
    for (const block of blocks.filter(({ level }) => level === LEVELS[0])) {
      const decoded = decodeBlock(block, trace.layout)
      if (!decoded.ok) throw new Error(decoded.error)
      const { bucket, state, ns } = decoded.value
      bucket.forEach((b, i) => {
        expect(Math.floor(b / BLOCK_BUCKETS)).toBe(block.block)
        const from = b * bucketNs
        const track = trace.tracks[block.track]!
        let expected = 0
        for (let k = 0; k < track.count; k++) {
          if (track.state[k] !== state[i]) continue
          const start = Math.max(from, track.startNs[k]!)
          const end = Math.min(from + bucketNs, track.startNs[k]! + track.ns[k]!)
          expected += Math.max(0, end - start)
        }
        expect(ns[i]).toBe(expected)
      })
    }
  })

  it('refuses damaged blocks with a reason', () => {
    const { trace, blocks } = recordRun(randomScenario(5))
    let refused = 0
    for (const block of blocks) {
      for (let at = 0; at < Math.min(40, block.bytes.length); at++) {
        const bytes = block.bytes.slice()
        bytes[at] = (bytes[at]! + 1 + at) & 0xff
        const decoded = decodeBlock({ ...block, bytes }, trace.layout)
        if (!decoded.ok) refused++
      }
    }
    expect(refused).toBeGreaterThan(50)
  })
})

describe('the tracks of co-scheduled VMs', () => {
  it('show held vCPUs, and only under a scheme that holds', () => {
    const scenario = { ...randomScenario(11), host: { ...randomScenario(11).host } }
    const heldNs = (id: string): number => {
      const { trace } = recordRun({ ...scenario, scheme: { id, params: {} } })
      return sum(
        trace.tracks.flatMap(({ state, ns, count }, track) =>
          trackKind(trace.layout, track) !== 'vcpu'
            ? []
            : Array.from({ length: count }, (_, i) => (state[i] === VCPU_STATE.held ? ns[i]! : 0)),
        ),
      )
    }
    expect(heldNs('cfs')).toBe(0)
    expect(heldNs('gang')).toBeGreaterThan(0)
  })
})
