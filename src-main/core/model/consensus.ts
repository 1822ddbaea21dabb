/**
 * Consensus: threads wait until every vCPU of their VM has reported that it is past what it did
 * before: RCU grace periods, and writers of passive reader-writer locks. A preempted vCPU reports
 * nothing until it runs, so it delays them all.
 */
import { setClass } from './charge.ts'
import { blame } from './locks.ts'
import type { Machine } from './machine.ts'
import type { VmState } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, VCPU } = vocabulary

/** Section of RCU readers; reader-writer lock i has section i + 1. */
export const RCU_SECTION = 0

/** One consensus that is sought again and again. */
export type Consensus = {
  /** Index in the machine's list. */
  id: number
  readonly vm: number
  /** What readers are in: `tReads` of a thread. */
  readonly section: number
  /** The passive lock's place; −1: RCU. */
  readonly lock: number
  /** By vCPU of the VM: its report is awaited. */
  readonly awaits: Uint8Array
  left: number
  /** Who waits for this consensus, and who for the one after it. */
  waiting: number[]
  next: number[]
}

/** A consensus that nobody seeks yet. */
export const createConsensus = (
  vm: number,
  vcpus: number,
  section: number,
  lock: number,
): Consensus => ({
  id: -1,
  vm,
  section,
  lock,
  awaits: new Uint8Array(vcpus),
  left: 0,
  waiting: [],
  next: [],
})

/** The vCPU's report is awaited from now on. */
export function awaitReport(m: Machine, vm: VmState, c: Consensus, v: number): void {
  c.awaits[v - vm.firstV] = 1
  c.left++
  m.vAwaited[v]!++
}

function report(m: Machine, vm: VmState, c: Consensus, v: number): void {
  c.awaits[v - vm.firstV] = 0
  m.vAwaited[v]!--
  if (--c.left === 0) m.toConclude.push(c.id)
}

const isAwaited = (vm: VmState, c: Consensus, v: number): boolean => c.awaits[v - vm.firstV] !== 0

/** Is the vCPU's current thread inside a section of readers? */
export const reads = (m: Machine, v: number, section: number): boolean =>
  m.vCur[v]! >= 0 && m.tReads[m.vCur[v]!] === section

/** An awaited vCPU runs again: it answers writers at once unless it is inside a section. */
export function awaitedStarts(m: Machine, v: number): void {
  const vm = m.vms[m.vVm[v]!]!
  for (const c of vm.consensus) {
    if (!isAwaited(vm, c, v)) continue
    if (c.lock >= 0 && !reads(m, v, c.section)) report(m, vm, c, v)
    explain(m, vm, c)
  }
}

/** An awaited vCPU was preempted. */
export function awaitedStops(m: Machine, v: number): void {
  const vm = m.vms[m.vVm[v]!]!
  for (const c of vm.consensus) if (isAwaited(vm, c, v)) explain(m, vm, c)
}

/** The vCPU switches threads, idles, ticks outside kernel sections, or goes offline. */
export function passesQuietly(m: Machine, v: number): void {
  const vm = m.vms[m.vVm[v]!]!
  for (const c of vm.consensus) {
    if (!isAwaited(vm, c, v)) continue
    report(m, vm, c, v)
    explain(m, vm, c)
  }
}

/** A reader on an awaited vCPU has left its section. A writer waits for just that, RCU does not. */
export function leavesSection(m: Machine, v: number, section: number): void {
  const vm = m.vms[m.vVm[v]!]!
  const c = vm.consensus[section]!
  if (!isAwaited(vm, c, v)) return
  if (c.lock >= 0) report(m, vm, c, v)
  explain(m, vm, c)
}

/**
 * Charges those who wait by the worst that keeps them: a preempted reader, another preempted vCPU,
 * a reader that runs, or else that vCPUs take their time. Who waits behind a writer blames a
 * reader.
 */
export function explain(m: Machine, vm: VmState, c: Consensus): void {
  let cls: number = CLASS.condition
  let reader = -1
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) {
    if (!isAwaited(vm, c, v)) continue
    const isReading = reads(m, v, c.section)
    const isPreempted = m.vState[v] === VCPU.runnable
    if (isReading && (reader < 0 || isPreempted)) reader = m.vCur[v]!
    if (isPreempted && cls !== CLASS.lhp) cls = isReading ? CLASS.lhp : CLASS['ipi-preempted']
    else if (isReading && cls === CLASS.condition) cls = CLASS.lock
  }
  for (const t of c.waiting) setClass(m, t, cls)
  for (const t of c.next) setClass(m, t, cls)
  if (c.lock >= 0) blame(m, c.lock, reader >= 0 ? reader : m.lOwner[c.lock]!)
}

/** Nobody waits any more: the VM is gone. */
export function abandon(m: Machine, vm: VmState, c: Consensus): void {
  c.awaits.fill(0)
  c.left = 0
  c.waiting = []
  c.next = []
  m.vAwaited.fill(0, vm.firstV, vm.firstV + vm.vcpus)
}
