/**
 * measure-host: runs the probes of a calibration on a host through its agent: places the vCPUs,
 * measures, puts the host back whatever happens. What a probe cannot measure is a warning.
 */
import { LabError } from '../../core/base/lab-error.ts'
import { cacheSizes } from '../../core/calibrate/host-facts.ts'
import { measurementsOf } from '../../core/calibrate/measurement.ts'
import { probesFor, showsMemory, WINDOW_MS, WINDOWS } from '../../core/calibrate/probes.ts'
import type { Probe } from '../../core/calibrate/probes.ts'
import type { HostFacts, VmFacts } from '../../core/contract/agent/facts.ts'
import type { MicroResult } from '../../core/contract/agent/micro.ts'
import type {
  CalibrationProgress,
  Measurement,
  ResizeTimes,
} from '../../core/contract/calibration.ts'
import { HOST_COSTS } from '../../core/model/parameters.ts'
import type { AgentCalls } from './agent-calls.ts'
import { holding } from './holding.ts'
import { measureResizes, resizeSteps } from './measure-resizes.ts'

/** How a calibration is followed and ended. */
export type CalibrationHooks = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CalibrationProgress) => void
}

/** What was found. */
export type HostFindings = {
  readonly facts: HostFacts
  readonly vm: VmFacts
  readonly measurements: readonly Measurement[]
  readonly resizes: readonly ResizeTimes[]
  readonly warnings: readonly string[]
}

/** Iterations of the short run that tells how long an iteration takes. */
const PILOT_ITERATIONS = 200
const PILOT_WINDOWS = 10

const TOO_LARGE = 'the last-level cache is larger than what a guest can walk over'

/**
 * Measures. `vmName` null: the first guest of two vCPUs or more that answers.
 * @throws LabError `unavailable` without such a guest, `cancelled`, or why the agent is gone
 */
export async function measureHost(
  agent: AgentCalls,
  vmName: string | null,
  now: () => Date,
  hooks: CalibrationHooks = {},
): Promise<HostFindings> {
  const facts = await agent.call('facts', {}, hooks.signal)
  const vm = chooseVm(await agent.call('vms', {}, hooks.signal), vmName)
  const run = new Measuring(agent, facts, vm, now, hooks)
  return { facts, vm, ...(await run.all()) }
}

function chooseVm(vms: readonly VmFacts[], name: string | null): VmFacts {
  const fits = (vm: VmFacts): boolean => vm.vcpus.length >= 2 && vm.guest?.canExec === true
  const found = vms.find((vm) => (name === null ? fits(vm) : vm.name === name))
  if (found === undefined) {
    const what =
      name === null ? 'no VM has two vCPUs and a guest agent' : `there is no VM "${name}"`
    throw new LabError('unavailable', what, 'see: flexlab host vms HOST')
  }
  if (fits(found)) return found
  const message = `${found.name} has ${found.vcpus.length} vCPUs, and a guest agent that `
  const runs = found.guest?.canExec === true ? 'runs programs' : 'does not run programs'
  throw new LabError(
    'unavailable',
    message + runs,
    'a calibration needs two vCPUs, and runs programs',
  )
}

/** One calibration on its way. */
class Measuring {
  readonly #agent: AgentCalls
  readonly #facts: HostFacts
  readonly #vm: VmFacts
  readonly #now: () => Date
  readonly #hooks: CalibrationHooks
  readonly #measurements: Measurement[] = []
  readonly #warnings: string[] = []
  #done = 0
  #of = 0

  constructor(
    agent: AgentCalls,
    facts: HostFacts,
    vm: VmFacts,
    now: () => Date,
    hooks: CalibrationHooks,
  ) {
    this.#agent = agent
    this.#facts = facts
    this.#vm = vm
    this.#now = now
    this.#hooks = hooks
  }

  async all(): Promise<Pick<HostFindings, 'measurements' | 'resizes' | 'warnings'>> {
    const caches = this.#caches()
    const probes = probesFor(caches)
    if (!showsMemory(caches)) this.#warnings.push(`refill-far: not measured: ${TOO_LARGE}`)
    const at = (where: Probe['where']) => probes.filter((probe) => probe.where === where)
    const pcpus = this.#facts.allowedCpus.slice(0, this.#vm.vcpus.length)
    const resizes = pcpus.length < 2 ? [] : resizeSteps(this.#vm)
    this.#of = probes.length + resizes.length
    await this.#run(at('host'))
    await this.#place({ id: 'flexcore', params: { dynamic: false } }, pcpus, at('guest-spread'))
    await this.#place({ id: 'pin', params: {} }, pcpus.slice(0, 1), at('guest-stacked'))
    const times = await measureResizes(this.#agent, this.#vm, pcpus, resizes, {
      ...(this.#hooks.signal === undefined ? {} : { signal: this.#hooks.signal }),
      onStep: (title) => this.#tell(title),
      onFailure: (step, error) => this.#excuse(step, error),
    })
    this.#tell('done')
    return { measurements: this.#measurements, resizes: times, warnings: this.#warnings }
  }

  /** Sizes that the host does not tell are the simulator's own. */
  #caches() {
    const { l2Kib, llcKib } = cacheSizes(this.#facts)
    return { l2Kib: l2Kib ?? HOST_COSTS.l2Kib.value, llcKib: llcKib ?? HOST_COSTS.llcKib.value }
  }

  async #place(
    scheme: { readonly id: string; readonly params: Readonly<Record<string, boolean>> },
    pcpus: readonly number[],
    probes: readonly Probe[],
  ): Promise<void> {
    const request = { scheme, vms: [this.#vm.name], pcpus: [...pcpus] }
    await holding(this.#agent, request, this.#hooks.signal, () => this.#run(probes))
  }

  async #run(probes: readonly Probe[]): Promise<void> {
    for (const probe of probes) {
      this.#tell(probe.title)
      try {
        const results = await this.#probe(probe)
        const found = measurementsOf(probe, results, this.#now().toISOString())
        if (found.length === 0) this.#warnings.push(`${probe.id}: nothing could be read off it`)
        this.#measurements.push(...found)
      } catch (error) {
        this.#excuse(probe.id, error)
      }
    }
  }

  async #probe(probe: Probe): Promise<readonly MicroResult[]> {
    const results: MicroResult[] = []
    const options = probe.windowed ? await this.#windows(probe) : probe.options
    for (let i = 0; i < probe.runs; i++) results.push(await this.#micro(probe, options))
    return results
  }

  /** Iterations for windows of the length asked: by the fastest windows of a short run. */
  async #windows(probe: Probe): Promise<Probe['options']> {
    const pilot = { ...probe.options, iterations: PILOT_ITERATIONS, windows: PILOT_WINDOWS }
    const { windowNs } = await this.#micro(probe, pilot)
    const eachNs = Math.max(1, (Math.min(...windowNs) * PILOT_WINDOWS) / PILOT_ITERATIONS)
    const each = Math.max(1, Math.ceil((WINDOW_MS * 1e6) / eachNs))
    return { ...probe.options, iterations: each * WINDOWS, windows: WINDOWS }
  }

  #micro({ mode, where }: Probe, options: Probe['options']): Promise<MicroResult> {
    const vm = where === 'host' ? null : this.#vm.name
    return this.#agent.call('micro', { vm, mode, options: { ...options } }, this.#hooks.signal)
  }

  #tell(title: string): void {
    this.#hooks.onProgress?.({ title, done: this.#done++, of: this.#of })
  }

  /** Goes on without what failed, unless the user or the connection has ended it. */
  #excuse(what: string, error: unknown): void {
    if (!(error instanceof LabError)) throw error
    if (this.#hooks.signal?.aborted === true || error.code === 'cancelled') throw error
    if (!this.#agent.isOpen) throw error
    this.#warnings.push(`${what}: not measured: ${error.message}`)
  }
}
