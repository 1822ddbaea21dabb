/** Iterations: a VM's workload starts, its threads end, and it starts again as a co-runner. */
import { LabError } from '../base/lab-error.ts'
import { POINT } from '../base/point-kind.ts'
import { streamKey } from '../base/random.ts'
import { charge } from './charge.ts'
import { CODE, operandAt } from './code.ts'
import { blockThread, startThread } from './guest.ts'
import type { Machine } from './machine.ts'
import { REGISTERS_MAX } from './program.ts'
import { isAwaited } from './spec.ts'
import type { VmState } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { CLASS, MODE, THREAD, VCPU } = vocabulary

/** Starts the next iteration of a VM's workload: all threads, spread over the online vCPUs. */
export function startIteration(m: Machine, vm: VmState): void {
  vm.threadsDone = 0
  vm.iterationStart = m.now
  m.recorder?.point(POINT['iteration-start'], vm.index, vm.iteration, -1)
  resetObjects(vm)
  const online: number[] = []
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++)
    if (m.vState[v] !== VCPU.offline) online.push(v)
  for (let i = 0; i < vm.threads; i++) resetThread(m, vm, vm.firstT + i)
  for (let i = 0; i < vm.threads; i++) startThread(m, vm.firstT + i, online[i % online.length]!)
}

function resetObjects(vm: VmState): void {
  for (const queue of vm.queues) {
    queue.items = 0
    queue.popped = 0
    queue.requests?.clear()
    queue.producers = queue.producersTotal
  }
  for (const condition of vm.conditions) {
    condition.signals = 0
    condition.rounds = 0
    condition.passed.fill(0)
  }
  for (const counter of vm.counters) {
    counter.round = 0
    counter.taken = 0
  }
}

function resetThread(m: Machine, vm: VmState, t: number): void {
  charge(m, t)
  m.tPc[t] = 0
  m.tRound[t] = 0
  m.tPublished[t] = 0
  m.tRequestAt[t] = m.now
  m.tNextArrival[t] = m.now
  m.tDraws[t] = 0
  m.tKey[t] = streamKey(m.spec.seed, vm.index, t - vm.firstT, vm.iteration * 65536)
}

/** A thread reached the end of its program; the last one ends the iteration. */
export function endThread(m: Machine, t: number, vm: VmState): void {
  blockThread(m, t, CLASS.idle)
  m.tState[t] = THREAD.idle
  m.tMode[t] = MODE.next
  if (++vm.threadsDone < vm.threads) return
  if (m.now === vm.iterationStart) throw takesNoTime(m, vm)
  m.recorder?.point(POINT['iteration-end'], vm.index, vm.iteration, -1)
  vm.iterationNs.push(m.now - vm.iterationStart)
  vm.iteration++
  const spec = m.spec.vms[vm.index]!
  if (vm.iteration === spec.iterations && isAwaited(spec)) m.vmFinished++
  if (m.vmFinished === m.vmsAwaited) {
    m.engine.stop()
    return
  }
  if (vm.iteration < spec.iterations || spec.repeat !== 'stop') m.toStart.push(vm.index)
  else finish(m, vm)
}

function takesNoTime(m: Machine, vm: VmState): LabError {
  return new LabError(
    'bad-input',
    `VM ${m.spec.vms[vm.index]!.name}: an iteration of ${vm.workload.app} takes no time`,
    'raise scale, or give every thread some work',
  )
}

function finish(m: Machine, vm: VmState): void {
  vm.finished = true
  m.policy.vmChanged?.(m, vm.index)
}

/**
 * How far a VM's current iteration is, 0 … 1: the part of its outermost loop that the thread which
 * is furthest has behind it. An estimate for progress, not a measure of work.
 */
export function iterationProgress(m: Machine, vm: VmState): number {
  let furthest = vm.threadsDone / vm.threads
  for (let t = vm.firstT; t < vm.firstT + vm.threads; t++)
    furthest = Math.max(furthest, loopProgress(m, vm, t))
  return furthest
}

function loopProgress(m: Machine, vm: VmState, t: number): number {
  const { code, operand } = m.code[t]!
  const at = code.findIndex((op) => op === CODE.set || op === CODE.take)
  if (at < 0 || m.tPc[t]! <= at) return 0
  const index = operand[operandAt(at)]!
  const count = operand[operandAt(at) + 1]!
  if (code[at] === CODE.take) return Math.min(1, vm.counters[index]!.taken / count)
  return 1 - m.tRegister[t * REGISTERS_MAX + index]! / count
}
