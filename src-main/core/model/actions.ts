/** Actions: what a scheme may do to the machine. */
import { POINT } from '../base/point-kind.ts'
import { charge, owe, setClass } from './charge.ts'
import { passesQuietly } from './consensus.ts'
import { enablePreemption, requestReschedule, scheduleAt } from './events.ts'
import { dequeueReady } from './guest-queue.ts'
import { findWork, wakeThread } from './guest.ts'
import { dequeue, detach, moveQueued } from './host-queue.ts'
import type { Machine } from './machine.ts'
import type { VmState } from './vm-state.ts'
import { preemptedOff, threadOff } from './on-cpu.ts'
import { interrupt } from './step.ts'
import { halt } from './vcpu.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, DEBT, KIND, MODE, THREAD, VCPU } = vocabulary

export { setHeld } from './vcpu.ts'

/** Starts the scheme's timer `k`: fires in `ns`, to the next whole one. */
export const setTimer = (m: Machine, k: number, ns: number): void =>
  scheduleAt(m, KIND.policy, k, m.now + Math.ceil(ns))

/** Pins a vCPU to a pCPU (−1: unpinned); it moves there at once. */
export function setPin(m: Machine, v: number, p: number): void {
  if (m.vPin[v] === p) return
  m.vPin[v] = p
  if (p < 0 || m.vP[v] === p) return
  if (m.vState[v] === VCPU.running) requestReschedule(m, m.vP[v]!)
  else if (m.vState[v] === VCPU.runnable) {
    moveQueued(m, v, p)
    requestReschedule(m, p)
  }
}

/**
 * Changes how many vCPUs a VM has. After `latencyNs` vCPU i is online for i < pins.length, pinned
 * to pins[i] (−1: unpinned), the others are ballooned: their threads move to siblings. With
 * `stopNs` the whole VM stands still that long (stop_machine). `latencyNs` 0 acts at once. For a VM
 * that has departed there is nothing to do.
 */
export function resize(
  m: Machine,
  vmIndex: number,
  pins: readonly number[],
  cost: { readonly latencyNs: number; readonly stopNs: number },
): void {
  const vm = m.vms[vmIndex]!
  if (vm.departed) {
    m.policy.resized?.(m, vmIndex)
    return
  }
  vm.resizeTo = pins
  vm.resizeStopNs = cost.stopNs
  if (cost.latencyNs === 0) applyResize(m, vm)
  else scheduleAt(m, KIND.vmResize, vmIndex, m.now + cost.latencyNs)
}

/** The resize takes effect. */
export function applyResize(m: Machine, vm: VmState): void {
  const pins = vm.resizeTo
  if (pins === null) return
  vm.resizeTo = null
  if (vm.online !== pins.length) m.counters.resizes++
  if (vm.resizeStopNs > 0) stopMachine(m, vm)
  const before = vm.online
  vm.online = pins.length
  if (before !== pins.length) m.recorder?.point(POINT.resize, vm.index, pins.length, before)
  for (let i = before; i < pins.length; i++) returnOnline(m, vm, vm.firstV + i)
  pins.forEach((p, i) => setPin(m, vm.firstV + i, p))
  for (let i = before; i < pins.length; i++) findWork(m, vm.firstV + i)
  for (let i = pins.length; i < before; i++) leave(m, vm, vm.firstV + i)
  if (vm.leaving === 0) m.policy.resized?.(m, vm.index)
}

function returnOnline(m: Machine, vm: VmState, v: number): void {
  if (m.vLeaving[v] === 0) m.vState[v] = VCPU.halted
  else vm.leaving--
  m.vLeaving[v] = 0
}

/** Goes offline, but not under a thread in a section of the kernel: that would strand its lock. */
function leave(m: Machine, vm: VmState, v: number): void {
  const current = m.vCur[v]!
  if (current < 0 || m.tNoPreempt[current] === 0) {
    takeOffline(m, v)
    return
  }
  m.vLeaving[v] = 1
  vm.leaving++
}

/** A leaving vCPU's thread has left its section; the last one to go completes the resize. */
export function leaveNow(m: Machine, v: number): void {
  const current = m.vCur[v]!
  if (m.vLeaving[v] === 0 || (current >= 0 && m.tNoPreempt[current] !== 0)) return
  const vm = m.vms[m.vVm[v]!]!
  m.vLeaving[v] = 0
  takeOffline(m, v)
  if (--vm.leaving === 0) m.policy.resized?.(m, vm.index)
}

function stopMachine(m: Machine, vm: VmState): void {
  for (let t = vm.firstT; t < vm.firstT + vm.threads; t++)
    if (m.tState[t] === THREAD.current) interrupt(m, t, DEBT.resize, vm.resizeStopNs)
}

/** Deflates one vCPU: its threads move to its siblings, interrupts for it are redirected. */
export function takeOffline(m: Machine, v: number): void {
  if (m.vAwaited[v] !== 0) passesQuietly(m, v)
  const moved = evacuate(m, v)
  if (m.vState[v] === VCPU.running) halt(m, v)
  else if (m.vState[v] === VCPU.runnable) {
    m.host.leaves?.(m, v)
    dequeue(m, v)
    detach(m, v, m.vP[v]!)
    m.vms[m.vVm[v]!]!.runnable--
    if (m.vHeld[v] !== 0) m.heldRunnable--
  } else if (m.vKick[v] !== 0) {
    m.vKick[v] = 0
    m.engine.queue.cancel(m.slots.first[KIND.vcpuKick]! + v)
  }
  m.vState[v] = VCPU.offline
  m.vPin[v] = -1
  for (const t of moved) rehome(m, t)
}

/** Takes all threads off a vCPU; the ones that ran or were ready are returned, blocked. */
function evacuate(m: Machine, v: number): readonly number[] {
  const moved: number[] = []
  const current = m.vCur[v]!
  if (current >= 0) {
    const ran = m.tOn[current] !== 0
    if (ran) threadOff(m, current)
    m.tState[current] = THREAD.blocked
    m.vCur[v] = -1
    if (ran) preemptedOff(m, current)
    moved.push(current)
  }
  while (m.vHead[v]! >= 0) {
    const t = m.vHead[v]!
    dequeueReady(m, t)
    m.tState[t] = THREAD.blocked
    moved.push(t)
  }
  for (const sender of m.vIpi[v]!) acknowledgeFor(m, sender)
  m.vIpi[v]!.length = 0
  return moved
}

/** A ballooned vCPU needs no flush: the sender no longer waits for it. */
function acknowledgeFor(m: Machine, sender: number): void {
  if (--m.tTlbLeft[sender]! > 0) return
  m.tTlbLeft[sender] = 0
  enablePreemption(m, sender)
  m.toRelease.push(sender)
}

function rehome(m: Machine, t: number): void {
  charge(m, t)
  if (m.tMode[t] !== MODE.spin) setClass(m, t, CLASS['guest-queue'])
  owe(m, t, DEBT.switch, m.guest.contextSwitchNs)
  wakeThread(m, t, -1)
}
