/** Spec: the frozen description of what is simulated. State lives elsewhere and is plain. */
import type { GuestCosts, HostCosts } from './parameters.ts'
import type { WorkloadSpec } from './program.ts'

/**
 * pCPU topology. A pCPU is a hardware thread; numbers run socket by socket, cache by cache, core by
 * core. A socket is a NUMA node; `coresPerLlc` cores of it share a last-level cache.
 */
export type Topology = {
  readonly sockets: number
  readonly coresPerSocket: number
  readonly coresPerLlc: number
  readonly threadsPerCore: number
}

/** Host features that combine with any scheme. */
export type Switches = {
  readonly ple: boolean
  readonly haltPolling: boolean
  readonly cgroupFairness: boolean
  /** What a guest kernel's ticket locks become: paravirtual ticket or queue locks. */
  readonly pvLocks: 'none' | 'ticket' | 'qspinlock'
}

/** One VM. Weight 1024 = nice 0. */
export type VmSpec = {
  readonly name: string
  readonly vcpus: number
  readonly weight: number
  readonly workload: WorkloadSpec
  readonly startNs: number
  /** When it is shut down; Infinity: never. The run does not wait for a VM that departs. */
  readonly stopNs: number
  readonly iterations: number
  readonly repeat: 'until-others' | 'stop' | 'load'
}

/** Where a run stops even if its work is not done. */
export type Budget = { readonly eventsMax: number; readonly simulatedNsMax: number }

/** What a counterfactual run does away with; all off in a real one. */
export type Oracle = {
  /** The host preempts no holder of a lock of a bulk set. */
  readonly locks: boolean
  /** A preempted vCPU acknowledges an IPI at once. */
  readonly ipis: boolean
  /** A pCPU that would idle may run a vCPU that is held back. */
  readonly backfill: boolean
}

/** Everything the model needs besides the scheme. */
export type SimSpec = {
  readonly topology: Topology
  readonly costs: HostCosts
  readonly guest: GuestCosts
  readonly switches: Switches
  readonly vms: readonly VmSpec[]
  readonly oracle: Oracle
  readonly seed: number
  readonly budget: Budget
}

/** Does the run last until the VM has its iterations? Visitors and mere load are not awaited. */
export const isAwaited = (vm: VmSpec): boolean => vm.stopNs === Infinity && vm.repeat !== 'load'

/** Number of pCPUs of a topology. */
export const pcpuCount = (t: Topology): number => t.sockets * t.coresPerSocket * t.threadsPerCore
