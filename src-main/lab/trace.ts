/** Use cases about traces: record a run again with tracing on, look into it, export it. */
import { LabError } from '../core/base/lab-error.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { RunResult, RunSeries } from '../core/contract/result.ts'
import { RECORDS_MAX_DEFAULT } from '../core/simulate/recording.ts'
import { layoutTrace } from '../core/trace/layout.ts'
import type { TracedRun, TraceEntry, TraceFindings, TracePart } from '../core/contract/trace.ts'
import { EXAMPLE_TRACE } from '../core/simulate/example-trace.ts'
import type { PackedTrace } from '../core/trace/packed-trace.ts'
import { findingsOf } from '../core/trace/findings.ts'
import { exportPerfetto } from '../core/trace/perfetto.ts'
import { exportCsv, exportText } from '../core/trace/text-export.ts'
import { assembleTrace, wholeWindow } from '../core/trace/trace.ts'
import type { Trace, Window } from '../core/trace/trace.ts'
import type { LabContext } from './context.ts'
import { seriesOfRun } from './series-of-run.ts'
import type { SimulationCases, SimulationHooks } from './simulation.ts'
import { unpackChunk } from './unpack-trace.ts'

/** Formats of an export, and how their files are called. */
export const TRACE_FORMATS = { perfetto: 'perfetto-trace', text: 'txt', csv: 'csv' } as const
/** A format of an export. */
export type TraceFormat = keyof typeof TRACE_FORMATS

/** Schemes of the example's two runs. */
const EXAMPLE_SCHEMES = ['cfs', 'flexcore'] as const

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
    return this.keep(runId, trace)
  }

  /** Keeps a run's trace in place of an earlier one. */
  async keep(runId: string, trace: PackedTrace): Promise<TraceEntry> {
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
    return { runId, result, entry: await this.keep(runId, trace) }
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
  async read(runId: string, part: TracePart = {}): Promise<Trace> {
    const { header } = await this.#context.store.getTrace(runId)
    const window = windowOf(part, wholeWindow(header))
    const { fromNs, toNs } = window
    const layout = layoutTrace(header)
    const packed = await this.#context.store.traceChunks(runId, fromNs, toNs)
    const chunks = packed.map(({ bytes }) => unpackChunk(bytes, layout))
    return assembleTrace(header, chunks, window)
  }

  /** Runs with a trace: of these ids, or all. */
  list(runIds: readonly string[] | null): Promise<TracedRun[]> {
    return this.#context.store.tracedRuns(runIds)
  }

  /** The example's runs under the stock scheme and under flexcore, recorded unless they are. */
  async example(
    hooks: SimulationHooks = {},
  ): Promise<{ readonly runId: string; readonly besideRunId: string }> {
    const known = await this.list(null)
    const [runId = '', besideRunId = ''] = await inTurn(EXAMPLE_SCHEMES, async (scheme) => {
      const scenario = this.#simulation.read(EXAMPLE_TRACE, { scheme })
      const kept = known.find((run) => run.name === scenario.name && run.scheme === scheme)
      if (kept !== undefined) return kept.runId
      return (await this.simulate(scenario, RECORDS_MAX_DEFAULT, hooks)).runId
    })
    return { runId, besideRunId }
  }

  /** Online vCPUs and load over time. @throws LabError `not-found` where nothing tells them */
  series(runId: string): Promise<RunSeries> {
    return seriesOfRun(this.#context.store, runId)
  }

  /** Answers to the questions that are asked most; lists have at most `top` entries. */
  async findings(runId: string, part: TracePart, top: number): Promise<TraceFindings> {
    return findingsOf(await this.read(runId, part), top)
  }

  /** A trace in another tool's format, in pieces; each is a part of the file. */
  async export(
    runId: string,
    format: TraceFormat,
    part: TracePart = {},
  ): Promise<Iterable<Uint8Array | string>> {
    const trace = await this.read(runId, part)
    if (format === 'perfetto') return exportPerfetto(trace)
    return format === 'text' ? exportText(trace) : exportCsv(trace)
  }
}

async function inTurn<T, U>(items: readonly T[], act: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = []
  for (const item of items) done.push(await act(item))
  return done
}

function windowOf(part: TracePart, whole: Window): Window {
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
