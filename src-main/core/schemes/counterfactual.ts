/**
 * Counterfactual policies: a scheme as it would be without one of its harms. Each takes a policy
 * and gives one that decides alike except there.
 */
import { setTimer } from '../model/actions.ts'
import { requestReschedule } from '../model/events.ts'
import { CFS_HOST } from '../model/host-cfs.ts'
import { mayUse, moveQueued } from '../model/host-queue.ts'
import type { HostScheduler } from '../model/host-scheduler.ts'
import type { Machine } from '../model/machine.ts'
import type { Policy } from '../model/policy.ts'
import { POLICY_TIMERS } from '../model/slots.ts'
import * as vocabulary from '../model/vocabulary.ts'

const { MODE, VCPU } = vocabulary

/** How long a holder's preemption is put off before it is looked at again. */
const HOLDER_DEFERRAL_NS = 10e3
/** Turn of a VM of mean weight under oracle co-scheduling: a CFS period of a large host. */
const TURN_NS = 24e6
/** Slice of siblings that share a pCPU during their VM's turn: CFS's granularity there. */
const SIBLING_SLICE_NS = 3e6
const ORACLE_TIMER = POLICY_TIMERS - 1

const siblingsOn = (m: Machine, v: number, p: number): number => {
  const own = m.vP[v] === p && m.vState[v]! >= VCPU.runnable ? 1 : 0
  return m.vmOnP[m.vVm[v]! * m.pcpus + p]! - own
}

/** Siblings are never queued on the same pCPU, where the VM has no more vCPUs than there are. */
export function withoutStacking(policy: Policy): Policy {
  return {
    ...policy,
    allows: (m, v, p) =>
      (policy.allows?.(m, v, p) ?? true) &&
      (m.vms[m.vVm[v]!]!.vcpus > m.pcpus || siblingsOn(m, v, p) <= 0),
  }
}

/**
 * The host does not preempt a vCPU whose current thread holds a lock and works. One that spins may
 * wait for a vCPU of the same queue.
 */
export function withoutHolderPreemption(policy: Policy): Policy {
  return {
    ...policy,
    defersNs: (m, p, v) => {
      const t = m.vCur[v]!
      const isInside = t >= 0 && (m.tBlame[t]! >= 0 || m.tReads[t]! >= 0)
      const holds = isInside && m.tMode[t] !== MODE.spin
      if (holds) return HOLDER_DEFERRAL_NS
      return policy.defersNs?.(m, p, v) ?? 0
    },
  }
}

/** A vCPU that co-scheduling holds back may use a pCPU that would idle; it leaves when asked. */
export function withoutFragmentation(policy: Policy): Policy {
  const host = policy.host ?? CFS_HOST
  return {
    ...policy,
    host: {
      ...host,
      pick: (m, p) => {
        const next = host.pick(m, p)
        return next >= 0 ? next : firstHeld(m, p)
      },
      preempts: (m, v, p) => {
        const current = m.pCur[p]!
        return (current >= 0 && m.vHeld[current] !== 0) || host.preempts(m, v, p)
      },
    },
  }
}

function firstHeld(m: Machine, p: number): number {
  for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!) if (m.vHeld[v] !== 0) return v
  return -1
}

/**
 * Oracle co-scheduling: VMs take turns; whose turn it is gets every pCPU that one of its vCPUs can
 * use, one vCPU a pCPU, at once and for its whole turn; the other VMs fill what is left.
 */
export function coScheduled(policy: Policy): Policy {
  const oracle = new Oracle(policy.host ?? CFS_HOST)
  return {
    ...policy,
    host: oracle.host,
    start: (m) => {
      policy.start?.(m)
      oracle.begin(m)
    },
    timer: (m, k) => {
      if (k === ORACLE_TIMER) oracle.rotate(m)
      else policy.timer?.(m, k)
    },
  }
}

class Oracle {
  readonly #base: HostScheduler
  #turn = 0

  constructor(base: HostScheduler) {
    this.#base = base
  }

  get host(): HostScheduler {
    const base = this.#base
    return {
      ...base,
      pick: (m, p) => {
        const next = this.#firstOfTurn(m, p)
        return next >= 0 ? next : base.pick(m, p)
      },
      sliceNs: (m, p, v) =>
        m.vVm[v] === this.#turn ? SIBLING_SLICE_NS : (base.sliceNs?.(m, p, v) ?? Infinity),
      preempts: (m, v, p) => {
        const current = m.pCur[p]!
        const isOn = current >= 0 && m.vVm[current] === this.#turn
        if ((m.vVm[v] === this.#turn) === isOn) return base.preempts(m, v, p)
        return !isOn
      },
      selectPcpu: (m, v) => {
        const p = m.vVm[v] === this.#turn ? this.#apart(m, v) : -1
        return p >= 0 ? p : base.selectPcpu(m, v)
      },
    }
  }

  begin(m: Machine): void {
    setTimer(m, ORACLE_TIMER, this.#turnNs(m))
  }

  /** The next VM with something to run has its turn. */
  rotate(m: Machine): void {
    for (let i = 1; i <= m.vms.length; i++) {
      const next = (this.#turn + i) % m.vms.length
      if (m.vms[next]!.runnable === 0) continue
      this.#turn = next
      break
    }
    this.#spread(m)
    for (let p = 0; p < m.pcpus; p++) requestReschedule(m, p)
    setTimer(m, ORACLE_TIMER, this.#turnNs(m))
  }

  #turnNs(m: Machine): number {
    const weights = m.spec.vms.reduce((sum, vm) => sum + vm.weight, 0)
    return Math.round((TURN_NS * m.spec.vms[this.#turn]!.weight * m.vms.length) / weights)
  }

  #firstOfTurn(m: Machine, p: number): number {
    for (let v = m.pHead[p]!; v >= 0; v = m.vNext[v]!)
      if (m.vVm[v] === this.#turn && m.vHeld[v] === 0) return v
    return -1
  }

  /** Queued vCPUs of the VM that stand behind a sibling move to pCPUs without one. */
  #spread(m: Machine): void {
    const vm = m.vms[this.#turn]!
    for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) {
      if (m.vState[v] !== VCPU.runnable || siblingsOn(m, v, m.vP[v]!) <= 0) continue
      const p = this.#apart(m, v)
      if (p >= 0 && p !== m.vP[v]) moveQueued(m, v, p)
    }
  }

  /** A pCPU without a sibling of the vCPU, its last one first; −1: none. */
  #apart(m: Machine, v: number): number {
    if (m.vPin[v]! >= 0) return m.vPin[v]!
    for (let i = 0; i < m.pcpus; i++) {
      const p = (m.vP[v]! + i) % m.pcpus
      if (siblingsOn(m, v, p) <= 0 && mayUse(m, v, p)) return p
    }
    return -1
  }
}
