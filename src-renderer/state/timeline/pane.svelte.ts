/** Pane: what one run's part of the timeline shows, and what is selected in it. */
import { trackKind, trackName } from '../../../src-main/core/trace/layout.ts'
import { strings } from '../../strings/index.ts'
import { detailsOf, instantsOf } from './details.ts'
import type { Details } from './details.ts'
import { pointsIn } from './points.ts'
import type { PointEvent } from './points.ts'
import {
  foldedAtFirst,
  heightOf,
  rowAt,
  rowOfTrack,
  rowsBetween,
  rowsOf,
  tracksOf,
} from './rows.ts'
import type { Group, Row } from './rows.ts'
import { intervalAt } from './tiles.ts'
import type { Interval } from './tiles.ts'
import type { TraceData } from './trace-data.svelte.ts'
import { nsAt, spanOf, viewAround, xOf, zoomView } from './view.ts'
import type { View } from './view.ts'

/** What is selected: an event, or an interval of a track. */
export type Selected =
  { readonly point: PointEvent } | { readonly interval: Interval; readonly details: Details }

/** A place of the pointer on the lanes, px; `y` from the top of the first row. */
export type Pointer = { readonly x: number; readonly y: number }

/** Most events that are drawn. */
export const POINTS_DRAWN_MAX = 3000

const POINT_REACH_PX = 6
const ZOOM_STEP = 1.5
const PAN_SHARE = 0.15

/** One run on the screen. */
export class Pane {
  readonly data: TraceData
  view = $state.raw<View>({ fromNs: 0, toNs: 1 })
  widthPx = $state(0)
  heightPx = $state(0)
  scrollTop = $state(0)
  folded = $state.raw<ReadonlySet<string>>(new Set())
  pointer = $state.raw<Pointer | null>(null)
  selected = $state.raw<Selected | null>(null)
  /** A measured span of time. */
  range = $state.raw<View | null>(null)
  readonly rows: readonly Row[] = $derived.by(() => this.#layOut())
  readonly heightOfRows = $derived(heightOf(this.rows))
  readonly visibleRows = $derived(
    rowsBetween(this.rows, this.scrollTop, this.scrollTop + this.heightPx),
  )
  /** The barrier at which two runs are aligned, ns. */
  anchorNs = $state<number | null>(null)
  /** How far one may zoom out and pan; wider while two runs are linked. */
  bounds = $state.raw<View>({ fromNs: 0, toNs: 1 })
  /** Told of every new view, so that a linked pane follows. */
  onview: (view: View) => void = () => {}

  constructor(data: TraceData) {
    this.data = data
    this.bounds = data.bounds
    this.view = data.bounds
    this.folded = foldedAtFirst(data.layout)
  }

  /** Events that are drawn, or null when there are too many, or the view is too wide for any. */
  get points(): readonly PointEvent[] | null {
    void this.data.version
    if (!this.data.isClose(this.view, this.widthPx)) return null
    return pointsIn(this.data.chunksOf(this.view), this.data.layout, this.view, POINTS_DRAWN_MAX)
  }

  /** Fetches what the visible rows need. */
  fetch(): void {
    if (this.widthPx === 0) return
    const { view, widthPx } = this
    this.data.want({ view, widthPx, tracks: tracksOf(this.visibleRows) })
  }

  /** Shows another part of the time. */
  show(view: View): void {
    this.view = view
    this.onview(view)
  }

  /** Zooms by a factor around a place, px; around the middle without. */
  zoom(factor: number, x: number = this.widthPx / 2): void {
    this.show(zoomView(this.view, factor, nsAt(this.view, this.widthPx, x), this.bounds))
  }

  /** Zooms around the pointer, or else around what is selected or aligned, if it is in sight. */
  zoomStep(closer: boolean): void {
    this.zoom(closer ? 1 / ZOOM_STEP : ZOOM_STEP, this.pointer?.x ?? this.#chosenX())
  }

  #chosenX(): number | undefined {
    const span = this.#selectedSpan()
    const places = [span === null ? null : (span.fromNs + span.toNs) / 2, this.anchorNs]
    return places
      .flatMap((ns) => (ns === null ? [] : [xOf(this.view, this.widthPx, ns)]))
      .find((x) => x >= 0 && x <= this.widthPx)
  }

  /** Moves by px of the screen. */
  panPx(px: number): void {
    const byNs = (px / this.widthPx) * spanOf(this.view)
    const span = spanOf(this.view)
    const lowest = this.bounds.fromNs
    const fromNs = Math.min(Math.max(lowest, this.view.fromNs + byNs), this.bounds.toNs - span)
    this.show({ fromNs, toNs: fromNs + span })
  }

  panStep(right: boolean): void {
    this.panPx((right ? 1 : -1) * PAN_SHARE * this.widthPx)
  }

  /** Shows the range, the selection, or else the whole run. */
  fit(): void {
    const span = this.range ?? this.#selectedSpan()
    this.show(span === null ? this.bounds : viewAround(span.fromNs, span.toNs, this.bounds))
  }

  fitAll(): void {
    this.show(this.bounds)
  }

  toggle(key: string): void {
    const next = new Set(this.folded)
    if (!next.delete(key)) next.add(key)
    this.folded = next
  }

  /** Selects what is at a place of the lanes. */
  async pick({ x, y }: Pointer): Promise<void> {
    const row = rowAt(this.rows, y)
    if (row === undefined) return
    const near = this.#pointNear(row, x)
    if (near !== undefined) {
      this.selected = { point: near }
      return
    }
    if (row.track !== null) await this.select(row.track, nsAt(this.view, this.widthPx, x))
  }

  /** Selects the interval of a track at a time. */
  async select(track: number, ns: number): Promise<void> {
    const at = Math.min(Math.max(0, Math.floor(ns)), this.data.bounds.toNs - 1)
    const interval = intervalAt(await this.data.chunksAt([at]), track, at)
    if (interval === undefined) return
    const tiles = await this.data.chunksAt(instantsOf(interval))
    const details = detailsOf(tiles, this.data.layout, interval)
    this.selected = { interval, details }
  }

  /** Selects the track's neighbour in time, and keeps it in sight. */
  async step(later: boolean): Promise<void> {
    const { selected } = this
    if (selected === null || !('interval' in selected)) return
    const next = later ? selected.details.after : selected.details.before
    if (next === undefined) return
    await this.select(next.track, next.startNs)
    const { fromNs, toNs } = this.view
    if (next.startNs < fromNs || next.startNs + next.ns > toNs)
      this.centre(next.startNs, next.startNs + next.ns)
  }

  /** Selects at the same time on the lane above or below. */
  async stepLane(down: boolean): Promise<void> {
    const lanes = this.rows.flatMap((row) => row.track ?? [])
    const from = this.selectedTrack
    const at = from === null ? (down ? -1 : 0) : lanes.indexOf(from)
    const track = lanes[Math.min(lanes.length - 1, Math.max(0, at + (down ? 1 : -1)))]
    if (track === undefined) return
    const middle = (this.view.fromNs + this.view.toNs) / 2
    const span = this.#selectedSpan()
    const isInSight = span !== null && span.fromNs < this.view.toNs && span.toNs > this.view.fromNs
    const ns = isInSight ? Math.max(this.view.fromNs, span.fromNs) : middle
    this.reveal(track)
    await this.select(track, ns)
  }

  /** Goes to a span of time on a track and selects what is there. */
  async goTo(fromNs: number, toNs: number, track: number | null): Promise<void> {
    this.show(viewAround(fromNs, toNs, this.bounds))
    if (track === null) return
    this.reveal(track)
    await this.select(track, fromNs)
  }

  /** Puts a span of time into the middle; zooms out only when it must. */
  centre(fromNs: number, toNs: number): void {
    const half = Math.max(spanOf(this.view), (toNs - fromNs) * 1.2) / 2
    const middle = (fromNs + toNs) / 2
    const factor = (2 * half) / spanOf(this.view)
    const moved = { fromNs: middle - half, toNs: middle + half }
    this.show(zoomView(moved, 1, middle, this.bounds))
    if (factor > 1) this.show(viewAround(fromNs, toNs, this.bounds))
  }

  /** Unfolds the group of a track and scrolls to it. */
  reveal(track: number): void {
    const row = rowOfTrack(this.rows, track)
    if (row !== undefined && !row.isOpen) this.toggle(row.group.key)
    const lane = rowOfTrack(this.rows, track)
    if (lane === undefined) return
    const isAbove = lane.topPx < this.scrollTop
    const isBelow = lane.topPx + lane.heightPx > this.scrollTop + this.heightPx
    if (isAbove || isBelow) this.scrollTop = Math.max(0, lane.topPx - this.heightPx / 3)
  }

  /** The track of what is selected. */
  get selectedTrack(): number | null {
    const { selected } = this
    if (selected === null) return null
    return 'point' in selected ? selected.point.track : selected.interval.track
  }

  clear(): void {
    this.selected = null
    this.range = null
  }

  /** What a group is called. */
  titleOf(group: Group): string {
    const count = group.tracks.length
    if (group.of === 'pcpus') return strings.timeline.pcpus(count)
    const { name } = this.data.layout.vms[group.vm]!
    return strings.timeline[group.of](name, count)
  }

  /** `barriers/v3`, `p2`. */
  nameOf(track: number): string {
    return trackName(this.data.layout, track)
  }

  /** Whose colours a track has: its kind and its VM. */
  kindOf(track: number) {
    return trackKind(this.data.layout, track)
  }

  #layOut(): readonly Row[] {
    return rowsOf(this.data.layout, this.folded, (group) => this.titleOf(group))
  }

  #selectedSpan(): View | null {
    const { selected } = this
    if (selected === null) return null
    if ('point' in selected) return { fromNs: selected.point.timeNs, toNs: selected.point.timeNs }
    const { startNs, ns } = selected.interval
    return { fromNs: startNs, toNs: startNs + ns }
  }

  #pointNear(row: Row, x: number): PointEvent | undefined {
    const isOn = (point: PointEvent): boolean =>
      row.track === null ? row.group.tracks.includes(point.track) : point.track === row.track
    const distance = (point: PointEvent): number =>
      Math.abs(xOf(this.view, this.widthPx, point.timeNs) - x)
    return (this.points ?? [])
      .filter((point) => isOn(point) && distance(point) <= POINT_REACH_PX)
      .sort((a, b) => distance(a) - distance(b))[0]
  }
}
