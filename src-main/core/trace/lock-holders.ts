/** Query: lock holders whose vCPU was preempted while others waited for the lock. */
import { POINT } from '../base/point-kind.ts'
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { TimeClassKey } from '../base/time-class.ts'
import type { LockHolderPreemptions } from '../contract/trace.ts'
import { lockName, threadName, trackKind, vcpuName } from './layout.ts'
import { visitRunners } from './overlap.ts'
import { visitByTime } from './trace.ts'
import type { Trace } from './trace.ts'

/** Classes of a thread that could go on, were its vCPU not preempted or held. */
const OFF_HOST: readonly TimeClassKey[] = [
  'stacking',
  'inversion',
  'fair-share',
  'fragmentation',
  'costop',
]
const IS_OFF_HOST = new Uint8Array(256)
for (const key of OFF_HOST) IS_OFF_HOST[TIME_CLASS_KEYS.indexOf(key)] = 1

type Episode = {
  readonly lock: number
  readonly holder: number
  readonly vcpu: number
  readonly startNs: number
  readonly ns: number
  readonly waiters: number
}

/** All of them counted, the longest `top` listed. */
export function lockHolderPreemptions(trace: Trace, top: number): LockHolderPreemptions {
  const { layout } = trace
  const sweep = new LockSweep(trace)
  visitByTime(trace, sweep)
  const episodes = sweep.episodes.sort((a, b) => b.ns - a.ns)
  return {
    count: episodes.length,
    totalNs: episodes.reduce((sum, { ns }) => sum + ns, 0),
    longest: episodes.slice(0, top).map(({ lock, holder, vcpu, startNs, ns, waiters }) => ({
      lock: lockName(layout, lock),
      holder: threadName(layout, holder),
      vcpu: vcpuName(layout, vcpu),
      startNs,
      ns,
      by: vcpuName(layout, mainRunner(trace, vcpu, startNs, ns)),
      waiters,
    })),
  }
}

/** Who ran longest where the vCPU waited; −1: nobody. */
function mainRunner(trace: Trace, vcpu: number, fromNs: number, ns: number): number {
  const ran = new Map<number, number>()
  visitRunners(trace, vcpu, { fromNs, toNs: fromNs + ns }, (by, more) =>
    ran.set(by, (ran.get(by) ?? 0) + more),
  )
  return [...ran].reduce((most, one) => (one[1] > most[1] ? one : most), [-1, 0])[0]
}

/** Goes through the trace in order of time and follows holders, waiters and preempted threads. */
class LockSweep {
  readonly episodes: Episode[] = []
  readonly #trace: Trace
  readonly #firstThreadTrack: number
  /** Locks that each thread holds, with the time since when. */
  readonly #held = new Map<number, Map<number, number>>()
  /** Lock that each thread waits for, −1: none; and how many wait for each lock. */
  readonly #waitsFor: Int32Array
  readonly #waiters = new Map<number, number>()
  /** Since when each thread is off the host, −1: it is not; and its vCPU. */
  readonly #offSinceNs: Float64Array
  readonly #vcpu: Int32Array

  constructor(trace: Trace) {
    const { pcpus, vcpus, threads } = trace.layout
    this.#trace = trace
    this.#firstThreadTrack = pcpus + vcpus
    this.#waitsFor = new Int32Array(threads).fill(-1)
    this.#offSinceNs = new Float64Array(threads).fill(-1)
    this.#vcpu = new Int32Array(threads).fill(-1)
  }

  interval(track: number, i: number): void {
    if (trackKind(this.#trace.layout, track) !== 'thread') return
    const { startNs, state, arg } = this.#trace.tracks[track]!
    const thread = track - this.#firstThreadTrack
    const isOff = IS_OFF_HOST[state[i]!] !== 0
    const since = this.#offSinceNs[thread]!
    if (since >= 0 && !isOff) this.#backOn(thread, since, startNs[i]!)
    if (isOff && since < 0) this.#offSinceNs[thread] = startNs[i]!
    if (!isOff) this.#offSinceNs[thread] = -1
    this.#vcpu[thread] = arg[i]!
  }

  #backOn(thread: number, sinceNs: number, nowNs: number): void {
    for (const [lock, takenNs] of this.#held.get(thread) ?? []) {
      const waiters = this.#waiters.get(lock) ?? 0
      const startNs = Math.max(sinceNs, takenNs)
      if (waiters === 0 || startNs === nowNs) continue
      const vcpu = this.#vcpu[thread]!
      this.episodes.push({ lock, holder: thread, vcpu, startNs, ns: nowNs - startNs, waiters })
    }
  }

  point(i: number): void {
    const { kind, subject, object, timeNs } = this.#trace.points
    const [thread, lock] = [subject[i]!, object[i]!]
    if (kind[i] === POINT['lock-contend']) this.#waitFor(thread, lock)
    else if (kind[i] === POINT['lock-acquire']) {
      this.#waitFor(thread, -1)
      const held = this.#held.get(thread)
      if (held === undefined) this.#held.set(thread, new Map([[lock, timeNs[i]!]]))
      else held.set(lock, timeNs[i]!)
    } else if (kind[i] === POINT['lock-release']) this.#held.get(thread)?.delete(lock)
    else if (kind[i] === POINT['vm-stop']) this.#forget(subject[i]!)
  }

  /** A thread waits for one lock at a time. */
  #waitFor(thread: number, lock: number): void {
    const before = this.#waitsFor[thread]!
    if (before === lock) return
    if (before >= 0) this.#waiters.set(before, this.#waiters.get(before)! - 1)
    if (lock >= 0) this.#waiters.set(lock, (this.#waiters.get(lock) ?? 0) + 1)
    this.#waitsFor[thread] = lock
  }

  /** A VM that departs holds and awaits nothing. */
  #forget(vmIndex: number): void {
    const vm = this.#trace.layout.vms[vmIndex]!
    for (let t = vm.firstThread; t < vm.firstThread + vm.threads; t++) {
      this.#waitFor(t, -1)
      this.#held.delete(t)
    }
  }
}
