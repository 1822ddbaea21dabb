/**
 * RCU: readers cost nothing and are not preempted by the guest; `synchronize_rcu` blocks until
 * every vCPU has passed a quiescent state: a switch of threads, idleness, or a tick outside kernel
 * sections (kernel/rcu/tree.c of a kernel without CONFIG_PREEMPT). Callers during a grace period
 * share the next one. That the kernel sees an idle vCPU only at its next scan is left out.
 */
import { awaitReport, explain, leavesSection, RCU_SECTION, reads } from './consensus.ts'
import type { Consensus } from './consensus.ts'
import { enablePreemption } from './events.ts'
import { blockThread, wakeThread } from './guest.ts'
import type { Machine } from './machine.ts'
import type { VmState } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, VCPU } = vocabulary

/** Enters a section of readers. */
export function rcuReadLock(m: Machine, t: number): void {
  m.tNoPreempt[t] = 1
  m.tReads[t] = RCU_SECTION
}

/** Leaves it. */
export function rcuReadUnlock(m: Machine, t: number): void {
  m.tReads[t] = -1
  enablePreemption(m, t)
  const v = m.tV[t]!
  if (m.vAwaited[v] !== 0) leavesSection(m, v, RCU_SECTION)
}

/** Blocks the thread until a grace period that begins from now on is over. */
export function synchronizeRcu(m: Machine, t: number, vm: VmState): void {
  const c = vm.consensus[RCU_SECTION]!
  c.next.push(t)
  if (c.waiting.length === 0) beginGracePeriod(m, vm, c)
  blockThread(m, t, CLASS.condition)
  explain(m, vm, c)
}

function beginGracePeriod(m: Machine, vm: VmState, c: Consensus): void {
  m.counters.gracePeriods++
  c.waiting = c.next
  c.next = []
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++)
    if (m.vCur[v]! >= 0 && !isSpared(m, v)) awaitReport(m, vm, c, v)
  if (c.left === 0) m.toConclude.push(c.id)
}

/** In the counterfactual world without this harm a preempted vCPU has passed already. */
const isSpared = (m: Machine, v: number): boolean =>
  m.spec.oracle.ipis && m.vState[v] === VCPU.runnable && !reads(m, v, RCU_SECTION)

/** Every vCPU has passed a quiescent state: the callers wake, and the next period begins. */
export function endGracePeriod(m: Machine, vm: VmState, c: Consensus): void {
  const callers = c.waiting
  c.waiting = []
  for (const t of callers) wakeThread(m, t, -1)
  if (c.next.length === 0) return
  beginGracePeriod(m, vm, c)
  explain(m, vm, c)
}
