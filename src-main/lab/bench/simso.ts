/**
 * Our engine beside SimSo, a Python simulator of real-time scheduling (Chéramy 2014): earliest
 * deadline first, global and partitioned, on the same tasks. Both count context switches, finished
 * jobs and missed deadlines, and have to agree on all. SimSo is not a part of this repository nor
 * of Debian: it is used where its folder is named.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import { cpuSeconds } from './cpu-clock.ts'
import { drawTasks, TICKS_PER_MS } from './edf-tasks.ts'
import type { EdfCase } from './edf-tasks.ts'
import { runEdf } from './edf.ts'
import type { EdfCounts } from './edf.ts'
import { findPython } from './python.ts'
import { mid, spread } from './spread.ts'
import type { Spread } from './spread.ts'
import { outputOf } from './start-program.ts'

/** One case; rates are context switches a CPU second. */
export type SimsoComparison = Pick<EdfCase, 'rule' | 'cpus'> & {
  readonly tasks: number
  readonly switches: number
  readonly missed: number
  readonly engine: Spread
  readonly simso: Spread
  /** SimSo's CPU time as a multiple of ours: the median of the rounds' quotients. */
  readonly ratio: number
}

/** All cases, or why there are none. */
export type SimsoFigures =
  | { readonly missing: string }
  | { readonly name: string; readonly rounds: number; readonly cases: readonly SimsoComparison[] }

/** SimSo as it can be run here. */
export type Simso = {
  readonly name: string
  readonly run: (edfCase: EdfCase, signal: AbortSignal) => Promise<SimsoRun>
}

type SimsoRun = EdfCounts & { readonly cpuSeconds: number }

/** Environment variable with SimSo's folder. */
export const SIMSO_VARIABLE = 'FLEXLAB_SIMSO'

const SEED = 1
const UTILIZATION = 0.8
const DURATION_MS = 5000
/** Ours is run so often in a round, after as many warm-ups: one run takes a millisecond. */
const REPEATS = 100

/** A small system and one of the size of the model's small host, each under both schedulers. */
export const EDF_CASES: readonly EdfCase[] = [
  { cpus: 4, count: 20 },
  { cpus: 12, count: 48 },
].flatMap(({ cpus, count }) =>
  (['global', 'partitioned'] as const).map((rule) => ({
    ...{ rule, cpus, duration: DURATION_MS * TICKS_PER_MS },
    tasks: drawTasks(SEED, count, UTILIZATION * cpus),
  })),
)

/** SimSo from its folder, or a sentence on what is missing. @throws LabError `bad-input` */
export async function openSimso(
  folder: string | undefined,
  signal: AbortSignal,
): Promise<Simso | string> {
  if (folder === undefined) {
    return (
      'SimSo is not here (github.com/MaximeCheramy/simso: name the folder of a copy with ' +
      `--simso or ${SIMSO_VARIABLE})`
    )
  }
  if (!existsSync(path.join(folder, 'simso', '__init__.py'))) {
    const hint = 'name the folder of its repository, which holds a folder simso'
    throw new LabError('bad-input', `${folder} does not hold SimSo`, hint)
  }
  const found = await findPython('import SimPy; print(SimPy.__version__)', signal)
  if (found === null) return 'SimSo needs SimPy 2 (Debian package python3-simpy)'
  const script = path.join(import.meta.dirname, 'simso.py')
  return {
    name: `SimSo on SimPy ${found.answer}`,
    async run(edfCase, stop) {
      const json = JSON.stringify({ ...edfCase, ticksPerMs: TICKS_PER_MS })
      return JSON.parse(await outputOf(found.python, [script, folder, json], stop)) as SimsoRun
    },
  }
}

/** Measures all cases, ours and SimSo's in turn. @throws Error when `signal` aborts */
export async function measureSimso(
  folder: string | undefined,
  rounds: number,
  signal: AbortSignal,
): Promise<SimsoFigures> {
  const simso = await openSimso(folder, signal)
  if (typeof simso === 'string') return { missing: simso }
  const cases: SimsoComparison[] = []
  for (const edfCase of EDF_CASES) cases.push(await compareCase(simso, edfCase, rounds, signal))
  return { name: simso.name, rounds, cases }
}

async function compareCase(
  simso: Simso,
  edfCase: EdfCase,
  rounds: number,
  signal: AbortSignal,
): Promise<SimsoComparison> {
  const counts = runEdf(edfCase)
  const { switches, missed } = counts
  const ours: number[] = []
  const theirs: number[] = []
  timeRuns(edfCase)
  for (let round = 0; round < rounds; round++) {
    ours.push(timeRuns(edfCase))
    const run = await simso.run(edfCase, signal)
    requireAgreement(counts, run)
    theirs.push(run.cpuSeconds)
  }
  return {
    ...{ rule: edfCase.rule, cpus: edfCase.cpus, tasks: edfCase.tasks.length, switches, missed },
    engine: spread(ours.map((seconds) => switches / seconds)),
    simso: spread(theirs.map((seconds) => switches / seconds)),
    ratio: mid(ours.map((seconds, round) => theirs[round]! / seconds)),
  }
}

/** CPU seconds of one run of ours. */
function timeRuns(edfCase: EdfCase): number {
  const start = cpuSeconds()
  for (let i = 0; i < REPEATS; i++) runEdf(edfCase)
  return (cpuSeconds() - start) / REPEATS
}

/** Both simulated the same: a comparison of speed means something. */
export function requireAgreement(ours: EdfCounts, theirs: EdfCounts): void {
  for (const count of ['switches', 'finished', 'missed', 'finishSum'] as const) {
    const message = `SimSo counts ${count} ${theirs[count]}, our engine ${ours[count]}`
    assert(ours[count] === theirs[count], message)
  }
}
