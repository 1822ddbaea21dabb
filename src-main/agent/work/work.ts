/** The agent's methods `run` and `micro`: work in guests. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../core/base/lab-error.ts'
import type { MicroRequest } from '../../core/contract/agent/micro.ts'
import type { RunReport, RunRequest, VmWork } from '../../core/contract/agent/work.ts'
import type { Inventory } from '../backend/inventory.ts'
import type { Vm } from '../backend/vm.ts'
import type { HostFiles } from '../proc/host-files.ts'
import type { CountInForce } from '../sample/sampler.ts'
import type { Call, Handler } from '../serve/handlers.ts'
import { Crew, type Part } from './crew.ts'
import { GuestPrograms } from './guest-programs.ts'
import { HostBuilds } from './host-builds.ts'
import { MicroRuns } from './micro-runs.ts'
import { observeRun } from './observed-run.ts'
import { guestCommand, microArgs } from './program-argv.ts'

/** What work needs of the agent. */
export type WorkPlace = {
  readonly inventory: Pick<Inventory, 'named'>
  readonly files: HostFiles
  readonly countInForce: CountInForce
}

/** Does work in guests. */
export class Work {
  readonly #place: WorkPlace
  readonly #programs: GuestPrograms
  readonly #micro: MicroRuns
  readonly #calls = new Set<Promise<unknown>>()
  #abandoned = new AbortController()

  constructor(place: WorkPlace, builds = new HostBuilds()) {
    this.#place = place
    this.#programs = new GuestPrograms(builds)
    this.#micro = new MicroRuns(this.#programs, builds)
  }

  /** Runs work in guests: a warm-up behind one barrier, then what counts behind another. */
  readonly run: Handler<'run'> = (request, { signal, emit }) =>
    this.#counted(this.#run(request, { signal: this.#whileAsked(signal), emit }))

  /** Runs the micro-benchmark once, in a guest or on the host. */
  readonly micro: Handler<'micro'> = (request, call) =>
    this.#counted(this.#runMicro(request, this.#whileAsked(call.signal)))

  /** Ends all work: the host is put back under it, so what it measures means nothing any more. */
  abandon(): void {
    const why = 'the host was put back while it ran, since the lab had not been heard of'
    this.#abandoned.abort(new LabError('unavailable', why))
    this.#abandoned = new AbortController()
  }

  /**
   * Resolves when no work is left in guests, or after `withinMs`: then the launchers in them end it
   * themselves. For the end of a session, whose calls have all been cancelled.
   */
  async settled(withinMs: number): Promise<void> {
    const calls = Promise.allSettled(this.#calls)
    await Promise.race([calls, sleep(withinMs, undefined, { ref: false })])
  }

  async #run(request: RunRequest, call: Call<'run'>): Promise<RunReport> {
    refuse(request.vms)
    const vms = await this.#place.inventory.named(request.vms.map(({ vm }) => vm))
    await call.emit({ progress: { phase: 'preparing', done: 0, asked: 0 } })
    const preparing = vms.map((vm, i) => this.#prepare(vm, request.vms[i]!, call.signal))
    const parts = await Promise.all(preparing)
    if (request.warmUp > 0) await warmUp(parts, request, call)
    return this.#measure(parts, request, call)
  }

  async #runMicro({ vm: name, mode, options, timeoutMs }: MicroRequest, signal: AbortSignal) {
    const args = microArgs(mode, options)
    if (name === null) return this.#micro.onHost(args, timeoutMs)
    const [vm] = await this.#place.inventory.named([name])
    return this.#micro.inGuest(vm!, args, timeoutMs, signal)
  }

  #whileAsked(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#abandoned.signal])
  }

  async #counted<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call)
    try {
      return await call
    } finally {
      this.#calls.delete(call)
    }
  }

  async #prepare(vm: Vm, work: VmWork, signal: AbortSignal): Promise<Part> {
    if (vm.identity.state !== 'running') {
      throw new LabError('conflict', `${vm.name} is ${vm.identity.state}`, 'start it first')
    }
    const launcher = await this.#programs.path(vm.guest, 'flexlab-launch')
    const micro = work.program.kind === 'micro' ? await this.#micro.ready(vm, signal) : null
    return { vm, work, launcher, command: guestCommand(work.program, micro, vm.vcpuCount) }
  }

  async #measure(parts: Part[], request: RunRequest, call: Call<'run'>): Promise<RunReport> {
    const { files, countInForce } = this.#place
    const crew = await Crew.gather(parts, {
      iterations: null,
      timeoutMs: request.timeoutMs,
      signal: call.signal,
      onProgress: (done, asked) => call.emit({ progress: { phase: 'running', done, asked } }),
    })
    try {
      const vms = parts.map(({ vm }) => vm)
      const periodMs = request.samplePeriodMs
      return await observeRun(crew, { files, vms, countInForce, periodMs, call })
    } finally {
      await crew.dismiss()
    }
  }
}

async function warmUp(parts: Part[], request: RunRequest, call: Call<'run'>): Promise<void> {
  const crew = await Crew.gather(parts, {
    iterations: request.warmUp,
    timeoutMs: request.timeoutMs,
    signal: call.signal,
    onProgress: (done, asked) => call.emit({ progress: { phase: 'warm-up', done, asked } }),
  })
  try {
    await crew.release()
    await crew.follow()
  } finally {
    await crew.dismiss()
  }
}

function refuse(works: readonly VmWork[]): void {
  const names = works.map(({ vm }) => vm)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new LabError('bad-input', `${twice} is named twice`)
  if (works.some(({ repeat }) => repeat !== 'load')) return
  throw new LabError('bad-input', 'every VM is only load: nothing would end the run')
}
