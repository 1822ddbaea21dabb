// The printed forms: golden files for the whole, and what must hold for awkward content.
import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src-main/core/contract/comparison.ts'
import { checkBands } from '../../../src-main/core/stats/band-check.ts'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { COMPARISON_FORMATS } from '../../../src-main/core/stats/format-comparison.ts'
import { CSV_COLUMNS } from '../../../src-main/core/stats/format-csv.ts'
import {
  formatDurationNs,
  formatP,
  formatPercent,
  formatRatio,
} from '../../../src-main/core/stats/format-numbers.ts'
import { inventCampaign } from './make-campaign.ts'

const sample = compareCampaign(
  inventCampaign({
    apps: ['dedup', 'ferret', 'x264'],
    schemes: ['cfs', 'gang', 'balance', 'flexcore'],
    seeds: 9,
    fails: ({ app, scheme }, seed) => app === 'x264' && scheme === 'gang' && seed > 3,
    waits: ({ app, scheme }) => app === 'x264' && scheme === 'balance',
  }),
)

const forms = [
  ['table', 'txt'],
  ['csv', 'csv'],
  ['md', 'md'],
] as const

describe('every form of a comparison', () => {
  it.each(forms)('is as the golden file says: %s', async (form, extension) => {
    const golden = `./golden/comparison.${extension}`
    await expect(COMPARISON_FORMATS[form](sample)).toMatchFileSnapshot(golden)
  })

  it.each(forms)('%s names the kind, both means, both improvements and the claim', (form) => {
    const text = COMPARISON_FORMATS[form]({ ...sample, kind: 'measured' })
    expect(text).toMatch(/Measured/)
    expect(text).not.toMatch(/Simulated ·/)
    expect(text).toMatch(/geometric mean|geomean/)
    expect(text).toMatch(/mean[ -]cost/)
    expect(text).toMatch(/speed-?up/)
    expect(text).toMatch(/time[ _]saved/)
    expect(text).toMatch(/Tsinghua Science and Technology 20\(1\), 2015/)
  })

  it.each(forms)('%s stands an empty comparison', (form) => {
    const empty: Comparison = { ...sample, rows: [], omitted: [], summaries: [], bands: [] }
    expect(COMPARISON_FORMATS[form](empty)).toMatch(/ratio/)
  })

  it('json is the comparison itself', () => {
    expect(JSON.parse(COMPARISON_FORMATS.json(sample))).toEqual(JSON.parse(JSON.stringify(sample)))
  })
})

describe('the table', () => {
  it('keeps its columns aligned whatever the names', () => {
    const long = compareCampaign(
      inventCampaign({ apps: ['ü-é-漢', 'a-name-of-some-length'], seeds: 2 }),
    )
    const lines = COMPARISON_FORMATS.table(long).split('\n')
    const starts = lines
      .filter((line) => /\b(cfs|flexcore) +2 /.test(line))
      .map((line) => [...line.slice(0, line.search(/cfs|flexcore/))].length)
    expect(new Set(starts).size).toBe(1)
    expect(starts).toHaveLength(4)
  })

  it('lets no name steer the terminal', () => {
    const hostile = { ...sample, campaignName: '\u001b[2Jgone\nand more' }
    expect(COMPARISON_FORMATS.table(hostile)).toMatch(/· \?\[2Jgone\?and more ·/)
  })
})

describe('the CSV', () => {
  it('has as many cells in every line as columns', () => {
    const lines = COMPARISON_FORMATS.csv(sample).trimEnd().split('\n')
    for (const line of lines) {
      const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!.filter((_, i, all) => i < all.length)
      const filled = line.endsWith(',')
        ? cells.length
        : cells.length - (cells.at(-1) === '' ? 1 : 0)
      expect(filled).toBe(CSV_COLUMNS.length)
    }
  })

  it('quotes names as RFC 4180 says', () => {
    const odd = { ...sample, campaignName: 'a "quoted", name' }
    expect(COMPARISON_FORMATS.csv(odd)).toMatch(/^Simulated,"a ""quoted"", name",row,/m)
  })
})

describe('Markdown', () => {
  it('takes names literally', () => {
    const odd = { ...sample, campaignName: 'a|b <i>*c*' }
    expect(COMPARISON_FORMATS.md(odd)).toContain('## a\\|b \\<i\\>\\*c\\*: comparison')
  })
})

describe('numbers as text', () => {
  it.each([
    [0, '0 ns'],
    [999, '999 ns'],
    [1234.5, '1.234 µs'],
    [56_700_000, '56.70 ms'],
    [1e9, '1.000 s'],
    [123_456_789_000, '123.5 s'],
    [9_876_543_210_000, '9877 s'],
  ])('%d ns is %s', (ns, text) => {
    expect(formatDurationNs(ns)).toBe(text)
  })

  it('have a sign on a percentage, but none on zero', () => {
    expect([0.529, -0.1, 0, -0.0001, 0.0001].map(formatPercent)).toEqual([
      '+52.9 %',
      '−10.0 %',
      '0.0 %',
      '0.0 %',
      '0.0 %',
    ])
  })

  it('keep small ratios and small p apart from zero', () => {
    expect([0.654, 0.0012, 12].map(formatRatio)).toEqual(['0.654', '0.0012', '12.000'])
    expect([null, 0.0001, 0.03125].map(formatP)).toEqual(['–', '<0.001', '0.031'])
  })
})

describe('the check against a published claim', () => {
  it('names the apps inside, below and above in both readings', () => {
    const [check] = checkBands(sample)
    expect(check!.scheme).toBe('flexcore')
    expect(check!.bySpeedup).toEqual({ inside: ['dedup', 'ferret', 'x264'], below: [], above: [] })
    const { inside, below, above } = check!.byTimeSaved
    expect([...inside, ...below, ...above].toSorted()).toEqual(['dedup', 'ferret', 'x264'])
  })

  it('speaks of the scheme with any parameters, and of no other', () => {
    const renamed = (scheme: string): Comparison => ({
      ...sample,
      schemes: ['cfs', scheme],
      rows: sample.rows.map((row) => (row.scheme === 'flexcore' ? { ...row, scheme } : row)),
    })
    expect(checkBands(renamed('flexcore(periodNs=50)'))).toHaveLength(1)
    expect(checkBands(renamed('flexcore-like'))).toEqual([])
  })
})
