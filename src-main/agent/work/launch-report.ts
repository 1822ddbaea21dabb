/** What flexlab-launch leaves in its folder, read back; see its source. The guest may lie. */
import * as v from 'valibot'
import { AmountSchema, CountSchema } from '../../core/contract/agent/names.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import { parseJson } from '../backend/guest-channel.ts'

const STATES = ['waiting', 'running', 'done', 'stopped', 'cancelled', 'failed', 'timeout'] as const

/** How far a launcher is. */
export type LaunchStatus = { readonly state: (typeof STATES)[number]; readonly done: number }

const BarrierSchema = v.object({ gateNs: AmountSchema, gateUnixUs: AmountSchema })
const IterationSchema = v.object({
  startNs: AmountSchema,
  elapsedNs: AmountSchema,
  exit: v.pipe(v.number(), v.safeInteger()),
  signal: CountSchema,
  cpuUs: AmountSchema,
  voluntary: CountSchema,
  involuntary: CountSchema,
  outAt: CountSchema,
  outBytes: CountSchema,
  isCut: v.boolean(),
})
/** One iteration, in ns of the guest's monotonic clock. */
export type LaunchedIteration = v.InferOutput<typeof IterationSchema>

/** The barrier and the iterations behind it; no barrier when it never opened. */
export type LaunchReport = {
  readonly barrier: v.InferOutput<typeof BarrierSchema> | null
  readonly iterations: readonly LaunchedIteration[]
}

/** "STATE DONE", padded. */
export function parseStatus(text: string): Result<LaunchStatus, string> {
  const match = /^([a-z]+) (\d{1,15}) *$/.exec(text.split('\n', 1)[0] ?? '')
  const state = STATES.find((one) => one === match?.[1])
  if (state === undefined) return err('the launcher’s status is not one')
  return ok({ state, done: Number(match?.[2]) })
}

/** The lines of a report. One that is cut off at the end is left out: it is being written. */
export function parseReport(text: string): Result<LaunchReport, string> {
  const lines = text.split('\n').slice(0, -1)
  const [first, ...others] = lines.map(parseJson)
  if (first === undefined) return ok({ barrier: null, iterations: [] })
  const barrier = v.safeParse(BarrierSchema, first)
  const iterations = v.safeParse(v.array(IterationSchema), others)
  if (!barrier.success || !iterations.success) return err('the launcher’s report is not one')
  return ok({ barrier: barrier.output, iterations: iterations.output })
}
