/** Host run queues: which vCPUs wait for which pCPU, kept as linked lists with counts. */
import { setClass } from './charge.ts'
import type { Machine } from './machine.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, MODE, VCPU } = vocabulary

/** Load of a vCPU: its weight, or its share of the VM's weight under per-VM fairness. */
export function weightOf(m: Machine, v: number): number {
  if (!m.spec.switches.cgroupFairness) return m.vWeight[v]!
  const runnable = m.vms[m.vVm[v]!]!.runnable
  return runnable > 1 ? m.vWeight[v]! / runnable : m.vWeight[v]!
}

function countOn(m: Machine, v: number, p: number, change: number): void {
  m.pCount[p]! += change
  const vm = m.vVm[v]!
  const at = vm * m.pcpus + p
  const before = m.vmOnP[at]!
  m.vmOnP[at] = before + change
  if (before === 0) m.vmSpread[vm]!++
  else if (before + change === 0) m.vmSpread[vm]!--
}

/** Appends a runnable vCPU to a pCPU's queue. */
export function enqueue(m: Machine, v: number, p: number): void {
  const tail = m.pTail[p]!
  m.vP[v] = p
  m.vPrev[v] = tail
  m.vNext[v] = -1
  if (tail < 0) m.pHead[p] = v
  else m.vNext[tail] = v
  m.pTail[p] = v
}

/** Takes a vCPU out of its pCPU's queue. */
export function dequeue(m: Machine, v: number): void {
  const p = m.vP[v]!
  const prev = m.vPrev[v]!
  const next = m.vNext[v]!
  if (prev < 0) m.pHead[p] = next
  else m.vNext[prev] = next
  if (next < 0) m.pTail[p] = prev
  else m.vPrev[next] = prev
}

/** The vCPU becomes the pCPU's load: queued there or running. */
export const attach = (m: Machine, v: number, p: number): void => countOn(m, v, p, 1)

/** The vCPU is no longer the pCPU's load. */
export const detach = (m: Machine, v: number, p: number): void => countOn(m, v, p, -1)

/** Brings the account of the pCPU's current vCPU up to now. */
export function updateCurrent(m: Machine, p: number): void {
  const v = m.pCur[p]!
  if (v < 0) return
  const ranNs = m.now - m.vExecAt[v]!
  if (ranNs === 0) return
  m.vExecAt[v] = m.now
  m.vRanNs[v]! += ranNs
  m.vms[m.vVm[v]!]!.cpuNs += ranNs
  m.host.account(m, p, v, ranNs)
}

/** Moves a queued vCPU to another pCPU's queue. */
export function moveQueued(m: Machine, v: number, to: number): void {
  const from = m.vP[v]!
  dequeue(m, v)
  detach(m, v, from)
  m.host.moved(m, v, from, to)
  enqueue(m, v, to)
  attach(m, v, to)
  m.counters.migrations++
}

/** Time that the vCPU was runnable without a pCPU until now, ns: run delay, the guest's steal. */
export function runDelayNs(m: Machine, v: number): number {
  const waits = m.vState[v] === VCPU.runnable ? m.now - m.vRunnableAt[v]! : 0
  return m.vDelayNs[v]! + waits
}

/** May the vCPU run on the pCPU: its pin, then the scheme. */
export function mayUse(m: Machine, v: number, p: number): boolean {
  const pin = m.vPin[v]!
  if (pin >= 0) return pin === p
  return m.policy.allows === undefined || m.policy.allows(m, v, p)
}

/** The class of a thread whose vCPU is runnable but does not run: why it does not. */
export function preemptedClass(m: Machine, v: number): number {
  if (m.vHeld[v] !== 0) return m.idlePcpus > 0 ? CLASS.fragmentation : CLASS.costop
  const running = m.pCur[m.vP[v]!]!
  if (running < 0) return CLASS['fair-share']
  const vm = m.vVm[v]!
  const other = m.vVm[running]!
  if (other === vm && m.vmSpread[vm]! < m.pcpus) return CLASS.stacking
  return m.vmWeight[other]! < m.vmWeight[vm]! ? CLASS.inversion : CLASS['fair-share']
}

/**
 * Charges the current thread of a vCPU that waits for a pCPU, unless it waits for something else.
 */
export function reclassify(m: Machine, v: number): void {
  const t = m.vCur[v]!
  if (t < 0 || m.tMode[t] === MODE.spin || m.vState[v] !== VCPU.runnable) return
  setClass(m, t, preemptedClass(m, v))
}

/** Charges anew all that wait on a pCPU, after its current vCPU changed. */
export function reclassifyQueue(m: Machine, p: number): void {
  for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!) reclassify(m, v)
}
