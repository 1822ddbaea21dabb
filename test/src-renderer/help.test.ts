// The help has no gaps: whatever the app shows has a page, and every link leads somewhere.
import { describe, expect, test } from 'vitest'
import { HARMS } from '../../src-main/core/base/harm.ts'
import { TIME_CLASSES } from '../../src-main/core/base/time-class.ts'
import { MEASURES } from '../../src-main/core/contract/measure.ts'
import { SCREENS } from '../../src-main/core/contract/screens.ts'
import { HOST_COUNTERS } from '../../src-main/core/model/vocabulary.ts'
import { catalogue } from '../../src-main/core/simulate/catalogue.ts'
import { simulate } from '../../src-main/core/simulate/simulate.ts'
import { readSample } from '../../src-main/lab/sample.ts'
import { FIGURES } from '../../src-renderer/help/figures.ts'
import { helpPages, searchHelp, spansOf, topicOfMetric } from '../../src-renderer/help/index.ts'
import type { HelpPage } from '../../src-renderer/help/index.ts'
import { SOURCES } from '../../src-renderer/help/sources.ts'
import { english } from '../../src-renderer/strings/en/index.ts'

const known = catalogue()
const pages = helpPages(known)
const ids = new Set(pages.map(({ id }) => id))

const textsOf = (page: HelpPage): string[] => [
  page.summary,
  ...page.blocks.map(({ text }) => text),
  ...(page.terms ?? []).map(({ meaning }) => meaning),
]

const linksOf = (page: HelpPage): string[] =>
  textsOf(page).flatMap((text) =>
    spansOf(text).flatMap((span) => (span.kind === 'link' ? [span.topic] : [])),
  )

describe('the help has a page for', () => {
  test.each(known.schemes.map(({ id }) => id))('the scheme %s', (id) => {
    expect(ids).toContain(`scheme-${id}`)
  })

  test.each(known.hostSchemes.map(({ id }) => id))('the scheme %s of hosts', (id) => {
    expect(ids).toContain(`scheme-${id}`)
  })

  test.each(TIME_CLASSES.map(({ key }) => key))('the time class %s', (key) => {
    expect(ids).toContain(`class-${key}`)
  })

  test.each(SCREENS)('the screen %s', (screen) => {
    expect(ids).toContain(`screen-${screen}`)
  })

  test.each(Object.keys(MEASURES))('the measure %s', (key) => {
    expect(topicOfMetric(key)).not.toBeNull()
  })

  test('every counter that a simulated run has', () => {
    const [cell] = readSample().cells
    const { counters, vms } = simulate(cell!.scenario)
    const keys = [...HOST_COUNTERS, ...Object.keys(counters), ...Object.keys(vms[0]!.counters)]
    expect(keys.filter((key) => topicOfMetric(key) === null)).toEqual([])
  })

  test('every column of figures of the comparison', () => {
    const named = ['n', 'ratio', 'interval', 'speedup', 'timeSaved', 'p', 'effect', 'verdict']
    const columns = [...named, 'geomean', 'meanCost', 'median'] as const
    for (const key of columns) {
      expect(english.compare.columns).toHaveProperty(key)
      expect(topicOfMetric(key)).not.toBeNull()
    }
  })

  test('every harm that an explanation can switch off, by its classes', () => {
    for (const { classes } of HARMS)
      for (const key of classes) {
        const page = pages.find(({ id }) => id === `class-${key}`)
        expect(page?.blocks[0]?.text.length).toBeGreaterThan(20)
      }
  })
})

describe('the pages', () => {
  test('have a topic of their own each, that an address can hold', () => {
    expect(ids.size).toBe(pages.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/)
  })

  test.each(pages)('$id: its links lead to pages', (page) => {
    const targets = [...linksOf(page), ...page.see]
    expect(targets.filter((topic) => !ids.has(topic))).toEqual([])
    expect(page.see).not.toContain(page.id)
    expect(new Set(page.see).size).toBe(page.see.length)
  })

  test('about harms and schemes name the literature, but for what is done by hand', () => {
    const without = pages.filter(
      ({ kind, sources }) => ['harm', 'scheme'].includes(kind) && sources.length === 0,
    )
    expect(without.map(({ id }) => id)).toEqual(['schemes', 'scheme-pin'])
  })

  test('use every source and every drawing', () => {
    const used = new Set<string>(pages.flatMap(({ sources }) => sources))
    expect(Object.keys(SOURCES).filter((key) => !used.has(key))).toEqual([])
    const drawn = new Set<string | undefined>(pages.map(({ figure }) => figure))
    expect(Object.keys(FIGURES).filter((key) => !drawn.has(key))).toEqual([])
  })
})

describe('the drawings', () => {
  test.each(Object.entries(FIGURES))(
    '%s: bars follow each other within their lane',
    (_, drawing) => {
      for (const { bars } of drawing.lanes) {
        let at = 0
        for (const { from, to } of bars) {
          expect(from).toBeGreaterThanOrEqual(at)
          expect(to).toBeGreaterThan(from)
          at = to
        }
        expect(at).toBeLessThanOrEqual(100)
      }
    },
  )
})

describe('a search of the help', () => {
  test('finds pages that hold all words, titles first', () => {
    const [first] = searchHelp(pages, 'gang scheduling')
    expect(first?.id).toBe('scheme-gang')
    for (const page of searchHelp(pages, 'tlb shootdown'))
      expect(JSON.stringify(page).toLowerCase()).toContain('tlb')
  })

  test('finds an author, and nothing where there is nothing', () => {
    expect(searchHelp(pages, 'Ousterhout').map(({ id }) => id)).toContain('fragmentation')
    expect(searchHelp(pages, 'zzzz')).toEqual([])
    expect(searchHelp(pages, '  ')).toEqual(pages)
  })
})

describe('a text of the help', () => {
  test('comes apart into words, code and links', () => {
    expect(spansOf('a `b` [[class-lhp]] c [[steal|that]].')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'link', topic: 'class-lhp', text: null },
      { kind: 'text', text: ' c ' },
      { kind: 'link', topic: 'steal', text: 'that' },
      { kind: 'text', text: '.' },
    ])
  })
})
