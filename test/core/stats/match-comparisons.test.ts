// Which rows of two campaigns speak of the same app and scheme.
import { describe, expect, it } from 'vitest'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { matchComparisons } from '../../../src-main/core/stats/match-comparisons.ts'
import { inventCampaign } from './make-campaign.ts'

const compare = (invention: Parameters<typeof inventCampaign>[0]) =>
  compareCampaign(inventCampaign({ seeds: 3, ...invention }))

describe('rows of two comparisons', () => {
  it('match by app and scheme; what only one has is named', () => {
    const first = compare({ apps: ['dedup', 'ferret'] })
    const second = compare({ apps: ['ferret', 'x264'] })
    const { rows, onlyFirst, onlySecond } = matchComparisons(first, second)
    expect(rows.map(({ group, scheme }) => [group, scheme])).toEqual([['ferret', 'flexcore']])
    expect(onlyFirst.map(({ group }) => group)).toEqual(['dedup'])
    expect(onlySecond.map(({ group }) => group)).toEqual(['x264'])
  })

  it('match a scheme with parameters where its id is the only one', () => {
    const first = compare({ schemes: ['cfs', 'flexcore'] })
    const second = compare({ schemes: ['cfs', 'flexcore(resize=hotplug)'] })
    expect(matchComparisons(first, second).rows[0]?.second.scheme).toBe('flexcore(resize=hotplug)')
  })

  it('are not guessed where several would do', () => {
    const first = compare({ schemes: ['cfs', 'flexcore'] })
    const second = compare({ schemes: ['cfs', 'flexcore(a=1)', 'flexcore(a=2)'] })
    const { rows, onlyFirst, onlySecond } = matchComparisons(first, second)
    expect([rows.length, onlyFirst.length, onlySecond.length]).toEqual([0, 1, 2])
  })

  it('match an app whose group has another name where it is the only one', () => {
    const first = compare({ apps: ['dedup'] })
    const several = compare({ apps: ['dedup'], mixes: ['pair', 'four'] })
    expect(matchComparisons(first, several).rows).toEqual([])
    const narrowed = { ...several, groups: ['dedup · four'] }
    const kept = narrowed.rows.filter((row) => row.group === 'dedup · four')
    expect(matchComparisons(first, { ...narrowed, rows: kept }).rows).toHaveLength(1)
  })
})
