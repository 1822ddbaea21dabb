/**
 * hold.ts as a program beside hold.cpp and hold.py: the same arguments (entities, holds), the same
 * output (CPU seconds, time of the last hold). V8 first compiles what it will run.
 */
import { tuneV8 } from '../runner/tune-v8.ts'
import { runHolds } from './hold.ts'

/** The loop is compiled anew a few times before it stays as it is. */
const WARM_UPS = 4
const WARM_UP_HOLDS = 1_000_000

const [entities = 0, holds = 0] = process.argv.slice(2).map(Number)
tuneV8()
for (let i = 0; i < WARM_UPS; i++) runHolds(entities, WARM_UP_HOLDS)
const { cpuSeconds, lastTime } = runHolds(entities, holds)
process.stdout.write(`${cpuSeconds} ${lastTime}\n`)
