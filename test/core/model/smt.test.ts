/** Hardware threads and last-level caches: what sharing a core costs, and who avoids it. */
import { describe, expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { smtSpeeds } from '../../../src-main/core/model/smt.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
  watch,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6

const onHost = (
  host: ScenarioInput['host'],
  vms: ScenarioInput['vms'],
  rest: Partial<ScenarioInput> = {},
) => withoutOverheads(scenarioOf(1, vms, { host, ...rest }))

const oneCore = { sockets: 1, coresPerSocket: 1, threadsPerCore: 2 }

describe('two hardware threads of one core', () => {
  it('do the throughput factor of one together, and each its part', () => {
    expect([...smtSpeeds(2, 1.25)]).toEqual([1, 1, 0.625])
    expect([...smtSpeeds(1, 1.25)]).toEqual([1, 1])
    // four threads: a third of the gain each
    const [, one, two, three, four] = smtSpeeds(4, 1.6)
    expect(one).toBe(1)
    expect(two! * 2).toBeCloseTo(1.2, 12)
    expect(three! * 3).toBeCloseTo(1.4, 12)
    expect(four! * 4).toBeCloseTo(1.6, 12)
  })

  it('slow each other while both are busy, and only then', () => {
    const m = runScenario(onHost(oneCore, [hog(100 * MS), hog(30 * MS)]))
    // both run at 0.625 until the short one is done after 48 ms; then the other runs alone
    expect(timeOfThread(m, 1, 'useful') / MS).toBeCloseTo(30, 2)
    expect(timeOfThread(m, 1, 'smt') / MS).toBeCloseTo(18, 1)
    expect(timeOfThread(m, 0, 'smt') / MS).toBeCloseTo(18, 1)
    expect(m.now / MS).toBeCloseTo(118, 1)
  })

  it('count as cores of their own where they share nothing', () => {
    const separate = { ...oneCore, costs: { smtThroughput: 2 } }
    const m = runScenario(onHost(separate, [hog(50 * MS), hog(50 * MS)]))
    expect(timeOfThread(m, 0, 'smt')).toBe(0)
    expect(m.now / MS).toBeCloseTo(50, 1)
  })

  it('keep slow memory and the shared core apart, to the nanosecond', () => {
    const memory = {
      ...{ privateKib: 0, sharedKib: 8192, sharedFraction: 0 },
      ...{ missPenalty: 0.5, remotePenalty: 0 },
    }
    const roles = [role(1, [loop(100, [compute(MS)])])]
    const vm = { vcpus: 1, workload: inline({ roles, memory }) }
    const host = { ...oneCore, costs: { llcKib: 8192 } }
    const result = simulate(onHost(host, [vm, vm]))
    for (const { attributionNs: time, threads } of result.vms) {
      const sum = Object.values(time).reduce((a, b) => a + b, 0)
      expect(sum).toBe(threads * result.makespanNs)
      // half of the demand misses: 0.8 of the speed is left by memory, 0.625 of that by the core
      expect(time.useful / result.makespanNs).toBeCloseTo(0.5, 1)
      expect(time.memory / result.makespanNs).toBeCloseTo(0.2, 1)
      expect(time.smt / result.makespanNs).toBeCloseTo(0.3, 1)
    }
  })
})

describe('CFS on a host with hardware threads', () => {
  it('wakes vCPUs on idle cores before it shares one', () => {
    const host = { sockets: 1, coresPerSocket: 4, threadsPerCore: 2 }
    const body = [compute(0.2 * MS, 0.5), { op: 'sleep', ns: 0.8 * MS, cv: 0.5 }]
    const workload = inline({ roles: [role(1, [loop(400, body)])] })
    const vms = Array.from({ length: 4 }, () => ({ vcpus: 1, workload }))
    let shared = 0
    let busy = 0
    watch(onHost(host, vms), (m: Machine) => {
      for (const n of m.coreBusy) {
        if (n > 0) busy++
        if (n > 1) shared++
      }
    })
    expect(busy).toBeGreaterThan(1000)
    // a previous pCPU that idles is taken even if its core does not, so never is too much to ask
    expect(shared / busy).toBeLessThan(0.1)
  })
})

describe('a socket with several last-level caches', () => {
  it('makes a move between them cost a refill from memory, without the remote factor', () => {
    const refill = (coresPerLlc: number): number => {
      const host = {
        ...{ sockets: 1, coresPerSocket: 2, coresPerLlc },
        costs: { refillLlcNsPerKib: 80, refillMemoryNsPerKib: 320, llcKib: 4096, l2Kib: 256 },
      }
      const memory = {
        ...{ privateKib: 256, sharedKib: 0, sharedFraction: 0 },
        ...{ missPenalty: 0, remotePenalty: 0 },
      }
      const roles = [role(1, [loop(60, [compute(MS)])])]
      const vm = { vcpus: 1, workload: inline({ roles, memory }), repeat: 'stop' as const }
      const m = runScenario(onHost(host, [vm, vm, vm]))
      return [0, 1, 2].reduce((sum, t) => sum + timeOfThread(m, t, 'refill'), 0)
    }
    expect(refill(1)).toBeGreaterThan(refill(2))
  })

  it('must divide its cores evenly', () => {
    const host = { sockets: 1, coresPerSocket: 6, coresPerLlc: 4 }
    expect(() => simulate(onHost(host, [hog(MS)]))).toThrow(/host\.coresPerLlc: 4 do not divide/)
  })
})
