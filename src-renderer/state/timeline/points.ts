/** Events of a trace: which lie in a window, on which track, and what their numbers mean. */
import { POINT, POINT_KINDS } from '../../../src-main/core/base/point-kind.ts'
import { trackOfPoint } from '../../../src-main/core/trace/find-hit.ts'
import {
  lockName,
  threadName,
  threadTrack,
  vcpuName,
  vcpuTrack,
} from '../../../src-main/core/trace/layout.ts'
import type { TraceLayout } from '../../../src-main/core/trace/layout.ts'
import type { ChunkTile } from './tiles.ts'
import type { View } from './view.ts'

/** One event. `otherTrack`: to whom it went (IPI target, next holder), −1 for nobody. */
export type PointEvent = {
  readonly timeNs: number
  readonly kind: number
  readonly subject: number
  readonly object: number
  readonly detail: number
  readonly track: number
  readonly otherTrack: number
}

/** The first event of a chunk that is not before a time. */
function firstPoint({ points }: ChunkTile, ns: number): number {
  let [low, high] = [0, points.count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points.timeNs[middle]! >= ns) high = middle
    else low = middle + 1
  }
  return low
}

/** Events of a window in order of the chunks; null when there are more than `most`. */
export function pointsIn(
  tiles: readonly ChunkTile[],
  layout: TraceLayout,
  { fromNs, toNs }: View,
  most: number,
): readonly PointEvent[] | null {
  const ranges = tiles.map((tile) => [tile, firstPoint(tile, fromNs), firstPoint(tile, toNs + 1)])
  const count = ranges.reduce((sum, [, from, to]) => sum + (Number(to) - Number(from)), 0)
  if (count > most) return null
  const found: PointEvent[] = []
  for (const tile of tiles) {
    const end = firstPoint(tile, toNs + 1)
    for (let i = firstPoint(tile, fromNs); i < end; i++) found.push(pointOf(tile, layout, i))
  }
  return found
}

function pointOf({ points }: ChunkTile, layout: TraceLayout, i: number): PointEvent {
  const [kind, subject] = [points.kind[i]!, points.subject[i]!]
  const [object, detail] = [points.object[i]!, points.detail[i]!]
  return {
    timeNs: points.timeNs[i]!,
    ...{ kind, subject, object, detail },
    track: trackOfPoint(layout, kind, subject),
    otherTrack: otherTrack(layout, kind, object, detail),
  }
}

function otherTrack(layout: TraceLayout, kind: number, object: number, detail: number): number {
  if (kind === POINT.ipi && object >= 0) return vcpuTrack(layout, object)
  const isHandedOn = kind === POINT['lock-release'] || kind === POINT['lock-contend']
  return isHandedOn && detail >= 0 ? threadTrack(layout, detail) : -1
}

/** What an event says beyond its kind: `lock: a mutex 0`, `next holder: a/t3`. */
export function pointFacts(layout: TraceLayout, point: PointEvent): readonly [string, string][] {
  const known = POINT_KINDS[point.kind]!
  const facts: [string, string][] = []
  if (known.object !== '') facts.push([known.object, named(layout, known.object, point.object)])
  if (known.detail !== '' && point.detail >= 0)
    facts.push([known.detail, named(layout, known.detail, point.detail)])
  return facts
}

function named(layout: TraceLayout, what: string, value: number): string {
  if (what === 'lock') return lockName(layout, value)
  if (what.includes('thread')) return threadName(layout, value)
  const isVcpu = what === 'target vcpu' || what === 'vcpu offered the pCPU'
  return isVcpu ? vcpuName(layout, value) : String(value)
}
