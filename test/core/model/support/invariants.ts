/**
 * What must be true of a machine after every event, whatever scheme and workload: each rule is
 * recomputed from the states of vCPUs and threads, never from the indices that it checks.
 */
import { CODE } from '../../../../src-main/core/model/code.ts'
import type { Machine } from '../../../../src-main/core/model/machine.ts'
import {
  KIND,
  LOCK,
  MODE,
  PAUSE,
  THREAD,
  VCPU,
} from '../../../../src-main/core/model/vocabulary.ts'
import type { VmState } from '../../../../src-main/core/model/vm-state.ts'

/** Where a vCPU was found: its pCPU, −1 for none. */
type Found = { readonly queuedOn: Int32Array; readonly runsOn: Int32Array }

/** Stops at the first rule that does not hold. Plain `if`s: this runs at every event. */
function must(holds: boolean, what: string, ...where: readonly number[]): void {
  if (!holds) throw new Error(`${what} (${where.join(', ')})`)
}

const found = new WeakMap<Machine, Found>()

function findVcpus(m: Machine): Found {
  const f = found.get(m) ?? {
    queuedOn: new Int32Array(m.vcpus),
    runsOn: new Int32Array(m.vcpus),
  }
  found.set(m, f)
  f.queuedOn.fill(-1)
  f.runsOn.fill(-1)
  for (let p = 0; p < m.pcpus; p++) findOn(m, p, f)
  return f
}

function findOn(m: Machine, p: number, f: Found): void {
  const current = m.pCur[p]!
  let count = 0
  if (current >= 0) {
    must(f.runsOn[current] === -1, 'a vCPU runs on one pCPU only', current, p)
    f.runsOn[current] = p
    count++
  }
  let prev = -1
  for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!) {
    must(f.queuedOn[v] === -1, 'a vCPU is in one queue only', v, p)
    must(m.vPrev[v] === prev, 'queue links point both ways', v, p)
    f.queuedOn[v] = p
    prev = v
    count++
  }
  must(m.pHead[p]! < 0 || m.pTail[p] === prev, 'the tail is the last of the queue', p)
  must(m.pCount[p] === count, 'pCount is queue plus current', p, m.pCount[p]!, count)
  must((m.pIdle[p] === 1) === current < 0, 'a pCPU idles when nothing is current', p)
}

function checkVcpus(m: Machine, f: Found): void {
  for (let v = 0; v < m.vcpus; v++) {
    const state = m.vState[v]!
    must(f.runsOn[v]! >= 0 === (state === VCPU.running), 'running: current of one pCPU', v)
    must(f.queuedOn[v]! >= 0 === (state === VCPU.runnable), 'runnable: in one queue', v)
    const p = Math.max(f.runsOn[v]!, f.queuedOn[v]!)
    if (p < 0) continue
    must(m.vP[v] === p, 'a vCPU knows its pCPU', v, p)
    must(m.vPin[v]! < 0 || m.vPin[v] === p, 'a pinned vCPU is on its pin only', v, p)
    must(m.vHeld[v] === 0 || state !== VCPU.running, 'a held vCPU does not run', v)
    const waitsInVain = state === VCPU.runnable && m.vHeld[v] === 0 && m.pIdle[p] === 1
    must(!waitsInVain, 'an idle pCPU has nothing in its queue that may run', v, p)
  }
}

function checkCounts(m: Machine): void {
  const on = new Int32Array(m.vmOnP.length)
  const runnable = new Int32Array(m.vms.length)
  let held = 0
  for (let v = 0; v < m.vcpus; v++) {
    if (m.vState[v]! < VCPU.runnable) continue
    on[m.vVm[v]! * m.pcpus + m.vP[v]!]!++
    runnable[m.vVm[v]!]!++
    if (m.vState[v] === VCPU.runnable && m.vHeld[v] !== 0) held++
  }
  must(m.heldRunnable === held, 'heldRunnable counts held runnable vCPUs', m.heldRunnable, held)
  for (const vm of m.vms) {
    must(vm.runnable === runnable[vm.index], 'a VM counts its runnable vCPUs', vm.index)
    let spread = 0
    for (let p = 0; p < m.pcpus; p++) {
      const at = vm.index * m.pcpus + p
      must(m.vmOnP[at] === on[at], 'vmOnP counts the vCPUs of a VM on a pCPU', vm.index, p)
      if (on[at]! > 0) spread++
    }
    must(m.vmSpread[vm.index] === spread, 'vmSpread counts the pCPUs of a VM', vm.index)
  }
  const idle = m.pIdle.reduce((sum, x) => sum + x, 0)
  must(m.idlePcpus === idle, 'idlePcpus counts idle pCPUs', m.idlePcpus, idle)
}

function checkThreads(m: Machine): void {
  for (let t = 0; t < m.threads; t++) {
    const state = m.tState[t]!
    const v = m.tV[t]!
    if (m.tOn[t] !== 0) {
      must(state === THREAD.current, 'an executing thread is current', t)
      must(m.vState[v] === VCPU.running, "an executing thread's vCPU runs", t, v)
    }
    if (state === THREAD.current) must(m.vCur[v] === t, 'a current thread is so on its vCPU', t, v)
    if (state === THREAD.idle && !m.vms[m.tVm[t]!]!.departed)
      must(m.tDebtSum[t] === 0, 'a thread that has ended owes nothing', t, m.tDebtSum[t]!)
    if (state === THREAD.ready)
      must(m.tNoPreempt[t] === 0, 'the guest preempts no thread in a kernel section', t)
  }
  for (let v = 0; v < m.vcpus; v++) checkGuestQueue(m, v)
}

function checkGuestQueue(m: Machine, v: number): void {
  const current = m.vCur[v]!
  if (current >= 0) {
    must(m.tState[current] === THREAD.current, "a vCPU's current thread is current", v, current)
    must(m.tV[current] === v, 'a thread is current on one vCPU only', v, current)
    const executes = m.tOn[current] === 1
    must(executes === (m.vState[v] === VCPU.running), 'on a running vCPU it executes', v, current)
  }
  let count = 0
  for (let t = m.vHead[v]!; t >= 0; t = m.tReadyNext[t]!) {
    must(m.tState[t] === THREAD.ready && m.tV[t] === v, 'a queued thread is ready there', v, t)
    count++
  }
  must(m.vReady[v] === count, 'vReady counts ready threads', v, m.vReady[v]!, count)
  const isOffline = m.vState[v] === VCPU.offline
  must(!isOffline || (current < 0 && count === 0), 'a ballooned vCPU has no threads', v)
  must(!isOffline || m.vKick[v] === 0, 'nobody kicks a ballooned vCPU', v)
  must(current >= 0 || count === 0, 'no thread is ready where none is current', v)
}

/** Ways of spinning that end by themselves. */
const ENDS: ReadonlySet<number> = new Set([PAUSE.none, PAUSE.limited, PAUSE.queue])

/** A thread that works or spins for a limited time has its next step scheduled. */
function checkSteps(m: Machine): void {
  for (let t = 0; t < m.threads; t++) {
    if (m.tOn[t] === 0) continue
    const at = m.engine.queue.timeOf(m.slots.first[KIND.vcpuStep]! + m.tV[t]!)
    if (m.tMode[t] === MODE.work) must(at >= m.now && at < Infinity, 'work ends some time', t)
    if (m.tMode[t] === MODE.next) must(false, 'no thread is left before its next operation', t)
    if (m.tMode[t] === MODE.spin && ENDS.has(m.tPause[t]!))
      must(at >= m.now && at < Infinity, 'a wait with a limit is not spun at for ever', t)
  }
}

/** Waiters of a free test-and-set lock that execute are about to try. */
function checkTriers(m: Machine, lock: number): void {
  for (let t = m.lHead[lock]!; t >= 0; t = m.tNext[t]!) {
    const at = m.engine.queue.timeOf(m.slots.first[KIND.vcpuStep]! + m.tV[t]!)
    must(m.tOn[t] === 0 || (at >= m.now && at < Infinity), 'a free lock is tried for', lock, t)
  }
}

/** A waiter whose vCPU has halted is neither granted its lock nor forgotten. */
function checkSleepers(m: Machine): void {
  for (let t = 0; t < m.threads; t++) {
    const v = m.tV[t]!
    if (m.tSlept[t] === 0) continue
    must(m.tMode[t] === MODE.spin && m.vCur[v] === t, 'a sleeper spins when it is woken', t)
    const first = m.lHead[m.tLock[t]!] === t
    const isFree = m.lOwner[m.tLock[t]!]! < 0
    const comes = m.vState[v] !== VCPU.halted || m.vKick[v] !== 0
    must(!(first && isFree) || comes, 'the sleeper that is next is kicked', t)
  }
}

function checkLocks(m: Machine): void {
  for (let lock = 0; lock < m.locks; lock++) {
    const waiters = m.lWaiters[lock]!
    if (waiters === 0) continue
    const isFree = m.lOwner[lock]! < 0
    if (isFree && m.lKind[lock] === LOCK.tas) checkTriers(m, lock)
    else must(m.lBlamed[lock]! >= 0, 'somebody explains the wait for a lock', lock)
    let count = 0
    for (let t = m.lHead[lock]!, i = 0; i < waiters; t = m.tNext[t]!, i++) if (t >= 0) count++
    must(count === waiters, 'lWaiters counts waiters', lock, waiters, count)
  }
}

/** Readers and writers exclude each other; who waits for reports waits for somebody's. */
function checkSharing(m: Machine): void {
  for (const vm of m.vms) {
    for (const rw of vm.rwLocks) {
      let readers = 0
      for (let t = vm.firstT; t < vm.firstT + vm.threads; t++)
        if (m.tReads[t] === rw.section) readers++
      must(rw.readers === readers, 'a lock counts its readers', rw.lock, rw.readers, readers)
      const writer = m.lOwner[rw.lock]!
      const isInside = writer >= 0 && m.code[writer]!.code[m.tPc[writer]!] !== CODE['write-lock']
      must(!isInside || readers === 0, 'a writer is inside alone', rw.lock, writer, readers)
    }
    checkReports(m, vm)
  }
  for (let t = 0; t < m.threads; t++)
    must(m.tReads[t]! < 0 || m.tNoPreempt[t] !== 0, 'the guest preempts no reader', t)
}

function checkReports(m: Machine, vm: VmState): void {
  const awaited = new Int32Array(vm.vcpus)
  for (const c of vm.consensus) {
    c.awaits.forEach((x, i) => (awaited[i]! += x))
    const left = c.awaits.reduce((sum, x) => sum + x, 0)
    must(c.left === left, 'a consensus counts what it awaits', vm.index, c.left, left)
    must(left > 0 === c.waiting.length > 0, 'reports are awaited by somebody', vm.index, left)
  }
  for (let i = 0; i < vm.vcpus; i++) {
    const v = vm.firstV + i
    must(m.vAwaited[v] === awaited[i], 'a vCPU knows how many await it', v)
    must(awaited[i] === 0 || m.vCur[v]! >= 0, 'an idle vCPU is not awaited', v)
  }
}

/** Each vCPU has a pCPU of its own, but for the one vCPU of a VM that has none. */
function checkOwners(m: Machine): void {
  const owned = new Set<number>()
  for (const { index, firstV, vcpus } of m.vms) {
    let online = 0
    let unpinned = 0
    for (let v = firstV; v < firstV + vcpus; v++) {
      if (m.vState[v] === VCPU.offline) continue
      online++
      const pin = m.vPin[v]!
      if (pin < 0) unpinned++
      must(pin < 0 || !owned.has(pin), 'no two vCPUs own a pCPU', v, pin)
      owned.add(pin)
    }
    // one that still leaves a section of the kernel is on its way out
    if (m.vms[index]!.leaving === 0)
      must(unpinned === 0 || online === 1, 'only a lone vCPU is unpinned', index, online)
  }
}

/** Rules of one scheme. */
function checkScheme(m: Machine, scheme: string): void {
  if (scheme === 'flexcore') checkOwners(m)
  if (scheme === 'vcpu-bal') {
    let online = 0
    for (let v = 0; v < m.vcpus; v++) if (m.vState[v] !== VCPU.offline) online++
    const most = Math.max(m.pcpus, m.vms.length)
    must(online <= most, 'not more vCPUs are online than there are pCPUs, or VMs', online, most)
  }
  if (scheme !== 'balance') return
  for (const vm of m.vms) {
    if (vm.vcpus > m.pcpus) continue
    for (let p = 0; p < m.pcpus; p++)
      must(m.vmOnP[vm.index * m.pcpus + p]! <= 1, 'siblings stand on different pCPUs', vm.index, p)
  }
}

/** Checks every rule. Throws an Error that names the first one that does not hold. */
export function checkInvariants(m: Machine, scheme: string): void {
  checkVcpus(m, findVcpus(m))
  checkCounts(m)
  checkThreads(m)
  checkSteps(m)
  checkLocks(m)
  checkSleepers(m)
  checkSharing(m)
  checkScheme(m, scheme)
}
