/** What is said of a selected interval: its neighbours, who ran in its place, and its events. */
import { POINT_KINDS } from '../../../src-main/core/base/point-kind.ts'
import {
  threadName,
  trackKind,
  vcpuName,
  vcpuTrack,
  VCPU_STATE,
} from '../../../src-main/core/trace/layout.ts'
import type { TraceLayout } from '../../../src-main/core/trace/layout.ts'
import { pointsIn } from './points.ts'
import type { PointEvent } from './points.ts'
import { intervalAt } from './tiles.ts'
import type { ChunkTile, Interval } from './tiles.ts'

/** An interval with what is around it; `undefined` at the ends of the trace. */
export type Details = {
  readonly interval: Interval
  readonly before: Interval | undefined
  readonly after: Interval | undefined
  /** Where it ran or waited: a pCPU of a vCPU, a vCPU of a thread or on a pCPU. */
  readonly on: string | null
  /** Who ran on that pCPU just before, at the start, and just after. */
  readonly ranBefore: string | null
  readonly ranMeanwhile: string | null
  readonly ranAfter: string | null
  /** Its track's events from its start to its end; null when they are very many. */
  readonly events: readonly PointEvent[] | null
}

const EVENTS_MAX = 20_000
const EVENTS_LISTED = 12

/** The instants whose chunks `detailsOf` reads. */
export const instantsOf = ({ startNs, ns }: Interval): number[] => [
  startNs - 1,
  startNs,
  startNs + ns,
]

/** Reads what is around an interval from the chunks at its ends. */
export function detailsOf(
  tiles: readonly ChunkTile[],
  layout: TraceLayout,
  interval: Interval,
): Details {
  const { track, startNs, ns } = interval
  const endNs = startNs + ns
  const pcpu = pcpuOf(tiles, layout, interval)
  const ranAt = (atNs: number): string | null =>
    pcpu === null ? null : runnerAt(tiles, layout, pcpu, atNs)
  const all = pointsIn(tiles, layout, { fromNs: startNs, toNs: endNs }, EVENTS_MAX)
  const isWaiting = trackKind(layout, track) === 'vcpu' && isKept(interval.state)
  return {
    interval,
    before: intervalAt(tiles, track, startNs - 1),
    after: intervalAt(tiles, track, endNs),
    on: placeOf(layout, interval),
    ranBefore: ranAt(startNs - 1),
    ranMeanwhile: isWaiting ? ranAt(startNs) : null,
    ranAfter: ranAt(endNs),
    events: all?.filter((point) => point.track === track).slice(0, EVENTS_LISTED) ?? null,
  }
}

const isKept = (state: number): boolean =>
  state === VCPU_STATE.preempted || state === VCPU_STATE.held

/** The pCPU that an interval is about, −1 and null: none. */
function pcpuOf(
  tiles: readonly ChunkTile[],
  layout: TraceLayout,
  { track, startNs, arg }: Interval,
): number | null {
  const kind = trackKind(layout, track)
  if (kind === 'pcpu') return track
  if (kind === 'vcpu') return arg < 0 ? null : arg
  const vcpu = arg < 0 ? undefined : intervalAt(tiles, vcpuTrack(layout, arg), startNs)
  return vcpu === undefined || vcpu.arg < 0 ? null : vcpu.arg
}

function runnerAt(
  tiles: readonly ChunkTile[],
  layout: TraceLayout,
  pcpu: number,
  ns: number,
): string | null {
  const ran = intervalAt(tiles, pcpu, ns)
  return ran === undefined ? null : vcpuName(layout, ran.arg)
}

function placeOf(layout: TraceLayout, { track, arg }: Interval): string | null {
  if (arg < 0) return null
  return trackKind(layout, track) === 'vcpu' ? `p${arg}` : vcpuName(layout, arg)
}

/** Who an event is about, by name. */
export function subjectName(layout: TraceLayout, point: PointEvent): string {
  const kind = trackKind(layout, point.track)
  if (POINT_KINDS[point.kind]!.subject === 'vm') return layout.vms[point.subject]!.name
  if (kind === 'thread') return threadName(layout, point.subject)
  return vcpuName(layout, point.track - layout.pcpus)
}
