/**
 * Memory: what losing a core costs. Cache refill after others used the core or after a migration,
 * and a slower pace while the LLC is shared, memory lies on another socket (simulator.md §2), or
 * another hardware thread of the core is busy.
 */
import { toWholeNs } from '../base/units.ts'
import { owe } from './charge.ts'
import type { Machine } from './machine.ts'
import type { VmState } from './vm-state.ts'
import * as vocabulary from './vocabulary.ts'

const { DEBT, DEBTS } = vocabulary

/**
 * Work per ns of the thread on its pCPU, 0 … 1. Sampled at dispatch, at guest ticks, and when
 * another hardware thread of the core becomes busy or idle.
 */
export function updateSpeed(m: Machine, t: number, p: number): void {
  const vm = m.vms[m.tVm[t]!]!
  const memory = vm.workload.memory
  const bound = memory.missPenalty !== 0 || memory.remotePenalty !== 0
  if (bound) m.tSpeed[t] = memorySpeed(m, t, p, vm)
  if (m.perCore === 1) return
  const smtSpeed = m.smtSpeed[m.coreBusy[m.pCore[p]!]!]!
  m.tSmtSpeed[t] = smtSpeed
  m.tSpeed[t] = bound ? m.tSpeed[t]! * smtSpeed : smtSpeed
}

function memorySpeed(m: Machine, t: number, p: number, vm: VmState): number {
  const memory = vm.workload.memory
  const socket = m.pSocket[p]!
  const llc = m.pLlc[p]!
  const missing = missingShare(m, vm, llc)
  const privateRemote = m.tHome[t] === socket ? 0 : 1
  const homes = m.vmHomes[vm.index * m.sockets + socket]! / vm.threads
  const remote = memory.sharedFraction * (1 - homes) + (1 - memory.sharedFraction) * privateRemote
  return 1 / (1 + memory.missPenalty * missing + memory.remotePenalty * remote)
}

/** Part of the VM's accesses that miss the LLC because others use it too, 0 … 1. */
function missingShare(m: Machine, vm: VmState, llc: number): number {
  const demandKib = m.demandKib[llc]!
  if (demandKib <= m.costs.llcKib) return 0
  const alone = fit(m.costs.llcKib, ownKib(m, vm, llc))
  return Math.max(0, alone - fit(m.costs.llcKib, demandKib))
}

const fit = (cacheKib: number, demandKib: number): number =>
  demandKib <= cacheKib ? 1 : cacheKib / demandKib

function ownKib(m: Machine, vm: VmState, llc: number): number {
  const memory = vm.workload.memory
  const running = m.vmOnLlc[vm.index * m.llcs + llc]!
  return running * memory.privateKib + (running > 0 ? memory.sharedKib : 0)
}

function countOnLlc(m: Machine, t: number, p: number, change: number): void {
  const vm = m.tVm[t]!
  const llc = m.pLlc[p]!
  const at = vm * m.llcs + llc
  const before = m.vmOnLlc[at]!
  m.vmOnLlc[at] = before + change
  const { privateKib, sharedKib } = m.vms[vm]!.workload.memory
  m.demandKib[llc]! += change * privateKib
  if (before === 0) m.demandKib[llc]! += sharedKib
  else if (before + change === 0) m.demandKib[llc]! -= sharedKib
}

/** The thread begins to execute on the pCPU: owes its refill, gets its speed. */
export function enterCpu(m: Machine, t: number, p: number): void {
  const owed = m.tDebt[t * DEBTS + DEBT.refill]!
  const due = refillNs(m, t, p, owed)
  if (due > owed) owe(m, t, DEBT.refill, due - owed)
  if (m.tHome[t]! < 0) settleHome(m, t, p)
  countOnLlc(m, t, p, 1)
  updateSpeed(m, t, p)
}

/** First touch: the thread's memory is where it ran first. */
function settleHome(m: Machine, t: number, p: number): void {
  m.tHome[t] = m.pSocket[p]!
  m.vmHomes[m.tVm[t]! * m.sockets + m.pSocket[p]!]!++
}

/** The thread stops executing on the pCPU. */
export function leaveCpu(m: Machine, t: number, p: number): void {
  countOnLlc(m, t, p, -1)
  m.tLastP[t] = p
  m.tLeftBusy[t] = busyNs(m, p)
}

const busyNs = (m: Machine, p: number): number =>
  m.pBusyNs[p]! + (m.pIdle[p] === 0 ? m.now - m.pSince[p]! : 0)

/**
 * Time to refill caches when the thread continues on the pCPU with `owed` of the last refill still
 * to come, whole ns: what was not filled cannot be lost again.
 */
function refillNs(m: Machine, t: number, p: number, owed: number): number {
  const last = m.tLastP[t]!
  if (last < 0) return 0
  const memory = m.vms[m.tVm[t]!]!.workload.memory
  const l2 = Math.min(memory.privateKib, m.costs.l2Kib)
  const fromLlc = l2 * m.costs.refillLlcNsPerKib
  if (last === p) {
    if (owed >= fromLlc) return owed
    const others = busyNs(m, p) - m.tLeftBusy[t]!
    return owed + toWholeNs(((fromLlc - owed) * others) / (others + m.costs.refillHalfNs))
  }
  if (m.pCore[last] === m.pCore[p]) return 0
  if (m.pLlc[last] === m.pLlc[p]) return toWholeNs(fromLlc)
  const share = Math.min(memory.privateKib, m.costs.llcKib / m.perLlc)
  const distance = m.pSocket[last] === m.pSocket[p] ? 1 : m.costs.refillRemoteFactor
  return toWholeNs(share * m.costs.refillMemoryNsPerKib * distance)
}
