/**
 * The bench: how fast simulator and library are on this machine, what they are compared with, and
 * whether that is what was promised (simulator.md §7). Rates are per second of CPU time of one
 * thread, those of a pool of workers per second of wall time.
 */
import path from 'node:path'
import { LabError } from '../../core/base/lab-error.ts'
import { describeMachine, sourceCommit } from '../environment.ts'
import { tuneV8 } from '../runner/tune-v8.ts'
import { measureBulk } from './bulk-rate.ts'
import type { BulkFigures } from './bulk-rate.ts'
import { measureEngine } from './engine-rate.ts'
import type { EngineFigures } from './engine-rate.ts'
import { measureLibrary } from './library/library-speed.ts'
import type { LibraryEffort, LibraryFigures } from './library/library-speed.ts'
import { WHOLE_LIBRARY } from './library/seeded-library.ts'
import type { ModelEffort, ModelMemory, ModelRate } from './model-rate.ts'
import { measureSimso } from './simso.ts'
import type { SimsoFigures } from './simso.ts'
import { BY_SCHEME, GROWTH } from './situations.ts'
import type { Situation } from './situations.ts'
import { outputOf } from './start-program.ts'
import { engineTargets, libraryTargets, modelTargets, simsoTargets } from './targets.ts'
import type { Target } from './targets.ts'
import { measureTraces } from './trace-cost.ts'
import type { TraceEffort, TraceFigures } from './trace-cost.ts'
import { measureWorkers } from './workers-rate.ts'
import type { WorkersEffort, WorkersFigures } from './workers-rate.ts'

/** The parts of the bench, in the order in which they are measured. */
export const BENCH_PARTS = [
  ...(['engine', 'model', 'bulk', 'trace', 'workers', 'simso', 'library'] as const),
] as const

/** A part of the bench. */
export type BenchPart = (typeof BENCH_PARTS)[number]

/** A situation's rates and memory. */
export type ModelFigures = ModelRate & { readonly memory: ModelMemory }

/** All that was measured, and on what; null is a part that was not asked for. */
export type BenchFigures = {
  readonly commit: string | null
  readonly machine: ReturnType<typeof describeMachine>
  readonly engine: EngineFigures | null
  readonly model: readonly ModelFigures[] | null
  readonly bulk: BulkFigures | null
  readonly trace: TraceFigures | null
  readonly workers: WorkersFigures | null
  readonly simso: SimsoFigures | null
  readonly library: LibraryFigures | null
  readonly targets: readonly Target[]
}

/** How long to measure. */
type Effort = {
  readonly rounds: number
  readonly model: ModelEffort
  readonly bulkRounds: number
  readonly trace: TraceEffort
  readonly workers: WorkersEffort
  readonly simsoRounds: number
  readonly library: LibraryEffort
}

const WHOLE: Effort = {
  rounds: 9,
  model: { events: 400_000, warmUps: 2, rounds: 5 },
  bulkRounds: 5,
  trace: { seconds: 10, rounds: 3 },
  workers: { apps: ['streamcluster', 'bodytrack', 'mutex'], rounds: 3 },
  simsoRounds: 3,
  library: { ...WHOLE_LIBRARY, rounds: 50 },
}
const QUICK: Effort = {
  rounds: 3,
  model: { events: 200_000, warmUps: 1, rounds: 3 },
  bulkRounds: 1,
  trace: { seconds: 1, rounds: 1 },
  workers: { apps: ['bodytrack'], rounds: 1 },
  simsoRounds: 1,
  library: { ...WHOLE_LIBRARY, runs: 3000, rounds: 5 },
}

/** How a bench is run. `onDone` is told what is done; `signal` stops between two rounds. */
export type BenchOptions = {
  readonly quick: boolean
  readonly parts: readonly BenchPart[]
  /** Folder of SimSo. */
  readonly simso?: string | undefined
  readonly onDone: (what: string) => void
  readonly signal: AbortSignal
}

/** Measures what is asked for. @throws LabError `cancelled`, or `bad-input` for a wrong folder */
export async function runBench(options: BenchOptions): Promise<BenchFigures> {
  tuneV8()
  try {
    return await measureParts(options)
  } catch (error) {
    if (options.signal.aborted) throw new LabError('cancelled', 'the bench was cancelled')
    throw error
  }
}

async function measureParts(options: BenchOptions): Promise<BenchFigures> {
  const { parts, signal, onDone } = options
  const effort = options.quick ? QUICK : WHOLE
  const measured = async <T>(part: BenchPart, measure: () => Promise<T>): Promise<T | null> => {
    if (!parts.includes(part)) return null
    const figures = await measure()
    onDone(part)
    return figures
  }
  const engine = await measured('engine', () => measureEngine(effort.rounds, signal))
  const model = await measured('model', () => measureModel(effort.model, options))
  const bulk = await measured('bulk', () => Promise.resolve(measureBulk(effort.bulkRounds, signal)))
  const trace = await measured('trace', () => measureTraces(effort.trace, signal))
  const workers = await measured('workers', () => measureWorkers(effort.workers, signal))
  const simso = await measured('simso', () =>
    measureSimso(options.simso, effort.simsoRounds, signal),
  )
  const library = await measured('library', () => measureLibrary(effort.library, signal, onDone))
  const targets = [
    ...(engine === null ? [] : engineTargets(engine)),
    ...(model === null ? [] : modelTargets(model)),
    ...(simso === null ? [] : simsoTargets(simso)),
    ...(library === null ? [] : libraryTargets(library)),
  ]
  const where = { commit: sourceCommit(), machine: describeMachine() }
  return { ...where, engine, model, bulk, trace, workers, simso, library, targets }
}

async function measureModel(
  effort: ModelEffort,
  { signal, onDone }: BenchOptions,
): Promise<ModelFigures[]> {
  const others = BY_SCHEME.filter(({ scheme }) => GROWTH.every((one) => one.scheme !== scheme))
  const situations = [...GROWTH, ...others]
  const figures: ModelFigures[] = []
  for (const situation of situations) {
    figures.push(await measureSituation(situation, effort, signal))
    const { workload, scheme, size } = situation
    const count = `${figures.length} of ${situations.length}`
    onDone(`model ${count}: ${workload}, ${scheme}, ${size} host`)
  }
  return figures
}

/** In a process of its own: what V8 made of one situation must not serve another. */
export async function measureSituation(
  situation: Situation,
  effort: ModelEffort,
  signal: AbortSignal,
): Promise<ModelFigures> {
  const program = path.join(import.meta.dirname, 'model-program.ts')
  const args = ['--expose-gc', program, JSON.stringify(situation), JSON.stringify(effort)]
  return JSON.parse(await outputOf(process.execPath, args, signal)) as ModelFigures
}
