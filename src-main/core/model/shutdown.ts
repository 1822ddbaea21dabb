/**
 * Shutdown: a VM departs during the run. Its threads end where they are, whatever they wait for or
 * hold, and its vCPUs go offline for good.
 */
import { POINT } from '../base/point-kind.ts'
import { takeOffline } from './actions.ts'
import { setClass } from './charge.ts'
import { abandon } from './consensus.ts'
import { cancelEvent } from './events.ts'
import type { Machine } from './machine.ts'
import { threadOff } from './on-cpu.ts'
import { fixedLocks } from './vm-state.ts'
import type { VmState, WaitList } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, KIND, MODE, THREAD, VCPU } = vocabulary

/** Ends a VM now; from here on its threads are charged `idle`. The scheme is told. */
export function shutDownVm(m: Machine, vm: VmState): void {
  const resizes = vm.resizeTo !== null || vm.leaving > 0
  m.recorder?.point(POINT['vm-stop'], vm.index, -1, -1)
  vm.departed = true
  vm.finished = true
  for (let t = vm.firstT; t < vm.firstT + vm.threads; t++) endNow(m, t)
  forgetWaits(m, vm)
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) switchOff(m, v)
  vm.online = 0
  vm.leaving = 0
  vm.resizeTo = null
  cancelEvent(m, KIND.vmResize, vm.index)
  if (resizes) m.policy.resized?.(m, vm.index)
  m.policy.vmChanged?.(m, vm.index)
}

function endNow(m: Machine, t: number): void {
  if (m.tOn[t] !== 0) threadOff(m, t)
  cancelEvent(m, KIND.threadTimer, t)
  setClass(m, t, CLASS.idle)
  m.tState[t] = THREAD.idle
  m.tMode[t] = MODE.next
  m.tNoPreempt[t] = 0
  m.tSlept[t] = 0
  m.tReads[t] = -1
  m.tRelock[t] = -1
  m.tNeeds[t] = -1
  m.tBlame[t] = -1
  m.tCaught[t] = -1
}

function empty(list: WaitList): void {
  list.head = -1
  list.size = 0
}

function forgetWaits(m: Machine, vm: VmState): void {
  for (const barrier of vm.barriers) empty(barrier.arrived)
  for (const queue of vm.queues) {
    empty(queue.empty)
    empty(queue.full)
  }
  for (const condition of vm.conditions) empty(condition.waiters)
  for (const rw of vm.rwLocks) rw.readers = 0
  for (const c of vm.consensus) abandon(m, vm, c)
  for (const set of vm.lockSets) set.live.length = 0
  const end = vm.firstLock + fixedLocks(vm.workload) + vm.threads
  m.lOwner.fill(-1, vm.firstLock, end)
  m.lBlamed.fill(-1, vm.firstLock, end)
  m.lWaiters.fill(0, vm.firstLock, end)
}

function switchOff(m: Machine, v: number): void {
  m.vCur[v] = -1
  m.vHead[v] = -1
  m.vTail[v] = -1
  m.vReady[v] = 0
  m.vIpi[v]!.length = 0
  m.vLeaving[v] = 0
  m.vGuestResched[v] = 0
  if (m.vState[v] !== VCPU.offline) takeOffline(m, v)
  m.vPolling[v] = 0
}
