/** Fairness and work conservation: who gets how much of a pCPU, and that none idles beside work. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../src-main/core/model/vocabulary.ts'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import type { VmInput } from './support/scenarios.ts'
import {
  compute,
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
const SECOND = 1e9
const WITHIN = 0.01

/** CPU time of each VM when the first one has finished: all of them compete until then. */
function sharesAtFirstEnd(scenario: Scenario): readonly number[] {
  let at: readonly number[] | undefined
  watch(scenario, (m) => {
    if (m.vmFinished > 0) at ??= m.vms.map((vm) => vm.cpuNs)
  })
  const total = at!.reduce((a, b) => a + b, 0)
  return at!.map((ns) => ns / total)
}

const expectShares = (shares: readonly number[], weights: readonly number[]): void => {
  const sum = weights.reduce((a, b) => a + b, 0)
  shares.forEach((share, i) => {
    const due = weights[i]! / sum
    expect(Math.abs(share - due) / due, `VM ${i} got ${share}`).toBeLessThan(WITHIN)
  })
}

describe('CFS on one pCPU', () => {
  for (const weights of [
    [1024, 2048],
    [1024, 1024],
    [512, 1024, 2048],
    [335, 1024, 3121, 1024],
  ]) {
    it(`shares it by weight within 1 % among VMs of ${weights.join(', ')}`, () => {
      const vms = weights.map((weight) => hog(4 * SECOND, { weight }))
      expectShares(sharesAtFirstEnd(scenarioOf(1, vms)), weights)
    })
  }

  it('gives each vCPU the same, and a VM of three vCPUs three times as much', () => {
    const shares = sharesAtFirstEnd(scenarioOf(1, [hog(4 * SECOND), hog(4 * SECOND, {}, 3)]))
    expectShares(shares, [1, 3])
  })

  it('gives each VM the same when the cgroup is the unit of fairness', () => {
    const vms = [hog(4 * SECOND), hog(4 * SECOND, {}, 3)]
    const switches = { cgroupFairness: true }
    expectShares(sharesAtFirstEnd(scenarioOf(1, vms, { switches })), [1, 1])
  })

  it('gives a VM that sleeps most of the time all that it asks for', () => {
    const nap = [loop(200, [{ op: 'sleep', ns: 9 * MS, cv: 0 }, compute(1 * MS)])]
    const napping = { vcpus: 1, workload: inline({ roles: [role(1, nap)] }) }
    const scenario = withoutOverheads(scenarioOf(1, [napping, hog(4 * SECOND)]))
    const [own] = runScenario(scenario).vms
    expect(own!.iterationNs[0]! / MS).toBeGreaterThanOrEqual(2000)
    expect(own!.iterationNs[0]! / MS).toBeLessThan(2100)
  })
})

describe('CFS with directed yields', () => {
  it('does not let a VM that spins starve a hog on the same pCPUs', () => {
    const spin = { vcpus: 4, workload: { app: 'spin', params: { scale: 1, holdNs: 5000 } } }
    const scenario = scenarioOf(2, [spin, hog(SECOND, {}, 4)], { switches: { ple: true } })
    const shares = sharesAtFirstEnd(scenario)
    expect(Math.min(...shares)).toBeGreaterThan(0.35)
  })
})

/** Longest time that a pCPU idled while a vCPU that may run there waited in another's queue. */
class IdleBesideWork {
  readonly #since: Float64Array
  longestNs = 0

  constructor(pcpus: number) {
    this.#since = new Float64Array(pcpus).fill(Infinity)
  }

  look(m: Machine): void {
    for (let p = 0; p < m.pcpus; p++) {
      const wasted = m.pIdle[p] === 1 && hasWorkFor(m, p)
      if (!wasted) this.#since[p] = Infinity
      else this.#since[p] = Math.min(this.#since[p]!, m.now)
      this.longestNs = Math.max(this.longestNs, m.now - Math.min(m.now, this.#since[p]!))
    }
  }
}

function hasWorkFor(m: Machine, p: number): boolean {
  for (let v = 0; v < m.vcpus; v++) {
    if (m.vState[v] !== VCPU.runnable || m.vHeld[v] !== 0) continue
    if (m.policy.allows === undefined || m.policy.allows(m, v, p)) return true
  }
  return false
}

/**
 * A pCPU looks for work when it runs out of it; then, an interval later, at the next tick of a busy
 * pCPU, which serves one idle pCPU; and it finds no vCPU whose cache is hot.
 */
const boundNs = ({ costs, pcpus }: Machine): number =>
  costs.balanceIntervalNs + (pcpus + 1) * costs.tickNs + costs.migrationCostNs

/** The longest idling beside work of a whole run, held to the bound. */
function expectConserved(scenario: Scenario): void {
  let idle: IdleBesideWork | undefined
  const m = watch(scenario, (machine) => {
    idle ??= new IdleBesideWork(machine.pcpus)
    idle.look(machine)
  })
  expect(idle!.longestNs, `seed ${scenario.seed}`).toBeLessThan(boundNs(m))
}

/** Threads that compute and sleep for about as long as said, a few times. */
function bursts(vcpus: number, workMs: number, pauseMs: number): VmInput {
  const pause = { op: 'sleep', ns: pauseMs * MS, cv: 0.5 }
  const program = [loop(6, [compute(workMs * MS, 0.5), pause])]
  return { vcpus, repeat: 'stop', workload: inline({ roles: [role(vcpus, program)] }) }
}

describe('work conservation', () => {
  for (const id of ['cfs', 'balance']) {
    const scheme = { id, params: {} }
    it(`${id}: no pCPU idles beside a vCPU that waits longer than it takes to balance`, () => {
      for (let seed = 7000; seed < 7030; seed++)
        expectConserved({ ...randomScenario(seed), scheme })
    })

    it(`${id}: nor when it was busy for long before, and on another socket`, () => {
      const vms = [bursts(2, 100, 50), bursts(2, 30, 70), bursts(1, 300, 10)]
      const host = { sockets: 2, coresPerSocket: 2 }
      for (let seed = 0; seed < 40; seed++)
        expectConserved(withoutOverheads(scenarioOf(2, vms, { seed, scheme, host })))
    })
  }

  it('gang leaves pCPUs idle while it holds vCPUs back, and charges that to fragmentation', () => {
    const vms = [hog(SECOND, { vcpus: 4 }, 1), hog(SECOND, {}, 4)]
    const m = runScenario(scenarioOf(4, vms, { scheme: { id: 'gang' } }))
    expect(m.now).toBeGreaterThan(1.9 * SECOND)
    expect(timeOfVm(m, m.vms[1]!).fragmentation).toBeGreaterThan(0.9 * 4 * SECOND)
  })
})

describe('starvation', () => {
  for (const id of ['cfs', 'gang', 'balance', 'vcpu-bal', 'flexcore']) {
    it(`${id}: every VM of a crowded host finishes`, () => {
      const vms = [1024, 2, 100_000].map((weight) => hog(50 * MS, { weight, vcpus: 3 }, 3))
      const m = runScenario(scenarioOf(2, vms, { scheme: { id } }))
      expect(m.vms.map((vm) => vm.iteration)).toEqual([1, 1, 1])
    })
  }
})
