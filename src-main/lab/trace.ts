/** Use cases about traces: record a run again with tracing on, look into it, export it. */
import { LabError } from '../core/base/lab-error.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { RunResult } from '../core/contract/result.ts'
import { RECORDS_MAX_DEFAULT } from '../core/simulate/recording.ts'
import { layoutTrace } from '../core/trace/layout.ts'
import type { TraceEntry } from '../core/contract/trace.ts'
import { exportPerfetto } from '../core/trace/perfetto.ts'
import { exportCsv, exportText } from '../core/trace/text-export.ts'
import { assembleTrace, wholeWindow } from '../core/trace/trace.ts'
import type { Trace, Window } from '../core/trace/trace.ts'
import type { LabContext } from './context.ts'
import type { SimulationCases, SimulationHooks } from './simulation.ts'
import { unpackChunk } from './unpack-trace.ts'

/** Formats of an export, and how their files are called. */
export const TRACE_FORMATS = { perfetto: 'perfetto-trace', text: 'txt', csv: 'csv' } as const
/** A format of an export. */
export type TraceFormat = keyof typeof TRACE_FORMATS

/** A part of a trace's time, ns; what is left out reaches to its end. */
export type PartialWindow = { readonly fromNs?: number; readonly toNs?: number }

/** Records, reads and exports traces. */
export class TraceCases {
  readonly #context: LabContext
  readonly #simulation: SimulationCases

  constructor(context: LabContext, simulation: SimulationCases) {
    this.#context = context
    this.#simulation = simulation
  }

  /**
   * Simulates a run of the library again, with tracing on, and keeps the trace. @throws LabError
   * `conflict` when it does not come out as the run that is kept
   */
  async record(
    runId: string,
    recordsMax: number = RECORDS_MAX_DEFAULT,
    hooks: SimulationHooks = {},
  ): Promise<TraceEntry> {
    const { row, scenario, environment } = await this.#context.store.getRun(runId)
    if (row.kind !== 'simulated') {
      throw new LabError(
        'bad-input',
        `run ${runId} is ${row.kind}; only a simulation can be redone`,
      )
    }
    const { result, trace } = await this.#simulation.record(scenario, recordsMax, hooks)
    if (result.traceHash !== row.traceHash) throw cameOutOtherwise(runId, environment.appVersion)
    await this.#context.store.saveTrace(runId, trace)
    return this.#context.store.getTrace(runId)
  }

  /** Simulates a scenario with tracing on; keeps run and trace. */
  async simulate(
    scenario: Scenario,
    recordsMax: number = RECORDS_MAX_DEFAULT,
    hooks: SimulationHooks = {},
  ): Promise<{ readonly runId: string; readonly result: RunResult; readonly entry: TraceEntry }> {
    const { result, trace } = await this.#simulation.record(scenario, recordsMax, hooks)
    const runId = await this.#simulation.save(scenario, result)
    await this.#context.store.saveTrace(runId, trace)
    return { runId, result, entry: await this.#context.store.getTrace(runId) }
  }

  /** What is known of a run's trace. @throws LabError `not-found` when it has none */
  entry(runId: string): Promise<TraceEntry> {
    return this.#context.store.getTrace(runId)
  }

  /** Deletes a run's trace. @returns how many were deleted: 1 or 0 */
  async delete(runId: string): Promise<{ changed: number }> {
    return { changed: await this.#context.store.deleteTrace(runId) }
  }

  /** A run's trace, or a part of its time, decoded. @throws LabError `bad-input` for no time */
  async read(runId: string, part: PartialWindow = {}): Promise<Trace> {
    const { header } = await this.#context.store.getTrace(runId)
    const window = windowOf(part, wholeWindow(header))
    const { fromNs, toNs } = window
    const layout = layoutTrace(header)
    const packed = await this.#context.store.traceChunks(runId, fromNs, toNs)
    const chunks = packed.map(({ bytes }) => unpackChunk(bytes, layout))
    return assembleTrace(header, chunks, window)
  }

  /** A trace in another tool's format, in pieces; each is a part of the file. */
  async export(
    runId: string,
    format: TraceFormat,
    part: PartialWindow = {},
  ): Promise<Iterable<Uint8Array | string>> {
    const trace = await this.read(runId, part)
    if (format === 'perfetto') return exportPerfetto(trace)
    return format === 'text' ? exportText(trace) : exportCsv(trace)
  }
}

function windowOf(part: PartialWindow, whole: Window): Window {
  const fromNs = Math.max(whole.fromNs, part.fromNs ?? whole.fromNs)
  const toNs = Math.min(whole.toNs, part.toNs ?? whole.toNs)
  if (fromNs < toNs) return { fromNs, toNs }
  const hint = `the trace reaches from 0 to ${whole.toNs} ns`
  throw new LabError('bad-input', 'the part of the trace holds no time', hint)
}

function cameOutOtherwise(runId: string, appVersion: string): LabError {
  return new LabError(
    'conflict',
    `run ${runId} came out otherwise this time, so its trace is not kept`,
    `it was made by version ${appVersion}; simulate its scenario anew with --record`,
  )
}
