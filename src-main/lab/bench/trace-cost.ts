/**
 * What a trace costs: the same simulated seconds with and without recording, in turn in one
 * process; then its size, and the times to write it into a library and to open it there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { assert } from '../../core/base/assert.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { TraceHeader } from '../../core/contract/trace.ts'
import type { Machine } from '../../core/model/machine.ts'
import { RECORDS_MAX_DEFAULT, Recording } from '../../core/simulate/recording.ts'
import { layoutTrace } from '../../core/trace/layout.ts'
import type { PackedTrace } from '../../core/trace/packed-trace.ts'
import { BLOCK_BUCKETS } from '../../core/trace/pyramid.ts'
import type { Lab } from '../index.ts'
import { TracePacker } from '../runner/trace-packer.ts'
import { cpuSeconds } from './cpu-clock.ts'
import { runToBudget } from './model-rate.ts'
import { scenarioOf } from './situations.ts'
import { mid, spread } from './spread.ts'
import type { Spread } from './spread.ts'

/** How long to measure: simulated time of a run, and rounds. */
export type TraceEffort = { readonly seconds: number; readonly rounds: number }

/** One workload on 12 pCPUs and 24 vCPUs. */
export type TraceCost = {
  readonly workload: string
  readonly events: number
  readonly records: number
  /** Of the compressed trace. */
  readonly bytes: number
  readonly plainSeconds: Spread
  readonly recordedSeconds: Spread
  /** CPU time with recording ÷ without, the median of the rounds. */
  readonly ratio: number
  /** Wall time, ms: into the library; the blocks with which a screen shows the whole time. */
  readonly writeMs: number
  readonly openMs: number
  /** All records of the middle 0.1 s; all queries over the whole time. */
  readonly zoomMs: number
  readonly queryMs: number
}

/** All workloads. */
export type TraceFigures = TraceEffort & { readonly costs: readonly TraceCost[] }

const WORKLOADS = ['bodytrack', 'streamcluster']
const EVENTS_MAX = 1e12
const ZOOM_NS = 1e8
/** Buckets that a screen asks for. */
const BUCKETS_MAX = 8000
const TOP = 20

/** Measures all workloads. @throws LabError `cancelled` */
export async function measureTraces(
  effort: TraceEffort,
  signal: AbortSignal,
): Promise<TraceFigures> {
  const costs: TraceCost[] = []
  for (const workload of WORKLOADS) costs.push(await measureCost(workload, effort, signal))
  return { ...effort, costs }
}

async function measureCost(
  workload: string,
  { seconds, rounds }: TraceEffort,
  signal: AbortSignal,
): Promise<TraceCost> {
  const all = scenarioOf({ size: 'small', workload, scheme: 'cfs' }, EVENTS_MAX)
  const scenario = { ...all, budget: { ...all.budget, simulatedNsMax: seconds * 1e9 } }
  // V8 compiles what it will run
  timeRun(scenario, null, signal)
  const timed = Array.from({ length: rounds }, () => {
    const packer = new TracePacker()
    const plain = timeRun(scenario, null, signal)
    return { plain, recorded: timeRun(scenario, packer, signal), trace: packer.packed() }
  })
  const { trace, plain } = timed[0]!
  return {
    workload,
    events: plain.events,
    records: trace.header.intervals + trace.header.points,
    plainSeconds: spread(timed.map((round) => round.plain.cpuSeconds)),
    recordedSeconds: spread(timed.map((round) => round.recorded.cpuSeconds)),
    ratio: mid(timed.map((round) => round.recorded.cpuSeconds / round.plain.cpuSeconds)),
    ...(await measureLibrary(scenario, trace)),
  }
}

function timeRun(scenario: Scenario, packer: TracePacker | null, signal: AbortSignal) {
  let started: { machine: Machine; recording: Recording | null; at: number } | undefined
  const options = packer?.options(RECORDS_MAX_DEFAULT)
  const onStart = (machine: Machine): void => {
    const recording = options === undefined ? null : new Recording(machine, options)
    started = { machine, recording, at: cpuSeconds() }
  }
  const after = (): void => started?.recording?.afterEvent()
  runToBudget(scenario, signal, onStart, options === undefined ? {} : { after })
  assert(started !== undefined, `${scenario.name} started`)
  const { machine, recording, at } = started
  if (recording !== null) options?.done(recording.finish())
  return { events: machine.engine.events, cpuSeconds: cpuSeconds() - at }
}

/** Writes the trace into a library on disk, as that of a short run, and opens it. */
async function measureLibrary(scenario: Scenario, trace: PackedTrace) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-bench-'))
  const databaseFile = path.join(folder, 'library.sqlite')
  // the lab imports the bench
  const { openLab } = await import('../index.ts')
  const lab = await openLab({ databaseFile, host: 'cli', appVersion: 'bench', workers: 1 })
  try {
    const runId = await saveShortRun(lab, scenario)
    const write = await timed(() => lab.trace.keep(runId, trace))
    const whole = wholeAt(trace.header)
    const open = await timed(() => lab.traceParts.blocks(runId, whole))
    const fromNs = Math.floor((trace.header.endNs - ZOOM_NS) / 2)
    const zoom = await timed(() => lab.trace.read(runId, { fromNs, toNs: fromNs + ZOOM_NS }))
    const query = await timed(() => lab.trace.findings(runId, {}, TOP))
    return {
      bytes: write.value.bytes,
      ...{ writeMs: write.ms, openMs: open.ms, zoomMs: zoom.ms, queryMs: query.ms },
    }
  } finally {
    await lab.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** All tracks at the finest level that a screen opens the whole time with. */
function wholeAt({ levels, endNs, ...header }: TraceHeader) {
  const level = levels.find((k) => endNs / 2 ** k <= BUCKETS_MAX) ?? levels.at(-1)!
  const last = Math.floor(endNs / 2 ** level / BLOCK_BUCKETS)
  return { level, first: 0, last, tracks: [...Array(layoutTrace(header).tracks).keys()] }
}

/** A run that the trace can belong to: the same VMs cannot be finished in the time. */
async function saveShortRun(lab: Lab, scenario: Scenario): Promise<string> {
  const vm = { ...scenario.vms[0]!, iterations: 1, workload: { app: 'barrier', params: {} } }
  const short = { ...scenario, vms: [vm], budget: { ...scenario.budget, simulatedNsMax: 1e15 } }
  return lab.simulation.save(short, await lab.simulation.run(short))
}

async function timed<T>(
  act: () => Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const startMs = performance.now()
  const value = await act()
  return { value, ms: performance.now() - startMs }
}
