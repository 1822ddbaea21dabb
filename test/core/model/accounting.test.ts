/** Accounting: pCPU time adds up, counters count what happens, and every cost does something. */
import { describe, expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import { GUEST_COSTS, HOST_COSTS } from '../../../src-main/core/model/parameters.ts'
import { hostPcpus } from '../../../src-main/core/simulate/build-spec.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import type { VmInput } from './support/scenarios.ts'
import { hog, runScenario, scenarioOf, withoutOverheads } from './support/scenarios.ts'

const MS = 1e6

describe('pCPU time', () => {
  it('used by VMs and idle sums to pCPUs × makespan, in random scenarios', () => {
    for (let seed = 900; seed < 930; seed++) {
      const scenario = randomScenario(seed)
      const result = simulate(scenario)
      const used = result.vms.reduce((sum, vm) => sum + vm.cpuNs, 0)
      const total = hostPcpus(scenario.host) * result.makespanNs
      expect(used + result.counters['idlePcpuNs']!, `seed ${seed}`).toBe(total)
    }
  })

  it('is the work of a VM that has no overheads', () => {
    const m = runScenario(withoutOverheads(scenarioOf(2, [hog(30 * MS), hog(70 * MS)])))
    expect(m.vms.map((vm) => vm.cpuNs)).toEqual([30 * MS, 70 * MS])
  })
})

const vm = (app: string, vcpus: number, rest: Partial<VmInput> = {}): VmInput => ({
  vcpus,
  workload: { app, params: { scale: 0.01 } },
  ...rest,
})

/** Threads that crowd at a lock that its waiters sleep for. */
const crowd = vm('spin-pv-qspinlock', 8, {
  workload: { app: 'spin-pv-qspinlock', params: { scale: 0.02, holdNs: 5000 } },
})

/** Situations in which every mechanism that has a cost is at work. */
const SITUATIONS: readonly Partial<ScenarioInput>[] = [
  { vms: [vm('vips', 4), vm('streamcluster', 5), vm('spin', 4)] },
  { vms: [vm('spin', 5), vm('spin-tas', 4), crowd], switches: { ple: false } },
  { vms: [vm('mutex', 8), vm('barrier', 3)], switches: { haltPolling: true } },
  { vms: [vm('canneal', 4), vm('ep', 9, { weight: 300 }), vm('dedup', 2, { startNs: 3 * MS })] },
  { vms: [vm('hog', 2, { workload: { app: 'hog', params: { scale: 0.01, threads: 20 } } })] },
  {
    vms: [vm('vips', 9), vm('ep', 12), vm('mutex', 17)],
    host: { threadsPerCore: 2, costs: { balanceBusyFactor: 1, balanceIntervalNs: MS } },
  },
]

const hashes = (costs: Record<string, number>, guest: Record<string, number>): string =>
  SITUATIONS.map((situation) => {
    const all = { ...situation.host?.costs, ...costs }
    const host = { sockets: 2, coresPerSocket: 3, ...situation.host, costs: all }
    return simulate(scenarioOf(3, situation.vms!, { ...situation, host, guest })).traceHash
  }).join()

/** Does a run change when the cost is much larger, or else when it is less, or 1? */
function matters(value: number, run: (value: number) => string, defaults: string): boolean {
  const others = [value === 0 ? 1 : value * (value < 2 ? 1.6 : 10), value * 0.9, 1]
  return others.some((other) => run(other) !== defaults)
}

describe('a cost', () => {
  const defaults = hashes({}, {})

  it.each(Object.entries(HOST_COSTS))('of the host, %s, changes a run', (key, { value }) => {
    expect(matters(value, (other) => hashes({ [key]: other }, {}), defaults)).toBe(true)
  })

  it.each(Object.entries(GUEST_COSTS))('of the guest, %s, changes a run', (key, { value }) => {
    expect(matters(value, (other) => hashes({}, { [key]: other }), defaults)).toBe(true)
  })
})
