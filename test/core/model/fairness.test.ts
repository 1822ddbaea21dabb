/** Fairness: who gets how much of a pCPU. Promises of schemes: schemes/properties.test.ts. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import { sharesAtFirstEnd } from '../schemes/support/properties.ts'
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
const SECOND = 1e9
const WITHIN = 0.01

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

describe('gang', () => {
  it('leaves pCPUs idle while it holds vCPUs back, and charges that to fragmentation', () => {
    const vms = [hog(SECOND, { vcpus: 4 }, 1), hog(SECOND, {}, 4)]
    const m = runScenario(scenarioOf(4, vms, { scheme: { id: 'gang' } }))
    expect(m.now).toBeGreaterThan(1.9 * SECOND)
    expect(timeOfVm(m, m.vms[1]!).fragmentation).toBeGreaterThan(0.9 * 4 * SECOND)
  })
})
