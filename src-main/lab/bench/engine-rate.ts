/**
 * How fast the engine is beside other event queues, in the same minutes on the same machine: rounds
 * of ours, C++, SimPy, ours, C++, SimPy, …, so that what else the machine does disturbs all of them
 * alike.
 */
import { assert } from '../../core/base/assert.ts'
import { runHolds } from './hold.ts'
import type { HoldRun } from './hold.ts'
import { mid, spread } from './spread.ts'
import type { Spread } from './spread.ts'
import { openYardsticks, runEngine } from './yardsticks.ts'
import type { Missing, Yardstick } from './yardsticks.ts'

/** An implementation of the hold model: holds a CPU second, over the rounds. */
export type EngineRate = { readonly name: string; readonly rate: Spread }

/** A yardstick beside our engine. */
export type EngineComparison = EngineRate & {
  readonly id: Yardstick['id']
  /** Our rate as a multiple of this one's: the median of the rounds' quotients. */
  readonly ratio: number
  readonly target: number
}

/** The engine's figures; `missing` says which yardsticks could not be run, and why. */
export type EngineFigures = {
  readonly entities: number
  readonly rounds: number
  readonly engine: EngineRate
  readonly yardsticks: readonly EngineComparison[]
  readonly missing: readonly Missing[]
}

/** Pending events of the hold model: about what a run of 12 pCPUs and 24 vCPUs has. */
const ENTITIES = 48
const HOLDS_TO_AGREE = 100_000
/** Holds a round, so that a round of each takes a few tenths of a second. */
const HOLDS = { engine: 4_000_000, 'c++': 4_000_000, simpy: 400_000 }
/** Our rate is to be at least this multiple of a yardstick's (simulator.md §7). */
const TARGETS = { 'c++': 0.8, simpy: 15 }

/** Measures the engine and the yardsticks that are here. @throws Error when `signal` aborts */
export async function measureEngine(rounds: number, signal: AbortSignal): Promise<EngineFigures> {
  const { there, missing, close } = await openYardsticks(signal)
  try {
    await requireAgreement(there, signal)
    const engine: number[] = []
    const others = there.map(() => [] as number[])
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted()
      engine.push(rateOf(HOLDS.engine, await runEngine(ENTITIES, HOLDS.engine, signal)))
      for (const [at, yardstick] of there.entries()) {
        const holds = HOLDS[yardstick.id]
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
  return { id, name, rate: spread(rates), ratio, target: TARGETS[id] }
}

const rateOf = (holds: number, { cpuSeconds }: HoldRun): number => holds / cpuSeconds
