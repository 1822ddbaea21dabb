/**
 * Synchronisation: futex mutexes, spin-then-block barriers, bounded queues with conditions, row
 * followers, TLB shootdowns. Each returns whether the thread can go on at once.
 */
import { POINT } from '../base/point-kind.ts'
import { streamKey } from '../base/random.ts'
import { splitBarrierWaits } from './barrier-split.ts'
import { charge, owe, setClass } from './charge.ts'
import { scheduleAt } from './events.ts'
import { blockThread, wakeThread } from './guest.ts'
import { addWaiter, blame, setOwner, takeWaiter } from './locks.ts'
import type { Machine } from './machine.ts'
import type { Recorder } from './recorder.ts'
import type { BarrierState, QueueState, VmState, WaitList } from './vm-state.ts'
import { beginSpin } from './spin-waits.ts'
import { grant, scheduleStep } from './step.ts'
import { kick } from './vcpu.ts'
import * as vocabulary from './vocabulary.ts'

const { BARRIER_OPEN, CLASS, DEBT, KIND, MODE, PAUSE, VCPU } = vocabulary

function append(m: Machine, list: WaitList, t: number): void {
  m.tNext[t] = -1
  if (list.size++ === 0) list.head = t
  else m.tNext[list.tail] = t
  list.tail = t
}

/** Takes the longest waiter of a list; −1: none. */
export function takeFirst(m: Machine, list: WaitList): number {
  if (list.size === 0) return -1
  const t = list.head
  list.head = m.tNext[t]!
  list.size--
  return t
}

/** Futex mutex: takes it, or blocks; a woken waiter tries again (glibc: no hand-over). */
export function lockMutex(m: Machine, t: number, lock: number): boolean {
  if (m.lOwner[lock]! < 0) {
    setOwner(m, lock, t)
    blame(m, lock, t)
    return true
  }
  owe(m, t, DEBT.switch, m.guest.syscallNs)
  blockThread(m, t, CLASS.lock)
  addWaiter(m, lock, t)
  return false
}

/** Releases a mutex and wakes the longest waiter, whom the others now wait for. */
export function unlockMutex(m: Machine, t: number, lock: number): void {
  setOwner(m, lock, -1)
  const heir = takeWaiter(m, lock)
  blame(m, lock, heir)
  if (heir < 0) return
  owe(m, t, DEBT.switch, m.guest.syscallNs)
  wakeThread(m, heir, t)
}

/** Arrives at a barrier: the last one opens it and goes on, the others spin or block. */
export function arrive(m: Machine, t: number, barrier: BarrierState): boolean {
  if (m.recorder !== null) recordArrival(m, m.recorder, t, barrier)
  if (barrier.arrived.size + 1 === barrier.parties) {
    m.counters.barriers++
    openBarrier(m, t, barrier)
    return true
  }
  append(m, barrier.arrived, t)
  m.tArrivedAt[t] = m.now
  if (barrier.spinNs > 0) {
    beginSpin(m, t, PAUSE.none, barrier.spinNs)
    setClass(m, t, BARRIER_OPEN)
    scheduleStep(m, t)
  } else blockAtBarrier(m, t)
  return false
}

function recordArrival(m: Machine, recorder: Recorder, t: number, barrier: BarrierState): void {
  const index = m.vms[m.tVm[t]!]!.barriers.indexOf(barrier)
  const before = barrier.arrived.size
  recorder.point(POINT['barrier-arrive'], t, index, before)
  if (before + 1 === barrier.parties) recorder.point(POINT['barrier-open'], t, index, before)
}

/** The spin limit is over: the waiter blocks on the barrier's condition. */
export function blockAtBarrier(m: Machine, t: number): void {
  m.tMode[t] = MODE.next
  owe(m, t, DEBT.switch, m.guest.syscallNs)
  blockThread(m, t, BARRIER_OPEN)
}

function openBarrier(m: Machine, last: number, barrier: BarrierState): void {
  const waiters = m.barrierWaiters
  waiters.clear()
  for (let t = takeFirst(m, barrier.arrived); t >= 0; t = takeFirst(m, barrier.arrived))
    waiters.push(t)
  splitBarrierWaits(m, last, waiters)
  let blocked = 0
  for (let i = 0; i < waiters.size; i++) {
    const t = waiters.at(i)
    m.tPc[t]!++
    if (m.tMode[t] === MODE.spin) {
      owe(m, t, DEBT.lock, m.guest.lockTransferNs)
      grant(m, t, MODE.next)
    } else {
      wakeThread(m, t, last, blocked * m.guest.wakeCallNs)
      blocked++
    }
  }
  if (blocked > 0) owe(m, last, DEBT.switch, m.guest.syscallNs)
}

/** Releases the mutex and waits; the thread takes the mutex again when it is woken. */
export function waitForCondition(m: Machine, t: number, list: WaitList, lock: number): false {
  unlockMutex(m, t, lock)
  m.tRelock[t] = lock
  owe(m, t, DEBT.switch, m.guest.syscallNs)
  blockThread(m, t, CLASS.condition)
  append(m, list, t)
  return false
}

/** Wakes the longest waiter of a list, if there is one. */
export function signal(m: Machine, t: number, list: WaitList): void {
  const woken = takeFirst(m, list)
  if (woken < 0) return
  owe(m, t, DEBT.switch, m.guest.syscallNs)
  wakeThread(m, woken, t)
}

/** Adds an item; waits while the queue is full. The thread holds the queue's mutex. */
export function push(m: Machine, t: number, queue: QueueState, lock: number): boolean {
  if (queue.items >= queue.capacity) return waitForCondition(m, t, queue.full, lock)
  queue.items++
  queue.requests?.put(m.tRequestAt[t]!)
  signal(m, t, queue.empty)
  return true
}

/** Result of a pop: waits, took an item, or the queue is closed and empty. */
export const POP = { waits: 0, took: 1, closed: 2 } as const

/** Removes an item; waits while the queue is empty. The item brings its own random stream. */
export function pop(m: Machine, t: number, vm: VmState, index: number, lock: number): number {
  const queue = vm.queues[index]!
  if (queue.items > 0) {
    queue.items--
    if (queue.requests !== null) m.tRequestAt[t] = queue.requests.take()
    m.tKey[t] = streamKey(m.spec.seed, 1000 + vm.index, index, queue.popped++)
    m.tDraws[t] = 0
    signal(m, t, queue.full)
    return POP.took
  }
  if (queue.producers === 0) return POP.closed
  waitForCondition(m, t, queue.empty, lock)
  return POP.waits
}

/** One producer is done; the last one wakes everybody who waits for items. */
export function closeQueue(m: Machine, t: number, queue: QueueState): void {
  if (--queue.producers > 0) return
  for (let w = takeFirst(m, queue.empty); w >= 0; w = takeFirst(m, queue.empty)) wakeThread(m, w, t)
}

/** Publishes one more row and wakes the follower that waited for it. */
export function publish(m: Machine, t: number, follower: number): void {
  const rows = ++m.tPublished[t]!
  if (follower < 0 || m.tNeeds[follower]! < 0 || m.tNeeds[follower]! > rows) return
  m.tNeeds[follower] = -1
  owe(m, t, DEBT.switch, m.guest.syscallNs)
  wakeThread(m, follower, t)
}

/** Waits until the predecessor has published `needs` rows. */
export function follow(m: Machine, t: number, predecessor: number, needs: number): boolean {
  if (predecessor < 0 || m.tPublished[predecessor]! >= needs) return true
  m.tNeeds[t] = needs
  owe(m, t, DEBT.switch, m.guest.syscallNs)
  blockThread(m, t, CLASS.condition)
  return false
}

/** TLB shootdown: the sender spins until every vCPU that runs threads of the VM has flushed. */
export function shootDown(m: Machine, t: number, vm: VmState): boolean {
  m.counters.tlbShootdowns++
  let targets = 0
  let preempted = 0
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) {
    if (v === m.tV[t] || !mustFlush(m, v)) continue
    targets++
    m.policy.ipiSent?.(m, m.tV[t]!, v)
    if (m.vState[v] === VCPU.running) interruptRunning(m, m.vCur[v]!)
    else if (!m.spec.oracle.ipis) {
      m.vIpi[v]!.push(t)
      preempted++
      if (m.vState[v] === VCPU.halted) kick(m, v, 0)
    }
  }
  m.recorder?.point(POINT['tlb-shootdown'], t, targets, preempted)
  m.counters.ipis += targets
  vm.ipis += targets
  m.counters.exits += targets
  owe(m, t, DEBT.ipi, targets * m.costs.ipiNs + (targets > 0 ? m.guest.tlbFlushNs : 0))
  if (preempted === 0) return true
  m.tTlbLeft[t] = preempted
  m.tNoPreempt[t] = 1
  beginSpin(m, t, PAUSE.forever, 0)
  setClass(m, t, CLASS['ipi-preempted'])
  scheduleStep(m, t)
  return false
}

/** Does the vCPU run a thread of the VM, as the guest sees it? One may have halted in a lock. */
function mustFlush(m: Machine, v: number): boolean {
  const t = m.vCur[v]!
  return t >= 0 && (m.vState[v]! >= VCPU.runnable || m.tNoPreempt[t] !== 0)
}

/** An IPI reaches a thread that executes: an exit, and the handler: a TLB flush or a report. */
export function interruptRunning(m: Machine, target: number): void {
  charge(m, target)
  owe(m, target, DEBT.ipi, m.costs.vmExitNs + m.guest.tlbFlushNs)
  if (m.tMode[target] !== MODE.next && m.tOn[target] !== 0) scheduleStep(m, target)
}

/** Sleeps for `ns`; the thread's timer wakes it. */
export function sleep(m: Machine, t: number, ns: number): void {
  blockThread(m, t, CLASS.io)
  scheduleAt(m, KIND.threadTimer, t, m.now + ns)
}
