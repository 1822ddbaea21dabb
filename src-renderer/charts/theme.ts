/** The look that charts take from the page: the shared light and dark themes, and motion. */
import { darkTheme, lightTheme } from '../../src-main/core/charts/chart-theme.ts'
import type { ChartTheme } from '../../src-main/core/charts/chart-theme.ts'

const FONT = "'Source Sans 3', system-ui, sans-serif"

/** Theme of charts on the page. */
export function pageTheme(resolved: 'light' | 'dark'): ChartTheme {
  const base = resolved === 'dark' ? darkTheme : lightTheme
  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  return { ...base, font: FONT, reducedMotion }
}

/** Resolves when the chart's font can be measured; without it, labels would be laid out wrongly. */
export async function fontReady(): Promise<void> {
  await Promise.all(
    [400, 600].map((weight) => document.fonts.load(`${weight} 12px 'Source Sans 3'`)),
  )
}
