/**
 * What the bundled micro-benchmark prints with `--json`, read at the edge. Its modes and fields are
 * explained in `src-main/agent/micro/flexlab-micro.c`.
 */
import * as v from 'valibot'
import { err, ok } from '../../base/result.ts'
import type { Result } from '../../base/result.ts'
import { NumbersSchema } from '../scenario.ts'
import { AmountSchema, CountSchema, VmNameSchema } from './names.ts'
import { MICRO_MODES } from './program.ts'

/** Modes that measure a cost of the guest's kernel or of the host, for calibration only. */
export const CALIBRATION_MODES = [
  'switch',
  'wake',
  'handover',
  'ipi',
  'tlb-latency',
  'refill',
  'calib',
] as const

/** One run of the micro-benchmark by itself. */
export const MicroRequestSchema = v.strictObject({
  /** The guest that runs it; null: the host itself. */
  vm: v.nullable(VmNameSchema),
  mode: v.picklist([...MICRO_MODES, ...CALIBRATION_MODES]),
  /** Its options by name, as a program's: `threads`, `iterations`, `workNs`, `windows`, … */
  options: v.optional(NumbersSchema, {}),
  timeoutMs: v.optional(v.pipe(AmountSchema, v.minValue(100)), 120_000),
})
/** One run of the micro-benchmark by itself, defaults filled in. */
export type MicroRequest = v.InferOutput<typeof MicroRequestSchema>

/** A point of the refill curve: a walk over `kib`, in caches and after others used them, ns. */
const CurvePointSchema = v.object({ kib: CountSchema, warmNs: AmountSchema, coldNs: AmountSchema })

/** What it prints. Times are ns of the guest's monotonic clock. */
export const MicroOutputSchema = v.object({
  version: v.pipe(v.string(), v.startsWith('flexlab-micro '), v.maxLength(100)),
  mode: v.picklist([...MICRO_MODES, ...CALIBRATION_MODES]),
  threads: v.pipe(CountSchema, v.minValue(1)),
  iterations: v.pipe(CountSchema, v.minValue(1)),
  workNs: AmountSchema,
  holdNs: AmountSchema,
  pages: CountSchema,
  /** Speed of the computing loop; `loopsGiven`: the caller's figure, not measured by this run. */
  loopsPerUs: v.pipe(AmountSchema, v.minValue(1e-6)),
  loopsGiven: v.boolean(),
  /** Start of the measured part, µs since the epoch by the clock of the machine that ran it. */
  startedUs: AmountSchema,
  elapsedNs: AmountSchema,
  perIterationNs: AmountSchema,
  /** Windows of ⌊iterations / windows⌋ iterations each; the last has the rest as well. */
  windowNs: v.pipe(v.array(AmountSchema), v.minLength(1), v.maxLength(100_000)),
  cpusSeen: v.array(CountSchema),
  cpusAtStart: CountSchema,
  cpusAtEnd: CountSchema,
  cpuNs: AmountSchema,
  voluntarySwitches: CountSchema,
  involuntarySwitches: CountSchema,
  /** What the system calls of an iteration cost without anybody to switch to, wake or interrupt. */
  baseNs: v.optional(AmountSchema),
  /** One switch, wake-up, hand-over, interrupt or shootdown; noise may make it negative. */
  singleNs: v.optional(v.pipe(v.number(), v.finite())),
  llcKib: v.optional(CountSchema),
  curve: v.optional(v.pipe(v.array(CurvePointSchema), v.maxLength(100))),
})
/** What it prints. */
export type MicroOutput = v.InferOutput<typeof MicroOutputSchema>

/** The last line of a program's output that is a result of the micro-benchmark, or why none is. */
export function readMicroOutput(text: string): Result<MicroOutput, string> {
  const line = text.split('\n').findLast((each) => each.startsWith('{"version":"flexlab-micro '))
  if (line === undefined) return err('the output holds no line of flexlab-micro --json')
  const value = parseJson(line)
  if (value === undefined) return err('the result of flexlab-micro is cut off')
  const parsed = v.safeParse(MicroOutputSchema, value)
  if (parsed.success) return ok(parsed.output)
  const [issue] = parsed.issues
  const where = v.getDotPath(issue) ?? ''
  return err(`the result of flexlab-micro is malformed: ${where} ${issue.message}`)
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
