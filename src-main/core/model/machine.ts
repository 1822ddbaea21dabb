/**
 * Machine: the state of a run. Plain data: the functions of the other files work on it.
 */
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import { Engine } from '../sim/engine.ts'
import { Arrays } from './arrays.ts'
import { BackWalk } from './barrier-split.ts'
import { encode } from './code.ts'
import type { Code } from './code.ts'
import type { Consensus } from './consensus.ts'
import { CFS_HOST } from './host-cfs.ts'
import type { HostScheduler } from './host-scheduler.ts'
import type { GuestCosts, HostCosts } from './parameters.ts'
import type { Policy } from './policy.ts'
import type { Recorder } from './recorder.ts'
import { smtSpeeds } from './smt.ts'
import { layoutSlots } from './slots.ts'
import type { Slots } from './slots.ts'
import type { SimSpec } from './spec.ts'
import { pcpuCount, isAwaited } from './spec.ts'
import { createVms } from './vm-state.ts'
import type { VmState } from './vm-state.ts'
import { HOST_COUNTERS } from './vocabulary.ts'
import type { HostCounters } from './vocabulary.ts'
import { Tally, WorkList } from './work-list.ts'

/** CFS constants of one kernel, scaled by its CPUs, ns. */
export type CfsConstants = {
  readonly latencyNs: number
  readonly minGranularityNs: number
  readonly wakeupGranularityNs: number
}

/** What the kernel scales its times by at boot: 1 + ilog2(min(cpus, 8)). */
export const kernelScale = (cpus: number): number => 32 - Math.clz32(Math.min(cpus, 8))

function cfsConstants(cpus: number, of: HostCosts | GuestCosts): CfsConstants {
  const scale = kernelScale(cpus)
  return {
    latencyNs: of.cfsLatencyNs * scale,
    minGranularityNs: of.cfsMinGranularityNs * scale,
    wakeupGranularityNs: of.cfsWakeupGranularityNs * scale,
  }
}

/** Everything about a run.  */
export class Machine extends Arrays {
  readonly spec: SimSpec
  readonly policy: Policy
  readonly host: HostScheduler
  /** Slices end at a timer of their own, not only at ticks. */
  readonly hasSlices: boolean
  readonly costs: HostCosts
  readonly guest: GuestCosts
  readonly hostCfs: CfsConstants
  readonly guestCfs: readonly CfsConstants[]
  /** pCPUs of a socket, of an LLC, of a core. */
  readonly perSocket: number
  readonly perLlc: number
  readonly perCore: number
  /** Pause-loop window of a vCPU that was just scheduled in. */
  readonly pleWindowNs: number
  /** Speed of a busy hardware thread by how many of its core's are busy. */
  readonly smtSpeed: Float64Array
  /** How long a PV lock's waiter spins before it halts, and between looks at its predecessor. */
  readonly pvSpinNs: number
  readonly pvCheckNs: number
  readonly slots: Slots
  readonly engine: Engine
  readonly vms: readonly VmState[]
  readonly code: readonly Code[]
  readonly counters: HostCounters = zeroCounters()
  readonly idleClass = TIME_CLASS_KEYS.indexOf('idle')
  /** Who listens to the run; most runs have none. */
  recorder: Recorder | null = null
  now = 0
  /** VMs that stay and have their iterations; the run ends when that is all that stay. */
  vmFinished = 0
  readonly vmsAwaited: number
  /** Operations of programs that were executed: how much work the events stand for. */
  operations = 0
  idlePcpus = this.pcpus
  /** Runnable vCPUs that co-scheduling holds back. */
  heldRunnable = 0
  readonly toAdvance = new WorkList()
  readonly toReschedule = new WorkList()
  /** What the lists hold that few events add to. */
  readonly rareWork = new Tally()
  readonly toGuestReschedule = new WorkList(this.rareWork)
  /** Spinners whose last reason to wait disappeared with a ballooned vCPU. */
  readonly toRelease = new WorkList(this.rareWork)
  /** Leaving vCPUs whose thread has just left its section. */
  readonly toLeave = new WorkList(this.rareWork)
  /** Consensuses that are complete. */
  readonly toConclude = new WorkList(this.rareWork)
  readonly consensus: readonly Consensus[]
  /** Whom the barrier that opens just now lets go, and the walk over its last arriver's past. */
  readonly barrierWaiters = new WorkList()
  readonly backWalk = new BackWalk()
  /** VMs whose next iteration starts when the current event is handled. */
  readonly toStart = new WorkList()

  constructor(spec: SimSpec, policy: Policy) {
    const pcpus = pcpuCount(spec.topology)
    const { sockets, coresPerSocket, coresPerLlc, threadsPerCore } = spec.topology
    const cores = sockets * coresPerSocket
    const llcs = cores / coresPerLlc
    const { vms, totals } = createVms(spec)
    const [vcpus, threads, locks] = totals
    super({ pcpus, vcpus, threads, locks, vms: vms.length, sockets, llcs, cores })
    const slots = layoutSlots(spec, vcpus, threads)
    this.spec = spec
    this.vmsAwaited = spec.vms.filter(isAwaited).length
    this.policy = policy
    this.host = policy.host ?? CFS_HOST
    this.hasSlices = this.host.sliceNs !== undefined || policy.defersNs !== undefined
    this.costs = spec.costs
    this.guest = spec.guest
    this.hostCfs = cfsConstants(pcpus, spec.costs)
    this.guestCfs = spec.vms.map((vm) => cfsConstants(vm.vcpus, spec.guest))
    this.perSocket = coresPerSocket * threadsPerCore
    this.perLlc = coresPerLlc * threadsPerCore
    this.perCore = threadsPerCore
    this.pleWindowNs = Math.max(1, Math.round(spec.costs.pleWindowCycles / spec.costs.clockGhz))
    this.smtSpeed = smtSpeeds(threadsPerCore, spec.costs.smtThroughput)
    this.pvSpinNs = Math.round(spec.guest.pvSpinIterations * spec.guest.spinLoopNs)
    this.pvCheckNs = Math.max(1, Math.round(spec.guest.pvCheckIterations * spec.guest.spinLoopNs))
    this.slots = slots
    this.engine = new Engine(slots.total, (slot) => slots.kindOf[slot]!)
    this.vms = vms
    this.consensus = vms.flatMap((vm) => vm.consensus)
    this.consensus.forEach((c, id) => (c.id = id))
    this.code = vms.flatMap((vm) => encode(vm.workload))
  }
}

function zeroCounters(): HostCounters {
  const zero: Partial<HostCounters> = {}
  for (const name of HOST_COUNTERS) zero[name] = 0
  return zero as HostCounters
}
