// The queries: on a trace small enough to check by hand, and against sums over recorded runs.
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { POINT } from '../../../src-main/core/base/point-kind.ts'
import { TIME_CLASS_KEYS } from '../../../src-main/core/base/time-class.ts'
import type { TimeClassKey } from '../../../src-main/core/base/time-class.ts'
import { ScenarioSchema } from '../../../src-main/core/contract/scenario.ts'
import { TraceFindingsSchema } from '../../../src-main/core/contract/trace.ts'
import type { TraceHeader } from '../../../src-main/core/contract/trace.ts'
import { decodeChunk } from '../../../src-main/core/trace/chunk.ts'
import { findingsOf } from '../../../src-main/core/trace/findings.ts'
import { layoutTrace, VCPU_STATE, vcpuTrack } from '../../../src-main/core/trace/layout.ts'
import { isWaiting } from '../../../src-main/core/trace/overlap.ts'
import { assembleTrace } from '../../../src-main/core/trace/trace.ts'
import type { Trace } from '../../../src-main/core/trace/trace.ts'
import { TraceWriter } from '../../../src-main/core/trace/trace-writer.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import { recordRun } from './record-run.ts'

const TOP = 10
const vm = (name: string) => ({ name, app: 'x', vcpus: 1, threads: 2, mutexes: 1, spinLocks: 0 })
const header: TraceHeader = {
  version: 1,
  pcpus: 1,
  vms: [vm('a'), vm('b')],
  endNs: 1000,
  intervals: 0,
  points: 0,
  truncatedAtNs: null,
  levels: [],
  traceHash: '',
}
const layout = layoutTrace(header)
const [P0, A, B, T0, T1] = [0, 1, 2, 3, 4]
const cls = (key: TimeClassKey): number => TIME_CLASS_KEYS.indexOf(key)

/** Writes a trace by hand and reads it back. */
function traceOf(write: (to: TraceWriter) => void): Trace {
  const chunks: Uint8Array[] = []
  const sink = { chunk: (c: { bytes: Uint8Array }) => chunks.push(c.bytes), block: () => undefined }
  const writer = new TraceWriter(layout, sink)
  write(writer)
  writer.finish()
  const decoded = chunks.map((bytes) => {
    const chunk = decodeChunk(bytes, layout)
    if (!chunk.ok) throw new Error(chunk.error)
    return chunk.value
  })
  return assembleTrace(header, decoded)
}

/** a's vCPU runs 0–300, loses its pCPU to b until 700, and runs again. */
const byHand = traceOf((to) => {
  to.interval(P0, 0, 300, 1, 0)
  to.interval(P0, 300, 400, 2, 1)
  to.interval(P0, 700, 300, 1, 0)
  to.interval(A, 0, 300, VCPU_STATE.running, 0)
  to.interval(A, 300, 400, VCPU_STATE.preempted, 0)
  to.interval(A, 700, 300, VCPU_STATE.running, 0)
  to.interval(B, 0, 250, VCPU_STATE.halted, 0)
  to.interval(B, 250, 50, VCPU_STATE.preempted, 0)
  to.interval(B, 300, 400, VCPU_STATE.running, 0)
  to.interval(B, 700, 300, VCPU_STATE.halted, 0)
  to.interval(T0, 0, 300, cls('useful'), 0)
  to.interval(T0, 300, 250, cls('fair-share'), 0)
  to.interval(T0, 550, 150, cls('inversion'), 0)
  to.interval(T0, 700, 300, cls('useful'), 0)
  to.interval(T1, 0, 1000, cls('lhp'), 0)
  to.point(50, POINT['barrier-arrive'], 1, 0, 0)
  to.point(100, POINT['lock-acquire'], 0, 0, -1)
  to.point(200, POINT['lock-contend'], 1, 0, 0)
  to.point(800, POINT['lock-release'], 0, 0, 1)
  to.point(800, POINT['lock-acquire'], 1, 0, -1)
  to.point(900, POINT['barrier-arrive'], 0, 0, 1)
  to.point(900, POINT['barrier-open'], 0, 0, 1)
})

describe('a trace that was made by hand', () => {
  const findings = findingsOf(byHand, TOP)

  it('shows who ran while a vCPU could not', () => {
    expect(findings.preemptions).toEqual({
      totalNs: 450,
      vmNs: [
        [0, 400, 0],
        [50, 0, 0],
      ],
      pairs: [
        { victim: 'a/v0', by: 'b/v0', ns: 400, times: 1, longest: { startNs: 300, ns: 400 } },
        { victim: 'b/v0', by: 'a/v0', ns: 50, times: 0, longest: { startNs: 250, ns: 50 } },
      ],
    })
  })

  it('shows the lock holder whose vCPU was preempted, as one episode, and who waited', () => {
    expect(findings.lockHolders).toEqual({
      count: 1,
      totalNs: 400,
      longest: [
        {
          lock: 'a mutex 0',
          holder: 'a/t0',
          vcpu: 'a/v0',
          startNs: 300,
          ns: 400,
          by: 'b/v0',
          waiters: 1,
        },
      ],
    })
  })

  it('shows the span of the barrier and what its last arriver did', () => {
    expect(findings.barriers.longest).toEqual([
      {
        vm: 'a',
        barrier: 0,
        openNs: 900,
        ns: 850,
        last: 'a/t0',
        lastDidNs: { useful: 450, 'fair-share': 250, inversion: 150 },
      },
    ])
    expect(findings.barriers.spread).toMatchObject({ count: 1, p50Ns: 850, maxNs: 850 })
  })

  it('shows how long each vCPU waited', () => {
    expect(
      findings.runDelays.map(({ vcpu, spread }) => [vcpu, spread.count, spread.totalNs]),
    ).toEqual([
      ['a/v0', 1, 400],
      ['b/v0', 1, 50],
    ])
    expect(findings.runDelays[0]?.histogram).toEqual([1])
  })

  it('cuts what reaches beyond a window', () => {
    const part = { ...byHand, ...assembleWindow(350, 500) }
    expect(findingsOf(part, TOP).preemptions.totalNs).toBe(150)
  })
})

/** The same trace between two times. */
function assembleWindow(fromNs: number, toNs: number): Trace {
  const chunk = {
    intervals: byHandIntervals(),
    points: { ...byHand.points, count: 0 },
  }
  return assembleTrace(header, [chunk], { fromNs, toNs })
}

function byHandIntervals() {
  const rows = byHand.tracks.flatMap((track, at) =>
    Array.from({ length: track.count }, (_, i) => ({ track, at, i })),
  )
  return {
    count: rows.length,
    track: Int32Array.from(rows, ({ at }) => at),
    startNs: Float64Array.from(rows, ({ track, i }) => track.startNs[i]!),
    ns: Float64Array.from(rows, ({ track, i }) => track.ns[i]!),
    state: Uint16Array.from(rows, ({ track, i }) => track.state[i]!),
    arg: Int32Array.from(rows, ({ track, i }) => track.arg[i]!),
  }
}

describe('over recorded runs', () => {
  it('the waits that are explained are all waits, and fit the contract', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const { trace, result } = recordRun(randomScenario(seed))
      const findings = findingsOf(trace, TOP)
      expect(v.parse(TraceFindingsSchema, findings)).toEqual(findings)
      let waitedNs = 0
      for (let vcpu = 0; vcpu < trace.layout.vcpus; vcpu++) {
        const { state, ns } = trace.tracks[vcpuTrack(trace.layout, vcpu)]!
        state.forEach((now, i) => (waitedNs += isWaiting(now) ? ns[i]! : 0))
      }
      expect([seed, findings.preemptions.totalNs]).toEqual([seed, waitedNs])
      expect(findings.barriers.spread.count).toBe(result.counters['barriers'])
      for (const { ns, lastDidNs } of findings.barriers.longest)
        expect(Object.values(lastDidNs).reduce((a, b) => a + b, 0)).toBe(ns)
    }
  })

  it('episodes of preempted lock holders cover the time that is charged to them', () => {
    const mutex = { vcpus: 4, workload: { app: 'mutex', params: { scale: 0.2 } } }
    const scenario = v.parse(ScenarioSchema, {
      kind: 'scenario',
      version: 1,
      name: 'mutex',
      host: { sockets: 1, coresPerSocket: 4 },
      vms: [mutex, mutex],
      switches: { ple: false },
    })
    const { trace, result } = recordRun(scenario)
    const chargedNs = result.vms.reduce((sum, { attributionNs }) => sum + attributionNs.lhp, 0)
    const { longest, count } = findingsOf(trace, 1000).lockHolders
    const coveredNs = longest.reduce((sum, { ns, waiters }) => sum + ns * waiters, 0)
    expect([count > 0, count < 1000]).toEqual([true, true])
    expect(chargedNs).toBeGreaterThan(0)
    expect(coveredNs).toBeGreaterThanOrEqual(chargedNs)
    for (const { holder, by } of longest) expect(by).not.toBe(holder.replace('/t', '/v'))
  })
})
