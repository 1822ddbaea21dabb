/**
 * Pause-loop exiting and directed yield: a vCPU that spins with PAUSE for a window exits, and
 * offers its pCPU to a preempted sibling (Linux virt/kvm/kvm_main.c, kvm_vcpu_on_spin).
 */
import { POINT } from '../base/point-kind.ts'
import { owe } from './charge.ts'
import { requestReschedule } from './events.ts'
import type { Machine } from './machine.ts'
import { scheduleStep } from './step.ts'
import * as vocabulary from './vocabulary.ts'

const { DEBT, VCPU } = vocabulary

/** Candidates that one exit tries. */
const TRIES = 3

/**
 * The spinner's window is over: exit, and yield to a preempted sibling if there is one. The window
 * grows at each exit until the vCPU is scheduled in again (vmx.c, handle_pause, vmx_sched_in).
 */
export function pauseLoopExit(m: Machine, v: number): void {
  const t = m.vCur[v]!
  m.counters.pleExits++
  m.vms[m.vVm[v]!]!.pleExits++
  m.counters.exits++
  owe(m, t, DEBT.switch, m.costs.vmExitNs)
  m.vPleNs[v]! *= m.costs.pleWindowGrow
  const target = candidate(m, v)
  m.recorder?.point(POINT['ple-exit'], v, target, -1)
  if (m.host.yields !== undefined) m.host.yields(m, v, target)
  else if (target >= 0) yieldTo(m, v, target)
  scheduleStep(m, t)
}

/** Round-robin from the last boosted vCPU; a candidate is preempted, not halted. */
function candidate(m: Machine, v: number): number {
  const vm = m.vms[m.vVm[v]!]!
  const start = m.vYieldNext[vm.firstV]!
  let tries = TRIES
  for (let i = 1; i <= vm.vcpus && tries > 0; i++) {
    const w = vm.firstV + ((start + i) % vm.vcpus)
    if (w === v || m.vState[w] !== VCPU.runnable || m.vHeld[w] !== 0) continue
    tries--
    if (m.vCur[w]! < 0) continue
    m.vYieldNext[vm.firstV] = w - vm.firstV
    return w
  }
  return -1
}

function yieldTo(m: Machine, v: number, target: number): void {
  const p = m.vP[target]!
  m.counters.directedYields++
  m.pBoost[p] = target
  requestReschedule(m, p)
  if (m.vP[v] === p) return
  m.pSkip[m.vP[v]!] = v
  requestReschedule(m, m.vP[v]!)
}
