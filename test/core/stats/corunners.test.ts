// Slowdowns of co-runners: against runs alone where there are any, else against the baseline.
import { describe, expect, it } from 'vitest'
import type { Factors } from '../../../src-main/core/contract/campaign.ts'
import { corunnersOf, fairnessOf, interferenceOf } from '../../../src-main/core/stats/corunners.ts'
import type { CorunRun, VmTimes } from '../../../src-main/core/stats/corunners.ts'

const vm = (app: string, ...iterationNs: number[]): VmTimes => {
  return { name: `vm-${app}`, app, vcpus: 2, workload: app, iterationNs, iterationsAsked: 2 }
}

const factors = (scheme: string, mix: string): Factors => {
  return { app: 'ep', scheme, mix, overcommit: null, vary: {} }
}

const run = (scheme: string, mix: string, vms: VmTimes[], seed = 1): CorunRun => {
  return { seed, factors: factors(scheme, mix), idleShare: 0.25, vms }
}

const input = (runs: CorunRun[]) =>
  ({ campaignId: 'c', kind: 'simulated', baseline: 'cfs', cells: [], runs }) as const

const pair = { groups: ['ep · pair'], schemes: ['cfs', 'gang'] }

const SHARED = [
  run('cfs', 'pair', [vm('ep', 200, 200), vm('hog', 300, 300)]),
  run('gang', 'pair', [vm('ep', 100, 300, 900), vm('hog', 600, 600)]),
]
const ALONE = [run('cfs', 'ep', [vm('ep', 100, 100)]), run('cfs', 'hog', [vm('hog', 100, 100)])]

describe('co-runners of a campaign with runs alone', () => {
  const found = corunnersOf(input([...SHARED, ...ALONE]))

  it('are compared with themselves alone, by the iterations that count', () => {
    expect(found.reference).toBe('alone')
    const slowdowns = found.vms
      .filter((one) => one.group === 'ep · pair')
      .map(({ scheme, app, beside, slowdown }) => [scheme, app, beside, slowdown])
    expect(slowdowns).toEqual([
      ['cfs', 'ep', 'hog', 2],
      ['cfs', 'hog', 'ep', 3],
      ['gang', 'ep', 'hog', 2],
      ['gang', 'hog', 'ep', 6],
    ])
  })

  it('are no runs alone, of which only the baseline has some', () => {
    expect(found.vms).toHaveLength(4)
    expect(found.idle).toHaveLength(2)
  })

  it('give worst slowdown, weighted speed-up per VM and host idle', () => {
    const [cfs, gang] = fairnessOf(found, pair)
    expect(cfs).toMatchObject({
      runs: 1,
      worst: { value: expect.closeTo(3, 9) },
      idleShare: { value: 0.25 },
    })
    expect(cfs?.weightedSpeedup.value).toBeCloseTo((1 / 2 + 1 / 3) / 2, 12)
    expect(gang?.worstEver).toMatchObject({ app: 'hog', beside: 'ep', slowdown: 6 })
  })

  it('make the matrix of one scheme', () => {
    const cells = interferenceOf(found, 'gang', pair.groups)
    expect(cells.map(({ app, beside, vms }) => [app, beside, vms])).toEqual([
      ['ep', 'hog', 1],
      ['hog', 'ep', 1],
    ])
    expect(cells[1]?.slowdown.value).toBeCloseTo(6, 12)
  })
})

describe('an app beside its own kind alone', () => {
  it('is beside itself, in one column', () => {
    const twins = [run('cfs', 'pair', [vm('ep', 1), vm('ep', 1)])]
    const found = corunnersOf(input([...twins, run('cfs', 'hogs', [vm('hog', 1), vm('hog', 1)])]))
    const cells = interferenceOf(found, 'cfs', ['ep · pair', 'ep · hogs'])
    expect(cells.map(({ app, beside }) => [app, beside])).toEqual([
      ['ep', 'itself'],
      ['hog', 'itself'],
    ])
  })
})

describe('co-runners without runs alone', () => {
  it('are compared with the baseline, by seed', () => {
    const found = corunnersOf(
      input([...SHARED, run('gang', 'pair', [vm('ep', 1), vm('hog', 1)], 2)]),
    )
    expect(found.reference).toBe('baseline')
    expect(found.vms.map(({ slowdown }) => slowdown)).toEqual([1, 1, 1, 2])
    expect(found.withoutReference).toBe(2)
  })

  it('say that idle time could not be seen', () => {
    const unseen = SHARED.map((one) => ({ ...one, idleShare: null }))
    const found = corunnersOf(input(unseen))
    expect(found.idle).toEqual([])
    expect(found.idleNotObservable).toMatch(/did not show/)
    expect(fairnessOf(found, { ...pair, groups: ['ep'] })[0]?.idleShare).toBeNull()
  })

  it('name several others with their number', () => {
    const three = [vm('ep', 1), vm('hog', 1), vm('hog', 1), vm('ring', 1)]
    const found = corunnersOf(input([run('cfs', 'pair', three)]))
    expect(found.vms[0]?.beside).toBe('2 × hog + ring')
  })
})
