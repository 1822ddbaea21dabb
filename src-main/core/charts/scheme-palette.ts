/**
 * One fixed look per scheme in the whole app: colour (Okabe–Ito first), marker and decal, so that a
 * scheme is told apart without colour as well. Of two that share a marker or decal the colours are
 * far apart, with each kind of colour vision; the later colours were searched for that.
 */

import { inkOn, mixColors } from './color-mix.ts'

/** Marker of a scheme's points. */
export type MarkerShape =
  | 'circle'
  | 'diamond'
  | 'square'
  | 'triangle'
  | 'triangle-down'
  | 'cross'
  | 'plus'
  | 'hexagon'
  | 'bar'

/** Look of a scheme. `decal` numbers a pattern of `decalOf`; 0 is plain. */
export type SchemeStyle = {
  readonly color: string
  readonly marker: MarkerShape
  readonly decal: number
}

const style = (color: string, marker: MarkerShape, decal: number): SchemeStyle =>
  Object.freeze({ color, marker, decal })

const SCHEME_STYLES: Readonly<Record<string, SchemeStyle>> = Object.freeze({
  cfs: style('#7f7f7f', 'circle', 0),
  flexcore: style('#0072b2', 'diamond', 0),
  gang: style('#e69f00', 'square', 1),
  balance: style('#009e73', 'triangle', 2),
  'vcpu-bal': style('#cc79a7', 'triangle-down', 3),
  pin: style('#7733dd', 'bar', 1),
  eevdf: style('#56b4e9', 'hexagon', 4),
  vscale: style('#d55e00', 'cross', 5),
  credit: style('#aa99cc', 'diamond', 1),
  credit2: style('#774499', 'hexagon', 2),
  'esx-strict': style('#8899ff', 'cross', 3),
  'esx-relaxed': style('#665500', 'square', 0),
  hybrid: style('#aa5500', 'plus', 1),
  asman: style('#116644', 'triangle', 3),
  'task-aware': style('#bbaa88', 'plus', 5),
  demand: style('#00ccbb', 'bar', 2),
  delay: style('#aa8855', 'bar', 4),
  flex: style('#445577', 'triangle-down', 4),
  'preferred-cpus': style('#2299dd', 'circle', 5),
})

const FALLBACK_COLORS = ['#5e8c31', '#7b61c9', '#b5536b', '#4f7cac', '#8f6b00', '#2f8f8b'] as const
const MARKERS = [
  'circle',
  'diamond',
  'square',
  'triangle',
  'triangle-down',
  'cross',
  'plus',
  'hexagon',
  'bar',
] as const

/** How many decal patterns there are, counting plain as 0. */
export const DECAL_COUNT = 6

// FNV-1a: the same name gives the same look in every session and on every machine.
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

/** The scheme's id within a label: `flexcore(periodNs=1e7)` → `flexcore`. */
export function schemeIdOf(label: string): string {
  const open = label.indexOf('(')
  return open < 0 ? label : label.slice(0, open)
}

/**
 * Look of a scheme by its label. Parameters change marker and decal, never the colour; an unknown
 * scheme gets a stable look from its name.
 */
export function schemeStyle(label: string): SchemeStyle {
  const id = schemeIdOf(label)
  const known = Object.hasOwn(SCHEME_STYLES, id) ? SCHEME_STYLES[id] : undefined
  const hash = hashText(label)
  const base = known ?? style(pick(FALLBACK_COLORS, hashText(id)), 'circle', 1)
  if (known !== undefined && id === label) return known
  return style(base.color, pick(MARKERS, hash), 1 + ((hash >>> 8) % (DECAL_COUNT - 1)))
}

/** Colour of a scheme by its label. */
export const schemeColor = (label: string): string => schemeStyle(label).color

const pick = <T>(values: readonly [T, ...T[]] | readonly T[], n: number): T =>
  values[n % values.length] as T

const MARKER_PATHS: Readonly<Record<MarkerShape, string>> = Object.freeze({
  circle: 'M0,5A5,5,0,1,1,10,5A5,5,0,1,1,0,5Z',
  diamond: 'M5,-0.5L10.5,5L5,10.5L-0.5,5Z',
  square: 'M0.6,0.6H9.4V9.4H0.6Z',
  triangle: 'M5,0L10.4,9.6H-0.4Z',
  'triangle-down': 'M5,10L10.4,0.4H-0.4Z',
  cross: 'M0,2L2,0L5,3L8,0L10,2L7,5L10,8L8,10L5,7L2,10L0,8L3,5Z',
  plus: 'M3.6,0H6.4V3.6H10V6.4H6.4V10H3.6V6.4H0V3.6H3.6Z',
  hexagon: 'M2.4,0.4H7.6L10.2,5L7.6,9.6H2.4L-0.2,5Z',
  bar: 'M0,3.4H10V6.6H0Z',
})

/** The marker as SVG path data in a 10 × 10 box. */
export const markerPath = (shape: MarkerShape): string => MARKER_PATHS[shape]

/** A pattern in ECharts' terms. */
export type Decal = {
  readonly symbol: string
  readonly dashArrayX: number | (number | number[])[]
  readonly dashArrayY: number | number[]
  readonly rotation: number
  readonly color: string
  readonly symbolSize: number
}

const stripes = (rotation: number, gap: number, color: string): Decal => ({
  symbol: 'rect',
  dashArrayX: [1, 0],
  dashArrayY: [1, gap],
  rotation,
  color,
  symbolSize: 1,
})

const DOTS = {
  symbol: 'circle',
  dashArrayX: [
    [3, 3],
    [0, 3, 3, 0],
  ],
  dashArrayY: [3, 0],
  symbolSize: 0.8,
}

/**
 * Pattern number `n` (0 … DECAL_COUNT − 1) for a fill, in a tone of it away from the ink
 * that reads on it; undefined is plain.
 * The tone is opaque: transparency would cost the PDF its byte-for-byte reproducibility.
 */
export function decalOf(n: number, fill: string): Decal | undefined {
  const color = mixColors(fill, inkOn(fill) === '#ffffff' ? '#000000' : '#ffffff', 0.4)
  switch (n % DECAL_COUNT) {
    case 1:
      return stripes(Math.PI / 4, 4, color)
    case 2:
      return stripes(-Math.PI / 4, 4, color)
    case 3:
      return stripes(0, 3, color)
    case 4:
      return stripes(Math.PI / 2, 3, color)
    case 5:
      return { ...stripes(0, 1, color), ...DOTS }
    default:
      return undefined
  }
}
