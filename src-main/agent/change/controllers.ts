/**
 * The schemes that go on beside flexcore: balance spreads sibling vCPUs over disjoint pCPUs, and
 * preferred-cpus folds guests that lose time. Both are pure.
 */
import { ascending, type Cores } from './cores.ts'
import type { Controller, Goal, Step, Subject, VcpuUse } from './scheme-goals.ts'

/** Use is compared in steps of a tenth of the period, so that noise moves nobody. */
const USE_STEPS = 10

/** Sets of pCPUs for the siblings of one VM, disjoint; all for each where there are too few. */
export function spread(
  /** By vCPU: how much it wants, and the pCPU where it is; −1: nowhere yet. */
  vcpus: readonly { readonly use: number; readonly pcpu: number }[],
  /** pCPUs with what others use there. */
  load: ReadonlyMap<number, number>,
): readonly number[][] {
  const byLoad = [...load.keys()].sort((a, b) => load.get(a)! - load.get(b)! || a - b)
  if (vcpus.length === 0 || vcpus.length > byLoad.length) return vcpus.map(() => ascending(byLoad))
  const sets = vcpus.map((): number[] => [])
  const free = new Set(byLoad)
  const take = (vcpu: number, pcpu: number | undefined): void => {
    if (pcpu === undefined || !free.delete(pcpu)) return
    sets[vcpu]!.push(pcpu)
  }
  const order = vcpus.map((_, i) => i).sort((a, b) => vcpus[b]!.use - vcpus[a]!.use || a - b)
  // each stays where it is unless a sibling that wants more is there
  for (const vcpu of order) take(vcpu, vcpus[vcpu]!.pcpu)
  for (const vcpu of order) if (sets[vcpu]!.length === 0) take(vcpu, firstOf(byLoad, free))
  while (free.size > 0) for (const vcpu of order) take(vcpu, firstOf(byLoad, free))
  return sets.map(ascending)
}

const firstOf = (order: readonly number[], free: ReadonlySet<number>): number | undefined =>
  order.find((pcpu) => free.has(pcpu))

const withSets = (vm: Subject, sets: readonly (readonly number[])[]): Goal => ({
  affinity: sets,
  cpus: vm.online,
})

/** Where balance begins: each VM dealt out anew, the next VM a pCPU further. */
export function spreadAtStart(vms: readonly Subject[], { ids }: Cores): readonly Goal[] {
  const nothing = new Map(ids.map((id) => [id, 0]))
  return vms.map((vm, i) => {
    const at = (vcpu: number): number => ids[(vcpu + i) % ids.length]!
    const vcpus = vm.affinity.map((_, vcpu) => ({ use: 0, pcpu: at(vcpu) }))
    return withSets(vm, spread(vcpus, nothing))
  })
}

/** balance: spreads siblings anew each period, by what they used and where others load pCPUs. */
export class BalanceController implements Controller {
  readonly periodMs: number
  readonly changes: readonly string[]
  readonly #vms: readonly Subject[]
  readonly #cores: Cores
  #sets: string[]
  #next: Step = []

  constructor(vms: readonly Subject[], cores: Cores, periodMs: number) {
    this.periodMs = periodMs
    this.#vms = vms
    this.#cores = cores
    this.#sets = spreadAtStart(vms, cores).map(({ affinity }) => JSON.stringify(affinity))
    const names = vms.map(({ name }) => name).join(', ')
    this.changes = [`affinity of the vCPU threads of ${names}: disjoint sets of these pCPUs`]
  }

  observe(periodNs: number, uses: readonly (readonly VcpuUse[] | null)[]): void {
    const wants = uses.map((vcpus) =>
      (vcpus ?? []).map(({ usedNs, delayNs, pcpu }) => {
        const use = Math.round((USE_STEPS * (usedNs + delayNs)) / periodNs)
        return { use, pcpu: pcpu ?? -1 }
      }),
    )
    this.#next = wants.flatMap((own, vm) => {
      if (own.length === 0) return []
      const load = new Map(this.#cores.ids.map((id) => [id, 0]))
      wants.forEach((others, other) => {
        if (other === vm) return
        for (const { use, pcpu } of others)
          if (load.has(pcpu)) load.set(pcpu, load.get(pcpu)! + use)
      })
      return [{ vm, goal: withSets(this.#vms[vm]!, spread(own, load)) }]
    })
  }

  next(): readonly Step[] {
    const changed = this.#next.filter(({ vm, goal }) => {
      return this.#sets[vm] !== JSON.stringify(goal.affinity)
    })
    for (const { vm, goal } of changed) this.#sets[vm] = JSON.stringify(goal.affinity)
    this.#next = []
    return changed.length > 0 ? [changed] : []
  }
}

/** preferred-cpus: one guest CPU less with much run delay, one more with hardly any. */
export class PreferredController implements Controller {
  readonly periodMs: number
  readonly changes: readonly string[]
  readonly #vms: readonly Subject[]
  readonly #rules: { readonly high: number; readonly low: number }
  #wanted: { readonly vm: number; readonly count: number }[] = []

  constructor(
    vms: readonly Subject[],
    rules: { readonly periodMs: number; readonly high: number; readonly low: number },
  ) {
    this.periodMs = rules.periodMs
    this.#vms = vms
    this.#rules = rules
    const names = vms.map(({ name }) => name).join(', ')
    this.changes = [`guest CPUs of ${names} by confinement, 1 to all of those online now`]
  }

  observe(
    periodNs: number,
    uses: readonly (readonly VcpuUse[] | null)[],
    online: readonly number[],
  ): void {
    this.#wanted = uses.flatMap((vcpus, vm) => {
      const now = online[vm]!
      const delayNs = (vcpus ?? []).reduce((sum, use) => sum + use.delayNs, 0)
      const lost = delayNs / (periodNs * now)
      const by = lost > this.#rules.high ? -1 : lost <= this.#rules.low ? 1 : 0
      const count = Math.min(this.#vms[vm]!.online.length, Math.max(1, now + by))
      return vcpus === null || count === now ? [] : [{ vm, count }]
    })
  }

  next(): readonly Step[] {
    const step = this.#wanted.map(({ vm, count }) => {
      const { affinity, online } = this.#vms[vm]!
      return { vm, goal: { affinity, cpus: online.slice(0, count) } }
    })
    this.#wanted = []
    return step.length > 0 ? [step] : []
  }
}
