/** A scheme in force: its VMs, its guardian, its loop, and how it is stopped. */
import { EventEmitter } from 'node:events'
import { performance } from 'node:perf_hooks'
import type { VmSnapshot } from '../../core/contract/agent/change.ts'
import { ControlLoop, type CountChange } from './control-loop.ts'
import { GuardianProcess } from './guardian-process.ts'
import type { GuardianTask } from './guardian.ts'
import type { HostLock } from './host-lock.ts'
import type { ProcessId } from './journal-format.ts'
import { processId } from './processes.ts'
import type { SchemeAtWork } from './scheme-goals.ts'
import { VmChanger } from './vm-changer.ts'
import type { VmPort } from './vm-port.ts'

/** What goes with it. */
export type InForceOptions = {
  readonly task: GuardianTask
  readonly program: readonly string[]
  readonly lock: HostLock
  readonly onTrouble: (error: unknown) => void
}

/** Emits `unguarded` when its guardian is gone and no other could be started. */
export class InForce extends EventEmitter<{ unguarded: [] }> {
  readonly #work: SchemeAtWork
  readonly #vms: readonly VmChanger[]
  readonly #options: InForceOptions
  readonly #abort = new AbortController()
  #guardian: GuardianProcess | null = null
  #loop: ControlLoop | null = null
  #starting: Promise<unknown> = Promise.resolve()

  constructor(
    work: SchemeAtWork,
    ports: readonly VmPort[],
    snapshots: readonly VmSnapshot[],
    options: InForceOptions,
  ) {
    super()
    this.#work = work
    this.#options = options
    this.#vms = ports.map((vm, i) => {
      return new VmChanger(vm, snapshots[i]!, work.mechanism, this.#abort.signal)
    })
  }

  get task(): GuardianTask {
    return this.#options.task
  }

  /** Changes of vCPU counts by its loop. */
  get log(): readonly CountChange[] {
    return this.#loop?.log ?? []
  }

  /** vCPUs that a VM has now; null: it is none of these. */
  onlineOf(name: string): number | null {
    return this.#vms.find(({ vm }) => vm.name === name)?.cpus.length ?? null
  }

  /** Starts its guardian, and another one whenever that is lost. */
  async guard(note: (id: ProcessId) => void): Promise<{ pid: number }> {
    const { program, task, onTrouble } = this.#options
    const guardian = await GuardianProcess.start(program, task)
    if (this.#abort.signal.aborted) {
      await guardian.dismiss()
      this.#abort.signal.throwIfAborted()
    }
    this.#guardian = guardian
    note(processId(guardian.pid))
    guardian.once('lost', () => {
      if (this.#abort.signal.aborted) return
      this.guard(note).catch((error: unknown) => {
        onTrouble(error)
        this.emit('unguarded')
      })
    })
    return { pid: guardian.pid }
  }

  /** Brings all VMs to where the scheme begins, those first that shrink; then starts its loop. */
  async start(): Promise<{ tookMs: number; resizeMs: number[] }> {
    const startMs = performance.now()
    const starting = this.#reachStart()
    this.#starting = starting
    const resizeMs = await starting
    this.#abort.signal.throwIfAborted()
    const { controller } = this.#work
    if (controller !== null)
      this.#loop = new ControlLoop(controller, this.#vms, this.#options.onTrouble)
    return { tookMs: performance.now() - startMs, resizeMs }
  }

  async #reachStart(): Promise<number[]> {
    const goals = this.#vms.map((vm, i) => ({ vm, goal: this.#work.start[i]! }))
    const shrinks = goals.filter(({ vm, goal }) => goal.cpus.length < vm.cpus.length)
    const resizeMs: number[] = []
    for (const step of [shrinks, goals.filter((one) => !shrinks.includes(one))]) {
      const results = await Promise.allSettled(step.map(({ vm, goal }) => vm.reach(goal)))
      for (const result of results) {
        if (result.status === 'rejected') throw result.reason
        if (result.value !== null) resizeMs.push(result.value)
      }
    }
    return resizeMs
  }

  /** Stops it; settles when nothing is being changed any more. */
  stop(): Promise<unknown> {
    this.#abort.abort()
    return Promise.allSettled([this.#starting, this.#loop?.stop()])
  }

  /** Lets guardian and lock go: the host is put back, or its journal says what is not. */
  async dismiss(): Promise<void> {
    await this.#guardian?.dismiss()
    this.#options.lock.release()
  }
}
