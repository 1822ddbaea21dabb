/** Layout: which tracks a trace has, and what they, their states and the locks are called. */
import { TIME_CLASSES } from '../base/time-class.ts'
import type { TraceHeader, TraceVm } from '../contract/trace.ts'

/** What a track is of. */
export type TrackKind = 'pcpu' | 'vcpu' | 'thread'

/** A VM with the numbers of its first vCPU, thread and lock. */
export type PlacedVm = TraceVm & {
  readonly index: number
  readonly firstVcpu: number
  readonly firstThread: number
  readonly firstLock: number
}

/** The tracks of a trace: first the pCPUs, then the vCPUs, then the threads. */
export type TraceLayout = {
  readonly pcpus: number
  readonly vcpus: number
  readonly threads: number
  readonly tracks: number
  readonly vms: readonly PlacedVm[]
  /** VM of each vCPU and of each thread. */
  readonly vmOfVcpu: readonly number[]
  readonly vmOfThread: readonly number[]
}

/** States of a vCPU's track, by number. `preempted`: runnable, but not on a pCPU. */
export const VCPU_STATES = ['offline', 'halted', 'preempted', 'running', 'held'] as const
/** Number of each vCPU state. */
export const VCPU_STATE = { offline: 0, halted: 1, preempted: 2, running: 3, held: 4 } as const

/**
 * States of a thread's track, by number: the time classes, and the wait for a barrier, which the
 * run's attribution splits further when the barrier opens.
 */
export const THREAD_STATES: readonly string[] = [...TIME_CLASSES.map((c) => c.key), 'barrier-wait']

/** Lays out the tracks of a host and its VMs. */
export function layoutTrace({ pcpus, vms }: Pick<TraceHeader, 'pcpus' | 'vms'>): TraceLayout {
  const placed: PlacedVm[] = []
  let [firstVcpu, firstThread, firstLock] = [0, 0, 0]
  for (const [index, vm] of vms.entries()) {
    placed.push({ ...vm, index, firstVcpu, firstThread, firstLock })
    firstVcpu += vm.vcpus
    firstThread += vm.threads
    firstLock += vm.mutexes + vm.spinLocks + vm.threads
  }
  return {
    pcpus,
    vcpus: firstVcpu,
    threads: firstThread,
    tracks: pcpus + firstVcpu + firstThread,
    vms: placed,
    vmOfVcpu: placed.flatMap((vm) => Array<number>(vm.vcpus).fill(vm.index)),
    vmOfThread: placed.flatMap((vm) => Array<number>(vm.threads).fill(vm.index)),
  }
}

/** Kind of a track. */
export function trackKind(layout: TraceLayout, track: number): TrackKind {
  if (track < layout.pcpus) return 'pcpu'
  return track < layout.pcpus + layout.vcpus ? 'vcpu' : 'thread'
}

/** The track of a vCPU. */
export const vcpuTrack = (layout: TraceLayout, vcpu: number): number => layout.pcpus + vcpu

/** The track of a thread. */
export const threadTrack = (layout: TraceLayout, thread: number): number =>
  layout.pcpus + layout.vcpus + thread

/** How many states a track has. A pCPU is idle (0) or runs a vCPU of VM state − 1. */
export function stateCount(layout: TraceLayout, track: number): number {
  const kind = trackKind(layout, track)
  if (kind === 'pcpu') return layout.vms.length + 1
  return kind === 'vcpu' ? VCPU_STATES.length : THREAD_STATES.length
}

/** Name of a state of a track, e.g. `running`, `lhp`, or a VM's name. */
export function stateName(layout: TraceLayout, track: number, state: number): string {
  const kind = trackKind(layout, track)
  if (kind === 'pcpu') return state === 0 ? 'idle' : layout.vms[state - 1]!.name
  return (kind === 'vcpu' ? VCPU_STATES[state] : THREAD_STATES[state]) ?? String(state)
}

/** `vm1/v3`; `idle` for −1. */
export function vcpuName(layout: TraceLayout, vcpu: number): string {
  const vm = layout.vms[layout.vmOfVcpu[vcpu] ?? -1]
  return vm === undefined ? 'idle' : `${vm.name}/v${vcpu - vm.firstVcpu}`
}

/** `vm1/t7`; `–` for −1. */
export function threadName(layout: TraceLayout, thread: number): string {
  const vm = layout.vms[layout.vmOfThread[thread] ?? -1]
  return vm === undefined ? '–' : `${vm.name}/t${thread - vm.firstThread}`
}

/** Name of a track: `p0`, `vm1/v3`, `vm1/t7`. */
export function trackName(layout: TraceLayout, track: number): string {
  const kind = trackKind(layout, track)
  if (kind === 'pcpu') return `p${track}`
  if (kind === 'vcpu') return vcpuName(layout, track - layout.pcpus)
  return threadName(layout, track - layout.pcpus - layout.vcpus)
}

/**
 * `vm1 mutex 0`, `vm1 spin lock 2`; `vm1 bulk lock 3` is whichever of many has that place while its
 * holder or a waiter is known.
 */
export function lockName(layout: TraceLayout, lock: number): string {
  const vm = layout.vms.findLast((candidate) => lock >= candidate.firstLock)
  if (vm === undefined) return `lock ${lock}`
  const at = lock - vm.firstLock
  if (at < vm.mutexes) return `${vm.name} mutex ${at}`
  const spin = at - vm.mutexes
  if (spin < vm.spinLocks) return `${vm.name} spin lock ${spin}`
  return `${vm.name} bulk lock ${spin - vm.spinLocks}`
}
