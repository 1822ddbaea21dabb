/**
 * What a chart takes from its surroundings: ink, surface, font, motion. The renderer builds one
 * from its design tokens, the report uses `printTheme`.
 */

/** Where a chart is drawn. `print` is static, grey-scale safe and carries decals. */
export type ChartMode = 'light' | 'dark' | 'print'

/** The look of a chart. Colours are CSS colours, `fontSize` in px. */
export type ChartTheme = {
  readonly mode: ChartMode
  readonly text: string
  readonly faint: string
  readonly grid: string
  readonly surface: string
  readonly font: string
  readonly fontSize: number
  readonly reducedMotion: boolean
  /** Patterns over the fills, for readers who cannot use colour; always on in print. */
  readonly decals?: boolean
}

const FONT = "'Source Sans 3 Variable', 'Source Sans 3', 'Source Sans Pro', sans-serif"

/** Theme for a light surface. */
export const lightTheme: ChartTheme = Object.freeze({
  mode: 'light',
  text: '#1b1f24',
  faint: '#5b6470',
  grid: '#e3e6ea',
  surface: '#ffffff',
  font: FONT,
  fontSize: 12,
  reducedMotion: false,
})

/** Theme for a dark surface. */
export const darkTheme: ChartTheme = Object.freeze({
  ...lightTheme,
  mode: 'dark',
  text: '#e6e8eb',
  faint: '#9aa3ad',
  grid: '#2b3138',
  surface: '#14171a',
})

/** Theme for paper: pure font name (as embedded in the PDF), no motion, decals. */
export const printTheme: ChartTheme = Object.freeze({
  ...lightTheme,
  mode: 'print',
  text: '#111111',
  faint: '#555555',
  grid: '#dddddd',
  font: "'Source Sans 3'",
  fontSize: 9,
  reducedMotion: true,
  decals: true,
})

/** Theme of a figure that leaves the app: as for paper, at the size of a screen. */
export const exportTheme: ChartTheme = Object.freeze({
  ...printTheme,
  font: "'Source Sans 3', 'Source Sans Pro', sans-serif",
  fontSize: 12,
})

/** Whether fills carry patterns under this theme. */
export const usesDecals = (theme: ChartTheme): boolean =>
  theme.decals === true || theme.mode === 'print'

/** Whether a chart may move under this theme. */
export const mayAnimate = (theme: ChartTheme): boolean =>
  !theme.reducedMotion && theme.mode !== 'print'
