/** Interpreter: runs a thread's operations until one takes time, waits, or ends the program. */
import { streamKey, variedAt } from '../base/random.ts'
import { LabError } from '../base/lab-error.ts'
import { toWholeNs } from '../base/units.ts'
import { attemptAgain, leaveSection } from './bulk-attempt.ts'
import { charge } from './charge.ts'
import * as codes from './code.ts'
import { awaitCondition, broadcastCondition, signalCondition } from './conditions.ts'
import { endThread } from './iteration.ts'
import type { Machine } from './machine.ts'
import type { VmState } from './vm-state.ts'
import { REGISTERS_MAX } from './program.ts'
import * as rcu from './rcu.ts'
import { awaitArrival, respond } from './requests.ts'
import * as rw from './rw-locks.ts'
import { lockSpin, unlockSpin } from './spin-locks.ts'
import { scheduleStep } from './step.ts'
import * as sync from './sync.ts'
import * as vocabulary from './vocabulary.ts'

const { CODE } = codes
const { MODE } = vocabulary

/** Operations a thread may execute without time passing before its program counts as endless. */
const INSTANT_OPS_MAX = 1_000_000

/** Executes operations of a thread that is on a CPU. */
export function advance(m: Machine, t: number): void {
  if (m.tOn[t] === 0 || m.tMode[t] !== MODE.next) return
  const relock = m.tRelock[t]!
  if (relock >= 0) {
    if (mustPay(m, t)) return
    if (m.tSet[t]! >= 0) {
      attemptAgain(m, t, relock)
      return
    }
    if (!sync.lockMutex(m, t, relock)) return
    m.tRelock[t] = -1
  }
  const vm = m.vms[m.tVm[t]!]!
  for (let ops = 1; ops <= INSTANT_OPS_MAX; ops++) {
    if (execute(m, t, vm)) continue
    m.operations += ops
    return
  }
  throw new LabError(
    'bad-input',
    `VM ${m.spec.vms[vm.index]!.name}: a thread of ${vm.workload.app} loops without time passing`,
    'give the loop a compute step',
  )
}

/** Executes one operation; true when the thread can go on at once. */
function execute(m: Machine, t: number, vm: VmState): boolean {
  const { code, operand } = m.code[t]!
  const pc = m.tPc[t]!
  const at = codes.operandAt(pc)
  const a = operand[at]!
  switch (code[pc]) {
    case CODE.compute:
      return compute(m, t, a, operand[at + 1]!)
    case CODE.bulk:
      m.tSet[t] = operand[at + 2]!
      m.tOutsideNs[t] = operand[at + 3]!
      m.tHoldNs[t] = operand[at + 4]!
      compute(m, t, a, operand[at + 1]!)
      m.tOutsideAt[t] = m.tRemaining[t]!
      return false
    case CODE.set:
      m.tRegister[t * REGISTERS_MAX + a] = operand[at + 1]!
      return go(m, t, operand[at + 1]! > 0 ? pc + 1 : operand[at + 2]!)
    case CODE.again: {
      const left = --m.tRegister[t * REGISTERS_MAX + a]!
      return go(m, t, left > 0 ? operand[at + 1]! : pc + 1)
    }
    case CODE.jump:
      return go(m, t, a)
    case CODE.take:
      return go(m, t, take(m, t, vm, a, operand[at + 1]!) ? pc + 1 : operand[at + 2]!)
    case CODE.arm:
      arm(m, t, vm, a)
      return go(m, t, pc + 1)
    case CODE.end:
      if (!mustPay(m, t)) endThread(m, t, vm)
      return false
    default:
      return synchronise(m, t, vm, pc)
  }
}

/**
 * A thread pays what it owes (its switch, its refill, a system call) before it synchronises or
 * ends: one that is dispatched must not hold a lock while its caches fill, nor open a barrier
 * before it is there. Work that follows is charged together with the debt. True when it pays now.
 */
function mustPay(m: Machine, t: number): boolean {
  if (m.tDebtSum[t] === 0) return false
  charge(m, t)
  m.tMode[t] = MODE.pay
  scheduleStep(m, t)
  return true
}

function synchronise(m: Machine, t: number, vm: VmState, pc: number): boolean {
  if (mustPay(m, t)) return false
  const { code, operand } = m.code[t]!
  const at = codes.operandAt(pc)
  const a = operand[at]!
  switch (code[pc]) {
    case CODE.lock:
      return sync.lockMutex(m, t, vm.firstLock + a) && go(m, t, pc + 1)
    case CODE.unlock:
      sync.unlockMutex(m, t, vm.firstLock + a)
      return go(m, t, pc + 1)
    case CODE['spin-lock']:
      return lockSpin(m, t, spinLock(vm, a)) && go(m, t, pc + 1)
    case CODE['spin-unlock']:
      unlockSpin(m, t, spinLock(vm, a))
      return go(m, t, pc + 1)
    case CODE.barrier:
      return sync.arrive(m, t, vm.barriers[a]!) && go(m, t, pc + 1)
    case CODE.push:
      return sync.push(m, t, vm.queues[a]!, vm.firstLock + operand[at + 1]!) && go(m, t, pc + 1)
    case CODE.pop:
      return pop(m, t, vm, pc)
    case CODE.close:
      sync.closeQueue(m, t, vm.queues[a]!)
      return go(m, t, pc + 1)
    case CODE.publish:
      sync.publish(m, t, m.tFollower[t]!)
      return go(m, t, pc + 1)
    case CODE.follow:
      return follow(m, t, a, operand[at + 1]!) && go(m, t, pc + 1)
    case CODE.arrive:
      m.tPc[t] = pc + 1
      return awaitArrival(m, t, toWholeNs(draw(m, t, a, operand[at + 1]!)))
    case CODE.request:
      m.tRequestAt[t] = m.now
      return go(m, t, pc + 1)
    case CODE.respond:
      respond(m, t, vm)
      return go(m, t, pc + 1)
    case CODE.tlb:
      m.tPc[t] = pc + 1
      return sync.shootDown(m, t, vm)
    case CODE.sleep:
      m.tPc[t] = pc + 1
      sync.sleep(m, t, toWholeNs(draw(m, t, a, operand[at + 1]!)))
      return false
    default:
      return share(m, t, vm, pc)
  }
}

/** Operations of readers and writers, and of conditions. */
function share(m: Machine, t: number, vm: VmState, pc: number): boolean {
  const { code, operand } = m.code[t]!
  const at = codes.operandAt(pc)
  const a = operand[at]!
  switch (code[pc]) {
    case CODE['read-lock']:
      return rw.readLock(m, t, vm.rwLocks[a]!) && go(m, t, pc + 1)
    case CODE['read-unlock']:
      rw.readUnlock(m, t, vm.rwLocks[a]!)
      return go(m, t, pc + 1)
    case CODE['write-lock']:
      return rw.writeLock(m, t, vm, vm.rwLocks[a]!) && go(m, t, pc + 1)
    case CODE['write-unlock']:
      rw.writeUnlock(m, t, vm.rwLocks[a]!)
      return go(m, t, pc + 1)
    case CODE['rcu-lock']:
      rcu.rcuReadLock(m, t)
      return go(m, t, pc + 1)
    case CODE['rcu-unlock']:
      rcu.rcuReadUnlock(m, t)
      return go(m, t, pc + 1)
    case CODE['rcu-sync']:
      m.tPc[t] = pc + 1
      rcu.synchronizeRcu(m, t, vm)
      return false
    case CODE.wait: {
      const lock = vm.firstLock + operand[at + 1]!
      return awaitCondition(m, t, vm, vm.conditions[a]!, lock) && go(m, t, pc + 1)
    }
    case CODE.signal:
      signalCondition(m, t, vm.conditions[a]!)
      return go(m, t, pc + 1)
    default:
      broadcastCondition(m, t, vm.conditions[a]!)
      return go(m, t, pc + 1)
  }
}

const spinLock = (vm: VmState, index: number): number => vm.firstLock + vm.workload.mutexes + index

function go(m: Machine, t: number, pc: number): true {
  m.tPc[t] = pc
  return true
}

function draw(m: Machine, t: number, mean: number, cv: number): number {
  return cv === 0 ? mean : variedAt(m.tKey[t]!, m.tDraws[t]!++, mean, cv)
}

function compute(m: Machine, t: number, mean: number, cv: number): boolean {
  charge(m, t)
  m.tRemaining[t] = Math.max(1, toWholeNs(draw(m, t, mean, cv)))
  m.tMode[t] = MODE.work
  scheduleStep(m, t)
  return false
}

/** The work of a compute or bulk operation is done. */
export function finishWork(m: Machine, t: number): void {
  if (m.tCaught[t]! >= 0) leaveSection(m, t)
  m.tSet[t] = -1
  m.tMode[t] = MODE.next
  m.tPc[t]!++
  advance(m, t)
}

/** Takes a ticket: the ticket brings its own random stream, whoever takes it. */
function take(m: Machine, t: number, vm: VmState, index: number, count: number): boolean {
  const counter = vm.counters[index]!
  const exhausted = counter.taken >= count
  m.tKey[t] = exhausted
    ? threadKey(m, t, vm)
    : streamKey(m.spec.seed, 2000 + vm.index, index + 64 * counter.round, counter.taken++)
  m.tDraws[t] = 0
  return !exhausted
}

/** Key of the thread's own stream in this iteration and round. */
export function threadKey(m: Machine, t: number, vm: VmState): number {
  return streamKey(m.spec.seed, vm.index, t - vm.firstT, vm.iteration * 65536 + m.tRound[t]!)
}

function arm(m: Machine, t: number, vm: VmState, index: number): void {
  const counter = vm.counters[index]!
  const round = ++m.tRound[t]!
  if (round <= counter.round) return
  counter.round = round
  counter.taken = 0
}

function pop(m: Machine, t: number, vm: VmState, pc: number): boolean {
  const { operand } = m.code[t]!
  const at = codes.operandAt(pc)
  const result = sync.pop(m, t, vm, operand[at]!, vm.firstLock + operand[at + 1]!)
  if (result === sync.POP.waits) return false
  return go(m, t, result === sync.POP.took ? pc + 1 : operand[at + 2]!)
}

/**
 * Rows the predecessor must have: frame f follows f − 1, which lies one frame back for thread 0.
 */
function follow(m: Machine, t: number, rows: number, lag: number): boolean {
  const predecessor = m.tPredecessor[t]!
  if (predecessor < 0) return true
  const own = m.tPublished[t]!
  const frame = Math.floor(own / rows)
  const row = own - frame * rows
  const base = predecessor < t ? frame * rows : (frame - 1) * rows
  if (base < 0) return true
  return sync.follow(m, t, predecessor, base + Math.min(row + lag, rows))
}
