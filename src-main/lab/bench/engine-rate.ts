/**
 * How fast the engine is beside other event queues, in the same minutes on the same machine: rounds
 * of ours, C++, SimPy, …, ours, C++, SimPy, …, so that what else the machine does disturbs all of
 * them alike.
 */
import { assert } from '../../core/base/assert.ts'
import { runHolds } from './hold.ts'
import type { HoldRun } from './hold.ts'
import { mid, spread } from './spread.ts'
import type { Spread } from './spread.ts'
import { ENTITIES, openYardsticks, runEngine } from './yardsticks.ts'
import type { Missing, Yardstick, YardstickId } from './yardsticks.ts'

/** An implementation of the hold model: holds a CPU second, over the rounds. */
export type EngineRate = { readonly name: string; readonly rate: Spread }

/** A yardstick beside our engine. */
export type EngineComparison = EngineRate & {
  readonly id: Yardstick['id']
  /** Our rate as a multiple of this one's: the median of the rounds' quotients. */
  readonly ratio: number
  /** What the ratio is to be at least; null where nothing was promised. */
  readonly target: number | null
}

/** The engine's figures; `missing` says which yardsticks could not be run, and why. */
export type EngineFigures = {
  readonly entities: number
  readonly rounds: number
  readonly engine: EngineRate
  readonly yardsticks: readonly EngineComparison[]
  readonly missing: readonly Missing[]
}

const HOLDS_TO_AGREE = 100_000
const HOLDS_OF_ENGINE = 8_000_000
/** Holds a round, so that each takes a few tenths of a second; and what our ratio is to be. */
const PLAN: Readonly<Record<YardstickId, { holds: number; target: number | null }>> = {
  'c++': { holds: 8_000_000, target: 0.8 },
  'ns-3': { holds: 2_000_000, target: 2 },
  'ns-3 best': { holds: 4_000_000, target: 2 },
  simgrid: { holds: 600_000, target: 8 },
  // Faster than what its users are told to write, so no yardstick; but it should be known.
  'simgrid timers': { holds: 1_000_000, target: null },
  simpy: { holds: 400_000, target: 15 },
}

/** Measures the engine and the yardsticks that are here. @throws Error when `signal` aborts */
export async function measureEngine(rounds: number, signal: AbortSignal): Promise<EngineFigures> {
  const { there, missing, close } = await openYardsticks(signal)
  try {
    await requireAgreement(there, signal)
    const engine: number[] = []
    const others = there.map(() => [] as number[])
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted()
      engine.push(rateOf(HOLDS_OF_ENGINE, await runEngine(ENTITIES, HOLDS_OF_ENGINE, signal)))
      for (const [at, yardstick] of there.entries()) {
        const { holds } = PLAN[yardstick.id]
        others[at]!.push(rateOf(holds, await yardstick.run(ENTITIES, holds, signal)))
      }
    }
    const yardsticks = there.map((one, at) => compare(one, engine, others[at]!))
    return {
      ...{ entities: ENTITIES, rounds, missing, yardsticks },
      engine: { name: 'this engine', rate: spread(engine) },
    }
  } finally {
    await close()
  }
}

/** Equal delays in equal order: the clocks of all models must end at the same nanosecond. */
async function requireAgreement(there: readonly Yardstick[], signal: AbortSignal): Promise<void> {
  const ours = runHolds(ENTITIES, HOLDS_TO_AGREE)
  for (const { name, run } of there) {
    const { lastTime } = await run(ENTITIES, HOLDS_TO_AGREE, signal)
    assert(lastTime === ours.lastTime, `${name} ends at ${lastTime}, our engine ${ours.lastTime}`)
  }
}

/** A yardstick's rounds beside ours of the same time. */
export function compare(
  { id, name }: Pick<Yardstick, 'id' | 'name'>,
  engine: readonly number[],
  rates: readonly number[],
): EngineComparison {
  const ratio = mid(engine.map((rate, round) => rate / rates[round]!))
  return { id, name, rate: spread(rates), ratio, target: PLAN[id].target }
}

const rateOf = (holds: number, { cpuSeconds }: HoldRun): number => holds / cpuSeconds
