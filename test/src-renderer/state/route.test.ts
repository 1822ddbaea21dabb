// Links: every view can be written as one and read back.
import { expect, test } from 'vitest'
import { HOME, formatRoute, link, parseRoute } from '../../../src-renderer/state/route.ts'
import type { Route } from '../../../src-renderer/state/route.ts'

test('a route is read back as it was written', () => {
  const routes: Route[] = [
    HOME,
    { screen: 'run', id: '01a2-07', params: {} },
    { screen: 'compare', id: 'a/b c', params: { baseline: 'flexcore(periodNs=1e7, x=2)' } },
    { screen: 'library', id: null, params: { q: 'ümläut & co', scheme: 'cfs|gang' } },
  ]
  for (const route of routes) expect(parseRoute(formatRoute(route))).toEqual(route)
})

test('anything that is no link of ours is the library', () => {
  for (const hash of ['', '#', '#token=abc', '#/nowhere/1', '#/%E0%A4%A', 'x']) {
    expect(parseRoute(hash)).toEqual(HOME)
  }
})

test('a name that is no valid escape is taken as it stands', () => {
  expect(parseRoute('#/run/%E0%A4%A').id).toBe('%E0%A4%A')
})

test('empty parameters are left out of links', () => {
  expect(link('compare', 'x', { group: '', scheme: 'cfs' })).toBe('#/compare/x?scheme=cfs')
})
