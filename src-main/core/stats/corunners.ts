/**
 * Co-runners: how much slower each VM is than its reference, run by run. Worst slowdown and
 * weighted speed-up as in multiprogramming studies (Snavely and Tullsen, ASPLOS 2000; Eyerman and
 * Eeckhout, IEEE Micro 28(3), 2008), with times in place of instructions per cycle.
 */
import type { Factors } from '../contract/campaign.ts'
import type { Estimate } from '../contract/comparison.ts'
import type { Corunners, VmSlowdown } from '../contract/corunners.ts'
import type { Cell } from '../contract/library.ts'
import type { RunKind } from '../contract/result.ts'
import { groupNamer } from './collect-series.ts'
import { geometricMeanEstimate, meanEstimate } from './interval.ts'

/** A VM in a run. `workload`: what it ran, as text, so that equal text is equal work. */
export type VmTimes = {
  readonly name: string
  readonly app: string
  readonly vcpus: number
  readonly workload: string
  readonly iterationNs: readonly number[]
  readonly iterationsAsked: number
}

/** A run with its VMs. `idleShare`: of the pCPUs' time; null where it could not be seen. */
export type CorunRun = {
  readonly seed: number
  readonly factors: Factors
  readonly idleShare: number | null
  readonly vms: readonly VmTimes[]
}

/** What the slowdowns are made of. */
export type CorunnersInput = {
  readonly campaignId: string
  readonly kind: RunKind
  readonly baseline: string
  readonly cells: readonly Cell[]
  readonly runs: readonly CorunRun[]
}

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length

/** Mean of the iterations that count, of all where none does; null without any. */
function timeOf({ iterationNs, iterationsAsked }: VmTimes): number | null {
  const asked = iterationNs.slice(0, iterationsAsked)
  const counted = asked.length > 0 ? asked : iterationNs
  const timeNs = counted.length === 0 ? 0 : mean(counted)
  return timeNs > 0 && Number.isFinite(timeNs) ? timeNs : null
}

function besideOf(vms: readonly VmTimes[], index: number): string {
  const others = vms.filter((_, at) => at !== index).map(({ app }) => app)
  const counted = Map.groupBy(others.toSorted(), (app) => app)
  return [...counted]
    .map(([app, { length }]) => (length === 1 ? app : `${length} × ${app}`))
    .join(' + ')
}

type References = (run: CorunRun, group: string, index: number) => number | null

const workOf = (vm: VmTimes): string => JSON.stringify([vm.vcpus, vm.workload])

/** Times of VMs that had the host to themselves under the baseline: by seed, else their mean. */
function aloneTimes({ runs, baseline }: CorunnersInput): References | null {
  const alone = runs.filter((run) => run.vms.length === 1 && run.factors.scheme === baseline)
  const found = alone.flatMap((run) => {
    const timeNs = timeOf(run.vms[0]!)
    return timeNs === null ? [] : [{ work: workOf(run.vms[0]!), seed: run.seed, timeNs }]
  })
  if (found.length === 0 || alone.length === runs.length) return null
  const byWork = Map.groupBy(found, ({ work }) => work)
  return ({ vms, seed }, _group, index) => {
    const own = byWork.get(workOf(vms[index]!)) ?? []
    const paired = own.filter((one) => one.seed === seed)
    const used = paired.length > 0 ? paired : own
    return used.length === 0 ? null : mean(used.map(({ timeNs }) => timeNs))
  }
}

function baselineTimes(
  { runs, baseline }: CorunnersInput,
  nameOf: (factors: Factors) => string,
): References {
  const key = (group: string, seed: number) => JSON.stringify([group, seed])
  const base = new Map(
    runs
      .filter(({ factors }) => factors.scheme === baseline)
      .map((run) => [key(nameOf(run.factors), run.seed), run]),
  )
  return ({ seed }, group, index) => {
    const vm = base.get(key(group, seed))?.vms[index]
    return vm === undefined ? null : timeOf(vm)
  }
}

/** The slowdowns of a campaign's VMs. */
export function corunnersOf(input: CorunnersInput): Corunners {
  const { campaignId, kind, baseline, runs } = input
  const nameOf = groupNamer([...input.cells, ...runs])
  const alone = aloneTimes(input)
  const referenceOf = alone ?? baselineTimes(input, nameOf)
  let withoutReference = 0
  // Who is alone has no co-runner; under the baseline only, such runs would flatter it.
  const shared = runs.filter(({ vms }) => vms.length > 1)
  const vms = shared.flatMap((run) => {
    const group = nameOf(run.factors)
    return run.vms.flatMap((vm, index): VmSlowdown[] => {
      const timeNs = timeOf(vm)
      const reference = referenceOf(run, group, index)
      if (timeNs === null || reference === null) {
        withoutReference += 1
        return []
      }
      const { scheme } = run.factors
      const beside = besideOf(run.vms, index)
      const at = { group, scheme, seed: run.seed, vm: vm.name, app: vm.app, beside }
      return [{ ...at, slowdown: timeNs / reference }]
    })
  })
  const idle = shared.flatMap(({ factors, seed, idleShare }) =>
    idleShare === null
      ? []
      : [{ group: nameOf(factors), scheme: factors.scheme, seed, share: idleShare }],
  )
  return {
    ...{ campaignId, kind, baseline, vms, withoutReference, idle },
    reference: alone === null ? 'baseline' : 'alone',
    idleNotObservable:
      idle.length === shared.length
        ? null
        : 'the host did not show what else it ran, or the campaign names no pCPUs',
  }
}

/** Fairness of one scheme over the runs that are shown. */
export type Fairness = {
  readonly scheme: string
  readonly runs: number
  /** The most slowed-down VM of a run; mean over the runs. */
  readonly worst: Estimate
  /** The most slowed-down VM of all. */
  readonly worstEver: VmSlowdown
  /** Σ reference / time over a run's VMs, per VM: 1 as the reference; mean over the runs. */
  readonly weightedSpeedup: Estimate
  /** null where it could not be seen. */
  readonly idleShare: Estimate | null
}

/** What is shown of the co-runners. */
export type CorunnersPart = {
  readonly groups: readonly string[]
  readonly schemes: readonly string[]
}

const meanOf = (values: readonly number[]): Estimate => meanEstimate(Float64Array.from(values))

/** A share may be zero, of which no logarithm is taken. */
const shareOf = (values: readonly number[]): Estimate =>
  values.every((value) => value > 0) ? meanOf(values) : { value: mean(values), lo: null, hi: null }

/** Fairness scheme by scheme, in the order of the schemes. */
export function fairnessOf(corunners: Corunners, part: CorunnersPart): Fairness[] {
  const groups = new Set(part.groups)
  return part.schemes.flatMap((scheme) => {
    const isOwn = (one: { scheme: string; group: string }) =>
      one.scheme === scheme && groups.has(one.group)
    const vms = corunners.vms.filter(isOwn)
    if (vms.length === 0) return []
    const runs = [...Map.groupBy(vms, (vm) => JSON.stringify([vm.group, vm.seed])).values()]
    const idle = corunners.idle.filter(isOwn).map(({ share }) => share)
    return [
      {
        scheme,
        runs: runs.length,
        worst: meanOf(runs.map((own) => Math.max(...own.map((vm) => vm.slowdown)))),
        worstEver: vms.reduce((worst, vm) => (vm.slowdown > worst.slowdown ? vm : worst)),
        weightedSpeedup: meanOf(runs.map((own) => mean(own.map((vm) => 1 / vm.slowdown)))),
        idleShare: idle.length === 0 ? null : shareOf(idle),
      },
    ]
  })
}

/** A cell of the interference matrix: an app beside others, mean over runs and VMs. */
export type Interference = {
  readonly app: string
  readonly beside: string
  readonly slowdown: Estimate
  readonly vms: number
}

/** The interference matrix of one scheme: geometric means of slowdowns by victim and co-runners. */
export function interferenceOf(
  corunners: Corunners,
  scheme: string,
  groups: readonly string[],
): Interference[] {
  const own = corunners.vms.filter((vm) => vm.scheme === scheme && groups.includes(vm.group))
  // Where every app is beside its own kind alone, a matrix would be its diagonal.
  const isDiagonal = own.every(({ app, beside }) => beside.replace(/^\d+ × /, '') === app)
  const besideWhom = ({ app, beside }: VmSlowdown) =>
    isDiagonal ? `${beside.slice(0, beside.length - app.length)}itself` : beside
  const cells = Map.groupBy(own, (vm) => JSON.stringify([vm.app, vm.beside]))
  return [...cells.values()].map((vms) => ({
    app: vms[0]!.app,
    beside: besideWhom(vms[0]!),
    slowdown: geometricMeanEstimate(Float64Array.from(vms, (vm) => Math.log(vm.slowdown))),
    vms: vms.length,
  }))
}
