/**
 * The bench: how fast the simulator is on this machine, what it is compared with, and whether that
 * is what was promised (simulator.md §7). All rates are per second of CPU time of one thread.
 */
import { LabError } from '../../core/base/lab-error.ts'
import { describeMachine, sourceCommit } from '../environment.ts'
import { tuneV8 } from '../runner/tune-v8.ts'
import { measureEngine } from './engine-rate.ts'
import type { EngineFigures } from './engine-rate.ts'
import { EVENT_RATE_TARGET, measureModel, SCALING_TARGET, SITUATIONS } from './model-rate.ts'
import type { ModelEffort, ModelRate } from './model-rate.ts'

/** All that is measured, and on what. */
export type BenchFigures = {
  readonly commit: string | null
  readonly machine: ReturnType<typeof describeMachine>
  readonly engine: EngineFigures
  readonly model: readonly ModelRate[]
  readonly targets: readonly Target[]
}

/** Something promised: `value` is to be at least (or at most) `target`. */
export type Target = {
  readonly name: string
  readonly value: number
  readonly bound: 'at least' | 'at most'
  readonly target: number
  readonly met: boolean
}

/** How long to measure: rounds of the engine, and of the model with events a round. */
type Effort = { readonly rounds: number; readonly model: ModelEffort }

const WHOLE: Effort = { rounds: 9, model: { events: 400_000, warmUps: 2, rounds: 5 } }
const QUICK: Effort = { rounds: 3, model: { events: 200_000, warmUps: 1, rounds: 3 } }

/** How a bench is run. `onDone` is told what is done; `signal` stops between two rounds. */
export type BenchOptions = {
  readonly quick: boolean
  readonly onDone: (what: string) => void
  readonly signal: AbortSignal
}

/** Measures all. @throws LabError `cancelled` */
export async function runBench({ quick, onDone, signal }: BenchOptions): Promise<BenchFigures> {
  const effort = quick ? QUICK : WHOLE
  tuneV8()
  try {
    const engine = await measureEngine(effort.rounds, signal)
    onDone('engine')
    const model: ModelRate[] = []
    for (const situation of SITUATIONS) {
      // Lets a Ctrl-C through between two situations.
      await new Promise((resolve) => setImmediate(resolve))
      model.push(measureModel(situation, effort.model, signal))
      onDone(`${situation.workload}, ${situation.scheme}, ${situation.size} host`)
    }
    const targets = [...engineTargets(engine), ...modelTargets(model)]
    return { commit: sourceCommit(), machine: describeMachine(), engine, model, targets }
  } catch (error) {
    if (signal.aborted) throw new LabError('cancelled', 'the bench was cancelled')
    throw error
  }
}

function engineTargets({ yardsticks }: EngineFigures): Target[] {
  return yardsticks.map(({ name, ratio, target }) =>
    judge(`engine : ${name}`, ratio, 'at least', target),
  )
}

/** What the model promises of the situations that were measured. */
export function modelTargets(model: readonly ModelRate[]): Target[] {
  const rates = model
    .filter(({ size }) => size === 'small')
    .map(({ workload, scheme, eventRate }) =>
      judge(`events/s, ${workload}, ${scheme}`, eventRate.median, 'at least', EVENT_RATE_TARGET),
    )
  const costs = model
    .filter(({ size }) => size === 'large')
    .flatMap(({ workload, scheme, eventRate }) => {
      const small = model.find((one) => {
        return one.size === 'small' && one.workload === workload && one.scheme === scheme
      })
      if (small === undefined) return []
      const cost = small.eventRate.median / eventRate.median
      return [
        judge(`cost of an event on the large host, ${workload}`, cost, 'at most', SCALING_TARGET),
      ]
    })
  return [...rates, ...costs]
}

function judge(name: string, value: number, bound: Target['bound'], target: number): Target {
  return {
    name,
    value,
    bound,
    target,
    met: bound === 'at least' ? value >= target : value <= target,
  }
}
