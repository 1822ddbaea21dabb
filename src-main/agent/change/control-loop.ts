/**
 * The loop of a scheme that goes on: looks each period, and lets what is to be changed be changed
 * beside it, one change at a time, so that a guest that hangs does not stop the looking.
 */
import { performance } from 'node:perf_hooks'
import type { Controller, Step, VcpuUse } from './scheme-goals.ts'
import { readVcpuTimes, usedBetween } from './vcpu-times.ts'
import type { VmChanger } from './vm-changer.ts'

/** After a change that failed, nothing is tried for so long, ms: the guest needs its time. */
const BACK_OFF_MS = 1000

/** A change of a VM's vCPU count while the loop ran. */
export type CountChange = {
  /** ms since the loop began. */
  readonly atMs: number
  readonly vm: string
  readonly online: number
}

/** Runs a controller over its VMs. */
export class ControlLoop {
  readonly #controller: Controller
  readonly #vms: readonly VmChanger[]
  readonly #onTrouble: (error: unknown) => void
  readonly #startMs = performance.now()
  readonly #log: CountChange[] = []
  readonly #resizeMs: number[] = []
  #timer: NodeJS.Timeout | undefined
  #seen: readonly (VcpuUse[] | null)[]
  #seenAtMs = performance.now()
  #changing: Promise<void> | null = null
  #restsUntilMs = 0
  #isStopped = false

  /** @param onTrouble told of each change that failed; the loop goes on */
  constructor(
    controller: Controller,
    vms: readonly VmChanger[],
    onTrouble: (error: unknown) => void,
  ) {
    this.#controller = controller
    this.#vms = vms
    this.#onTrouble = onTrouble
    this.#seen = vms.map(({ vm }) => readVcpuTimes(vm))
    this.#schedule()
  }

  /** Changes of vCPU counts so far, the latest of them. */
  get log(): readonly CountChange[] {
    return this.#log
  }

  /** ms of each resize of a guest so far. */
  get resizeMs(): readonly number[] {
    return this.#resizeMs
  }

  /** Ends it; resolves when nothing is being changed any more. */
  stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#isStopped = true
    return this.#changing ?? Promise.resolve()
  }

  #schedule(): void {
    const { periodMs } = this.#controller
    const sinceMs = performance.now() - this.#startMs
    const waitMs = periodMs - (sinceMs % periodMs)
    this.#timer = setTimeout(() => {
      this.#tick()
      if (!this.#isStopped) this.#schedule()
    }, waitMs)
  }

  #tick(): void {
    const now = performance.now()
    const seen = this.#vms.map(({ vm }) => readVcpuTimes(vm))
    const uses = seen.map((times, i) => usedBetween(this.#seen[i]!, times))
    const periodNs = (now - this.#seenAtMs) * 1e6
    this.#seen = seen
    this.#seenAtMs = now
    const online = this.#vms.map(({ cpus }) => cpus.length)
    this.#controller.observe(periodNs, uses, online)
    if (this.#changing !== null || now < this.#restsUntilMs) return
    const steps = this.#controller.next()
    if (steps.length === 0) return
    this.#changing = this.#change(steps).finally(() => {
      this.#changing = null
    })
  }

  async #change(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const results = await Promise.allSettled(
        step.map(({ vm, goal }) => this.#reach(this.#vms[vm]!, goal)),
      )
      const failed = results.filter((result) => result.status === 'rejected')
      if (this.#isStopped) return
      if (failed.length === 0) continue
      this.#restsUntilMs = performance.now() + BACK_OFF_MS
      for (const { reason } of failed) this.#onTrouble(reason)
      // what was to grow would stand on pCPUs that nobody has left yet
      return
    }
  }

  async #reach(vm: VmChanger, goal: Step[number]['goal']): Promise<void> {
    const before = vm.cpus.length
    const tookMs = await vm.reach(goal)
    if (tookMs !== null) keepLast(this.#resizeMs, tookMs)
    const online = vm.cpus.length
    if (online === before) return
    keepLast(this.#log, { atMs: performance.now() - this.#startMs, vm: vm.vm.name, online })
  }
}

const LOG_MAX = 10_000

/** A loop may run for days; its beginning is what nobody looks at then. */
function keepLast<T>(list: T[], value: T): void {
  list.push(value)
  if (list.length > LOG_MAX) list.splice(0, LOG_MAX / 2)
}
