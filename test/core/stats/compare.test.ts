// The comparison of a campaign: pairing, groups, gaps, awkward inputs and what must not matter.
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ComparisonSchema, type Comparison } from '../../../src-main/core/contract/comparison.ts'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { compareCampaign, type CompareInput } from '../../../src-main/core/stats/compare.ts'
import { toCsv } from '../../../src-main/core/stats/format-csv.ts'
import { toMarkdown } from '../../../src-main/core/stats/format-markdown.ts'
import { inventCampaign, type Invention } from './make-campaign.ts'

const PARSEC = ['blackscholes', 'dedup', 'ferret', 'swaptions', 'x264']
const SCHEMES = ['cfs', 'gang', 'balance', 'flexcore']

const compare = (invention: Invention, more: Partial<CompareInput> = {}): Comparison =>
  compareCampaign({ ...inventCampaign(invention), ...more })

const rowOf = (comparison: Comparison, group: string, scheme: string) => {
  const row = comparison.rows.find((one) => one.group === group && one.scheme === scheme)
  if (row === undefined) throw new Error(`no row ${group} / ${scheme}`)
  return row
}

const summaryOf = (comparison: Comparison, scheme: string) =>
  comparison.summaries.find((summary) => summary.scheme === scheme)

describe('the measure of a comparison', () => {
  const invention = { apps: ['dedup'], schemes: SCHEMES, seeds: 2 }

  it('is the run time, or what the campaign asks for, and the method says so', () => {
    const { campaign } = inventCampaign(invention)
    const byTime = compare(invention)
    const byLatency = compare(invention, { campaign: { ...campaign, measure: 'latency.p99Ns' } })
    expect([byTime.measure, byLatency.measure]).toEqual(['run time', 'p99 latency'])
    expect(byTime.method).not.toMatch(/latency/)
    expect(byLatency.method).toMatch(/T: p99 latency of requests/)
  })
})

describe('a comparison', () => {
  const full = compare({ apps: PARSEC, schemes: SCHEMES, seeds: 12 })

  it('fits the contract, with no NaN anywhere', () => {
    expect(v.safeParse(ComparisonSchema, full).success).toBe(true)
    expect(JSON.stringify(full)).not.toMatch(/NaN|Infinity/)
  })

  it('has a row for each app and scheme, in campaign order, and says who is the baseline', () => {
    expect(full.groups).toEqual(PARSEC)
    expect(full.schemes).toEqual(SCHEMES)
    expect(full.rows.map((row) => [row.group, row.scheme])).toEqual(
      PARSEC.flatMap((app) => SCHEMES.map((scheme) => [app, scheme])),
    )
    expect(full.rows.filter((row) => row.isBaseline)).toHaveLength(PARSEC.length)
  })

  it('finds what was put in', () => {
    const verdicts = PARSEC.map((app) => SCHEMES.map((s) => rowOf(full, app, s).verdict))
    expect(verdicts).toEqual(PARSEC.map(() => ['equivalent', 'worse', 'equivalent', 'better']))
    expect(rowOf(full, 'dedup', 'flexcore').ratio.value).toBeCloseTo(0.65, 2)
    expect(summaryOf(full, 'flexcore')).toMatchObject({ better: 5, worse: 0, inconclusive: 0 })
    expect(summaryOf(full, 'flexcore')!.geomeanRatio.value).toBeCloseTo(0.65, 2)
    expect(summaryOf(full, 'gang')!.meanCostRatio.value).toBeCloseTo(1.2, 2)
  })

  it('has both improvements from the one ratio, ends swapped', () => {
    const { ratio, speedup, timeSaved } = rowOf(full, 'ferret', 'flexcore')
    expect(speedup.value).toBe(1 / ratio.value - 1)
    expect([speedup.lo, speedup.hi]).toEqual([1 / ratio.hi! - 1, 1 / ratio.lo! - 1])
    expect([timeSaved.lo, timeSaved.hi]).toEqual([1 - ratio.hi!, 1 - ratio.lo!])
  })

  it('has the baseline at exactly 1, untested', () => {
    const one = { value: 1, lo: 1, hi: 1 }
    const baseline = rowOf(full, 'ferret', 'cfs')
    expect(baseline).toMatchObject({ ratio: one, p: null, pSmallest: null, effect: null })
    expect(summaryOf(full, 'cfs')).toMatchObject({ geomeanRatio: one, equivalent: 0 })
  })

  it('means the attribution over the runs', () => {
    expect(rowOf(full, 'ferret', 'gang').attributionNs?.useful).toBe(0)
    expect(rowOf(full, 'ferret', 'gang').attributionNs?.memory).toBe(6.5)
  })

  it('says how it was made, and that the seeds are the sample', () => {
    expect(full.method).toMatch(/each run is deterministic, so the seeds are the sample/)
    expect(full.method).toMatch(/BCa bootstrap over pairs, 2,000 resamples/)
    expect(full.method).toMatch(/Holm-corrected over 15 comparisons/)
    expect(compare({}, { kind: 'measured' }).method).toMatch(/^Measured: /)
    expect(compare({}, { correction: 'max-t' }).method).toMatch(/Westfall–Young/)
  })
})

describe('the groups', () => {
  it('are named by the mix too where there are several', () => {
    const { groups } = compare({ apps: ['a', 'b'], mixes: ['pair', 'alone'] })
    expect(groups).toEqual(['a · pair', 'b · pair', 'a · alone', 'b · alone'])
  })

  it('are named by overcommit and varied fields that differ, and by the mix without an app', () => {
    const input = inventCampaign({ apps: [''], seeds: 2 })
    const varied = (seed: number) => ({ overcommit: seed, vary: { exit: seed * 100, same: 1 } })
    type CellOrRun = CompareInput['cells'][number] | CompareInput['runs'][number]
    const change = <T extends CellOrRun>(one: T) => ({
      ...one,
      factors: { ...one.factors, ...varied(one.seed) },
    })
    const { groups } = compareCampaign({
      ...input,
      cells: input.cells.map(change),
      runs: input.runs.map(change),
    })
    expect(groups).toEqual(['pair · overcommit 1 · exit=100', 'pair · overcommit 2 · exit=200'])
  })
})

describe('gaps', () => {
  it('drop only the pairs that they touch, and are counted where they arose', () => {
    const comparison = compare({
      seeds: 8,
      fails: ({ scheme }, seed) => scheme === 'flexcore' && seed === 2,
      waits: ({ scheme }, seed) => scheme === 'cfs' && seed === 5,
    })
    const row = rowOf(comparison, 'ferret', 'flexcore')
    expect(row).toMatchObject({ pairs: 6, failed: 1, missing: 1 })
    expect(row.sample.seeds).toEqual([1, 3, 4, 5, 6, 7, 8])
    expect(rowOf(comparison, 'ferret', 'cfs')).toMatchObject({ pairs: 7, failed: 0, missing: 1 })
    expect(comparison).toMatchObject({ finishedRuns: 14, failedRuns: 1, missingRuns: 1 })
  })

  it('leave out a scheme without a pair, by name', () => {
    const comparison = compare({
      apps: ['ferret', 'dedup'],
      seeds: 3,
      fails: ({ app, scheme }) => app === 'dedup' && scheme === 'cfs',
    })
    expect(comparison.rows.map((row) => row.group)).toEqual(['ferret', 'ferret'])
    expect(comparison.omitted).toEqual([
      { group: 'dedup', scheme: 'cfs', runs: 0, failed: 3, excluded: 0, missing: 0 },
      { group: 'dedup', scheme: 'flexcore', runs: 3, failed: 0, excluded: 0, missing: 3 },
    ])
  })

  it('take a run that has no usable time for missing', () => {
    const comparison = compare({ seeds: 7, timeNs: (_, seed) => (seed === 1 ? 0 : 1e9 + seed) })
    expect(rowOf(comparison, 'ferret', 'flexcore')).toMatchObject({ pairs: 6, missing: 1 })
  })

  it('make an empty comparison of a campaign that has not begun', () => {
    const comparison = compare({ seeds: 2, waits: () => true })
    expect(comparison).toMatchObject({ rows: [], summaries: [], finishedRuns: 0, missingRuns: 4 })
    expect(compareCampaign({ ...inventCampaign({}), cells: [], runs: [] }).rows).toEqual([])
  })

  it('do not hide a baseline that is not there', () => {
    const wrong = () => compare({}, { baseline: 'cfq' })
    expect(wrong).toThrow(LabError)
    expect(wrong).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: 'Choose one of: cfs, flexcore' }),
    )
  })
})

describe('an excluded run', () => {
  const excludes = ({ scheme }: { scheme: string }, seed: number) =>
    scheme === 'flexcore' && seed === 3 ? 'a backup ran' : null
  const comparison = compare({ seeds: 9, excludes })

  it('is in no figure, is counted apart from what is missing, and its reason is shown', () => {
    const row = rowOf(comparison, 'ferret', 'flexcore')
    expect(row).toMatchObject({ pairs: 8, excluded: 1, missing: 0 })
    expect(row.sample.seeds).not.toContain(3)
    expect(comparison).toMatchObject({ finishedRuns: 17, missingRuns: 0 })
    expect(comparison.excluded).toEqual([
      expect.objectContaining({ scheme: 'flexcore', seed: 3, reason: 'a backup ran' }),
    ])
    expect(toMarkdown(comparison)).toMatch(/### Excluded\n\n- ferret .*seed 3 .*: a backup ran/)
    expect(toCsv(comparison)).toMatch(/,excluded,ferret,.*a backup ran/)
  })

  it('of the baseline takes the pairs of every scheme with it', () => {
    const ofBaseline = compare({
      seeds: 9,
      excludes: ({ scheme }, seed) => (scheme === 'cfs' && seed === 3 ? 'noise' : null),
    })
    expect(rowOf(ofBaseline, 'ferret', 'flexcore')).toMatchObject({ pairs: 8, missing: 1 })
    expect(rowOf(ofBaseline, 'ferret', 'cfs')).toMatchObject({ pairs: 8, excluded: 1, missing: 0 })
  })
})

describe('the same samples without their pairs', () => {
  it('have a rank test and Cliff’s delta beside the verdict', () => {
    const { unpaired, hedgesG } = rowOf(compare({ seeds: 8 }), 'ferret', 'flexcore')
    // 8 against 8, all of one side: 2 / C(16, 8).
    expect(unpaired!.p).toBeCloseTo(2 / 12_870, 12)
    expect(unpaired).toMatchObject({ delta: 1, pSmallest: unpaired!.p })
    expect(hedgesG).toBeGreaterThan(10)
  })

  it('say what p they cannot reach', () => {
    const { unpaired } = rowOf(compare({ seeds: 3 }), 'ferret', 'flexcore')
    expect(unpaired!.pSmallest).toBeCloseTo(0.1, 12)
  })
})

describe('awkward inputs', () => {
  it('of one run each have no interval, no p and no verdict', () => {
    const comparison = compare({ seeds: 1 })
    const row = rowOf(comparison, 'ferret', 'flexcore')
    expect(row).toMatchObject({ pairs: 1, p: null, pSmallest: null, verdict: 'inconclusive' })
    for (const estimate of [row.ratio, row.sample.meanNs, row.sample.medianNs, row.speedup]) {
      expect([estimate.lo, estimate.hi]).toEqual([null, null])
    }
    expect(summaryOf(comparison, 'flexcore')!.geomeanRatio.lo).toBeNull()
    expect(v.safeParse(ComparisonSchema, comparison).success).toBe(true)
  })

  it('of identical times are equivalent from six seeds on, without a NaN', () => {
    const timeNs = () => 123_456_789
    expect(rowOf(compare({ seeds: 5, timeNs }), 'ferret', 'flexcore').verdict).toBe('inconclusive')
    const row = rowOf(compare({ seeds: 6, timeNs }), 'ferret', 'flexcore')
    expect(row).toMatchObject({ verdict: 'equivalent', p: 1, effect: 0 })
    expect(row.ratio).toEqual({ value: 1, lo: 1, hi: 1 })
  })

  it('where one scheme wins every pair say so, with effect 1 and the smallest p', () => {
    const row = rowOf(compare({ seeds: 6 }), 'ferret', 'flexcore')
    expect(row).toMatchObject({ verdict: 'better', effect: 1, p: 0.03125, pSmallest: 0.03125 })
  })

  it('with fewer than six pairs claim nothing, though they show an interval', () => {
    const row = rowOf(compare({ seeds: 5 }), 'ferret', 'flexcore')
    expect(row.verdict).toBe('inconclusive')
    expect(row.ratio.hi).toBeLessThan(1)
  })

  it('of eight seeds stay open under Holm among 15 comparisons, but not under max-T', () => {
    const invention = { apps: PARSEC, schemes: SCHEMES, seeds: 8 }
    expect(summaryOf(compare(invention), 'flexcore')).toMatchObject({ better: 0, inconclusive: 5 })
    const shared = compare(invention, { correction: 'max-t' })
    expect(summaryOf(shared, 'flexcore')).toMatchObject({ better: 5, inconclusive: 0 })
  })

  it('with a run twice for a seed count the first in cell order', () => {
    const input = inventCampaign({ seeds: 6 })
    const again = { ...input.runs[1]!, runId: 'again', cellIndex: 999, timeNs: 1 }
    expect(compareCampaign({ ...input, runs: [again, ...input.runs] })).toEqual(
      compareCampaign(input),
    )
  })
})

describe('nothing changes', () => {
  const pick = (comparison: Comparison) =>
    comparison.rows.map(({ ratio, p, verdict, effect }) => ({ ratio, p, verdict, effect }))

  it('with the order in which runs and cells are given', () => {
    const input = inventCampaign({ apps: PARSEC, schemes: SCHEMES, seeds: 6 })
    const comparison = compareCampaign(input)
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...input.runs], { minLength: input.runs.length }),
        fc.shuffledSubarray([...input.cells], { minLength: input.cells.length }),
        (runs, cells) => {
          expect(compareCampaign({ ...input, runs, cells })).toEqual(comparison)
        },
      ),
      { numRuns: 5 },
    )
  })

  it('in the ratios with the unit of time', () => {
    const input = inventCampaign({ seeds: 9 })
    const scaled = input.runs.map((run) => ({ ...run, timeNs: run.timeNs * 1024 }))
    expect(pick(compareCampaign({ ...input, runs: scaled }))).toEqual(pick(compareCampaign(input)))
  })

  it('but the sign when baseline and scheme are swapped', () => {
    const input = inventCampaign({ seeds: 9 })
    const there = rowOf(compareCampaign(input), 'ferret', 'flexcore')
    const back = rowOf(compareCampaign({ ...input, baseline: 'flexcore' }), 'ferret', 'cfs')
    expect(back.ratio.value).toBeCloseTo(1 / there.ratio.value, 12)
    expect([back.p, back.verdict]).toEqual([there.p, 'worse'])
    expect(back.speedup.value).toBeCloseTo(-there.timeSaved.value, 12)
  })
})
