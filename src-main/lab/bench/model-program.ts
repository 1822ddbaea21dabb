/**
 * Measures one situation as a program of its own, so that no figure depends on what was measured
 * before. Arguments: situation and effort as JSON. Prints memory and rates as JSON. Node must run
 * with --expose-gc.
 */
import { tuneV8 } from '../runner/tune-v8.ts'
import { measureMemory, measureRate } from './model-rate.ts'
import type { ModelEffort } from './model-rate.ts'
import type { Situation } from './situations.ts'

const [situation, effort] = process.argv.slice(2).map((json) => JSON.parse(json) as unknown) as [
  Situation,
  ModelEffort,
]
const never = new AbortController().signal
tuneV8()
const memory = measureMemory(situation, effort.events, never)
const rate = measureRate(situation, effort, never)
process.stdout.write(JSON.stringify({ ...rate, memory }))
