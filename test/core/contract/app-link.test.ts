// Links from outside can be made by anybody: whatever they hold, they mean a screen or nothing.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOfLink } from '../../../src-main/core/contract/app-link.ts'
import { SCREENS } from '../../../src-main/core/contract/screens.ts'
import { formatRoute, parseRoute } from '../../../src-renderer/state/route.ts'

test.each([
  ['flexlab://library', '#/library'],
  ['flexlab://library/', '#/library'],
  ['flexlab://library?q=ferret&scheme=cfs%7Cgang', '#/library?q=ferret&scheme=cfs%7Cgang'],
  ['flexlab://compare/0c4f-1?baseline=cfs', '#/compare/0c4f-1?baseline=cfs'],
  ['flexlab://hosts/lab%2Done', '#/hosts/lab%2Done'],
])('%s opens %s', (link, hash) => {
  expect(hashOfLink(link)).toBe(hash)
})

test.each([
  'flexlab:library',
  'flexlab://',
  'flexlab://nowhere',
  'flexlab://library/../settings',
  'flexlab://library//evil.example',
  'flexlab://user@library',
  'flexlab://library:80/',
  'flexlab://library#token=abc',
  'flexlab://library/a b',
  'flexlab://library/"><script>',
  'flexlab://library?q=\u0000',
  'flexlab://library?q=\n',
  'FLEXLAB://library',
  ' flexlab://library',
  'https://library',
  'javascript:alert(1)',
  `flexlab://library?q=${'x'.repeat(2000)}`,
  null,
  {},
])('%s opens nothing', (link) => {
  expect(hashOfLink(link)).toBeNull()
})

test('any text opens a screen of ours with an id and parameters, or nothing', () => {
  const parts = fc.constantFrom(...SCREENS, 'evil', '..', '@', ':', '//', '%', '%2e', '"', '\\', '')
  const hostile = fc
    .tuple(
      fc.constantFrom('flexlab://', 'flexlab:', 'app://flexlab/'),
      fc.array(parts),
      fc.string(),
    )
    .map(([scheme, path, rest]) => `${scheme}${path.join('/')}${rest}`)
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (link) => {
      const hash = hashOfLink(link)
      if (hash === null) return
      expect(hash).toMatch(/^#\/[a-z]+(\/[\w.~%!*'()-]+)?(\?[\w.~%!*'()&=+-]+)?$/)
      const route = parseRoute(hash)
      expect(hash.slice(2).startsWith(route.screen)).toBe(true)
      // What is read is what would be written: nothing hides in it.
      expect(parseRoute(formatRoute(route))).toEqual(route)
    }),
  )
})
