/**
 * One VM while a scheme is on it: brings it to a goal, in the order that gives the guest the CPU
 * time it needs for that. A VM that shrinks keeps its pCPUs until the guest has let go; one that
 * grows has them before.
 */
import { performance } from 'node:perf_hooks'
import { formatCpus } from '../../core/base/cpu-list.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { VmSnapshot } from '../../core/contract/agent/change.ts'
import type { ResizeMechanism } from '../../core/schemes/host-schemes.ts'
import { Confinement } from './confinement.ts'
import type { Goal } from './scheme-goals.ts'
import { DEADLINES, type Deadlines } from './see-vm.ts'
import type { VmPort } from './vm-port.ts'

/** Changes one VM; one goal at a time. */
export class VmChanger {
  readonly vm: VmPort
  readonly #snapshot: VmSnapshot
  readonly #mechanism: ResizeMechanism | null
  readonly #deadlines: Deadlines
  readonly #confinement: Confinement
  readonly #signal: AbortSignal
  #cpus: readonly number[]

  /** @param signal stops it between two calls, for good */
  constructor(
    vm: VmPort,
    snapshot: VmSnapshot,
    mechanism: ResizeMechanism | null,
    signal: AbortSignal,
    deadlines: Deadlines = DEADLINES,
  ) {
    this.vm = vm
    this.#snapshot = snapshot
    this.#mechanism = mechanism
    this.#deadlines = deadlines
    this.#confinement = new Confinement(vm, deadlines.changeMs, signal)
    this.#signal = signal
    this.#cpus = snapshot.online ?? snapshot.affinity.map((_, vcpu) => vcpu)
  }

  /** Guest CPUs that it has now. */
  get cpus(): readonly number[] {
    return this.#cpus
  }

  /**
   * Brings it there. Gives the ms that the guest's resize took; null: there was none.
   *
   * @throws LabError when it does not come to that; the VM is then somewhere on the way
   */
  async reach(goal: Goal): Promise<number | null> {
    const shrinks = goal.cpus.length < this.#cpus.length
    if (!shrinks) await this.#pin(goal.affinity)
    const tookMs = await this.#resize(goal.cpus)
    if (shrinks) await this.#pin(goal.affinity)
    return tookMs
  }

  async #pin(affinity: Goal['affinity']): Promise<void> {
    for (const [vcpu, cpus] of affinity.entries()) {
      this.#signal.throwIfAborted()
      const now = this.vm.affinity(vcpu)
      if (now === null || formatCpus(now) === formatCpus(cpus)) continue
      await this.vm.setAffinity(vcpu, cpus)
    }
  }

  async #resize(cpus: readonly number[]): Promise<number | null> {
    if (this.#mechanism === null || formatCpus(cpus) === formatCpus(this.#cpus)) return null
    this.#signal.throwIfAborted()
    const startMs = performance.now()
    try {
      await this.#set(cpus)
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      this.#signal.throwIfAborted()
      // Perhaps it has no CPU time where it is pinned: once more with all that it had before.
      await this.#pin(this.#snapshot.affinity)
      await this.#set(cpus)
    }
    this.#cpus = cpus
    return performance.now() - startMs
  }

  async #set(cpus: readonly number[]): Promise<void> {
    const { online, cpusets } = this.#snapshot
    if (this.#mechanism === 'hotplug') await this.vm.setOnline(cpus, this.#deadlines.changeMs)
    else if (cpusets !== null && online !== null) await this.#confinement.confine(cpusets, cpus)
    else throw new LabError('unavailable', `${this.vm.name}: its cpusets were never read`)
  }
}
