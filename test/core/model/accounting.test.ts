/** Accounting: pCPU time adds up, counters count what happens, and every cost does something. */
import { describe, expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import { GUEST_COSTS, HOST_COSTS } from '../../../src-main/core/model/parameters.ts'
import { pcpuCount } from '../../../src-main/core/model/spec.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import type { VmInput } from './support/scenarios.ts'
import { hog, runScenario, scenarioOf, withoutOverheads } from './support/scenarios.ts'

const MS = 1e6

describe('pCPU time', () => {
  it('used by VMs and idle sums to pCPUs × makespan, in random scenarios', () => {
    for (let seed = 900; seed < 980; seed++) {
      const scenario = randomScenario(seed)
      const { sockets, coresPerSocket } = scenario.host
      const topology = { sockets: sockets!, coresPerSocket: coresPerSocket!, threadsPerCore: 1 }
      const result = simulate(scenario)
      const used = result.vms.reduce((sum, vm) => sum + vm.cpuNs, 0)
      const total = pcpuCount(topology) * result.makespanNs
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
  workload: { app, params: { scale: 0.02 } },
  ...rest,
})

/** Situations in which every mechanism that has a cost is at work. */
const SITUATIONS: readonly Partial<ScenarioInput>[] = [
  { vms: [vm('vips', 3), vm('streamcluster', 4), vm('spin', 4)] },
  { vms: [vm('mutex', 6), vm('barrier', 3)], switches: { haltPolling: true } },
  { vms: [vm('canneal', 4), vm('hog', 9), vm('ep', 3)] },
]

const hashes = (host: Record<string, number>, guest: Record<string, number>): string =>
  SITUATIONS.map((situation) => {
    const hostInput = { sockets: 2, coresPerSocket: 2, costs: host }
    const rest = { ...situation, host: hostInput, guest }
    return simulate(scenarioOf(2, situation.vms!, rest)).traceHash
  }).join()

describe('a cost', () => {
  const defaults = hashes({}, {})

  it.each(Object.keys(HOST_COSTS))('of the host, %s, changes a run', (key) => {
    const { value } = HOST_COSTS[key as keyof typeof HOST_COSTS]
    expect(hashes({ [key]: value === 0 ? 1 : value * 3 }, {})).not.toBe(defaults)
  })

  it.each(Object.keys(GUEST_COSTS))('of the guest, %s, changes a run', (key) => {
    const { value } = GUEST_COSTS[key as keyof typeof GUEST_COSTS]
    expect(hashes({}, { [key]: value * 3 })).not.toBe(defaults)
  })
})
