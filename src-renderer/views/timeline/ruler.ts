/** The ruler over the lanes, and the overview of the whole run with the part that is shown. */
import { pcpuColors } from '../../../src-main/core/charts/index.ts'
import type { ChartTheme } from '../../../src-main/core/charts/index.ts'
import type { Pane } from '../../state/timeline/pane.svelte.ts'
import { addShares, newShares } from '../../state/timeline/shares.ts'
import type { Shares } from '../../state/timeline/shares.ts'
import { formatSpanNs, formatTime, ticksOf, xOf } from '../../state/timeline/view.ts'
import type { View } from '../../state/timeline/view.ts'

/** Height of the ruler and of the overview, px. */
export const RULER_PX = 22
/** See RULER_PX. */
export const OVERVIEW_PX = 36

/** Draws ticks with their times; below a µs a step, times are given from the left edge's. */
export function drawRuler(context: CanvasRenderingContext2D, pane: Pane, theme: ChartTheme): void {
  const { view, widthPx } = pane
  context.clearRect(0, 0, widthPx, RULER_PX)
  context.font = `11px ${theme.font}`
  context.textBaseline = 'middle'
  const { stepNs, ticks } = ticksOf(view, widthPx)
  const isFine = stepNs < 1e5
  const first = ticks[0] ?? 0
  for (const [i, ns] of ticks.entries()) {
    const x = Math.round(xOf(view, widthPx, ns))
    context.fillStyle = theme.grid
    context.fillRect(x, 12, 1, RULER_PX - 12)
    context.fillStyle = theme.faint
    const text = isFine && i > 0 ? `+${formatSpanNs(ns - first)}` : formatTime(ns, stepNs)
    context.fillText(text, x + 4, 10)
  }
}

/** Sum of all pCPUs over the whole run: who used the host when. */
export function overviewShares(pane: Pane, widthPx: number): Shares {
  const { pcpus, vms } = pane.data.layout
  const sum = newShares(widthPx, vms.length + 1)
  for (let track = 0; track < pcpus; track++)
    addShares(sum, pane.data.shares(track, pane.data.bounds, widthPx), 1 / pcpus)
  return sum
}

/** Draws the overview: the VMs stacked; the frame of the shown part is an element over it. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  { widthPx, states, values }: Shares,
  theme: ChartTheme,
): void {
  const colors = pcpuColors(theme, states - 1)
  context.fillStyle = colors[0]!
  context.fillRect(0, 0, widthPx, OVERVIEW_PX)
  const baseline = Array<number>(widthPx).fill(OVERVIEW_PX)
  for (let state = 1; state < states; state++) {
    context.fillStyle = colors[state]!
    for (let x = 0; x < widthPx; x++) {
      const height = values[x * states + state]! * OVERVIEW_PX
      if (height === 0) continue
      baseline[x]! -= height
      context.fillRect(x, baseline[x]!, 1, height)
    }
  }
}

/** Where the frame of the shown part lies in the overview, px; at least 3 px wide. */
export function frameOf(view: View, bounds: View, widthPx: number) {
  const from = Math.min(widthPx - 3, Math.max(0, xOf(bounds, widthPx, view.fromNs)))
  const until = Math.min(widthPx, Math.max(from + 3, xOf(bounds, widthPx, view.toNs)))
  return { from, until }
}
