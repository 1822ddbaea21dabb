/**
 * delay: lock-holder preemption avoidance (Uhlig et al. 2004). The guest tells when it holds a
 * kernel spin lock; the hypervisor then puts its preemption off until the lock is free, or until
 * a cap.
 */
import { revealHolder } from '../model/bulk.ts'
import { requestReschedule } from '../model/events.ts'
import type { Machine } from '../model/machine.ts'
import { MODE, VCPU } from '../model/vocabulary.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'delay',
  title: 'Delayed preemption',
  summary: 'A vCPU whose guest holds a kernel spin lock is preempted only when it lets go.',
  fixes: 'Preemption of holders of kernel spin locks.',
  breaks:
    'No help for who is next in line at a ticket lock, for user-level locks, barriers and IPIs: ' +
    'the guest kernel knows nothing of them. Other VMs wait for up to the cap.',
  source: 'Uhlig et al., Towards scalable multiprocessor virtual machines, VM 2004',
  note: 'The guest cooperates: it keeps its lock count where the hypervisor sees it, at no cost.',
  parameters: [
    numberParameter('capNs', 'Longest delay', 100e3, 'ns', 'A', 'kernel sections take < 2 µs'),
  ],
}

/** Deferrals under way: since when each vCPU's preemption waits. */
class Delays {
  readonly #capNs: number
  readonly #sinceNs: Float64Array
  readonly #isWaiting: Uint8Array

  constructor(capNs: number, vcpus: number) {
    this.#capNs = capNs
    this.#sinceNs = new Float64Array(vcpus).fill(-1)
    this.#isWaiting = new Uint8Array(vcpus)
  }

  /** What is left of the cap while the guest holds a lock; sections in a row share one cap. */
  defersNs(m: Machine, v: number): number {
    const leftNs = holdsKernelLock(m, v) ? this.#leftNs(m, v) : 0
    this.#isWaiting[v] = leftNs > 0 ? 1 : 0
    if (leftNs <= 0) this.#sinceNs[v] = -1
    return leftNs
  }

  #leftNs(m: Machine, v: number): number {
    // one of an earlier slice ended when the vCPU gave its pCPU up by itself
    if (this.#sinceNs[v]! < m.vSliceAt[v]!) this.#sinceNs[v] = m.now
    return this.#sinceNs[v]! + this.#capNs - m.now
  }

  sectionLeft(m: Machine, t: number): void {
    const v = m.tV[t]!
    if (this.#isWaiting[v] === 0 || m.vState[v] !== VCPU.running) return
    this.#isWaiting[v] = 0
    requestReschedule(m, m.vP[v]!)
  }
}

/** A waiter spins without a lock; a holder of a bulk lock is found out when it matters. */
function holdsKernelLock(m: Machine, v: number): boolean {
  const t = m.vCur[v]!
  if (t < 0 || m.tMode[t] === MODE.spin) return false
  revealHolder(m, t)
  return m.tNoPreempt[t] !== 0
}

/** Preemption put off while a kernel lock is held. */
export const delay: Scheme = Object.freeze({
  id: 'delay',
  info,
  create: (spec, given) => {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    const delays = new Delays(Number(resolveParams(info, given).capNs), vcpus)
    return {
      defersNs: (m, _p, v) => delays.defersNs(m, v),
      sectionLeft: (m, t) => delays.sectionLeft(m, t),
    }
  },
})
