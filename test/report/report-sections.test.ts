// A report of chosen sections: exactly those, in that order, and honest about what it leaves out.
import { describe, expect, it } from 'vitest'
import { REPORT_SECTION_KEYS, REPORT_SECTIONS } from '../../src-main/core/contract/report.ts'
import type { ReportPart } from '../../src-main/core/contract/report.ts'
import { composeReport } from '../../src-main/report/compose.ts'
import { renderHere } from '../../src-main/report/render-here.ts'
import { requiresTool } from '../support/requires.ts'
import { pdfText } from './read-pdf.ts'
import { syntheticReport } from './synthetic-report.ts'

const OPTIONS = { groups: ['x264', 'vips'], repetitions: 6 }

const compose = (parts?: readonly ReportPart[]) =>
  composeReport(syntheticReport(OPTIONS, { parts, campaignFile: 'kind: campaign' })).document

const titles = (parts?: readonly ReportPart[]) => compose(parts).sections.map((s) => s.title)

describe('the sections of a report', () => {
  it('are all of them unless some are chosen', () => {
    expect(titles([...REPORT_SECTION_KEYS])).toEqual(titles())
    const { sections } = compose()
    expect(sections.filter((s) => s.appendix)).toHaveLength(4)
  })

  it('have the titles by which they are chosen', () => {
    const own = new Map(REPORT_SECTIONS.map(({ key, title }) => [key, title]))
    for (const key of REPORT_SECTION_KEYS) {
      if (key === 'scenario') continue
      const [title] = titles([key])
      // That section says in its title whose improvement it shows.
      if (key === 'improvement') expect(title).toMatch(/^Improvement of/)
      else expect(title).toBe(own.get(key))
    }
  })

  it('come in the order in which they are asked for', () => {
    expect(titles(['method', 'verdict'])).toEqual(['Statistics', 'Verdict'])
  })

  it('may be texts of the user, paragraph by paragraph', () => {
    const { sections } = compose([{ title: 'Note', text: 'One.\n\nTwo.\n' }, 'verdict'])
    expect(sections[0]).toMatchObject({
      title: 'Note',
      blocks: [{ text: 'One.' }, { text: 'Two.' }],
    })
  })

  it('that are left out are named on the first page', () => {
    expect(JSON.stringify(compose().facts)).not.toContain('Left out')
    expect(JSON.stringify(compose(['verdict']).facts)).toContain('Left out')
    expect(JSON.stringify(compose(['verdict']).facts)).toContain('Experimental set-up')
  })

  it('draw only their own figures', () => {
    const { figures } = composeReport(syntheticReport(OPTIONS, { parts: ['heatmap'] }))
    expect(figures).toHaveLength(1)
  })

  it('fail the rules of the checklist that ask for what is left out', () => {
    const whole = JSON.stringify(compose())
    const part = JSON.stringify(compose(['verdict', 'checklist', 'comparison']))
    expect(whole).not.toContain('left out of this report')
    expect(part).toContain('left out of this report: Experimental set-up')
    expect(part).not.toContain('left out of this report: Comparison')
  })
})

describe.runIf(requiresTool('pdftotext'))('a report of one section', () => {
  it('is printed with its kind, and without the rest', () => {
    const { bytes, pages } = renderHere(syntheticReport(OPTIONS, { parts: ['verdict'] }))
    const text = pdfText(bytes)
    expect(pages).toBe(1)
    expect(text).toContain('SIMULATED')
    expect(text).toContain('1 Verdict')
    expect(text).not.toContain('Nothing was measured on hardware')
  })
})
