// The design tokens: text is legible on every surface in both themes (WCAG AA).
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.join(import.meta.dirname, '..', '..', 'src-renderer')
const tokens = readFileSync(path.join(ROOT, 'styles', 'tokens.css'), 'utf8')

function token(name: string, theme: 'light' | 'dark'): string {
  const pair = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens)
  const color = theme === 'light' ? pair?.[1] : pair?.[2]
  if (color === undefined) throw new Error(`no token ${name}`)
  return color
}

/** Relative luminance of `#rrggbb` (WCAG 2). */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [hi = 0, lo = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (hi + 0.05) / (lo + 0.05)
}

const INKS = ['ink', 'ink-2', 'ink-3', 'good', 'bad', 'warn']
const SURFACES = ['surface', 'surface-side', 'surface-raised', 'surface-field', 'hover', 'selected']

test.each(['light', 'dark'] as const)('text has a contrast of 4.5 : 1 in the %s theme', (theme) => {
  const weak = INKS.flatMap((ink) =>
    SURFACES.map((surface) => ({
      pair: `${ink} on ${surface}`,
      ratio: contrast(token(ink, theme), token(surface, theme)),
    })),
  ).filter(({ ratio }) => ratio < 4.5)
  expect(weak).toEqual([])
  expect(contrast(token('on-primary', theme), token('primary', theme))).toBeGreaterThan(7)
  expect(contrast(token('focus', theme), token('surface', theme))).toBeGreaterThan(3)
})

test('colours and sizes of type are written down in the tokens alone', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  const styled = files.filter(
    (file) => /\.(svelte|css)$/.test(file) && !file.endsWith('tokens.css'),
  )
  const offences = styled.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8')
    const css = file.endsWith('.css') ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '')
    const found = css.match(/#[0-9a-f]{3,8}\b(?=[^;{]*;)|rgb\([^)]*\)|linear-gradient/gi) ?? []
    return found.map((value) => `${file}: ${value}`)
  })
  expect(offences).toEqual([])
})

test('no markup carries a style attribute, which the page’s policy would refuse', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  const offences = files
    .filter((file) => /\.(svelte|html)$/.test(file))
    .filter((file) => /\sstyle=["{]/.test(readFileSync(path.join(ROOT, file), 'utf8')))
  expect(offences).toEqual([])
})
