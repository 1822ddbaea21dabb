/** Use cases about traces: record a run again with tracing on, look into it, export it. */
import { LabError } from '../core/base/lab-error.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { RunResult } from '../core/contract/result.ts'
import { RECORDS_MAX_DEFAULT } from '../core/simulate/recording.ts'
import { layoutTrace } from '../core/trace/layout.ts'
import type {
  TraceEntry,
  TraceFindings,
  TraceLevel,
  TracePart,
  TraceRecords,
} from '../core/contract/trace.ts'
import { BLOCK_BUCKETS } from '../core/trace/pyramid.ts'
import type { PackedTrace } from '../core/trace/packed-trace.ts'
import { findingsOf } from '../core/trace/findings.ts'
import { exportPerfetto } from '../core/trace/perfetto.ts'
import { exportCsv, exportText } from '../core/trace/text-export.ts'
import { assembleTrace, wholeWindow } from '../core/trace/trace.ts'
import type { Trace, Window } from '../core/trace/trace.ts'
import type { LabContext } from './context.ts'
import type { SimulationCases, SimulationHooks } from './simulation.ts'
import { unpackBlock, unpackChunk } from './unpack-trace.ts'

/** Formats of an export, and how their files are called. */
export const TRACE_FORMATS = { perfetto: 'perfetto-trace', text: 'txt', csv: 'csv' } as const
/** A format of an export. */
export type TraceFormat = keyof typeof TRACE_FORMATS

/** Most intervals and events that a screen is given at once. */
const RECORDS_SHOWN_MAX = 500_000

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

  /** The finest level with at most so many buckets in a part of the time. */
  async level(runId: string, part: TracePart, bucketsMax: number): Promise<TraceLevel> {
    const { header } = await this.#context.store.getTrace(runId)
    const { fromNs, toNs } = windowOf(part, wholeWindow(header))
    const bucketsAt = (k: number): number => Math.ceil((toNs - fromNs) / 2 ** k)
    const level = header.levels.find((k) => bucketsAt(k) <= bucketsMax) ?? header.levels.at(-1)!
    const [first, last] = [Math.floor(fromNs / 2 ** level), Math.ceil(toNs / 2 ** level) - 1]
    const blockOf = (bucket: number): number => Math.floor(bucket / BLOCK_BUCKETS)
    const layout = layoutTrace(header)
    const found: TraceLevel = { level, track: [], bucket: [], state: [], ns: [] }
    const { store } = this.#context
    for (const block of await store.traceBlocks(runId, level, blockOf(first), blockOf(last))) {
      const entries = unpackBlock(block, layout)
      entries.bucket.forEach((bucket, i) => {
        if (bucket < first || bucket > last) return
        found.track.push(block.track)
        found.bucket.push(bucket)
        found.state.push(entries.state[i]!)
        found.ns.push(entries.ns[i]!)
      })
    }
    return found
  }

  /** All records of a part. @throws LabError `bad-input` when they are too many for a screen */
  async records(runId: string, part: TracePart): Promise<TraceRecords> {
    const { tracks, points } = await this.read(runId, part)
    const count = tracks.reduce((sum, track) => sum + track.count, points.count)
    if (count > RECORDS_SHOWN_MAX) {
      const hint = 'ask for less time, or for a level'
      throw new LabError('bad-input', `${count} records are too many to show`, hint)
    }
    const all = (column: 'startNs' | 'ns' | 'state' | 'arg'): number[] =>
      tracks.flatMap((track) => [...track[column]])
    return {
      intervals: {
        track: tracks.flatMap((track, at) => Array<number>(track.count).fill(at)),
        startNs: all('startNs'),
        ns: all('ns'),
        state: all('state'),
        arg: all('arg'),
      },
      points: {
        timeNs: [...points.timeNs],
        kind: [...points.kind],
        subject: [...points.subject],
        object: [...points.object],
        detail: [...points.detail],
      },
    }
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
