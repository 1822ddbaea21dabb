/**
 * FlexCore on a real host: the decisions are the simulator's (`core/schemes/ballooning`); here they
 * become goals of VMs with their own CPU numbers.
 */
import { Ballooning, type Target, type VmUse } from '../../core/schemes/ballooning.ts'
import type { SchemeParams } from '../../core/schemes/scheme.ts'
import { ascending, type Cores } from './cores.ts'
import type { Controller, Goal, Step, Subject, VcpuUse } from './scheme-goals.ts'

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** vCPU counts that follow what the VMs need; each vCPU has a pCPU of its own. */
export class FlexCoreController implements Controller {
  readonly periodMs: number
  readonly changes: readonly string[]
  readonly #vms: readonly Subject[]
  readonly #cores: Cores
  readonly #ballooning: Ballooning

  constructor(vms: readonly Subject[], cores: Cores, params: SchemeParams) {
    this.#vms = vms
    this.#cores = cores
    this.periodMs = Number(params.periodMs)
    const names = vms.map(({ name }) => name).join(', ')
    this.changes = [
      `guest CPUs of ${names} by ${String(params.resize)}, 1 to all of those online now`,
      `affinity of their vCPU threads: one pCPU each; all of these where a VM has none of its own`,
    ]
    const rules = {
      hysteresis: Number(params.hysteresis),
      idleFraction: Number(params.idleFraction),
    }
    const atStart = vms.map(({ weight, online }) => {
      return { weight, vcpus: online.length, online: online.length, busy: true }
    })
    this.#ballooning = new Ballooning(cores.grouping, rules, atStart)
  }

  /** Goals of the beginning, by VM: shares of VMs that are all busy. */
  start(): readonly Goal[] {
    const targets = new Map(this.#ballooning.change().flatMap((step) => step.map(entry)))
    return this.#vms.map((vm, i) => this.#goal(vm, targets.get(i) ?? [-1]))
  }

  observe(
    periodNs: number,
    uses: readonly (readonly VcpuUse[] | null)[],
    online: readonly number[],
  ): void {
    const seen = uses.map((vcpus, i): VmUse | null => {
      if (vcpus === null) return null
      const { weight, online: all } = this.#vms[i]!
      return {
        weight,
        vcpus: all.length,
        online: online[i]!,
        usedNs: sum(vcpus.map(({ usedNs }) => usedNs)),
        delayNs: sum(vcpus.map(({ delayNs }) => delayNs)),
      }
    })
    this.#ballooning.observe(periodNs, seen)
  }

  next(): readonly Step[] {
    return this.#ballooning
      .change()
      .map((step) => step.map(({ vm, pins }) => ({ vm, goal: this.#goal(this.#vms[vm]!, pins) })))
  }

  /** The first guest CPUs get the pins; the others, unused, stay out of the way of other VMs. */
  #goal({ affinity, online }: Subject, pins: readonly number[]): Goal {
    const { ids } = this.#cores
    const own = pins.map((place) => (place < 0 ? ids : [ids[place]!]))
    const all = ascending(own.flat())
    const cpus = online.slice(0, pins.length)
    return {
      affinity: affinity.map((_, vcpu) => ascending(own[cpus.indexOf(vcpu)] ?? all)),
      cpus,
    }
  }
}

const entry = ({ vm, pins }: Target): [number, readonly number[]] => [vm, pins]
