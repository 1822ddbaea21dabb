/** What a guest runs, and how its output is read. */
import * as v from 'valibot'
import { NumbersSchema } from '../values.ts'

const Argument = v.pipe(v.string(), v.maxLength(4096))

/** How the time of an iteration is read. */
export const OutputFormatSchema = v.variant('kind', [
  /** parsecmgmt, or a binary with hooks: the region of interest, or the whole run's real time. */
  v.strictObject({ kind: v.literal('parsec'), measure: v.picklist(['roi', 'real']) }),
  /** Elapsed time of `time`: bash's, POSIX's `-p`, GNU's (also `-v`) or busybox's. */
  v.strictObject({ kind: v.literal('time') }),
  /** An RE2 expression with the group `value`, and the unit of that; the last line that matches. */
  v.strictObject({
    kind: v.literal('pattern'),
    pattern: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
    unit: v.picklist(['ns', 'us', 'ms', 's']),
  }),
  /** From start to exit, by the guest's monotonic clock. */
  v.strictObject({ kind: v.literal('elapsed') }),
])
/** How the time of an iteration is read. */
export type OutputFormat = v.InferOutput<typeof OutputFormatSchema>

/** Modes of the bundled micro-benchmark, `src-main/agent/micro/flexlab-micro.c`. */
export const MICRO_MODES = [
  'ep',
  'barrier',
  'spin-barrier',
  'spin',
  'ticket',
  'mutex',
  'ring',
  'tlb',
] as const
/** A mode of the bundled micro-benchmark. */
export type MicroMode = (typeof MICRO_MODES)[number]

/** A program of the guest: the bundled micro-benchmark, or any command as an argument vector. */
export const ProgramSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('micro'),
    mode: v.picklist(MICRO_MODES),
    /** Its options by name, e.g. `threads`, `iterations`, `workNs`. */
    options: v.optional(NumbersSchema, {}),
  }),
  v.strictObject({
    kind: v.literal('command'),
    /** No shell: each is one argument. `$threads` stands for the number of threads. */
    argv: v.pipe(v.array(Argument), v.minLength(1), v.maxLength(256)),
    env: v.optional(
      v.record(v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)), Argument),
      {},
    ),
    stdin: v.optional(v.pipe(v.string(), v.maxLength(65_536)), ''),
    /** Threads that the program is told to use; a ballooned guest shows it fewer CPUs. */
    threads: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)), 1),
    output: OutputFormatSchema,
  }),
])
/** A program of the guest. */
export type Program = v.InferOutput<typeof ProgramSchema>
