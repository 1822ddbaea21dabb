/**
 * Latency of requests: against queueing theory where the model is a queue of theory, and where two
 * schedulers make it worse.
 */
import { describe, expect, it } from 'vitest'
import { exponentialAt } from '../../../src-main/core/base/random.ts'
import { LatencyHistogram } from '../../../src-main/core/model/latency-histogram.ts'
import type { LatencySummary } from '../../../src-main/core/model/latency-histogram.ts'
import { buildSpec } from '../../../src-main/core/simulate/build-spec.ts'
import type { SimulatedVm, VmResult } from '../../../src-main/core/contract/result.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import type { ProgramParts } from './support/scenarios.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6
const SEEDS = 24
/** Student's t, 23 degrees of freedom, 99 % two-sided. */
const T_99 = 2.807

const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length

function expectWithin99(xs: readonly number[], theory: number, what: string): void {
  const m = mean(xs)
  const variance = xs.reduce((a, x) => a + (x - m) ** 2, 0) / (xs.length - 1)
  const half = T_99 * Math.sqrt(variance / xs.length)
  expect(half / theory, `the interval of ${what} is narrow`).toBeLessThan(0.05)
  expect(Math.abs(m / theory - 1), `${what}: ${m} ± ${half}, ${theory}`).toBeLessThan(half / theory)
}

describe('the histogram', () => {
  it('gives percentiles to 0.4 %, and count, mean and maximum exactly', () => {
    for (const scale of [10, 1e3, 1e6, 1e9, 1e13]) {
      const histogram = new LatencyHistogram()
      const values = Array.from({ length: 5000 }, (_, i) => Math.floor(exponentialAt(9, i) * scale))
      for (const value of values) histogram.add(value)
      const sorted = [...values].sort((a, b) => a - b)
      const found = histogram.summary()!
      const exact = (fraction: number): number => sorted[Math.ceil(fraction * 5000) - 1]!
      const pairs = [
        [found.p50Ns, exact(0.5)],
        [found.p95Ns, exact(0.95)],
        [found.p99Ns, exact(0.99)],
        [found.p999Ns, exact(0.999)],
      ] as const
      for (const [got, want] of pairs) expect(Math.abs(got - want)).toBeLessThanOrEqual(want / 256)
      expect(found.count).toBe(5000)
      expect(found.maxNs).toBe(sorted.at(-1))
      expect(found.meanNs).toBeCloseTo(mean(values), 3)
    }
  })

  it('tells nothing when nothing was added', () => {
    expect(new LatencyHistogram().summary()).toBeUndefined()
  })
})

const REQUESTS = 12_000
const [GAP, SERVICE] = [100e3, 60e3]

/** Latencies of one run without overheads, on as many pCPUs as vCPUs. */
function latencyOf(cpus: number, parts: ProgramParts, seed: number): LatencySummary {
  const workload = inline(parts)
  const scenario = scenarioOf(cpus, [{ vcpus: cpus, workload, repeat: 'stop' }], { seed })
  return runScenario(withoutOverheads(scenario)).vms[0]!.latency!.summary()!
}

describe('open arrivals and exponential service', () => {
  it('are M/M/1: percentiles of the sojourn time within 99 %', () => {
    const steps = [{ op: 'arrive', ns: GAP }, compute(SERVICE, 1), { op: 'respond' }]
    const parts = { roles: [role(1, [loop(REQUESTS, steps)])] }
    const runs = Array.from({ length: SEEDS }, (_, seed) => latencyOf(1, parts, seed))
    const scale = 1 / (1 / SERVICE - 1 / GAP)
    const quantile = (p: number): number => -Math.log(1 - p) * scale
    const column = (key: keyof LatencySummary) => runs.map((run) => run[key])
    expect(new Set(column('count'))).toEqual(new Set([REQUESTS]))
    expectWithin99(column('meanNs'), scale, 'mean')
    expectWithin99(column('p50Ns'), quantile(0.5), 'p50')
    expectWithin99(column('p95Ns'), quantile(0.95), 'p95')
    expectWithin99(column('p99Ns'), quantile(0.99), 'p99')
  })

  it('are M/M/2 behind a queue, whose items carry the arrival with them', () => {
    const parts = {
      queues: [{ name: 'inbox', capacity: 1e6 }],
      roles: [
        role(1, [
          loop(REQUESTS, [
            { op: 'arrive', ns: GAP },
            { op: 'push', queue: 'inbox' },
          ]),
          { op: 'close', queue: 'inbox' },
        ]),
        role(
          2,
          [{ op: 'each', queue: 'inbox', body: [compute(2 * SERVICE, 1), { op: 'respond' }] }],
          'server',
        ),
      ],
    }
    const runs = Array.from({ length: SEEDS }, (_, seed) => latencyOf(3, parts, seed).meanNs)
    // Erlang C for two servers: P(wait) = 2ρ² / (1 + ρ), W = S + P(wait) / (2μ − λ)
    const rho = SERVICE / GAP
    const wait = (2 * rho * rho) / (1 + rho) / (1 / SERVICE - 1 / GAP)
    expectWithin99(runs, 2 * SERVICE + wait, 'mean')
  })
})

describe('a latency', () => {
  it('counts from the scheduled arrival, not from when the server got to it', () => {
    const serve = loop(5, [{ op: 'arrive', ns: MS, cv: 0 }, compute(0.1 * MS), { op: 'respond' }])
    const found = latencyOf(1, { roles: [role(1, [compute(10 * MS), serve])] }, 1)
    // arrivals at 1 … 5 ms, answers at 10.1 … 10.5 ms
    expect(found.maxNs).toBe(9.1 * MS)
    expect(found.meanNs).toBe((9.1 + 8.2 + 7.3 + 6.4 + 5.5) * (MS / 5))
  })

  it('counts from "request" where a program says when it begins', () => {
    const steps = [compute(MS), { op: 'request' }, compute(0.5 * MS), { op: 'respond' }]
    const found = latencyOf(1, { roles: [role(1, [loop(3, steps)])] }, 1)
    expect([found.count, found.p50Ns, found.maxNs]).toEqual([3, expect.closeTo(5e5, -4), 5e5])
  })

  it('is missing from the result of a VM that responds to nothing', () => {
    const result = simulate(scenarioOf(1, [hog(MS)]))
    expect(result.vms[0]).not.toHaveProperty('latency')
  })

  it('is refused for requests that nobody begins', () => {
    const spec = buildSpec(
      scenarioOf(1, [
        {
          vcpus: 1,
          workload: inline({ roles: [role(1, [compute(MS), { op: 'respond' }])] }),
        },
      ]),
    )
    const issues = spec.ok ? [] : spec.error
    expect(issues.map((issue) => issue.path)).toEqual([
      'vms[0].workload.definition.roles[0].program',
    ])
  })
})

/** A VM that answers a short request every few milliseconds, beside batch work. */
function interactiveBeside(batchVcpus: number, id: string): SimulatedVm {
  const steps = [{ op: 'arrive', ns: 4 * MS }, compute(0.3 * MS, 0.5), { op: 'respond' }]
  const workload = inline({ roles: [role(1, [loop(1500, steps)])] })
  const batch =
    batchVcpus === 0 ? [] : [hog(1000 * MS, { name: 'batch', repeat: 'until-others' }, batchVcpus)]
  const vms = [{ name: 'interactive', vcpus: 2, weight: 8192, workload }, ...batch]
  return simulate(scenarioOf(2, vms, { scheme: { id } })).vms[0]!
}

const p99 = (vm: VmResult): number => vm.latency!.p99Ns

describe('priority inversion', () => {
  it.each(['gang', 'credit'])('shows in p99 under %s, whatever the weight of the VM', (id) => {
    const alone = interactiveBeside(0, id)
    const beside = interactiveBeside(2, id)
    expect(p99(alone)).toBeLessThan(MS)
    expect(p99(beside)).toBeGreaterThan(10 * p99(alone))
  })

  it('is charged as such where a VM of lesser weight holds the pCPU', () => {
    expect(interactiveBeside(0, 'credit').attributionNs.inversion).toBe(0)
    expect(interactiveBeside(2, 'credit').attributionNs.inversion).toBeGreaterThan(100 * MS)
  })

  it('does not show under CFS, which lets a sleeper of high weight preempt', () => {
    const alone = interactiveBeside(0, 'cfs')
    const beside = interactiveBeside(2, 'cfs')
    expect(p99(beside)).toBeLessThan(1.2 * p99(alone))
  })
})
