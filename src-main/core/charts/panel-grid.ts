/** Lays out small multiples: equal panels in columns, row names at the left edge only. */
import type { ChartTheme } from './chart-theme.ts'

/** What has to be laid out. */
export type PanelGridInput = {
  readonly theme: ChartTheme
  readonly widthPx: number
  readonly topPx: number
  readonly rowLabels: readonly string[]
  readonly panelCount: number
  readonly columnsMax?: number
}

/** One panel: its plot area, and the room for its heading, row names and values. */
export type Panel = {
  readonly column: number
  readonly isLowest: boolean
  readonly leftPx: number
  readonly titleTopPx: number
  readonly titleWidthPx: number
  readonly labelWidthPx: number
  readonly valueWidthPx: number
  readonly grid: { left: number; top: number; width: number; height: number }
}

/** All panels, and the height that they need, px. */
export type PanelGrid = { readonly panels: readonly Panel[]; readonly heightPx: number }

/** Room for names of this length, px: at most a quarter of the chart, at least five characters. */
export function labelRoomPx(theme: ChartTheme, widthPx: number, labels: readonly string[]): number {
  const longest = Math.max(5, ...labels.map((l) => Array.from(l).length))
  return Math.round(Math.min(widthPx * 0.25, longest * theme.fontSize * 0.58))
}

/** How many columns fit when a panel's plot and values want about 15 characters' width. */
function columnCount(input: PanelGridInput, roomPx: number): number {
  const wanted = Math.floor(roomPx / (input.theme.fontSize * 17))
  const most = Math.min(input.columnsMax ?? 4, input.panelCount)
  return Math.max(1, Math.min(wanted, most))
}

/** Lays out the panels row by row. */
export function panelGrid(input: PanelGridInput): PanelGrid {
  const { theme, widthPx, topPx, panelCount } = input
  const em = theme.fontSize
  const labelWidthPx = labelRoomPx(theme, widthPx, input.rowLabels)
  const left = labelWidthPx + Math.round(em * 0.8)
  const columns = columnCount(input, widthPx - left)
  const rows = Math.ceil(panelCount / columns)
  const valueWidthPx = Math.round(em * 3.9)
  const gapPx = Math.round(em * 1.4)
  const stridePx = (widthPx - left + gapPx) / columns
  const titlePx = Math.round(em * 1.7)
  const plotPx = Math.round(Math.max(1, input.rowLabels.length) * em * 1.55)
  const rowPx = titlePx + plotPx + Math.round(em * 0.8)
  const panels = Array.from({ length: panelCount }, (_, i): Panel => {
    const column = i % columns
    const topOfRowPx = topPx + Math.floor(i / columns) * rowPx
    const leftPx = Math.round(left + column * stridePx)
    const plotWidthPx = Math.max(20, Math.round(stridePx - gapPx - valueWidthPx))
    return {
      column,
      isLowest: i + columns >= panelCount,
      leftPx,
      titleTopPx: topOfRowPx,
      titleWidthPx: plotWidthPx + valueWidthPx,
      labelWidthPx,
      valueWidthPx,
      grid: { left: leftPx, top: topOfRowPx + titlePx, width: plotWidthPx, height: plotPx },
    }
  })
  return { panels, heightPx: Math.ceil(topPx + rows * rowPx + em * 1.4) }
}
