/**
 * task-aware: the hypervisor infers from outside which VMs run concurrent tasks, and co-schedules
 * them. What it sees are IPIs between vCPUs that are busy together.
 */
import { runDelayNs } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import type { SimSpec } from '../model/spec.ts'
import { CREDIT_PARAMETERS, CreditHost } from './credit-host.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeParams, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'task-aware',
  title: 'Task-aware co-scheduling',
  summary: 'VMs whose busy vCPUs send each other many IPIs are taken for concurrent: co-scheduled.',
  fixes: 'Waits for preempted siblings in VMs that synchronise through the kernel, unmarked.',
  breaks:
    'It guesses: threads that spin in user space send no IPIs and are missed; VMs with many ' +
    'independent wake-ups are co-scheduled in vain, and the others wait for their slices.',
  source: 'Bai, Xu and Li, Task-aware based co-scheduling for virtual machine system, SAC 2010',
  note:
    'From the abstract: inference by gray-box knowledge within the hypervisor, on Xen credit. ' +
    'Which signs it uses and how is ours; the full text was not read.',
  parameters: [
    ...CREDIT_PARAMETERS,
    numberParameter('periodNs', 'Period of inference', 30e6, 'ns', 'A', 'a slice of credit'),
    numberParameter(
      'ipisPerMs',
      'IPIs of a busy vCPU',
      0.2,
      '/ms',
      'A',
      'six in a slice of credit',
    ),
    numberParameter('busyFraction', 'Busy from this load on', 0.5, '', 'A', 'half the period'),
    numberParameter('memory', 'Stays concurrent for', 3, 'periods', 'A', 'rides out a quiet one'),
  ],
}

/** Counts of the last period, and what they tell. */
class TaskAware {
  readonly host: CreditHost
  readonly #periodNs: number
  readonly #ipisPerMs: number
  readonly #busyFraction: number
  readonly #memory: number
  readonly #ipis: Float64Array
  readonly #busyNs: Float64Array
  #inferredAt = 0

  constructor(spec: SimSpec, params: SchemeParams) {
    this.host = new CreditHost(spec, params)
    this.#periodNs = Number(params.periodNs)
    this.#ipisPerMs = Number(params.ipisPerMs)
    this.#busyFraction = Number(params.busyFraction)
    this.#memory = Number(params.memory)
    this.#ipis = new Float64Array(spec.vms.length)
    this.#busyNs = new Float64Array(spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0))
  }

  tick(m: Machine): void {
    this.host.tick(m)
    const pastNs = m.now - this.#inferredAt
    if (pastNs < this.#periodNs) return
    this.#inferredAt = m.now
    for (const { index, ipis } of m.vms) {
      const sent = ipis - this.#ipis[index]!
      const busy = this.#busyVcpus(m, index, pastNs)
      this.#ipis[index] = ipis
      if (busy < 2 || (sent * 1e6) / pastNs < this.#ipisPerMs * busy) continue
      this.host.turns.untilNs[index] = m.now + this.#memory * this.#periodNs
    }
  }

  /** vCPUs of the VM that ran or waited to for most of the period. */
  #busyVcpus(m: Machine, index: number, pastNs: number): number {
    const { firstV, vcpus } = m.vms[index]!
    let busy = 0
    for (let v = firstV; v < firstV + vcpus; v++) {
      const busyNs = m.vRanNs[v]! + runDelayNs(m, v)
      if (busyNs - this.#busyNs[v]! >= this.#busyFraction * pastNs) busy++
      this.#busyNs[v] = busyNs
    }
    return busy
  }
}

/** Co-scheduling of VMs that look concurrent. */
export const taskAware: Scheme = Object.freeze({
  id: 'task-aware',
  info,
  create: (spec, given) => {
    const aware = new TaskAware(spec, resolveParams(info, given))
    return { ...aware.host.policy(), timer: (m) => aware.tick(m) }
  },
})
