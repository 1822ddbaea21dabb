// The campaign text under the form: what the form reads, and that writing one field keeps the rest.
import { describe, expect, test } from 'vitest'
import {
  editField,
  isJson,
  lineOfPath,
  otherNotation,
  parsePath,
  readDraft,
} from '../../../src-renderer/state/campaign-text.ts'
import { catalogue } from '../../../src-main/core/simulate/catalogue.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'

const TEXT = `# what this is for
kind: campaign
version: 1
name: Try
axes:
  app: [ep] # one is enough
  scheme:
    - cfs
    - { id: flexcore, params: { periodNs: 10000000 } }
  mix:
    - name: two
      vms:
        - { vcpus: 4, workload: { app: $app } }
        - vcpus: 2
          weight: 512
          workload: { app: hog }
seeds: { count: 6 }
baseline: cfs
`

describe('reading', () => {
  test('the form shows what is written, and defaults for what is not', () => {
    const draft = readDraft(TEXT)
    expect(draft).toMatchObject({
      name: 'Try',
      apps: ['ep'],
      schemes: [
        { id: 'cfs', params: {} },
        { id: 'flexcore', params: { periodNs: 10_000_000 } },
      ],
      overcommit: [],
      seedCount: 6,
      firstSeed: 1,
      order: 'interleaved',
      margin: 0.02,
      switches: { ple: true, haltPolling: false, cgroupFairness: false },
    })
    expect(draft?.mixes[0]?.vms[1]).toMatchObject({ vcpus: 2, weight: 512, app: 'hog' })
  })

  test('text that is no mapping closes the form', () => {
    for (const text of ['', '- a', 'just text', 'a: [', 'a: 1\na: 2']) {
      expect(readDraft(text)).toBeNull()
    }
  })

  test('fields of a wrong type do not break the form', () => {
    const draft = readDraft(
      'kind: 1\naxes: { app: yes, scheme: [[1]], mix: [3, {vms: 4}] }\nseeds: x',
    )
    expect(draft).toMatchObject({ apps: [], seedCount: 1 })
    expect(draft?.mixes).toHaveLength(2)
  })
})

describe('writing', () => {
  test('one field changes, comments and all else stay', () => {
    const edited = editField(TEXT, ['seeds', 'count'], 12)
    expect(edited).toBe(TEXT.replace('count: 6', 'count: 12'))
  })

  test('a field that is not there yet is made, with its parents', () => {
    const edited = editField(TEXT, ['host', 'preset'], 'bed-2')
    expect(readDraft(edited)?.preset).toBe('bed-2')
    expect(edited).toContain('# what this is for')
    const vm = { vcpus: 1, workload: { app: 'hog' } }
    const longer = editField(edited, ['axes', 'mix', 0, 'vms', 2], vm)
    expect(readDraft(longer)?.mixes[0]?.vms).toHaveLength(3)
  })

  test('undefined takes a field out', () => {
    const edited = editField(TEXT, ['axes', 'mix', 0, 'vms', 1], undefined)
    expect(readDraft(edited)?.mixes[0]?.vms).toHaveLength(1)
  })

  test('unreadable text is left alone', () => {
    expect(editField('a: [', ['name'], 'x')).toBe('a: [')
  })

  test('JSON stays JSON', () => {
    const json = otherNotation(TEXT)
    expect(isJson(json)).toBe(true)
    const edited = editField(json, ['axes', 'app'], ['ep', 'mutex'])
    expect(isJson(edited)).toBe(true)
    expect(readDraft(edited)?.apps).toEqual(['ep', 'mutex'])
    expect(isJson(otherNotation(edited))).toBe(false)
  })

  test('every shipped template is still the same campaign after an edit and back', () => {
    for (const { text } of catalogue().templates) {
      const before = readCampaign(text)
      const name = readDraft(text)?.name ?? ''
      const there = editField(text, ['name'], 'other')
      const back = editField(there, ['name'], name)
      expect(readCampaign(back)).toEqual(before)
      expect(readCampaign(otherNotation(text))).toEqual(before)
    }
  })
})

describe('an axis of levels', () => {
  const levels =
    '    - { name: change, levels: [{ name: as it is }, { name: x, times: { guest.tickNs: 2 } }] }'
  const text = TEXT.replace('\nseeds:', `\n  vary:\n${levels}\nseeds:`)

  test('is read by its names, and kept when its own name is edited', () => {
    expect(readDraft(text)?.vary[0]?.levels).toEqual(['as it is', 'x'])
    const edited = editField(text, ['axes', 'vary', 0, 'name'], 'other')
    expect(edited).toContain(levels.replace('change', 'other').trim())
    expect(readDraft(TEXT)?.vary.every((axis) => axis.levels === null)).toBe(true)
  })
})

describe('places', () => {
  test('an issue’s path leads to its line', () => {
    expect(lineOfPath(TEXT, parsePath('axes.scheme[1].params.periodNs'))).toBe(9)
    expect(lineOfPath(TEXT, parsePath('axes.mix[0].vms[1].weight'))).toBe(15)
  })

  test('a field that is missing leads to its parent', () => {
    expect(lineOfPath(TEXT, parsePath('axes.mix[0].vms[1].iterations'))).toBe(14)
  })

  test('a syntax error leads to where it is', () => {
    expect(lineOfPath('a: 1\nb: [1, 2\nc: 3\n', [])).toBeGreaterThanOrEqual(2)
  })

  test('nothing leads nowhere', () => {
    expect(lineOfPath(TEXT, parsePath('nothing.like.it'))).toBeNull()
  })
})
