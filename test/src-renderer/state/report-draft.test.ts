// What goes into a report: chosen, ordered, written, and taken over from an earlier export.
import { describe, expect, test } from 'vitest'
import { REPORT_SECTION_KEYS } from '../../../src-main/core/contract/report.ts'
import type { ReportExport } from '../../../src-main/core/contract/report.ts'
import { ReportDraft } from '../../../src-renderer/state/report-draft.svelte.ts'

const exported = (request: ReportExport['request']): ReportExport => ({
  ...{ id: 'x', campaignId: 'c', campaignName: 'C', createdAt: '', fileName: 'c.pdf' },
  ...{ sha256: '', bytes: 1, pages: 1, request },
})

describe('a draft of a report', () => {
  test('asks for everything without naming it, until something is changed', () => {
    const draft = new ReportDraft()
    expect(draft.request('c', undefined)).toEqual({ campaignId: 'c', authors: [], paper: 'a4' })
    draft.toggle('heatmap')
    expect(draft.request('c', 'cfs')).toMatchObject({
      baseline: 'cfs',
      parts: REPORT_SECTION_KEYS.filter((key) => key !== 'heatmap'),
    })
    draft.reset()
    expect(draft.isWhole).toBe(true)
  })

  test('moves sections among their kind only', () => {
    const draft = new ReportDraft()
    draft.move('verdict', -1)
    expect(draft.isWhole).toBe(true)
    draft.move('verdict', 1)
    expect(draft.parts.map(({ id }) => id).slice(0, 2)).toEqual(['scope', 'verdict'])
    draft.move('reproduce', 1)
    expect(draft.parts.findIndex(({ id }) => id === 'repetitions')).toBe(13)
  })

  test('holds texts of the user, and authors by their commas', () => {
    const draft = new ReportDraft()
    draft.addText('Notes')
    const [{ id } = { id: '' }] = draft.parts
    draft.write(id, { text: 'One.' })
    draft.authors = ' Ada ,, Grace'
    expect(draft.request('c', undefined)).toMatchObject({
      authors: ['Ada', 'Grace'],
      parts: [{ title: 'Notes', text: 'One.' }, ...REPORT_SECTION_KEYS],
    })
    draft.removeText(id)
    expect(draft.isWhole).toBe(true)
  })

  test('of no section is empty', () => {
    const draft = new ReportDraft()
    for (const key of REPORT_SECTION_KEYS) draft.toggle(key)
    expect(draft.isEmpty).toBe(true)
  })

  test('takes over an earlier export as it was', () => {
    const request: ReportExport['request'] = {
      ...{ title: 'T', authors: ['Ada', 'Grace'], paper: 'us-letter' },
      parts: ['method', { title: 'Notes', text: 'One.' }, 'verdict', 'scenario'],
    }
    const draft = new ReportDraft()
    draft.take(exported(request))
    expect(draft.request('c', undefined)).toEqual({ campaignId: 'c', ...request })
    draft.take(exported({ authors: [], paper: 'a4' }))
    expect(draft.isWhole).toBe(true)
  })
})
