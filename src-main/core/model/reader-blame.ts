/** Reader blame: which reader a writer waits for, as several may be inside. */
import { RCU_SECTION } from './consensus.ts'
import { blame } from './locks.ts'
import type { Machine } from './machine.ts'
import type { RwLockState } from './vm-state.ts'

/** Who waits for readers waits for one that is preempted, if there is one. */
export function blameReader(m: Machine, rw: RwLockState): void {
  let found = -1
  if (m.lWaiters[rw.lock] !== 0)
    for (let t = rw.firstT; t < rw.firstT + rw.threads; t++)
      if (m.tReads[t] === rw.section && (found < 0 || m.tOn[t] === 0)) found = t
  blame(m, rw.lock, found)
}

/** A reader was preempted: from now on writers of its lock wait for it. */
export function readerPreempted(m: Machine, t: number): void {
  const section = m.tReads[t]!
  if (section === RCU_SECTION) return
  const rw = m.vms[m.tVm[t]!]!.rwLocks[section - RCU_SECTION - 1]!
  if (!rw.isPassive && m.lWaiters[rw.lock] !== 0 && m.lOwner[rw.lock]! < 0) blame(m, rw.lock, t)
}
