/** best-vcpus: vcpu-bal with the number that trials found best. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { numbersToTry } from '../../../src-main/core/simulate/best-vcpus.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { scenarioOf } from '../model/support/scenarios.ts'

/** Four threads a VM that spin at barriers: any number of vCPUs below four is far too few. */
const spinning = { app: 'micro-spin-barrier', params: { threads: 4, iterations: 40 } }
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
  for (const [what, workload] of Object.entries({ spinning, flushing })) {
    it(`runs ${what} threads with the number that is fastest`, () => {
      const result = simulate(twice(workload, { search: true }))
      const others = [1, 2, 3, 4].map((vcpus) => simulate(twice(workload, { vcpus })))
      const times = others.map((r) => r.timeNs)
      expect(result.timeNs).toBe(Math.min(...times))
      expect(result.traceHash).toBe(others[times.indexOf(result.timeNs)]!.traceHash)
      expect(result.counters.trialRuns).toBe(4)
    })
  }

  it('finds different numbers for different workloads', () => {
    const numberOf = (of: typeof spinning): number | undefined =>
      simulate(twice(of, { search: true })).vms[0]!.counters['onlineVcpus']
    expect(numberOf(spinning)).toBe(4)
    expect(numberOf(flushing)).toBeLessThan(4)
  })

  it('tries up to 16 numbers, the largest among them', () => {
    const vms = [{ vcpus: 100, workload: flushing }]
    const numbers = numbersToTry(scenarioOf(4, vms))
    expect(numbers).toHaveLength(16)
    expect(numbers.at(-1)).toBe(100)
    expect(numbersToTry(twice(flushing))).toEqual([1, 2, 3, 4])
  })

  it('moves its progress over all trials, and can be cancelled in any', () => {
    const long = { ...spinning, params: { threads: 4, iterations: 2000 } }
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
