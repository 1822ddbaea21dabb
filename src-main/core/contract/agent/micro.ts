/**
 * The bundled micro-benchmark (src-main/agent/micro/flexlab-micro.c, docs/micro.md): a run of it by
 * itself, and its result. `core/work/micro-output.ts` reads it out of a guest's output.
 */
import * as v from 'valibot'
import { NumbersSchema } from '../values.ts'
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

/** One result. Times in ns unless named otherwise. */
export const MicroResultSchema = v.object({
  version: v.pipe(v.string(), v.maxLength(100)),
  mode: v.pipe(v.string(), v.maxLength(100)),
  threads: v.pipe(CountSchema, v.minValue(1)),
  /** Of each thread. */
  iterations: v.pipe(CountSchema, v.minValue(1)),
  workNs: AmountSchema,
  holdNs: AmountSchema,
  pages: CountSchema,
  /** Speed of the computing loop, and whether it was given instead of measured. */
  loopsPerUs: AmountSchema,
  loopsGiven: v.boolean(),
  /** Start of the first window by the guest's wall clock, µs since 1970. */
  startedUs: CountSchema,
  elapsedNs: CountSchema,
  perIterationNs: AmountSchema,
  /** Windows of ⌊iterations ∕ windows⌋ iterations; the last has those that are left over, too. */
  windowNs: v.array(CountSchema),
  /** CPUs that some iteration was on; CPUs that the process might use. */
  cpusSeen: v.array(CountSchema),
  cpusAtStart: CountSchema,
  cpusAtEnd: CountSchema,
  /** Of the whole process, calibration and warm-up included. */
  cpuNs: AmountSchema,
  voluntarySwitches: CountSchema,
  involuntarySwitches: CountSchema,
  /** What the acting thread pays alone; calibration modes only. */
  baseNs: v.optional(AmountSchema),
  /** The cost that a calibration mode is for. May come out negative where it drowns in noise. */
  singleNs: v.optional(v.pipe(v.number(), v.finite())),
  llcKib: v.optional(CountSchema),
  /** Walking time by working-set size: mode `refill`. */
  curve: v.optional(
    v.array(v.object({ kib: CountSchema, warmNs: AmountSchema, coldNs: AmountSchema })),
  ),
})
/** One result. */
export type MicroResult = v.InferOutput<typeof MicroResultSchema>
