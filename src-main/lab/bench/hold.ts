/**
 * Hold model on our engine: what `flexlab bench` compares with the other files of that name. Takes
 * the earliest event and schedules its entity anew, so many times, with the same delays in the same
 * order.
 */
import { LabError } from '../../core/base/lab-error.ts'
import { Engine } from '../../core/sim/engine.ts'
import { cpuSeconds } from './cpu-clock.ts'

/** What one run of a hold model measured: its CPU time, and where the simulated clock stood. */
export type HoldRun = { readonly cpuSeconds: number; readonly lastTime: number }

const DELAYS = 2 ** 16
const XORSHIFT_SEED = 2463534242

/** Whole numbers, 1 … 2^20, from Marsaglia's xorshift32. */
function makeDelays(): Float64Array {
  let x = XORSHIFT_SEED | 0
  return new Float64Array(DELAYS).map(() => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return 1 + (x >>> 12)
  })
}

/** Runs `holds` holds over `entities` pending events, as a model runs: trace hash and limits on. */
export function runHolds(entities: number, holds: number): HoldRun {
  const delays = makeDelays()
  const engine = new Engine(entities)
  const { queue } = engine
  let sequence = 0
  for (let entity = 0; entity < entities; entity++) queue.schedule(entity, delays[sequence++]!)
  const hold = (entity: number, now: number): void =>
    queue.schedule(entity, now + delays[sequence++ & (DELAYS - 1)]!)
  const start = cpuSeconds()
  try {
    engine.run(hold, { eventsMax: holds, simulatedNsMax: Infinity })
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'budget') throw error
  }
  return { cpuSeconds: cpuSeconds() - start, lastTime: engine.now }
}
