/**
 * One cell on a host, from the check of its VMs to the host put back and verified. What the job
 * does is told by its phase; a stop ends the work in the guests, never the putting back.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../core/base/lab-error.ts'
import type { Applied } from '../../core/contract/agent/change.ts'
import type { VmWork, RunReport, Sample } from '../../core/contract/agent/work.ts'
import type { MeasuredHost } from '../../core/contract/library.ts'
import type { Measured, Scenario, ScenarioVm } from '../../core/contract/scenario.ts'
import type { RunResult } from '../../core/contract/result.ts'
import { programOf } from '../../core/simulate/check-measured.ts'
import type { AgentSession } from '../../remote/agent-session.ts'
import { checkVms } from './check-vms.ts'
import type { HostLink } from './host-link.ts'
import { measuredResult } from './measured-result.ts'

/** A measured cell's result and where it was measured. */
export type MeasuredOutcome = { readonly result: RunResult; readonly host: MeasuredHost }

/** How often a run that something else disturbed is done again, at most. */
const REDO_MAX = 2
const NS_PER_MS = 1e6

/** A cell that is being measured. */
export class HostJob {
  readonly #link: HostLink
  readonly #scenario: Scenario
  readonly #measured: Measured
  readonly #stop = new AbortController()
  #phase = 'waiting'
  #fraction = 0
  #redone = 0
  #sample: Sample | null = null

  /** @param scenario one with `measured` */
  constructor(link: HostLink, scenario: Scenario & { readonly measured: Measured }) {
    this.#link = link
    this.#scenario = scenario
    this.#measured = scenario.measured
  }

  /** Aborts when the job is not wanted any more. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** 0 … 1 of its counted iterations. */
  get fraction(): number {
    return this.#fraction
  }

  /** What the host does for it now, and its latest sample. */
  get live() {
    return { phase: this.#phase, redone: this.#redone, sample: this.#sample }
  }

  /** Asks for the end: the guests' work is stopped, and the host put back. */
  stop(): void {
    this.#stop.abort()
  }

  /** Tells what it waits for. */
  wait(phase: string): void {
    this.#phase = phase
    this.#fraction = 0
    this.#sample = null
  }

  /**
   * Measures the cell once.
   * @throws LabError `conflict` when something else uses the host, or it could not be put back
   */
  measure(): Promise<MeasuredOutcome> {
    return this.#link.during(this.#scenario.name, () => this.#measure())
  }

  async #measure(): Promise<MeasuredOutcome> {
    const began = performance.now()
    this.wait('connecting')
    const session = await this.#link.session()
    this.#link.requireClean()
    const host = await this.#link.snapshot()
    this.wait('checking the VMs')
    checkVms(this.#scenario, await session.call('vms', {}, this.signal))
    const { applied, report } = await this.#underScheme(session)
    this.wait('cooling down')
    await this.#rest(this.#measured.coolDownMs)
    const wallMs = performance.now() - began
    const run = { scenario: this.#scenario, report, applied, redone: this.#redone, wallMs }
    return { result: measuredResult(run), host }
  }

  async #underScheme(
    session: AgentSession,
  ): Promise<{ readonly applied: Applied; readonly report: RunReport }> {
    const { scheme, vms } = this.#scenario
    const { pcpus } = this.#measured
    const request = { scheme, vms: vms.map(nameOf), ...(pcpus === undefined ? {} : { pcpus }) }
    const plan = await session.call('plan', request, this.signal)
    if (plan.refusals.length > 0) {
      const message = `${scheme.id} cannot be applied: ${plan.refusals.join('; ')}`
      throw new LabError('bad-input', message)
    }
    this.wait('applying the scheme')
    try {
      const applied = await session.call('apply', { ...request, planId: plan.id })
      return { applied, report: await this.#run(session) }
    } finally {
      this.wait('putting the host back')
      this.#link.putBack(await session.call('restore', {}))
    }
  }

  /** Runs the work; again, within bounds, while something else takes the host's CPUs. */
  async #run(session: AgentSession): Promise<RunReport> {
    for (this.#redone = 0; ; this.#redone++) {
      const beganMs = performance.now()
      const report = await this.#runOnce(session)
      const lookedNs = (performance.now() - beganMs) * NS_PER_MS
      const pcpus = (await this.#link.snapshot()).facts.allowedCpus.length
      const share = foreignShare(report, lookedNs * Math.max(1, pcpus))
      if (share <= this.#measured.foreignMax || this.#redone === REDO_MAX) return report
      this.wait('waiting for the host to calm down')
      await this.#rest(this.#measured.coolDownMs)
    }
  }

  async #runOnce(session: AgentSession): Promise<RunReport> {
    this.signal.throwIfAborted()
    const { warmUp, samplePeriodMs, timeoutMs } = this.#measured
    const request = { vms: this.#scenario.vms.map(workOf), warmUp, samplePeriodMs, timeoutMs }
    const { events, result } = session.stream('run', request, this.signal)
    for await (const event of events) {
      if ('sample' in event) this.#sample = event.sample
      else {
        const { phase, done, asked } = event.progress
        this.#phase = phase
        this.#fraction = asked > 0 ? Math.min(1, done / asked) : 0
      }
    }
    return result
  }

  /** @throws LabError `cancelled` */
  async #rest(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.signal })
    } catch {
      throw new LabError('cancelled', 'the run was stopped')
    }
  }
}

const nameOf = (vm: ScenarioVm): string => vm.name ?? ''

function workOf(vm: ScenarioVm): VmWork {
  const { iterations, repeat, startNs } = vm
  const program = programOf(vm)
  if (program === null) throw new LabError('bad-input', `"${vm.workload.app}" has no program`)
  return { vm: nameOf(vm), program, iterations, repeat, startMs: startNs / NS_PER_MS }
}

/**
 * Part of the pCPUs' time that others used, warm-up and preparation included, as the agent looks on
 * for as long; 0 where it cannot be seen.
 */
const foreignShare = ({ foreignCpuNs }: RunReport, pcpuNs: number): number =>
  foreignCpuNs === null ? 0 : foreignCpuNs / pcpuNs
