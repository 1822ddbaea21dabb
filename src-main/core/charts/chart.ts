/** What every chart builder returns, and the parts of the option that all charts share. */
import type { EChartsOption } from 'echarts'
import type { RunKind } from '../contract/result.ts'
import { KIND_LABELS } from './chart-text.ts'
import type { ChartTable } from './chart-table.ts'
import { mayAnimate, usesDecals } from './chart-theme.ts'
import type { ChartTheme } from './chart-theme.ts'

/** A chart: the option to draw, its natural size, a description to read out and its data. */
export type Chart = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly widthPx: number
  readonly heightPx: number
  readonly option: EChartsOption
  readonly toRows: () => ChartTable
}

/** What every builder asks for besides its data. */
export type ChartFrame = {
  readonly theme: ChartTheme
  readonly widthPx: number
  /** False leaves the title to the page; the Measured/Simulated label stays. Default true. */
  readonly showTitle?: boolean
}

/** A title entry of an ECharts option. */
export type TitleOption = Exclude<NonNullable<EChartsOption['title']>, readonly unknown[]>

/** Height that the head of a chart takes, px. */
export const headHeightPx = (frame: ChartFrame): number =>
  Math.round(frame.theme.fontSize * (frame.showTitle === false ? 1.8 : 3.4))

/** Title left, run kind (or kinds) right; the kind is there even where the title is not. */
export function headTitles(
  frame: ChartFrame,
  kind: RunKind | readonly RunKind[],
  title: string,
  subtitle: string,
) {
  const { theme, widthPx } = frame
  const kinds = [kind].flat() as readonly RunKind[]
  // A browser's canvas draws this font above the middle of its line and would cut it at the top.
  const top = theme.mode === 'print' ? 0 : Math.round(theme.fontSize * 0.25)
  const label: TitleOption = {
    text: kinds.map((each) => KIND_LABELS[each].toUpperCase()).join(' AND '),
    right: 0,
    top,
    padding: 0,
    textStyle: { color: theme.faint, fontSize: theme.fontSize, fontWeight: 600 },
  }
  if (frame.showTitle === false) return [label]
  const main: TitleOption = {
    text: title,
    subtext: subtitle,
    left: 0,
    top,
    padding: 0,
    itemGap: Math.round(theme.fontSize * 0.4),
    textStyle: {
      color: theme.text,
      fontSize: Math.round(theme.fontSize * 1.15),
      fontWeight: 600,
      width: Math.max(40, widthPx - theme.fontSize * 10),
      overflow: 'truncate',
    },
    subtextStyle: { color: theme.faint, fontSize: theme.fontSize },
  }
  return [main, label]
}

/** A small heading at a place, cut to its width. */
export const textAt = (
  theme: ChartTheme,
  at: { text: string; leftPx: number; topPx: number; widthPx: number },
  isStrong = true,
): TitleOption => ({
  text: at.text,
  left: at.leftPx,
  top: at.topPx,
  padding: 0,
  textStyle: {
    color: isStrong ? theme.text : theme.faint,
    fontSize: theme.fontSize,
    fontWeight: isStrong ? 600 : 400,
    width: Math.max(20, at.widthPx),
    overflow: 'truncate',
  },
})

/** Motion, font, background and ARIA description: the same for every chart. */
export const commonOption = (theme: ChartTheme, description: string): EChartsOption => ({
  animation: mayAnimate(theme),
  animationDuration: 150,
  animationDurationUpdate: 150,
  backgroundColor: 'transparent',
  textStyle: { fontFamily: theme.font, fontSize: theme.fontSize, color: theme.text },
  aria: { enabled: true, label: { enabled: true, description }, decal: { show: false } },
  tooltip: {
    show: theme.mode !== 'print',
    trigger: 'item',
    confine: true,
    backgroundColor: theme.surface,
    borderColor: theme.grid,
    transitionDuration: 0,
    textStyle: { color: theme.text, fontFamily: theme.font, fontSize: theme.fontSize },
  },
})

/** The decal of a fill, absent where the theme has none. */
export const decalFor = <T>(theme: ChartTheme, decal: T | undefined): { decal?: T } =>
  usesDecals(theme) && decal !== undefined ? { decal } : {}
