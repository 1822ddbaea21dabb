/** best-vcpus: vcpu-bal with the number that trials found best. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { numbersToTry } from '../../../src-main/core/simulate/best-vcpus.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { scenarioOf } from '../model/support/scenarios.ts'

/** A byte that goes round: one vCPU needs no wake-ups across vCPUs. */
const passing = { app: 'micro-ring', params: { threads: 4, iterations: 200 } }
/** Threads that flush TLBs: fewer vCPUs, fewer preempted ones to wait for. */
const flushing = { app: 'micro-tlb', params: { threads: 4, iterations: 200 } }

const twice = (workload: { app: string; params: Record<string, number> }, params = {}): Scenario =>
  scenarioOf(
    4,
    [4, 4].map((vcpus) => ({ vcpus, workload })),
    {
      scheme: { id: 'vcpu-bal', params },
    },
  )

describe('vcpu-bal with search', () => {
  for (const [what, workload, best] of [
    ['passing', passing, 1],
    ['flushing', flushing, 2],
  ] as const) {
    it(`runs ${what} threads with the number that is fastest, ${best}`, () => {
      const result = simulate(twice(workload, { search: true }))
      const others = [1, 2, 3, 4].map((vcpus) => simulate(twice(workload, { vcpus })))
      const times = others.map((r) => r.timeNs)
      expect(times.indexOf(Math.min(...times))).toBe(best - 1)
      expect(result.traceHash).toBe(others[best - 1]!.traceHash)
      expect(result.vms[0]!.counters['onlineVcpus']).toBe(best)
      expect(result.counters.trialRuns).toBe(4)
    })
  }

  it('leaves a VM that is alone all its vCPUs', () => {
    const vm = { vcpus: 4, workload: { app: 'micro-ep', params: { iterations: 20 } } }
    const scheme = { id: 'vcpu-bal', params: { search: true } }
    const result = simulate(scenarioOf(4, [vm], { scheme }))
    expect(result.vms[0]!.counters['onlineVcpus']).toBe(4)
  })

  it('tries up to 16 numbers, the largest among them', () => {
    const vms = [{ vcpus: 100, workload: flushing }]
    const numbers = numbersToTry(scenarioOf(4, vms))
    expect(numbers).toHaveLength(16)
    expect(numbers.at(-1)).toBe(100)
    expect(numbersToTry(twice(flushing))).toEqual([1, 2, 3, 4])
  })

  it('moves its progress over all trials, and can be cancelled in any', () => {
    const long = { ...flushing, params: { threads: 4, iterations: 2000 } }
    const fractions: number[] = []
    let checks = 0
    const stopAt = (last: number) => ({
      onProgress: ({ fraction }: { fraction: number }) => fractions.push(fraction),
      shouldStop: () => ++checks > last,
    })
    simulate(twice(long, { search: true }), stopAt(Infinity))
    expect(fractions.length).toBeGreaterThan(4)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    const half = checks / 2
    checks = 0
    expect(() => simulate(twice(long, { search: true }), stopAt(half))).toThrow(/cancel/)
  })

  it('records only the run that counts', () => {
    let headers = 0
    const done = (): number => ++headers
    const trace = { done, recordsMax: 1e6, chunk: () => undefined, block: () => undefined }
    simulate(twice(flushing, { search: true }), { trace })
    expect(headers).toBe(1)
  })
})
