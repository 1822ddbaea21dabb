/** flex: VMs share by weight, whatever their number of vCPUs. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import { fairShares } from '../../../src-main/core/schemes/flex.ts'
import type { VmInput } from '../model/support/scenarios.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  watch,
} from '../model/support/scenarios.ts'
import { sharesAt } from './support/properties.ts'

const MS = 1e6
const SECOND = 1e9

const under = (id: string) => ({ scheme: { id } })

const equal = (all: readonly (readonly [usedNs: number, wantedNs: number])[]) =>
  all.map(([usedNs, wantedNs]) => ({ usedNs, wantedNs, weight: 1024 }))

describe('fair shares', () => {
  it('are by weight where everybody wants more', () => {
    const claims = [
      { usedNs: 90, wantedNs: 400, weight: 1024 },
      { usedNs: 30, wantedNs: 100, weight: 2048 },
    ]
    expect(fairShares(claims)).toEqual([40, 80])
  })

  it('give nobody more than it wants, and the rest to the others', () => {
    expect(
      fairShares(
        equal([
          [10, 10],
          [50, 90],
          [60, 90],
        ]),
      ),
    ).toEqual([10, 55, 55])
  })

  it('sum to the time used', () => {
    const shares = fairShares(
      equal([
        [5, 7],
        [70, 300],
        [25, 25],
        [0, 0],
      ]),
    )
    expect(shares.reduce((a, b) => a + b, 0)).toBe(100)
  })
})

const CASES = [
  { pcpus: 4, vcpus: [4, 1], weights: [1, 1], fair: [3, 1] },
  { pcpus: 2, vcpus: [4, 2], weights: [1, 1], fair: [1, 1] },
  { pcpus: 4, vcpus: [4, 2, 1], weights: [1, 1, 1], fair: [1.5, 1.5, 1] },
  { pcpus: 6, vcpus: [6, 3, 2], weights: [1, 2, 1], fair: [1.5, 3, 1.5] },
  { pcpus: 12, vcpus: [12, 4], weights: [1, 1], fair: [8, 4] },
]

/** pCPUs that the VMs of a case had in three seconds. */
const hadBy = (id: string, { pcpus, vcpus, weights }: (typeof CASES)[number]): readonly number[] =>
  sharesAt(
    scenarioOf(
      pcpus,
      vcpus.map((n, i) => hog(4 * SECOND, { weight: 1024 * weights[i]! }, n)),
      under(id),
    ),
    3 * SECOND,
  ).map((share) => share * pcpus)

describe('flex', () => {
  it.each(CASES)('is fair within 5 % on average: $vcpus vCPUs by $weights on $pcpus', (given) => {
    const errors = hadBy('flex', given).map((had, i) => Math.abs(had / given.fair[i]! - 1))
    expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(0.05)
  })

  it.each(CASES)('corrects what cfs gets wrong by more than 10 %: $vcpus on $pcpus', (given) => {
    const errors = hadBy('cfs', given).map((had, i) => Math.abs(had / given.fair[i]! - 1))
    expect(Math.max(...errors)).toBeGreaterThan(0.1)
  })

  it('takes nothing from a VM that is content with less', () => {
    const nap = [loop(100, [{ op: 'sleep', ns: 9 * MS, cv: 0 }, compute(MS)])]
    const napping: VmInput = { vcpus: 1, workload: inline({ roles: [role(1, nap)] }) }
    const [own] = runScenario(scenarioOf(1, [napping, hog(2 * SECOND, {}, 3)], under('flex'))).vms
    expect(own!.iterationNs[0]!).toBeLessThan(1.1 * SECOND)
  })

  it('survives a period in which only a VM ran that has departed since', () => {
    const vms = [hog(50 * MS, { stopNs: 20 * MS, weight: 100_000 }), hog(10 * MS), hog(10 * MS)]
    const scheme = { id: 'flex', params: { periodNs: 10_000 } }
    watch(scenarioOf(1, vms, { scheme }), (m) => {
      expect(m.vWeight.every((weight) => weight > 0)).toBe(true)
    })
  })

  it('does not keep lock holders on their pCPU', () => {
    const section = { op: 'spin-critical', lock: 'lock', ns: 5000, cv: 1 }
    const program = [loop(4000, [compute(30_000, 1), section])]
    const workload = inline({ spinLocks: ['lock'], roles: [role(4, program)] })
    const vms: readonly VmInput[] = [{ vcpus: 4, workload }, hog(150 * MS), hog(150 * MS)]
    const m = runScenario(scenarioOf(4, vms, under('flex')))
    expect(timeOfVm(m, m.vms[0]!).lhp).toBeGreaterThan(0)
  })
})
