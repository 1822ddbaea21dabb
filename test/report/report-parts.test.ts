/** The parts of the report that can be wrong on their own. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { barsChart, printTheme } from '../../src-main/core/charts/index.ts'
import { canonicalPdf, sortEntries } from '../../src-main/report/canonical-pdf.ts'
import { chartToSvg } from '../../src-main/report/chart-svg.ts'
import { readFontMetrics, textWidthPx } from '../../src-main/report/font-metrics.ts'
import { hasGlyph } from '../../src-main/report/fonts.ts'
import { parsePdf, writePdf } from '../../src-main/report/pdf-objects.ts'
import type { PdfObject, PdfPart } from '../../src-main/report/pdf-objects.ts'
import { renderHere } from '../../src-main/report/render-here.ts'
import { breakLongWords, TextCleaner, wrapCommand } from '../../src-main/report/safe-text.ts'
import { withShortNames } from '../../src-main/report/short-names.ts'
import { grouped, enumerate, quantityText } from '../../src-main/report/sections/figures-text.ts'
import { syntheticComparison } from '../core/charts/synthetic-comparison.ts'
import { syntheticReport } from './synthetic-report.ts'

describe('font metrics', () => {
  const file = createRequire(import.meta.url).resolve('source-sans/TTF/SourceSans3-Regular.ttf')
  const metrics = readFontMetrics(readFileSync(file))

  it('are those of the font', () => {
    expect(metrics.advanceEm(0x20)).toBeCloseTo(0.2, 2)
    expect(metrics.advanceEm('m'.codePointAt(0)!)).toBeCloseTo(0.83, 1)
    expect(textWidthPx(metrics, '00', 10)).toBeCloseTo(2 * textWidthPx(metrics, '0', 10))
  })

  it('know which characters the font lacks, and give them a width', () => {
    expect(metrics.hasGlyph(0x4f60)).toBe(false)
    expect(metrics.advanceEm(0x4f60)).toBe(1)
    for (const character of '±×≤µσ↓↑□–−') expect(hasGlyph(character.codePointAt(0)!)).toBe(true)
  })
})

describe('a chart as SVG', () => {
  const chart = barsChart({ comparison: syntheticComparison(), theme: printTheme, widthPx: 500 })

  it('is the same text every time', () => {
    expect(chartToSvg(chart)).toBe(chartToSvg(chart))
  })

  it('holds no style sheet, no script and no transparency', () => {
    expect(chartToSvg(chart)).not.toMatch(/<style|<script|opacity=/)
  })

  it('escapes names', () => {
    const comparison = syntheticComparison({ groups: ['<script>&"'] })
    const svg = chartToSvg(barsChart({ comparison, theme: printTheme, widthPx: 500 }))
    expect(svg).toContain('&lt;script&gt;&amp;')
  })
})

describe('a canonical PDF', () => {
  const entry = (name: string, ref: number) => [`\n      /${name} `, { ref }]
  const pdf = renderHere(syntheticReport({ groups: ['x264'], repetitions: 1 })).bytes

  it('lists resources by name, each run of them on its own', () => {
    const one = ['a', ...entry('gs10', 3), ...entry('gs2', 4), '\n    >>', ...entry('po1', 5), 'z']
    const two = ['a', ...entry('gs2', 4), ...entry('gs10', 3), '\n    >>', ...entry('po1', 5), 'z']
    const texts = [one, two].map((parts) =>
      sortEntries(parts)
        .map((p) => (typeof p === 'string' ? p : `${p.ref} 0 R`))
        .join(''),
    )
    expect(texts[0]).toBe(texts[1])
    expect(texts[0]).toMatch(/gs2 4 0 R\n +\/gs10 3 0 R\n {4}>>\n +\/po1 5 0 Rz$/)
  })

  it('is canonical already', () => {
    expect(Buffer.from(canonicalPdf(pdf)).equals(pdf)).toBe(true)
  })

  it('is independent of the numbers that the objects had', () => {
    const file = parsePdf(Buffer.from(pdf).toString('latin1'))
    const moved = (n: number) => file.objects.size + 1 - n
    const move = (parts: readonly PdfPart[]) =>
      parts.map((p) => (typeof p === 'string' ? p : { ref: moved(p.ref) }))
    const objects = [...file.objects].map(([n, o]): [number, PdfObject] => [
      moved(n),
      { ...o, head: move(o.head) },
    ])
    const other = writePdf({
      ...file,
      objects: new Map(objects.toSorted(([a], [b]) => a - b)),
      trailer: move(file.trailer),
    })
    expect(Buffer.from(canonicalPdf(Buffer.from(other, 'latin1'))).equals(pdf)).toBe(true)
  })

  it('takes nothing within a string for a reference', () => {
    const title = 'a (3 0 R) \\ ((endobj 4 0 R stream'
    const report = syntheticReport({ groups: ['x264'], repetitions: 1 }, { title })
    const again = renderHere(report).bytes
    expect(Buffer.from(again).toString('latin1')).toMatch(/3 0 R\\?\) \\\\/)
    expect(Buffer.from(canonicalPdf(again)).equals(again)).toBe(true)
  })
})

describe('text from users', () => {
  it('loses control characters and keeps the rest', () => {
    const cleaner = new TextCleaner(hasGlyph)
    expect(cleaner.clean('a\u0007b\tc µ × é')).toBe('a b c µ × é')
    expect(cleaner.missing).toEqual([])
  })

  it('keeps its shape within data', () => {
    const cleaner = new TextCleaner(hasGlyph)
    const value = { a: ['x\u0001', 1, null, true], b: { c: '你' } }
    expect(cleaner.cleanAll(value)).toEqual({ a: ['x ', 1, null, true], b: { c: '□' } })
    expect(cleaner.missing).toEqual([0x4f60])
  })

  it('may break within a long word, and only there', () => {
    const broken = breakLongWords(`short ${'x'.repeat(30)}`, 24)
    expect(broken.replaceAll('\u200b', '')).toBe(`short ${'x'.repeat(30)}`)
    expect(broken.split('\u200b')).toHaveLength(3)
  })

  it('wraps a command so that a shell reads the same command', () => {
    const command = Array.from({ length: 40 }, (_, i) => `--option-${i}`).join(' ')
    const wrapped = wrapCommand(command)
    for (const line of wrapped.split('\n')) expect(line.length).toBeLessThan(92)
    expect(wrapped.replaceAll(/ \\\n +/g, ' ')).toBe(command)
  })
})

describe('short names', () => {
  it('stay distinct where the long ones differ only in the middle', () => {
    const names = ['a', 'b'].map((c) => 'x'.repeat(40) + c + 'y'.repeat(40))
    const { comparison, shortened } = withShortNames(syntheticComparison({ groups: names }))
    expect(new Set(comparison.groups).size).toBe(2)
    expect(shortened.map((s) => s.full)).toEqual(names)
    for (const row of comparison.rows) expect(comparison.groups).toContain(row.group)
  })

  it('leave a comparison alone where none is needed', () => {
    const comparison = syntheticComparison()
    expect(withShortNames(comparison)).toEqual({ comparison, shortened: [] })
  })
})

describe('wording', () => {
  it('reads well for none, one and many', () => {
    expect(enumerate([])).toBe('none')
    expect(enumerate(['a'])).toBe('a')
    expect(enumerate(['a', 'b', 'c'])).toBe('a, b and c')
    expect(enumerate(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more')
  })

  it('gives quantities in the unit that reads best', () => {
    const nbsp = '\u00a0'
    expect(quantityText(6_000_000, 'ns')).toBe(`6${nbsp}ms`)
    expect(quantityText(750_000, 'ns')).toBe(`750${nbsp}µs`)
    expect(quantityText(2_345_000, 'ns')).toBe(`2.345${nbsp}ms`)
    expect(quantityText(100_000_000_000, 'ns')).toBe(`100${nbsp}s`)
    expect(quantityText(32, '×')).toBe(`32${nbsp}×`)
    expect(quantityText(true, '')).toBe('yes')
    expect(grouped(2_000_000_000)).toBe(`2${nbsp}000${nbsp}000${nbsp}000`)
  })
})
