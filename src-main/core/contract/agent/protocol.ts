/**
 * The agent's protocol: what the lab may ask, and the shape of each frame. After the magic line the
 * agent sends `hello`; then the lab sends requests, cancels and beats, the agent results, errors
 * and events. Each frame of the lab's renews the lease; without one for `leaseMs` the agent puts
 * the host back.
 */
import * as v from 'valibot'
import {
  AppliedSchema,
  HostPlanSchema,
  JournalEntrySchema,
  RestoredSchema,
  SchemeRequestSchema,
} from './change.ts'
import { HostFactsSchema, VmFactsSchema } from './facts.ts'
import { MicroRequestSchema, MicroResultSchema } from './micro.ts'
import { AmountSchema, CountSchema, VmNameSchema } from './names.ts'
import { RunProgressSchema, RunReportSchema, RunRequestSchema, SampleSchema } from './work.ts'

/** Changes with every change that an older lab or agent could not read. */
export const PROTOCOL_VERSION = 1

/** How often the lab sends a beat, ms. */
export const BEAT_MS = 1000
/** How long the agent waits for any frame before it puts the host back, ms. */
export const LEASE_MS = 3000

const Nothing = v.strictObject({})

/** Every method: what it takes, what it gives, and what it streams meanwhile (null: nothing). */
export const AGENT_METHODS = {
  facts: { input: Nothing, output: HostFactsSchema, event: null },
  vms: { input: Nothing, output: v.array(VmFactsSchema), event: null },
  /** What a scheme would change; changes nothing. */
  plan: { input: SchemeRequestSchema, output: HostPlanSchema, event: null },
  /** Applies a plan that was shown: `planId` must be that of the plan as it is now. */
  apply: {
    input: v.strictObject({
      ...SchemeRequestSchema.entries,
      planId: v.string(),
      leaseMs: v.optional(v.pipe(AmountSchema, v.minValue(500), v.maxValue(60_000)), LEASE_MS),
    }),
    output: AppliedSchema,
    event: null,
  },
  /** Puts everything back that is open; harmless when nothing is. */
  restore: { input: Nothing, output: RestoredSchema, event: null },
  journal: {
    input: v.strictObject({ limit: v.optional(v.pipe(CountSchema, v.maxValue(1000)), 100) }),
    output: v.array(JournalEntrySchema),
    event: null,
  },
  /** Runs work in guests under whatever is applied; a cancel ends it. */
  run: {
    input: RunRequestSchema,
    output: RunReportSchema,
    event: v.union([v.object({ progress: RunProgressSchema }), v.object({ sample: SampleSchema })]),
  },
  /** Runs the micro-benchmark once, under whatever is applied; a cancel ends it. */
  micro: { input: MicroRequestSchema, output: MicroResultSchema, event: null },
  /** Streams samples until it is cancelled, or for `durationMs`. */
  sample: {
    input: v.strictObject({
      vms: v.pipe(v.array(VmNameSchema), v.maxLength(256)),
      periodMs: v.optional(v.pipe(AmountSchema, v.minValue(10), v.maxValue(60_000)), 100),
      durationMs: v.optional(AmountSchema),
    }),
    output: v.object({ samples: CountSchema, agentCpuNs: AmountSchema }),
    event: v.object({ sample: SampleSchema }),
  },
} as const

/** A method's name. */
export type AgentMethod = keyof typeof AGENT_METHODS
/** What a method takes, before defaults. */
export type AgentInput<M extends AgentMethod> = v.InferInput<(typeof AGENT_METHODS)[M]['input']>
/** What a method takes, defaults filled in. */
export type AgentParams<M extends AgentMethod> = v.InferOutput<(typeof AGENT_METHODS)[M]['input']>
/** What a method gives. */
export type AgentOutput<M extends AgentMethod> = v.InferOutput<(typeof AGENT_METHODS)[M]['output']>
/** What a method streams. */
export type AgentEvent<M extends AgentMethod> = (typeof AGENT_METHODS)[M]['event'] extends null
  ? never
  : v.InferOutput<NonNullable<(typeof AGENT_METHODS)[M]['event']>>

/** The agent's first frame. */
export const HelloSchema = v.object({
  hello: v.object({
    protocol: CountSchema,
    /** SHA-256 of the agent's bundle as it reads itself. */
    agentSha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    appVersion: v.pipe(v.string(), v.maxLength(100)),
    node: v.pipe(v.string(), v.maxLength(100)),
    pid: CountSchema,
    /** What an earlier agent left and this one put back on its start; null when nothing. */
    recovered: v.nullable(RestoredSchema),
  }),
})
/** The agent's first frame. */
export type Hello = v.InferOutput<typeof HelloSchema>

const RequestId = v.pipe(CountSchema, v.minValue(1))

/** A frame of the lab's. */
export const LabFrameSchema = v.union([
  v.strictObject({
    id: RequestId,
    method: v.picklist(Object.keys(AGENT_METHODS) as AgentMethod[]),
    params: v.unknown(),
  }),
  v.strictObject({ cancel: RequestId }),
  v.strictObject({ beat: CountSchema }),
])
/** A frame of the lab's. */
export type LabFrame = v.InferOutput<typeof LabFrameSchema>

/** An error as a frame has it; the fields of a LabError. */
export const AgentErrorSchema = v.object({
  code: v.picklist([
    'bad-input',
    'not-found',
    'conflict',
    'cancelled',
    'budget',
    'unavailable',
    'internal',
  ]),
  message: v.pipe(v.string(), v.maxLength(8192)),
  hint: v.pipe(v.string(), v.maxLength(8192)),
})

/** A frame of the agent's after `hello`. `id` null: it concerns no request (a lost lease, say). */
export const AgentFrameSchema = v.union([
  v.object({ id: RequestId, result: v.unknown() }),
  v.object({ id: v.nullable(RequestId), error: AgentErrorSchema }),
  v.object({ id: RequestId, event: v.unknown() }),
  /** Answers that beat of the lab's, which so learns of an agent or a connection that is stuck. */
  v.object({ beat: CountSchema }),
])
/** A frame of the agent's after `hello`. */
export type AgentFrame = v.InferOutput<typeof AgentFrameSchema>
