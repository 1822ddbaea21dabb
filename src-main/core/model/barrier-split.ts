/**
 * Barrier split: why a barrier's waiters waited. When it opens, each wait is divided by what the
 * last arriver, for whom all waited, did meanwhile.
 */
import { charge } from './charge.ts'
import type { Machine } from './machine.ts'
import type { WorkList } from './work-list.ts'
import * as vocabulary from './vocabulary.ts'

const { BARRIER_OPEN, CLASS, CLASSES, HISTORY } = vocabulary

/** Classes that a wait is divided into; the first is what is left: imbalance. */
const PARTS = Uint8Array.of(
  CLASS.barrier,
  CLASS['barrier-host'],
  CLASS['barrier-guest'],
  CLASS['barrier-lock'],
  CLASS['barrier-overhead'],
)

/** Part of a wait by the class of what the last arriver did. */
const PART_OF = new Uint8Array(CLASSES)
for (const k of ['stacking', 'inversion', 'fair-share', 'fragmentation', 'costop'] as const)
  PART_OF[CLASS[k]] = 1
for (const k of ['wake', 'ipi', 'ipi-preempted', 'barrier-host'] as const) PART_OF[CLASS[k]] = 1
for (const k of ['guest-queue', 'barrier-guest'] as const) PART_OF[CLASS[k]] = 2
for (const k of ['lhp', 'lock', 'lock-guest', 'condition', 'barrier-lock'] as const)
  PART_OF[CLASS[k]] = 3
for (const k of ['switch', 'refill', 'resize', 'barrier-overhead'] as const) PART_OF[CLASS[k]] = 4

/** Walks back over what a thread did: nanoseconds by part over a growing window. */
export class BackWalk {
  readonly byPart = new Float64Array(PARTS.length)
  covered = 0
  #ring = 0
  #at = 0
  #steps = 0
  #left = 0

  /** Begins at the present of a thread. */
  begin(m: Machine, t: number): void {
    this.byPart.fill(0)
    this.covered = 0
    this.#ring = t * HISTORY
    this.#at = m.historyAt[t]!
    this.#steps = HISTORY - 1
    this.#left = m.historyNs[this.#ring + this.#at]!
  }

  /** Extends the window to `ns` before now. What the ring no longer holds counts as imbalance. */
  extendTo(m: Machine, ns: number): void {
    while (this.covered < ns) {
      const need = ns - this.covered
      const known = this.#steps > 0
      const part = known ? PART_OF[m.historyClass[this.#ring + this.#at]!]! : 0
      const took = known && this.#left < need ? this.#left : need
      this.byPart[part]! += took
      this.covered += took
      this.#left -= took
      if (known && this.#left === 0) this.#step(m)
    }
  }

  #step(m: Machine): void {
    this.#steps--
    this.#at = (this.#at - 1) & (HISTORY - 1)
    this.#left = m.historyNs[this.#ring + this.#at]!
  }
}

/**
 * Splits the waits of a barrier's waiters, which are given in order of arrival. Exact to the
 * nanosecond: rounding goes to imbalance.
 */
export function splitBarrierWaits(m: Machine, last: number, waiters: WorkList): void {
  const walk = m.backWalk
  charge(m, last)
  walk.begin(m, last)
  for (let i = waiters.size - 1; i >= 0; i--) {
    const t = waiters.at(i)
    charge(m, t)
    walk.extendTo(m, m.now - m.tArrivedAt[t]!)
    splitOne(m, t, walk)
  }
}

function splitOne(m: Machine, t: number, walk: BackWalk): void {
  const row = t * CLASSES
  const open = m.time[row + BARRIER_OPEN]!
  if (open === 0) return
  m.time[row + BARRIER_OPEN] = 0
  const scale = open / walk.covered
  let rest = open
  for (let part = 1; part < PARTS.length; part++) {
    const ns = Math.min(rest, Math.floor(walk.byPart[part]! * scale))
    m.time[row + PARTS[part]!]! += ns
    rest -= ns
  }
  m.time[row + CLASS.barrier]! += rest
}
