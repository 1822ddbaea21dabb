// The printed forms: golden files for the whole, and what must hold for awkward content.
import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src-main/core/contract/comparison.ts'
import { checkBands } from '../../../src-main/core/stats/band-check.ts'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import { CSV_COLUMNS, toCsv } from '../../../src-main/core/stats/format-csv.ts'
import { latexText, toLatex } from '../../../src-main/core/stats/format-latex.ts'
import { toMarkdown } from '../../../src-main/core/stats/format-markdown.ts'
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
  ['csv', toCsv],
  ['md', toMarkdown],
  ['tex', toLatex],
] as const

describe('every form of a comparison', () => {
  it.each(forms)('is as the golden file says: %s', async (extension, form) => {
    const golden = `./golden/comparison.${extension}`
    await expect(form(sample)).toMatchFileSnapshot(golden)
  })

  it.each(forms)(
    '%s names the kind, both means, both improvements and the claim',
    (_name, form) => {
      const text = form({ ...sample, kind: 'measured' })
      expect(text).toMatch(/Measured/)
      expect(text).not.toMatch(/Simulated ·/)
      expect(text).toMatch(/geometric mean|geomean/)
      expect(text).toMatch(/mean[ -]cost/)
      expect(text).toMatch(/speed-?up/)
      expect(text).toMatch(/time[ _]saved/)
      expect(text).toMatch(/Tsinghua Science and Technology 20\(1\), 2015/)
    },
  )

  it.each(forms)('%s stands an empty comparison', (_name, form) => {
    const empty: Comparison = { ...sample, rows: [], omitted: [], summaries: [], bands: [] }
    expect(form(empty)).toMatch(/ratio/)
  })
})

describe('the LaTeX', () => {
  it('escapes what LaTeX would read', () => {
    expect(latexText('50 % of {a_b} ~ $1')).toBe('50 \\% of \\{a\\_b\\} \\textasciitilde{} \\$1')
    expect(latexText('& #2 \\x^2')).toBe('\\& \\#2 \\textbackslash{}x\\textasciicircum{}2')
  })

  it('closes what it opens, and has as many cells in a row as columns', () => {
    const text = toLatex(sample)
    const names = (kind: string) =>
      [...text.matchAll(new RegExp(`\\\\${kind}\\{(\\w+)`, 'g'))].map(([, name]) => name).sort()
    expect(names('begin')).toEqual(names('end'))
    const tables = text.split('\\begin{tabular}').slice(1)
    expect(tables.length).toBeGreaterThan(1)
    for (const table of tables) {
      const columns = /^\{(\w+)\}/.exec(table)?.[1] ?? ''
      const rows = table.split('\n').filter((line) => line.endsWith('\\\\'))
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row.split(' & ')).toHaveLength(columns.length)
    }
  })

  it('breaks over pages where it is long', () => {
    const rows = Array.from({ length: 60 }, () => sample.rows[1]!)
    const text = toLatex({ ...sample, rows })
    expect(text).toContain('\\begin{longtable}')
    expect(text).toContain('\\endhead')
  })
})

describe('the CSV', () => {
  it('has as many cells in every line as columns', () => {
    const lines = toCsv(sample).trimEnd().split('\n')
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
    expect(toCsv(odd)).toMatch(/^Simulated,"a ""quoted"", name",row,/m)
  })
})

describe('Markdown', () => {
  it('takes names literally', () => {
    const odd = { ...sample, campaignName: 'a|b <i>*c*' }
    expect(toMarkdown(odd)).toContain('## a\\|b \\<i\\>\\*c\\*: comparison')
    const hostile = { ...sample, campaignName: '\u001b[2Jgone\nand more' }
    expect(toMarkdown(hostile)).toContain('## ?\\[2Jgone?and more: comparison')
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
  it('places each app inside, below or above in both readings', () => {
    const [check] = checkBands(sample)
    expect(check!.scheme).toBe('flexcore')
    const groups = check!.rows.map(({ row, bySpeedup }) => [row.group, bySpeedup])
    expect(groups).toEqual(['dedup', 'ferret', 'x264'].map((group) => [group, 'inside']))
    expect(check!.rows.map(({ byTimeSaved }) => byTimeSaved)).toContain('below')
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

  it('says nothing of apps that are not part of the claim, nor over another baseline', () => {
    const apps = ['dedup', 'spin']
    const mixed = inventCampaign({ apps, schemes: ['cfs', 'flexcore'], seeds: 6 })
    const [check] = checkBands(compareCampaign(mixed))
    expect(check!.rows.map(({ row }) => row.group)).toEqual(['dedup'])
    expect(check!.others).toEqual(['spin'])
    expect(compareCampaign({ ...mixed, baseline: 'flexcore' }).bands).toEqual([])
    const micro = inventCampaign({ apps: ['spin'], schemes: ['cfs', 'flexcore'], seeds: 6 })
    expect(compareCampaign(micro).bands).toEqual([])
  })
})
