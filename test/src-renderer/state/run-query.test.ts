// The library's filters as link parameters.
import { expect, test } from 'vitest'
import {
  clearedFacets,
  facetValues,
  isNarrowed,
  paramsOf,
  tabOf,
  toggleFacet,
  toggleSort,
  viewOf,
} from '../../../src-renderer/state/run-query.ts'

test('a facet’s values are switched on and off, also those with commas', () => {
  const label = 'flexcore(periodNs=1e7, resize=hotplug)'
  const one = toggleFacet({}, 'scheme', label)
  const two = toggleFacet(one, 'scheme', 'cfs')
  expect(facetValues(two, 'scheme')).toEqual([label, 'cfs'])
  expect(facetValues(toggleFacet(two, 'scheme', label), 'scheme')).toEqual(['cfs'])
})

test('parameters become the question that the lab is asked', () => {
  const query = viewOf({ q: 'x264', app: 'vips|x264', kind: 'simulated|made-up', sort: 'timeNs' })
  expect(query).toMatchObject({
    search: 'x264',
    apps: ['vips', 'x264'],
    kinds: ['simulated'],
    sort: 'timeNs',
    descending: true,
    trashed: false,
  })
})

test('an unknown column sorts by date', () => {
  expect(viewOf({ sort: 'colour' }).sort).toBe('createdAt')
})

test('a header sorts up, then down, then no more', () => {
  const up = toggleSort({}, 'seed')
  expect(viewOf(up)).toMatchObject({ sort: 'seed', descending: false })
  const down = toggleSort(up, 'seed')
  expect(viewOf(down)).toMatchObject({ sort: 'seed', descending: true })
  expect(viewOf(toggleSort(down, 'seed'))).toMatchObject({ sort: 'createdAt', descending: true })
})

test('clearing takes every narrowing away but leaves the list open', () => {
  const params = { q: 'a', app: 'vips', tab: 'trash' }
  expect(isNarrowed(params)).toBe(true)
  const cleared = { ...params, ...clearedFacets() }
  expect(isNarrowed(cleared)).toBe(false)
  expect(tabOf(cleared)).toBe('trash')
})

test('a view becomes the parameters that show it, and back', () => {
  const params = {
    ...{ q: 'x264', app: 'vips|x264', host: 'bed', tag: 'keep', kind: 'measured', tab: 'trash' },
    ...{ where: 'timeNs > 1500000000 and exits < 5', sort: 'metric:exits', dir: 'up', diff: '1' },
    ...{ cols: 'app|setting:halt poll|metric:exits', by: 'app|setting:halt poll' },
    of: 'makespanNs',
  }
  const view = viewOf(params)
  expect(view.where).toHaveLength(2)
  expect(view.columns).toEqual(['app', 'setting:halt poll', 'metric:exits'])
  expect(paramsOf(view)).toMatchObject(params)
  expect(viewOf(paramsOf(view))).toEqual(view)
})

test('conditions that cannot be read narrow nothing', () => {
  expect(viewOf({ where: 'timeNs >' }).where).toEqual([])
})
