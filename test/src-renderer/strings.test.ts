// The catalogues of texts: chosen by the user or the system, and filled from the English one.
import { expect, test } from 'vitest'
import { english } from '../../src-renderer/strings/en/index.ts'
import { spokenLanguage } from '../../src-renderer/strings/language.ts'
import { missingTexts } from '../../src-renderer/strings/texts.ts'
import { chinese } from '../../src-renderer/strings/zh/index.ts'

test.each([
  ['system', ['zh-CN', 'en'], 'zh-CN'],
  ['system', ['zh'], 'zh-CN'],
  ['system', ['zh-Hans-SG'], 'zh-CN'],
  ['system', ['zh-TW', 'en-GB'], 'en'],
  ['system', ['de-DE', 'zh-CN'], 'zh-CN'],
  ['system', ['de-DE'], 'en'],
  ['en', ['zh-CN'], 'en'],
  ['zh-CN', ['en'], 'zh-CN'],
] as const)('%s of a system that wants %j speaks %s', (choice, wanted, spoken) => {
  expect(spokenLanguage(choice, wanted)).toBe(spoken)
})

test('what a catalogue lacks is named', () => {
  const whole = { a: 'A', group: { b: 'B', c: (n: number) => `${n} C` } }
  expect(missingTexts({ group: { b: '乙' } }, whole)).toEqual(['a', 'group.c'])
})

test('a Chinese text is of the same kind as the English one', () => {
  const kinds = (texts: object, whole: object, under = ''): string[] =>
    Object.entries(whole).flatMap(([key, value]: [string, unknown]) => {
      const own = (texts as Readonly<Record<string, unknown>>)[key]
      if (own === undefined) return []
      if (typeof own !== typeof value) return [`${under}${key}`]
      return typeof own === 'object' && own !== null
        ? kinds(own, value as object, `${under}${key}.`)
        : []
    })
  expect(kinds(chinese, english)).toEqual([])
})

test('no Chinese text is missing, and none is there that English lost', () => {
  expect(missingTexts(chinese, english)).toEqual([])
  expect(missingTexts(english, chinese)).toEqual([])
})
