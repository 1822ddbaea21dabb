/** Run: builds the machine, handles its events one by one, and reads the result off it. */
import { LabError } from '../base/lab-error.ts'
import { streamKey, uniformAt } from '../base/random.ts'
import type { EngineHooks, EngineLimits } from '../sim/engine.ts'
import { applyResize, leaveNow } from './actions.ts'
import { attempt, leaveSection } from './bulk-attempt.ts'
import { charge, chargeAll } from './charge.ts'
import { nextTick, requestReschedule, scheduleAt } from './events.ts'
import { guestReschedule, guestTick, pollExpired, wakeThread } from './guest.ts'
import { updateCurrent } from './host-queue.ts'
import { advance, finishWork } from './interpreter.ts'
import { startIteration } from './iteration.ts'
import { Machine } from './machine.ts'
import { NICE_0_WEIGHT } from './nice.ts'
import { pauseLoopExit } from './ple.ts'
import type { Policy } from './policy.ts'
import { shutDownVm } from './shutdown.ts'
import { isAwaited } from './spec.ts'
import { POLICY_TIMERS } from './slots.ts'
import type { SimSpec } from './spec.ts'
import { endGracePeriod } from './rcu.ts'
import { concludeWrite } from './rw-locks.ts'
import { actOfWaiter } from './spin-locks.ts'
import { grant, interrupt, scheduleStep } from './step.ts'
import { blockAtBarrier } from './sync.ts'
import { kicked, reschedule } from './vcpu.ts'
import { fixedLocks } from './vm-state.ts'
import type { VmState } from './vm-state.ts'
import type { WorkList } from './work-list.ts'
import * as vocabulary from './vocabulary.ts'

const { DEBT, KIND, LOCK, MODE, PAUSE } = vocabulary

/** How a run is watched and stopped. */
export type RunOptions = Pick<EngineLimits, 'shouldStop' | 'onCheck'> & {
  readonly hooks?: EngineHooks
  /** The machine, before its first event: for progress and tests. */
  readonly onStart?: (m: Machine) => void
}

/** Runs a spec under a policy to its end. Throws LabError `budget`, `cancelled` or `bad-input`. */
export function runMachine(spec: SimSpec, policy: Policy, options: RunOptions = {}): Machine {
  const m = new Machine(spec, policy)
  initialise(m)
  options.onStart?.(m)
  policy.start?.(m)
  drain(m)
  const handle = (slot: number, now: number): void => {
    m.now = now
    handleEvent(m, slot)
    drain(m)
  }
  m.engine.run(handle, { ...spec.budget, ...options }, options.hooks)
  if (m.vmFinished < m.vmsAwaited) throw neverEnds(m)
  for (let p = 0; p < m.pcpus; p++) updateCurrent(m, p)
  chargeAll(m)
  return m
}

function neverEnds(m: Machine): LabError {
  const waiting = m.vms.reduce((sum, vm) => sum + vm.runnable, 0)
  if (waiting > 0) {
    const hint = 'the scheme holds them back, or chooses none of them'
    return new LabError('bad-input', `${waiting} vCPUs could run but never do`, hint)
  }
  const vm = m.vms.find(({ index, iteration }) => {
    const spec = m.spec.vms[index]!
    return isAwaited(spec) && iteration < spec.iterations
  })!
  return new LabError(
    'bad-input',
    `VM ${m.spec.vms[vm.index]!.name}: all threads of ${vm.workload.app} wait for each other`,
    'check queue capacities, barrier parties and tickets of the workload',
  )
}

function initialise(m: Machine): void {
  for (let p = 0; p < m.pcpus; p++) {
    m.pSocket[p] = Math.floor(p / m.perSocket)
    m.pLlc[p] = Math.floor(p / m.perLlc)
    m.pCore[p] = Math.floor(p / m.perCore)
    m.pPhase[p] = m.costs.tickSkew * Math.floor((p * m.costs.tickNs) / m.pcpus)
    m.pAvgIdle[p] = 2 * m.costs.migrationCostNs
    m.pNextBalance[p] = Math.floor((p * m.costs.balanceIntervalNs) / m.pcpus)
  }
  for (const vm of m.vms) initialiseVm(m, vm.index)
}

function initialiseVm(m: Machine, index: number): void {
  const vm = m.vms[index]!
  const spec = m.spec.vms[index]!
  const key = streamKey(m.spec.seed, 3000 + index)
  const phase = Math.floor(uniformAt(key, 0) * m.guest.tickNs)
  const places = shuffledPcpus(m, key)
  m.vmWeight[index] = spec.weight
  for (let i = 0; i < vm.vcpus; i++) {
    const v = vm.firstV + i
    m.vVm[v] = index
    m.vWeight[v] = spec.weight
    m.vPhase[v] = phase
    m.vP[v] = places[i % m.pcpus]!
    // vCPU threads have a past: without it all pCPUs would switch VMs at the same ticks
    m.vVr[v] = uniformAt(key, 100 + m.pcpus + i) * m.hostCfs.latencyNs
    m.vPollNs[v] = m.costs.haltPollStartNs
  }
  for (let i = 0; i < vm.threads; i++) {
    const t = vm.firstT + i
    const predecessor = vm.workload.threadPredecessor[i]!
    m.tVm[t] = index
    m.tClass[t] = m.idleClass
    m.tWeight[t] = vm.workload.threadWeight[i]!
    m.tVrRate[t] = NICE_0_WEIGHT / m.tWeight[t]
    m.tRemembers[t] = vm.workload.barriers.length > 0 ? 1 : 0
    m.tChanceKey[t] = streamKey(m.spec.seed, 4000 + index, i)
    if (predecessor < 0) continue
    m.tPredecessor[t] = vm.firstT + predecessor
    m.tFollower[vm.firstT + predecessor] = t
  }
  chooseLockKinds(m, vm)
  scheduleAt(m, KIND.vmLife, index, spec.startNs)
}

/** Ticket locks are what the guest kernel has: PV ones where it is paravirtual. */
function chooseLockKinds(m: Machine, vm: VmState): void {
  const { pvLocks } = m.spec.switches
  const ticket = LOCK[pvLocks === 'none' ? 'ticket' : (`pv-${pvLocks}` as const)]
  const { mutexes, spinLocks } = vm.workload
  const first = vm.firstLock + mutexes
  m.lKind.fill(ticket, first, vm.firstLock + fixedLocks(vm.workload) + vm.threads)
  spinLocks.forEach((kind, i) => {
    if (kind === 'user-ticket' || kind === 'user-tas') {
      m.lKind[first + i] = kind === 'user-tas' ? LOCK.tas : LOCK.ticket
      m.lUser[first + i] = 1
    } else if (kind !== 'ticket') m.lKind[first + i] = LOCK[kind]
  })
}

/** Where a VM's vCPU threads last were: the fork balancing of an idle host has spread them. */
function shuffledPcpus(m: Machine, key: number): readonly number[] {
  const places = Array.from({ length: m.pcpus }, (_, p) => p)
  for (let i = m.pcpus - 1; i > 0; i--) {
    const j = Math.floor(uniformAt(key, i) * (i + 1))
    ;[places[i], places[j]] = [places[j]!, places[i]!]
  }
  return places
}

/**
 * Work that an event left: threads that go on, pCPUs and vCPUs that choose anew, VMs that start.
 */
function drain(m: Machine): void {
  for (;;) {
    if (m.toAdvance.size > 0) drainList(m, m.toAdvance, advance)
    else if (m.rareWork.items > 0) drainRare(m)
    else if (m.toReschedule.size > 0) drainList(m, m.toReschedule, reschedule)
    else if (m.toStart.size > 0) drainList(m, m.toStart, startVm)
    else return
  }
}

function drainRare(m: Machine): void {
  if (m.toRelease.size > 0) drainList(m, m.toRelease, release)
  else if (m.toConclude.size > 0) drainList(m, m.toConclude, conclude)
  else if (m.toLeave.size > 0) drainList(m, m.toLeave, leaveNow)
  else drainList(m, m.toGuestReschedule, guestReschedule)
}

function drainList(m: Machine, list: WorkList, act: (m: Machine, i: number) => void): void {
  for (let i = 0; i < list.size; i++) act(m, list.at(i))
  list.clear()
}

const release = (m: Machine, t: number): void => grant(m, t, MODE.next)

/** All vCPUs have reported: a grace period is over, or a writer is inside. */
function conclude(m: Machine, id: number): void {
  const c = m.consensus[id]!
  if (c.lock >= 0) concludeWrite(m, c)
  else endGracePeriod(m, m.vms[c.vm]!, c)
}

const startVm = (m: Machine, index: number): void => startIteration(m, m.vms[index]!)

function handleEvent(m: Machine, slot: number): void {
  const kind = m.slots.kindOf[slot]!
  const index = slot - m.slots.first[kind]!
  switch (kind) {
    case KIND.vcpuStep:
      return step(m, index)
    case KIND.vcpuKick:
      return kicked(m, index)
    case KIND.threadTimer:
      return wakeThread(m, index, -1)
    case KIND.vmLife:
      return m.vms[index]!.started ? shutDownVm(m, m.vms[index]!) : vmStarts(m, index)
    case KIND.vmResize:
      return applyResize(m, m.vms[index]!)
    case KIND.haltPoll:
      return pollExpired(m, index)
    case KIND.guestTick:
      return guestTick(m, index)
    case KIND.hostTick:
      return hostTick(m, index)
    case KIND.hostSlice:
      return requestReschedule(m, index)
    default:
      return policyTimer(m, index)
  }
}

function vmStarts(m: Machine, index: number): void {
  m.vms[index]!.started = true
  const { stopNs } = m.spec.vms[index]!
  if (stopNs !== Infinity) scheduleAt(m, KIND.vmLife, index, stopNs)
  m.policy.vmChanged?.(m, index)
  startIteration(m, m.vms[index]!)
}

/** The thread on the vCPU reached the end of its work, a lock, its spin limit, or a PLE window. */
function step(m: Machine, v: number): void {
  const t = m.vCur[v]!
  charge(m, t)
  if (m.tMode[t] === MODE.spin) {
    const pause = m.tPause[t]!
    if (pause === PAUSE.none) blockAtBarrier(m, t)
    else if (pause === PAUSE.forever || m.tHit[t] === 0) pauseLoopExit(m, v)
    else actOfWaiter(m, v, t)
    return
  }
  if (m.tMode[t] === MODE.pay) {
    m.tMode[t] = MODE.next
    advance(m, t)
    return
  }
  if (m.tHit[t] !== 0) attempt(m, t)
  else if (m.tRemaining[t]! <= 0) finishWork(m, t)
  else {
    if (m.tCaught[t]! >= 0 && m.tCsLeft[t] === 0) leaveSection(m, t)
    scheduleStep(m, t)
  }
}

function hostTick(m: Machine, p: number): void {
  if (m.pIdle[p] !== 0) return
  scheduleAt(m, KIND.hostTick, p, nextTick(m.now, m.costs.tickNs, m.pPhase[p]!))
  const v = m.pCur[p]!
  if (v < 0) return
  updateCurrent(m, p)
  m.counters.exits++
  const t = m.vCur[v]!
  if (t >= 0) interrupt(m, t, DEBT.switch, m.costs.tickCostNs)
  if (m.host.tick(m, p)) requestReschedule(m, p)
  m.host.balance(m, p)
}

/** The scheme's timer; when only such are pending the workload hangs, and the timer ends too. */
function policyTimer(m: Machine, k: number): void {
  const hangs = m.idlePcpus === m.pcpus && m.heldRunnable === 0 && onlyTimersPend(m)
  if (hangs) return
  m.policy.timer?.(m, k)
}

function onlyTimersPend(m: Machine): boolean {
  const first = m.slots.first[KIND.policy]!
  let pending = 0
  for (let k = 0; k < POLICY_TIMERS; k++)
    if (m.engine.queue.timeOf(first + k) !== Infinity) pending++
  return m.engine.queue.size === pending
}
