/** What is drawn over the lanes: names in wide intervals, events, selection, range, pointer. */
import { inkOn, timeClassColor } from '../../../src-main/core/charts/index.ts'
import type { ChartTheme } from '../../../src-main/core/charts/index.ts'
import { POINT_KINDS } from '../../../src-main/core/base/point-kind.ts'
import type { PointKindKey } from '../../../src-main/core/base/point-kind.ts'
import type { Bookmark } from '../../../src-main/core/contract/trace.ts'
import type { Pane } from '../../state/timeline/pane.svelte.ts'
import type { PointEvent } from '../../state/timeline/points.ts'
import { GAP_PX, rowOfTrack } from '../../state/timeline/rows.ts'
import type { Row } from '../../state/timeline/rows.ts'
import { firstAfter } from '../../state/timeline/tiles.ts'
import { xOf } from '../../state/timeline/view.ts'
import type { View } from '../../state/timeline/view.ts'
import { stateLabel } from './state-label.ts'

/** Where and with what to draw; `focus` is the colour of what the user chose. */
export type Brush = {
  readonly context: CanvasRenderingContext2D
  readonly theme: ChartTheme
  readonly focus: string
  /** Colour of a track's state. */
  readonly colorOf: (row: Row, state: number) => string
}

const NAME_MIN_PX = 46
const NAMES_MAX = 400

/** Names of states in intervals that are wide enough. */
export function drawNames(brush: Brush, pane: Pane): void {
  const { context, theme, colorOf } = brush
  const { view, widthPx, data } = pane
  if (!data.isClose(view, widthPx)) return
  context.font = `11px ${theme.font}`
  context.textBaseline = 'middle'
  let drawn = 0
  for (const row of pane.visibleRows) {
    const { track } = row
    if (track === null) continue
    const middle = row.topPx - pane.scrollTop + (row.heightPx - GAP_PX) / 2 + 0.5
    for (const tile of data.chunksOf(view)) {
      const { startNs, ns, state } = tile.intervals
      for (let i = firstAfter(tile, track, view.fromNs); i < tile.firstOf[track + 1]!; i++) {
        if (startNs[i]! > view.toNs) break
        const from = Math.max(0, xOf(view, widthPx, startNs[i]!))
        const until = Math.min(widthPx, xOf(view, widthPx, startNs[i]! + ns[i]!))
        if (until - from < NAME_MIN_PX || drawn > NAMES_MAX) continue
        drawn++
        context.fillStyle = inkOn(colorOf(row, state[i]!))
        const name = stateLabel(data.layout, track, state[i]!).label
        const shown = fitText(context, name, until - from - 10)
        context.fillText(shown, from + 5, middle)
      }
    }
  }
}

function fitText(context: CanvasRenderingContext2D, text: string, widthPx: number): string {
  if (context.measureText(text).width <= widthPx) return text
  for (let length = text.length - 1; length > 1; length--) {
    const cut = `${text.slice(0, length)}…`
    if (context.measureText(cut).width <= widthPx) return cut
  }
  return ''
}

const LOCK = timeClassColor('lhp')
const HOST = timeClassColor('ipi')
const WAIT = timeClassColor('barrier')

/** An event that is nearer to the last shape of its lane is a tick at the lane's foot. */
const CROWDED_PX = 9
const TICK_PX = 4

type Shape = 'up' | 'down' | 'cross' | 'dot' | 'diamond' | 'bar' | 'flag'

const SHAPES: Readonly<Record<PointKindKey, { readonly shape: Shape; readonly color: string }>> = {
  'lock-acquire': { shape: 'up', color: LOCK },
  'lock-contend': { shape: 'cross', color: LOCK },
  'lock-release': { shape: 'down', color: LOCK },
  ipi: { shape: 'dot', color: HOST },
  'tlb-shootdown': { shape: 'diamond', color: HOST },
  kick: { shape: 'dot', color: HOST },
  'ple-exit': { shape: 'diamond', color: LOCK },
  resize: { shape: 'flag', color: HOST },
  'barrier-arrive': { shape: 'bar', color: WAIT },
  'barrier-open': { shape: 'flag', color: WAIT },
  'iteration-start': { shape: 'flag', color: WAIT },
  'iteration-end': { shape: 'flag', color: WAIT },
  'vm-stop': { shape: 'flag', color: HOST },
}

/** Events on their lanes, with lines to whom they went. */
export function drawPoints(brush: Brush, pane: Pane, points: readonly PointEvent[]): void {
  const { context, theme } = brush
  const middleOf = (row: Row): number => row.topPx - pane.scrollTop + (row.heightPx - GAP_PX) / 2
  const lastX = new Map<Row, number>()
  for (const point of points) {
    const row = rowOfTrack(pane.visibleRows, point.track)
    if (row === undefined) continue
    const { shape, color } = SHAPES[POINT_KINDS[point.kind]!.key]
    const x = xOf(pane.view, pane.widthPx, point.timeNs)
    const y = middleOf(row)
    const other = rowOfTrack(pane.visibleRows, point.otherTrack)
    if (point.otherTrack >= 0 && other !== undefined && other !== row) {
      context.strokeStyle = color
      context.lineWidth = 1
      context.beginPath()
      context.moveTo(x, y)
      context.lineTo(x, middleOf(other))
      context.stroke()
    }
    if (x - (lastX.get(row) ?? -Infinity) < CROWDED_PX) {
      context.fillStyle = color
      context.fillRect(x, y + TICK_PX, 1, TICK_PX)
      continue
    }
    lastX.set(row, x)
    drawShape(context, shape, x, y, { fill: color, edge: theme.surface })
  }
}

function drawShape(
  context: CanvasRenderingContext2D,
  shape: Shape,
  x: number,
  y: number,
  { fill, edge }: { readonly fill: string; readonly edge: string },
): void {
  const r = 4
  context.beginPath()
  if (shape === 'dot') context.arc(x, y, r - 0.5, 0, 2 * Math.PI)
  else polygon(context, OUTLINES[shape], x, y, r)
  context.fillStyle = fill
  context.strokeStyle = edge
  context.lineWidth = 1
  context.stroke()
  context.fill()
}

const OUTLINES: Readonly<Record<Exclude<Shape, 'dot'>, readonly (readonly [number, number])[]>> = {
  up: [
    [0, -1],
    [1, 0.9],
    [-1, 0.9],
  ],
  down: [
    [0, 1],
    [1, -0.9],
    [-1, -0.9],
  ],
  cross: [
    [-1, -0.5],
    [-0.5, -1],
    [0, -0.4],
    [0.5, -1],
    [1, -0.5],
    [0.4, 0],
    [1, 0.5],
    [0.5, 1],
    [0, 0.4],
    [-0.5, 1],
    [-1, 0.5],
    [-0.4, 0],
  ],
  diamond: [
    [0, -1.1],
    [1.1, 0],
    [0, 1.1],
    [-1.1, 0],
  ],
  bar: [
    [-0.4, -1.4],
    [0.4, -1.4],
    [0.4, 1.4],
    [-0.4, 1.4],
  ],
  flag: [
    [-0.2, -1.8],
    [1.6, -1],
    [0.2, -0.2],
    [0.2, 1.8],
    [-0.2, 1.8],
  ],
}

function polygon(
  context: CanvasRenderingContext2D,
  corners: readonly (readonly [number, number])[],
  x: number,
  y: number,
  r: number,
): void {
  for (const [i, [dx, dy]] of corners.entries()) {
    if (i === 0) context.moveTo(x + dx * r, y + dy * r)
    else context.lineTo(x + dx * r, y + dy * r)
  }
  context.closePath()
}

/** The measured range, bookmarks, what is selected, and the pointer's line. */
export function drawChosen(brush: Brush, pane: Pane, bookmarks: readonly Bookmark[]): void {
  const { context, theme, focus } = brush
  const { heightPx } = pane
  for (const mark of bookmarks) drawLine(context, x(pane, mark.fromNs), heightPx, focus)
  if (pane.anchorNs !== null) drawAnchor(brush, pane, pane.anchorNs)
  if (pane.range !== null) shadeOutside(brush, pane, pane.range)
  drawSelected(brush, pane)
  if (pane.pointer !== null) drawLine(context, pane.pointer.x, heightPx, theme.faint)
}

const x = (pane: Pane, ns: number): number => xOf(pane.view, pane.widthPx, ns)

function drawLine(
  context: CanvasRenderingContext2D,
  at: number,
  heightPx: number,
  color: string,
): void {
  context.fillStyle = color
  context.fillRect(Math.round(at), 0, 1, heightPx)
}

/** The barrier at which both runs lie at the same place: a line with a flag at its top. */
function drawAnchor({ context, focus }: Brush, pane: Pane, ns: number): void {
  const at = Math.round(x(pane, ns))
  context.fillStyle = focus
  context.fillRect(at, 0, 2, pane.heightPx)
  context.beginPath()
  for (const [dx, y] of [
    [-5, 0],
    [7, 0],
    [1, 8],
  ] as const)
    context.lineTo(at + dx, y)
  context.fill()
}

function shadeOutside({ context, theme, focus }: Brush, pane: Pane, range: View): void {
  const [from, until] = [x(pane, range.fromNs), x(pane, range.toNs)]
  context.globalAlpha = 0.45
  context.fillStyle = theme.surface
  context.fillRect(0, 0, from, pane.heightPx)
  context.fillRect(until, 0, pane.widthPx - until, pane.heightPx)
  context.globalAlpha = 1
  drawLine(context, from, pane.heightPx, focus)
  drawLine(context, until - 1, pane.heightPx, focus)
}

function drawSelected({ context, focus }: Brush, pane: Pane): void {
  const { selected, selectedTrack } = pane
  if (selected === null || selectedTrack === null) return
  const row = rowOfTrack(pane.rows, selectedTrack)
  if (row === undefined) return
  const top = row.topPx - pane.scrollTop
  const span =
    'point' in selected
      ? { startNs: selected.point.timeNs, ns: 0 }
      : { startNs: selected.interval.startNs, ns: selected.interval.ns }
  const from = Math.max(-4, x(pane, span.startNs))
  const until = Math.min(pane.widthPx + 4, x(pane, span.startNs + span.ns))
  const room = Math.max(0, 6 - (until - from)) / 2
  context.strokeStyle = focus
  context.lineWidth = 2
  context.strokeRect(from - room, top - 0.5, until - from + 2 * room, row.heightPx - GAP_PX + 1)
}
