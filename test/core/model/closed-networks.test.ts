/**
 * The whole two-level model against closed forms: with overheads 0 and a fine grain, threads that
 * think and compute are the machine repairman M/M/c//N, and hogs on a pCPU share it as processors
 * do.
 */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import { THREAD } from '../../../src-main/core/model/vocabulary.ts'
import {
  compute,
  FINE_GRAIN,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  watch,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6
const [THINK, SERVICE] = [200e3, 100e3]
const SEEDS = 24
/** Student's t, 23 degrees of freedom, 99 % two-sided. */
const T_99 = 2.807

/** Mean number of busy servers of M/M/c//N: Z thinking, S in service. */
function busyServers(c: number, n: number, thinkNs: number, serviceNs: number): number {
  const r = serviceNs / thinkNs
  let weight = 1
  let total = 1
  let busy = 0
  for (let k = 1; k <= n; k++) {
    weight *= ((n - k + 1) * r) / Math.min(k, c)
    total += weight
    busy += Math.min(k, c) * weight
  }
  return busy / total
}

function mean(xs: readonly number[]): number {
  return xs.reduce((a, b) => a + b, 0) / xs.length
}

function expectWithin99(xs: readonly number[], theory: number): void {
  const m = mean(xs)
  const variance = xs.reduce((a, x) => a + (x - m) ** 2, 0) / (xs.length - 1)
  const half = T_99 * Math.sqrt(variance / xs.length)
  expect(half / theory, 'the interval is narrow enough to mean something').toBeLessThan(0.02)
  expect(Math.abs(m - theory), `${m} ± ${half} against ${theory}`).toBeLessThan(half)
}

type Repairmen = { readonly vcpus: number; readonly pcpus: number; readonly threads: number }

/**
 * From when to when a run counts: long past the start, before the first thread has done its loops.
 */
const [FROM, TO] = [30 * MS, 280 * MS]

/** Mean number of threads in service between two times of one run. */
function measuredBusy(of: Repairmen, seed: number): number {
  const cycle = [{ op: 'sleep', ns: THINK, cv: 1 }, compute(SERVICE, 1)]
  const workload = inline({ roles: [role(of.threads, [loop(1000, cycle)])] })
  const scenario = scenarioOf(of.pcpus, [{ vcpus: of.vcpus, workload }], { seed })
  const marks: { readonly now: number; readonly useful: number }[] = []
  watch(withoutOverheads(scenario), (m) => {
    if (m.now < [FROM, TO, Infinity][marks.length]!) return
    expect(m.vms[0]!.threadsDone).toBe(0)
    marks.push({ now: m.now, useful: timeOfVm(m, m.vms[0]!).useful })
  })
  const [from, to] = marks as [(typeof marks)[number], (typeof marks)[number]]
  return (to.useful - from.useful) / (to.now - from.now)
}

describe('machine repairman M/M/c//N', () => {
  for (const of of [
    { vcpus: 1, pcpus: 1, threads: 4 },
    { vcpus: 3, pcpus: 3, threads: 6 },
    { vcpus: 6, pcpus: 3, threads: 6 },
    { vcpus: 4, pcpus: 2, threads: 8 },
  ]) {
    const { vcpus, pcpus, threads } = of
    it(`holds within 99 %: threads ${threads}, vCPUs ${vcpus}, pCPUs ${pcpus}`, () => {
      const servers = Math.min(vcpus, pcpus)
      const theory = busyServers(servers, threads, THINK, SERVICE)
      const runs = Array.from({ length: SEEDS }, (_, seed) => measuredBusy(of, seed))
      expectWithin99(runs, theory)
    })
  }
})

/** When each of the works is done under egalitarian processor sharing. */
function processorSharing(works: readonly number[]): readonly number[] {
  const order = works.map((_, i) => i).sort((a, b) => works[a]! - works[b]!)
  const ends = new Array<number>(works.length)
  let now = 0
  let done = 0
  order.forEach((i, k) => {
    now += (works[i]! - done) * (works.length - k)
    done = works[i]!
    ends[i] = now
  })
  return ends
}

describe('processor sharing', () => {
  const works = [10 * MS, 25 * MS, 25 * MS, 60 * MS, 100 * MS]

  it('predicts when each hog on one pCPU ends, whichever vCPU it has', () => {
    const scenario = scenarioOf(
      1,
      works.map((ns) => hog(ns)),
    )
    const m = runScenario(withoutOverheads(scenario, FINE_GRAIN))
    const ends = m.vms.map((vm) => vm.iterationNs[0]!)
    processorSharing(works).forEach((end, i) => {
      expect(Math.abs(ends[i]! - end) / end, `hog ${i}`).toBeLessThan(0.01)
    })
  })

  it('predicts the same for threads of one vCPU, which the guest shares', () => {
    const roles = works.map((ns, i) => role(1, [compute(ns)], `hog${i}`))
    const scenario = scenarioOf(1, [{ vcpus: 1, workload: inline({ roles }) }])
    const ends: number[] = []
    watch(withoutOverheads(scenario, FINE_GRAIN), (m) => {
      works.forEach((_, t) => {
        if (m.now > 0 && m.tState[t] === THREAD.idle) ends[t] ??= m.now
      })
    })
    processorSharing(works).forEach((end, i) => {
      expect(Math.abs(ends[i]! - end) / end, `thread ${i}`).toBeLessThan(0.01)
    })
  })
})
