/**
 * Reader-writer locks of a guest kernel; waiters spin in FIFO order, readers in a row go together.
 *
 * - `spin`: readers count themselves in one word, whose cache line wanders between their CPUs at
 *   each entry and exit (Linux qrwlock, kernel/locking/qrwlock.c).
 * - `passive`: readers in the fast path share nothing and pay nothing. A writer sends an IPI to
 *   each vCPU and waits for its report that it has no reader inside (Liu et al., prwlock, USENIX
 *   ATC 2014); a preempted vCPU cannot report.
 */
import { charge, owe } from './charge.ts'
import { awaitReport, explain, leavesSection, reads } from './consensus.ts'
import type { Consensus } from './consensus.ts'
import { enablePreemption } from './events.ts'
import { addWaiter, blame, removeWaiter } from './locks.ts'
import type { Machine } from './machine.ts'
import { beginSpin } from './spin-waits.ts'
import { blameReader } from './reader-blame.ts'
import { grant, scheduleStep } from './step.ts'
import { interruptRunning } from './sync.ts'
import type { RwLockState, VmState } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { DEBT, MODE, PAUSE, VCPU } = vocabulary

/** Enters as a reader, or spins while a writer is inside or somebody waits. */
export function readLock(m: Machine, t: number, rw: RwLockState): boolean {
  m.tNoPreempt[t] = 1
  if (m.lOwner[rw.lock]! >= 0 || m.lWaiters[rw.lock] !== 0) return waitInLine(m, t, rw, false)
  enter(m, t, rw)
  return true
}

function enter(m: Machine, t: number, rw: RwLockState): void {
  rw.readers++
  m.tReads[t] = rw.section
  if (!rw.isPassive) touch(m, t, rw)
}

/** The lock's word comes to the thread's CPU, unless it was last there. */
function touch(m: Machine, t: number, rw: RwLockState): void {
  if (rw.lastV === m.tV[t]) return
  rw.lastV = m.tV[t]!
  owe(m, t, DEBT.lock, m.guest.lockTransferNs)
}

function waitInLine(m: Machine, t: number, rw: RwLockState, writes: boolean): false {
  m.tWrites[t] = writes ? 1 : 0
  beginSpin(m, t, PAUSE.forever, 0)
  addWaiter(m, rw.lock, t)
  if (m.lOwner[rw.lock]! < 0 && m.lBlamed[rw.lock]! < 0) blameReader(m, rw)
  scheduleStep(m, t)
  return false
}

/** Leaves as a reader; the last one lets the next writer in. */
export function readUnlock(m: Machine, t: number, rw: RwLockState): void {
  rw.readers--
  m.tReads[t] = -1
  enablePreemption(m, t)
  if (rw.isPassive) {
    const v = m.tV[t]!
    if (m.vAwaited[v] !== 0) leavesSection(m, v, rw.section)
    return
  }
  touch(m, t, rw)
  if (rw.readers === 0) admit(m, rw)
  else if (m.lBlamed[rw.lock] === t) blameReader(m, rw)
}

/** Enters as a writer, or spins until it can. A passive lock's writer seeks consensus then. */
export function writeLock(m: Machine, t: number, vm: VmState, rw: RwLockState): boolean {
  const { lock } = rw
  m.tNoPreempt[t] = 1
  if (m.lOwner[lock] !== t) {
    const isTaken = m.lOwner[lock]! >= 0 || m.lWaiters[lock] !== 0
    if (isTaken || (!rw.isPassive && rw.readers > 0)) return waitInLine(m, t, rw, true)
    m.lOwner[lock] = t
    blame(m, lock, t)
    if (!rw.isPassive) touch(m, t, rw)
  }
  return !rw.isPassive || agrees(m, t, vm, vm.consensus[rw.section]!)
}

/** Leaves as a writer. */
export function writeUnlock(m: Machine, t: number, rw: RwLockState): void {
  enablePreemption(m, t)
  m.lOwner[rw.lock] = -1
  admit(m, rw)
}

/** Lets in who is first: readers as long as they stand in a row, or one writer. */
function admit(m: Machine, rw: RwLockState): void {
  const { lock } = rw
  while (m.lWaiters[lock] !== 0) {
    const t = m.lHead[lock]!
    if (m.tWrites[t] !== 0 && rw.readers > 0 && !rw.isPassive) break
    removeWaiter(m, lock, t)
    letIn(m, t, rw)
    if (m.tWrites[t] !== 0) break
  }
  if (m.lOwner[lock]! >= 0) blame(m, lock, m.lOwner[lock]!)
  else blameReader(m, rw)
}

function letIn(m: Machine, t: number, rw: RwLockState): void {
  const writes = m.tWrites[t] !== 0
  charge(m, t)
  if (writes) m.lOwner[rw.lock] = t
  else enter(m, t, rw)
  if (writes || rw.isPassive) owe(m, t, DEBT.lock, m.guest.lockTransferNs)
  rw.lastV = m.tV[t]!
  // a passive lock's writer has still to ask all vCPUs, which it can only do when it runs
  if (!writes || !rw.isPassive) m.tPc[t]!++
  grant(m, t, MODE.next)
}

/** Asks every vCPU that is not idle; true when none has a reader inside or is preempted. */
function agrees(m: Machine, t: number, vm: VmState, c: Consensus): boolean {
  let targets = 0
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) {
    if (v === m.tV[t] || m.vCur[v]! < 0 || m.vState[v]! < VCPU.runnable) continue
    targets++
    m.policy.ipiSent?.(m, m.tV[t]!, v)
    const isInside = reads(m, v, c.section)
    if (m.vState[v] === VCPU.running) interruptRunning(m, m.vCur[v]!)
    else if (!isInside && m.spec.oracle.ipis) continue
    if (isInside || m.vState[v] !== VCPU.running) awaitReport(m, vm, c, v)
  }
  m.counters.ipis += targets
  vm.ipis += targets
  m.counters.exits += targets
  owe(m, t, DEBT.ipi, targets * m.costs.ipiNs)
  if (c.left === 0) return true
  c.waiting.push(t)
  beginSpin(m, t, PAUSE.forever, 0)
  explain(m, vm, c)
  scheduleStep(m, t)
  return false
}

/** Every vCPU has reported: the writer is inside. */
export function concludeWrite(m: Machine, c: Consensus): void {
  for (const t of c.waiting) {
    charge(m, t)
    m.tPc[t]!++
    grant(m, t, MODE.next)
    blame(m, c.lock, t)
  }
  c.waiting = []
}
