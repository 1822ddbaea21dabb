/**
 * Ballooning: FlexCore's controller, pure, so that the simulated scheme and the agent on a real
 * host decide alike. Each period it is told what each VM used; it says which VMs get how many
 * vCPUs, on which pCPUs, and in which order to change that.
 */
import { allocateVcpus, placeVcpus } from './allocation.ts'
import type { Grouping } from './allocation.ts'

/** A VM when the controller begins. Busy: it is given its share, as if it used all of its vCPUs. */
export type VmAtStart = {
  /** 1024 = nice 0. */
  readonly weight: number
  /** vCPUs at most. */
  readonly vcpus: number
  /** vCPUs online now. */
  readonly online: number
  readonly busy: boolean
}

/** What was seen of a VM over a period. */
export type VmUse = Omit<VmAtStart, 'busy'> & {
  /** CPU time of its vCPUs, ns. */
  readonly usedNs: number
  /** Time that its vCPUs waited for a pCPU, ns (/proc/PID/task/TID/schedstat). */
  readonly delayNs: number
  /** Threads that run or wait in the guest; absent: not observable. */
  readonly load?: number
}

/** How the controller decides. */
export type BallooningRules = {
  /** Periods that a change of what a VM needs must persist, ≥ 1. */
  readonly hysteresis: number
  /** A VM that wants less of one pCPU is idle, and busy again from twice as much, 0 … 1. */
  readonly idleFraction: number
}

/** A VM gets `pins.length` vCPUs, vCPU i on pCPU pins[i]; −1: unpinned, it shares. */
export type Target = { readonly vm: number; readonly pins: readonly number[] }

/** Resizes of a step go together, a step when the one before is done: first shrink, then grow. */
export type Change = readonly (readonly Target[])[]

/** Part of a vCPU that is not rounded up: what a guest's ticks and daemons add. */
const NOT_ROUNDED_UP = 0.25

/**
 * vCPUs that a VM needs, 0: it is idle. It wants the pCPUs that it used or waited for, and as much
 * room again as its square root, since the vCPUs of a parallel program are busy in bursts
 * (square-root staffing). Only one with less than half of that room left may want more than can be
 * seen: as many as it has threads to run, or, where these cannot be seen, all of its vCPUs. So a
 * demand that does not change never makes a VM grow and shrink in turn: √d / 2 > NOT_ROUNDED_UP
 * wherever it grows, and it shrinks to no number from which it would.
 */
export function vcpusNeeded(
  use: VmUse,
  periodNs: number,
  idleFraction: number,
  wasIdle: boolean,
): number {
  const demand = (use.usedNs + use.delayNs) / periodNs
  if (demand < idleFraction * (wasIdle ? 2 : 1)) return 0
  const isShort = demand + Math.sqrt(demand) / 2 > use.online
  if (!isShort) return Math.max(1, Math.min(use.online, withRoom(demand)))
  return Math.min(use.vcpus, withRoom(Math.max(demand, use.load ?? Infinity)))
}

const withRoom = (demand: number): number => Math.ceil(demand + Math.sqrt(demand) - NOT_ROUNDED_UP)

/** What a VM needs as the controller takes it: follows only what all of the last periods say. */
class SettledNeed {
  readonly #recent: number[]
  value: number

  constructor(value: number, periods: number) {
    this.value = value
    this.#recent = new Array<number>(periods).fill(value)
  }

  follow(need: number): void {
    this.#recent.push(need)
    this.#recent.shift()
    this.value = Math.min(
      Math.max(...this.#recent),
      Math.max(this.value, Math.min(...this.#recent)),
    )
  }
}

/**
 * The controller. Call `change` once to begin; then `observe` each period, and `change` whenever no
 * change is under way. It goes by what is online, so what failed comes up again.
 */
export class Ballooning {
  readonly #host: Grouping
  readonly #idleFraction: number
  readonly #needs: readonly SettledNeed[]
  #vms: readonly (Omit<VmAtStart, 'busy'> | null)[]
  #placed: readonly (readonly number[])[]

  constructor(host: Grouping, rules: BallooningRules, vms: readonly VmAtStart[]) {
    this.#host = host
    this.#idleFraction = rules.idleFraction
    this.#needs = vms.map((vm) => new SettledNeed(vm.busy ? vm.vcpus : 0, rules.hysteresis))
    this.#vms = vms
    this.#placed = vms.map(() => [])
  }

  /** What each VM did in a period; null: it is gone. */
  observe(periodNs: number, uses: readonly (VmUse | null)[]): void {
    this.#vms = uses
    uses.forEach((use, i) => {
      if (use === null) return
      const need = this.#needs[i]!
      need.follow(vcpusNeeded(use, periodNs, this.#idleFraction, need.value === 0))
    })
  }

  /** What is to be done now, which the caller then does; empty: nothing. */
  change(): Change {
    const target = placeVcpus(this.#counts(), this.#placed, this.#host)
    const shrink: Target[] = []
    const grow: Target[] = []
    this.#vms.forEach((vm, i) => {
      if (vm === null) return
      const cores = target[i]!.length
      const held = this.#placed[i]!.length
      // one without a pCPU of its own keeps a vCPU, since a VM cannot do without
      const pins = cores > 0 ? target[i]! : [-1]
      if (pins.length < vm.online || cores < held) shrink.push({ vm: i, pins })
      else if (pins.length > vm.online || cores > held) grow.push({ vm: i, pins })
    })
    this.#placed = target
    return [shrink, grow].filter((step) => step.length > 0)
  }

  #counts(): readonly number[] {
    const claims = this.#vms.flatMap((vm, i) =>
      vm === null ? [] : [{ ...vm, need: this.#needs[i]!.value }],
    )
    const counts = [...allocateVcpus(this.#host.pcpus, claims)]
    return this.#vms.map((vm) => (vm === null ? 0 : counts.shift()!))
  }
}
