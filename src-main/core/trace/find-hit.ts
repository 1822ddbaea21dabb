/** Finds the nearest event or interval of a kind after, or before, a place in a trace. */
import { POINT_KINDS } from '../base/point-kind.ts'
import type { TraceHit, TraceSearch } from '../contract/trace.ts'
import type { TraceChunk } from './chunk.ts'
import { threadTrack, trackKind, vcpuTrack } from './layout.ts'
import type { TraceLayout } from './layout.ts'

/** Where a search goes on from, and to which side. */
export type SearchStart = {
  readonly atNs: number
  readonly atTrack: number
  readonly backwards: boolean
}

/** The track on which a point lies; that of a VM's first vCPU for what happens to the VM. */
export function trackOfPoint(layout: TraceLayout, kind: number, subject: number): number {
  const of = POINT_KINDS[kind]!.subject
  if (of === 'thread') return threadTrack(layout, subject)
  return vcpuTrack(layout, of === 'vcpu' ? subject : layout.vms[subject]!.firstVcpu)
}

/** Looks through chunks in any order and keeps the nearest hit. */
export class HitFinder {
  best: TraceHit | null = null
  readonly #layout: TraceLayout
  readonly #start: SearchStart
  readonly #isTrack: Uint8Array
  readonly #isKind: Uint8Array
  readonly #isVcpuState: Uint8Array
  readonly #isThreadState: Uint8Array

  constructor(layout: TraceLayout, search: TraceSearch, start: SearchStart) {
    this.#layout = layout
    this.#start = start
    this.#isTrack = flags(search.tracks, layout.tracks)
    if (search.tracks.length === 0) this.#isTrack.fill(1)
    this.#isKind = flags(search.kinds, 256)
    this.#isVcpuState = flags(search.vcpuStates, 256)
    this.#isThreadState = flags(search.threadStates, 256)
  }

  /** Whether records of this time can hold a nearer hit than the one that is known. */
  mayHold(startNs: number, endNs: number): boolean {
    const { atNs, backwards } = this.#start
    if (backwards) return startNs <= atNs && endNs >= (this.best?.startNs ?? 0)
    return endNs >= atNs && startNs <= (this.best?.startNs ?? Infinity)
  }

  /** Looks through a chunk. */
  look({ intervals, points }: TraceChunk): void {
    const { track, startNs, ns, state } = intervals
    for (let i = 0; i < intervals.count; i++) {
      const isWanted = this.#isTrack[track[i]!] === 1 && this.#hasState(track[i]!, state[i]!)
      if (isWanted) this.#offer(track[i]!, startNs[i]!, ns[i]!, null, state[i]!)
    }
    for (let i = 0; i < points.count; i++) {
      const kind = points.kind[i]!
      if (this.#isKind[kind] === 0) continue
      const on = trackOfPoint(this.#layout, kind, points.subject[i]!)
      if (this.#isTrack[on] === 1) this.#offer(on, points.timeNs[i]!, 0, kind, null)
    }
  }

  #hasState(track: number, state: number): boolean {
    const of = trackKind(this.#layout, track)
    if (of === 'pcpu') return false
    return (of === 'vcpu' ? this.#isVcpuState : this.#isThreadState)[state] === 1
  }

  #offer(
    track: number,
    startNs: number,
    ns: number,
    kind: number | null,
    state: number | null,
  ): void {
    const { atNs, atTrack, backwards } = this.#start
    const sign = backwards ? -1 : 1
    const isBeyond = sign * comparePlaces(startNs, track, atNs, atTrack) > 0
    if (!isBeyond) return
    const { best } = this
    if (best !== null && sign * comparePlaces(startNs, track, best.startNs, best.track) >= 0) return
    this.best = { track, startNs, ns, kind, state }
  }
}

/** By time, then by track. */
const comparePlaces = (aNs: number, aTrack: number, bNs: number, bTrack: number): number =>
  aNs === bNs ? aTrack - bTrack : aNs - bNs

function flags(numbers: readonly number[], length: number): Uint8Array {
  const found = new Uint8Array(length)
  for (const number of numbers) found[number] = 1
  return found
}
