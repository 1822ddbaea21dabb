/**
 * What a scheme wants of each VM: where its vCPU threads may run, and which of the guest's CPUs its
 * processes may use. Pure: from facts to goals; reaching them is `converge`'s business.
 */
import { allocateVcpus, placeVcpus } from '../../core/schemes/allocation.ts'
import type { ResizeMechanism } from '../../core/schemes/host-schemes.ts'
import type { SchemeParams } from '../../core/schemes/scheme.ts'
import { BalanceController, PreferredController, spreadAtStart } from './controllers.ts'
import { ascending, type Cores } from './cores.ts'
import { FlexCoreController } from './flexcore-controller.ts'

/** A VM as it is before anything is changed. */
export type Subject = {
  readonly name: string
  /** 1024 = nice 0. */
  readonly weight: number
  /** By vCPU index. */
  readonly affinity: readonly (readonly number[])[]
  /** Guest CPUs online; all of its vCPUs where the guest does not say. Guest CPU i is vCPU i. */
  readonly online: readonly number[]
}

/** What a VM is to be. */
export type Goal = {
  readonly affinity: readonly (readonly number[])[]
  /** Guest CPUs that are online, or that processes may use, as the mechanism has it. */
  readonly cpus: readonly number[]
}

/** What one vCPU did in a period; `pcpu`: where it ran last. */
export type VcpuUse = {
  readonly usedNs: number
  readonly delayNs: number
  readonly pcpu: number | null
}

/** Goals that are reached together; a step when the one before is done. */
export type Step = readonly { readonly vm: number; readonly goal: Goal }[]

/** A scheme that goes on: told each period what was seen, asked when nothing is under way. */
export type Controller = {
  readonly periodMs: number
  /** What it may change, for people. */
  readonly changes: readonly string[]
  /** By VM: what its vCPUs did (null: it is gone), and how many it has. */
  observe(
    periodNs: number,
    uses: readonly (readonly VcpuUse[] | null)[],
    online: readonly number[],
  ): void
  next(): readonly Step[]
}

/** A scheme on its VMs. */
export type SchemeAtWork = {
  /** How guests get more or fewer CPUs; null: they are left alone. */
  readonly mechanism: ResizeMechanism | null
  /** By VM. */
  readonly start: readonly Goal[]
  readonly controller: Controller | null
}

/** A scheme with its parameters, all of them, on these VMs and pCPUs. */
export function schemeAtWork(
  id: string,
  params: SchemeParams,
  vms: readonly Subject[],
  cores: Cores,
): SchemeAtWork {
  const fixed = (start: readonly Goal[], mechanism: ResizeMechanism | null = null) => ({
    mechanism,
    start,
    controller: null,
  })
  const mechanism = params.resize as ResizeMechanism
  const periodMs = Number(params.periodMs)
  switch (id) {
    case 'stock':
      return fixed(vms.map(asItIs))
    case 'pin':
      return fixed(sharesOf(vms, cores).map((own, i) => withAffinity(vms[i]!, own)))
    case 'balance': {
      const start = spreadAtStart(vms, cores)
      return { mechanism: null, start, controller: new BalanceController(vms, cores, periodMs) }
    }
    case 'vcpu-bal':
      return fixed(vcpuBal(vms, cores, Number(params.vcpus)), mechanism)
    case 'flexcore': {
      const controller = new FlexCoreController(vms, cores, params)
      const start = controller.start()
      return { mechanism, start, controller: params.dynamic === true ? controller : null }
    }
    case 'preferred-cpus': {
      const rules = { periodMs, high: Number(params.high), low: Number(params.low) }
      const controller = new PreferredController(vms, rules)
      return { mechanism: 'confinement', start: vms.map(asItIs), controller }
    }
    default:
      throw new Error(`${id} is no host scheme`)
  }
}

/** A VM left as it is. */
const asItIs = ({ affinity, online }: Subject): Goal => ({ affinity, cpus: online })

const withAffinity = (vm: Subject, own: readonly number[]): Goal => ({
  affinity: vm.affinity.map(() => own),
  cpus: vm.online,
})

/** pCPUs of each VM by weight, none idle; all of them for one that got none. */
function sharesOf(vms: readonly Subject[], { ids, grouping }: Cores): readonly number[][] {
  const counts = shareCounts(vms, grouping.pcpus)
  const nowhere = vms.map(() => [])
  return placeVcpus(counts, nowhere, grouping).map((own) =>
    ascending(own.length > 0 ? own.map((place) => ids[place]!) : ids),
  )
}

const shareCounts = (vms: readonly Subject[], pcpus: number): readonly number[] =>
  allocateVcpus(
    pcpus,
    vms.map(({ weight, online }) => ({ weight, vcpus: online.length })),
  )

function vcpuBal(vms: readonly Subject[], cores: Cores, vcpus: number): readonly Goal[] {
  const shares = shareCounts(vms, cores.grouping.pcpus)
  return vms.map(({ affinity, online }, i) => {
    const count = vcpus > 0 ? vcpus : Math.max(1, shares[i]!)
    return { affinity, cpus: online.slice(0, count) }
  })
}
