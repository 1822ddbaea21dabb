/** The PDF as a reader gets it: what it says, on how many pages, and that nothing runs off them. */
import { describe, expect, it } from 'vitest'
import { TIME_CLASSES } from '../../src-main/core/base/time-class.ts'
import { renderReport } from '../../src-main/report/index.ts'
import { renderHere } from '../../src-main/report/render-here.ts'
import {
  ALL_SCHEMES,
  APPS,
  SCHEMES,
  syntheticComparison,
} from '../core/charts/synthetic-comparison.ts'
import { requiresTool } from '../support/requires.ts'
import { pdfFields, pdfLines, pdfPages, pdfText, wordsBeyond } from './read-pdf.ts'
import { syntheticReport } from './synthetic-report.ts'

const LONG = 'n'.repeat(200)
const WORDS = 'a long name of many words '.repeat(8).slice(0, 200)
const MARKUP = '#import "x.typ": * ] ) } $x^2$ \\ "q" <b>x</b> `raw` *b* _i_ @ref //c'

describe('a rendered report', () => {
  it('is the same bytes from the worker, from this thread, and again', async () => {
    const input = syntheticReport({ groups: APPS.slice(0, 3) })
    const [first, second] = await Promise.all([renderReport(input), renderReport(input)])
    const here = renderHere(input)
    expect(first.sha256).toBe(second.sha256)
    expect(Buffer.from(first.bytes).equals(here.bytes)).toBe(true)
    expect(first.pages).toBe(here.pages)
  })

  it('differs where the date differs', () => {
    const options = { groups: ['x264'], repetitions: 1 }
    const one = renderHere(syntheticReport(options, { date: '2026-01-02' }))
    const other = renderHere(syntheticReport(options, { date: '2026-01-03' }))
    expect(one.sha256).not.toBe(other.sha256)
  })

  it('fails with a LabError when its worker cannot start', async () => {
    const nowhere = new URL('./no-such-worker.ts', import.meta.url)
    await expect(renderReport(syntheticReport(), nowhere)).rejects.toMatchObject({
      code: 'internal',
    })
  })
})

describe.runIf(requiresTool('pdftotext', 'pdfinfo'))('the text of a report', () => {
  const input = syntheticReport()
  const { bytes, pages } = renderHere(input)
  const text = pdfText(bytes)

  it('names title, authors, date, versions, campaign and command', () => {
    const { comparison, command } = input
    const said = [input.title!, ...input.authors!, input.date, input.appVersion, command]
    for (const what of [...said, comparison.campaignId, comparison.campaignName])
      expect(text).toContain(what)
    expect(text).toContain('library schema 1')
  })

  it('is labelled Simulated on every page and figure, and pages are counted', () => {
    const all = pdfPages(bytes)
    expect(all).toHaveLength(pages)
    all.forEach((page, i) => {
      expect(page).toContain('SIMULATED')
      expect(page).toContain(`page ${i + 1} of ${pages}`)
    })
    const captions = text.match(/Figure \d+\. \w+/g) ?? []
    expect(captions.length).toBeGreaterThanOrEqual(4)
    for (const caption of captions) expect(caption).toMatch(/Simulated$/)
  })

  it('has every section', () => {
    const titles = ['Verdict', 'Scope and limitations', 'Comparison', 'Overview of ratios']
    const more = ['Where the time goes', 'Schemes', 'Experimental set-up', 'Environment']
    const last = ['Failures and exclusions', 'Statistics', 'Checklist', 'How to reproduce']
    const appendices = ['A Repetitions', 'B Time classes in full', 'C Host and guest parameters']
    for (const title of [...titles, ...more, ...last, ...appendices]) expect(text).toContain(title)
    expect(text).toContain('Improvement of flexcore beside the published claim')
  })

  it('says that FlexCore is a reconstruction and the published band a reference only', () => {
    expect(text).toContain(
      'A reconstruction: the paper’s full text is not public'.replace('’', "'"),
    )
    expect(text).toContain('It is a reference only: no parameter of the model')
    expect(text).toContain('+35.4 % to +79.6 %')
  })

  it('gives both readings of improvement, p and verdict for every app and scheme', () => {
    for (const head of ['Speed-up', 'Time saved', 'Verdict', 'Ratio [95 % CI]'])
      expect(text).toContain(head)
    for (const name of [...APPS, ...SCHEMES]) expect(text).toContain(name)
  })

  it('prints every repetition, every time class and every host parameter', () => {
    for (const row of input.comparison.rows)
      for (const id of row.sample.runIds) expect(text).toContain(id)
    for (const { label } of TIME_CLASSES) expect(text).toContain(label)
    for (const { label } of input.catalogue.hosts[0]!.costs) expect(text).toContain(label)
  })

  it('shows what the campaign changed beside its default', () => {
    expect(pdfLines(bytes)).toMatch(/vm exit 700 ns 1\.2 µs set by the campaign/)
  })

  it('has title, authors and date as metadata, and A4 paper', () => {
    const fields = pdfFields(bytes)
    expect(fields.get('Title')).toBe(input.title)
    expect(fields.get('Author')).toBe(input.authors!.join(', '))
    expect(fields.get('CreationDate')).toContain('2026')
    expect(fields.get('Page size')).toContain('A4')
  })

  it('keeps every word inside the margins', () => {
    expect(wordsBeyond(bytes, 50)).toEqual([])
  })
})

describe.runIf(requiresTool('pdftotext', 'pdfinfo'))('a report with awkward names', () => {
  it('sets markup in a title, a name and a command as text', () => {
    const options = { groups: [MARKUP, 'x264'], schemes: ['cfs', MARKUP], repetitions: 2 }
    const changes = { title: MARKUP, authors: [MARKUP], command: `flexlab '${MARKUP}'` }
    const text = pdfText(renderHere(syntheticReport(options, changes)).bytes)
    expect(text.split('#import "x.typ": * ] ) } $x^2$').length).toBeGreaterThan(4)
    expect(text).toContain('`raw` *b* _i_ @ref //c')
  })

  it('keeps names of 200 characters on the page and lists them in full', () => {
    const options = { groups: [LONG, WORDS, 'x264'], schemes: ['cfs', `flexcore(${LONG})`, WORDS] }
    const { bytes } = renderHere(syntheticReport(options, { title: LONG, authors: [WORDS] }))
    expect(wordsBeyond(bytes, 50)).toEqual([])
    expect(pdfText(bytes)).toContain('Names in full')
  })

  it('keeps brackets, backslashes and what looks like an object in its metadata', () => {
    const title = 'a (3 0 R) \\ ((endobj 4 0 R stream'
    const { bytes } = renderHere(syntheticReport({ groups: ['x264'] }, { title }))
    expect(pdfFields(bytes).get('Title')).toBe(title)
  })

  it('marks characters without a glyph, and says which they are', () => {
    const { bytes } = renderHere(syntheticReport({ groups: ['x264'] }, { title: '你好 A\u0000B' }))
    const text = pdfText(bytes)
    expect(text).toContain('□□ A B')
    expect(text).toContain('U+4F60, U+597D')
  })

  it('drops marks that would turn the direction of the text', () => {
    const { bytes } = renderHere(syntheticReport({ groups: ['x264'] }, { title: 'a\u202egnp.exe' }))
    expect(pdfText(bytes)).toContain('agnp.exe')
  })

  it('prints US Letter', () => {
    const changes = { paper: 'us-letter' } as const
    const { bytes } = renderHere(syntheticReport({ groups: ['x264'] }, changes))
    expect(pdfFields(bytes).get('Page size')).toContain('letter')
    expect(wordsBeyond(bytes, 50)).toEqual([])
  })
})

describe.runIf(requiresTool('pdftotext'))('a report of little or odd data', () => {
  const textOf = (...args: Parameters<typeof syntheticReport>) =>
    pdfText(renderHere(syntheticReport(...args)).bytes)

  it('claims nothing where all times are equal', () => {
    const text = textOf({ shape: 'ties', groups: APPS.slice(0, 3) })
    expect(text).toContain('1.00 [1.00, 1.00]')
    expect(text).toContain('No scheme has a lower geometric mean of run time than cfs')
    expect(text).toContain('equivalent in 3')
  })

  it('names all that share the lead', () => {
    const comparison = syntheticComparison({ shape: 'winner', groups: APPS.slice(0, 3) })
    const [winner] = comparison.summaries.filter((s) => s.scheme === 'gang')
    const summaries = comparison.summaries.map((s) =>
      s.scheme === 'balance' ? { ...winner!, scheme: 'balance' } : s,
    )
    const text = textOf({ groups: APPS.slice(0, 3) }, { comparison: { ...comparison, summaries } })
    expect(text).toContain('gang and balance share the lowest geometric mean')
  })

  it('holds no app beside a claim that does not speak of it', () => {
    const text = textOf({ groups: ['x264', 'spin'] })
    expect(text).toMatch(/Read as speed-up, \d of 1 lie inside/)
    expect(text).toContain('The claim does not speak of spin.')
  })

  it('has the campaign’s file, as it is', () => {
    const text = textOf({ groups: ['x264'] }, { campaignFile: 'kind: campaign\nname: "*odd* #x"' })
    expect(text).toContain('The campaign file')
    expect(text).toContain('name: "*odd* #x"')
  })

  it('admits Student’s t where there are few repetitions', () => {
    const groups = APPS.slice(0, 2)
    const claim = 'bootstrap intervals, which Student’s t may only widen'
    expect(textOf({ groups, repetitions: 5 })).not.toContain(claim)
    expect(textOf({ groups, repetitions: 6 })).toContain(claim)
  })

  it('names the scheme that wins everywhere', () => {
    const text = textOf({ shape: 'winner', groups: APPS.slice(0, 3) })
    expect(text).toContain('gang has the lowest geometric mean')
    expect(text).toContain('better in 3, worse in 0')
  })

  it('counts and names what is missing', () => {
    const missing = (group: string, scheme: string) => group === 'canneal' && scheme === 'gang'
    const text = textOf({ groups: APPS.slice(0, 3), missing })
    expect(text).toContain('5 were not run')
    expect(text).toContain('Left out: without a single pair with the baseline.')
  })

  it('lists failed cells with their errors', () => {
    const factors = { app: 'x264', scheme: 'gang', mix: 'two', overcommit: null, vary: {} }
    const cell = { index: 3, factors, seed: 7, repetition: 0, runId: null } as const
    const cells = [{ ...cell, status: 'failed', error: 'budget: #too many ]events' }] as const
    expect(textOf({ groups: ['x264'] }, { cells })).toContain('budget: #too many ]events')
  })

  it('does not speak of significance with one run a cell', () => {
    const text = textOf({ groups: ['x264'], repetitions: 1 })
    expect(text).toContain('No group has two pairs of runs')
  })

  it('says that nothing ran', () => {
    expect(textOf({ missing: () => true })).toContain('No run has finished.')
    expect(textOf({ groups: [], schemes: ['cfs'] })).toContain('Nothing to compare yet')
  })

  it('survives a date that is none and runs without an environment', () => {
    const text = textOf({ groups: ['x264'] }, { date: 'some day', environment: null })
    expect(text).toContain('some day')
    expect(text).toContain('The runs name no environment.')
  })

  it('fits 13 apps × 18 schemes', () => {
    const { bytes, pages } = renderHere(syntheticReport({ schemes: ALL_SCHEMES, repetitions: 2 }))
    expect(pages).toBeLessThan(40)
    expect(wordsBeyond(bytes, 50)).toEqual([])
  })
})
