/**
 * Host CFS: which vCPU runs on which pCPU (Linux 4.13, kernel/sched/fair.c). Virtual run time,
 * tick-driven slices, wake-up placement and preemption, periodic and new-idle balancing.
 */
import { requestReschedule } from './events.ts'
import { mayUse, moveQueued, weightOf } from './host-queue.ts'
import type { HostScheduler } from './host-scheduler.ts'
import type { Machine } from './machine.ts'
import * as vocabulary from './vocabulary.ts'

const { VCPU } = vocabulary

const NICE_0 = 1024

/** Virtual run time grows by what the vCPU ran (update_curr). */
function account(m: Machine, p: number, v: number, ranNs: number): void {
  m.vVr[v]! += (ranNs * NICE_0) / weightOf(m, v)
  updateMinVr(m, p)
}

function updateMinVr(m: Machine, p: number): void {
  const v = m.pCur[p]!
  let min = v >= 0 ? m.vVr[v]! : Infinity
  for (let w = m.pHead[p]!; w >= 0; w = m.vNext[w]!) if (m.vVr[w]! < min) min = m.vVr[w]!
  if (min !== Infinity && min > m.pMinVr[p]!) m.pMinVr[p] = min
}

/** The queued vCPU with the least virtual run time that is not held nor `skip`; −1: none. */
export function leftmost(m: Machine, p: number, skip = -1): number {
  let best = -1
  let bestVr = Infinity
  for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!) {
    if (m.vHeld[v] !== 0 || v === skip || m.vVr[v]! >= bestVr) continue
    best = v
    bestVr = m.vVr[v]!
  }
  return best
}

/**
 * Chooses who runs next on the pCPU; −1: none. Leftmost, unless a directed yield asks to skip it or
 * for another, and that one is not too far behind (pick_next_entity).
 */
function pickNext(m: Machine, p: number): number {
  const left = leftmost(m, p)
  const boosted = m.pBoost[p]!
  const skipped = m.pSkip[p]!
  m.pBoost[p] = -1
  m.pSkip[p] = -1
  if (left < 0) return -1
  if (boosted >= 0 && m.vP[boosted] === p && isQueued(m, boosted) && isNear(m, boosted, left))
    return boosted
  if (left !== skipped) return left
  const second = leftmost(m, p, skipped)
  return second >= 0 && isNear(m, second, left) ? second : left
}

/** Is the vCPU at most a wake-up granularity behind the leftmost (wakeup_preempt_entity < 1)? */
const isNear = (m: Machine, v: number, left: number): boolean =>
  m.vVr[v]! - m.vVr[left]! <= (m.hostCfs.wakeupGranularityNs * NICE_0) / weightOf(m, v)

const isQueued = (m: Machine, v: number): boolean =>
  m.vHeld[v] === 0 && m.vState[v] === VCPU.runnable

function loadOf(m: Machine, p: number): number {
  const v = m.pCur[p]!
  let load = v >= 0 ? weightOf(m, v) : 0
  // a co-stopped vCPU is no load: its pCPU has room for others
  for (let w = m.pHead[p]!; w >= 0; w = m.vNext[w]!) if (m.vHeld[w] === 0) load += weightOf(m, w)
  return load
}

/** Length of the current vCPU's slice, ns (sched_slice). */
function sliceNs(m: Machine, p: number, v: number): number {
  const count = m.pCount[p]!
  const period = count > 8 ? count * m.hostCfs.minGranularityNs : m.hostCfs.latencyNs
  return (period * weightOf(m, v)) / loadOf(m, p)
}

/** At the tick: has the current vCPU had its slice (check_preempt_tick)? */
function sliceIsOver(m: Machine, p: number): boolean {
  const v = m.pCur[p]!
  const next = leftmost(m, p)
  if (next < 0) return false
  const slice = sliceNs(m, p, v)
  const ran = m.now - m.vSliceAt[v]!
  if (ran > slice) return true
  if (ran < m.hostCfs.minGranularityNs) return false
  return m.vVr[v]! - m.vVr[next]! > slice
}

/** Should a vCPU that wakes on the pCPU preempt the current one (wakeup_preempt_entity)? */
function wakePreempts(m: Machine, v: number, p: number): boolean {
  const current = m.pCur[p]!
  if (current < 0) return true
  const granularity = (m.hostCfs.wakeupGranularityNs * NICE_0) / weightOf(m, v)
  return m.vVr[current]! - m.vVr[v]! > granularity
}

/** Virtual run time of a vCPU that wakes on the pCPU (place_entity, GENTLE_FAIR_SLEEPERS). */
function placeWoken(m: Machine, v: number, p: number): void {
  const bonus = m.hostCfs.latencyNs / 2
  m.vVr[v] = Math.max(m.vVr[v]!, m.pMinVr[p]! - bonus)
}

/** Virtual run time is relative to each queue's minimum. */
function moved(m: Machine, v: number, from: number, to: number): void {
  m.vVr[v]! += m.pMinVr[to]! - m.pMinVr[from]!
}

const isIdle = (m: Machine, p: number): boolean => m.pCount[p] === 0

/**
 * The pCPU on which a vCPU wakes (select_idle_sibling): previous if idle; of those that share its
 * LLC an idle core, else an idle pCPU; else previous.
 */
function selectPcpu(m: Machine, v: number): number {
  const prev = m.vP[v]!
  if (m.vPin[v]! >= 0) return m.vPin[v]!
  if (isIdle(m, prev) && mayUse(m, v, prev)) return prev
  const onIdleCore = m.perCore > 1 ? idleNear(m, v, prev, true) : -1
  if (onIdleCore >= 0) return onIdleCore
  const idle = idleNear(m, v, prev, false)
  if (idle >= 0) return idle
  return mayUse(m, v, prev) ? prev : leastLoadedAllowed(m, v)
}

/** The first idle pCPU after `prev` in its LLC that the vCPU may use; −1: none. */
function idleNear(m: Machine, v: number, prev: number, wholeCore: boolean): number {
  const base = m.pLlc[prev]! * m.perLlc
  for (let i = 1; i < m.perLlc; i++) {
    const p = base + ((prev - base + i) % m.perLlc)
    if (!isIdle(m, p) || (wholeCore && m.coreBusy[m.pCore[p]!] !== 0)) continue
    if (mayUse(m, v, p)) return p
  }
  return -1
}

function leastLoadedAllowed(m: Machine, v: number): number {
  const prev = m.vP[v]!
  let best = prev
  let bestCount = Infinity
  for (let i = 0; i < m.pcpus; i++) {
    const p = (prev + i) % m.pcpus
    if (m.pCount[p]! >= bestCount || !mayUse(m, v, p)) continue
    best = p
    bestCount = m.pCount[p]!
  }
  return best
}

/** The queued vCPU of `from` that may move to `to` and ran longest ago; −1: none. */
function movable(m: Machine, from: number, to: number): number {
  for (let v = m.pHead[from]!; v >= 0; v = m.vNext[v]!) {
    if (m.vHeld[v] !== 0 || m.now - m.vExecAt[v]! < m.costs.migrationCostNs) continue
    if (mayUse(m, v, to)) return v
  }
  return -1
}

/**
 * Pulls one vCPU from the pCPU of [base, end) with most load, if the loads differ by more than the
 * domain's percentage and the move makes the larger one smaller; true when one moved.
 */
function pullFrom(m: Machine, p: number, base: number, end: number, imbalancePct: number): boolean {
  const own = loadOf(m, p)
  let busiest = -1
  let most = (own * imbalancePct) / 100
  for (let q = base; q < end; q++) {
    if (q === p || m.pHead[q]! < 0) continue
    const load = loadOf(m, q)
    if (load <= most) continue
    busiest = q
    most = load
  }
  if (busiest < 0) return false
  const v = movable(m, busiest, p)
  if (v < 0 || own + weightOf(m, v) >= most) return false
  moveQueued(m, v, p)
  return true
}

/** Pulls work to a pCPU: from its core, its LLC, its socket, the whole host (sched_domains). */
function pull(m: Machine, p: number): boolean {
  const { imbalanceSmtPct, imbalanceLlcPct, imbalanceNumaPct } = m.costs
  if (m.perCore > 1 && pullWithin(m, p, m.perCore, imbalanceSmtPct)) return true
  if (pullWithin(m, p, m.perLlc, imbalanceLlcPct)) return true
  if (m.perSocket > m.perLlc && pullWithin(m, p, m.perSocket, imbalanceNumaPct)) return true
  return m.sockets > 1 && pullFrom(m, p, 0, m.pcpus, imbalanceNumaPct)
}

/** Pulls within the aligned group of `size` pCPUs to which the pCPU belongs. */
function pullWithin(m: Machine, p: number, size: number, imbalancePct: number): boolean {
  const base = p - (p % size)
  return pullFrom(m, p, base, base + size, imbalancePct)
}

/** A pCPU is about to idle: pulls work unless its idle times are too short (idle_balance). */
function newIdleBalance(m: Machine, p: number): boolean {
  if (m.pAvgIdle[p]! < m.costs.migrationCostNs) return false
  return pull(m, p)
}

/** Load balancing at the tick of a busy pCPU (rebalance_domains, nohz_idle_balance). */
function balance(m: Machine, p: number): void {
  if (m.now >= m.pNextBalance[p]!) {
    m.pNextBalance[p] = m.now + m.costs.balanceIntervalNs * m.costs.balanceBusyFactor
    pull(m, p)
  }
  if (m.idlePcpus > 0 && m.pCount[p]! > 1) pullForIdle(m)
}

/** A busy pCPU has work to spare: the first idle one that is due pulls. */
function pullForIdle(m: Machine): void {
  for (let p = 0; p < m.pcpus; p++) {
    if (m.pIdle[p] === 0 || m.now < m.pNextBalance[p]!) continue
    m.pNextBalance[p] = m.now + m.costs.balanceIntervalNs
    if (pull(m, p)) requestReschedule(m, p)
    return
  }
}

/** CFS as the host's scheduler. */
export const CFS_HOST: HostScheduler = Object.freeze({
  account,
  pick: pickNext,
  tick: sliceIsOver,
  woken: placeWoken,
  preempts: wakePreempts,
  selectPcpu,
  moved,
  pullIdle: newIdleBalance,
  balance,
})
