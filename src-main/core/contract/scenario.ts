/**
 * The scenario file: one situation, fully described, to be simulated, or with `measured` to be run
 * on the VMs of a real host. Structure is checked here; names and ranges that need the catalogue
 * (schemes, apps, cost parameters) in `core/simulate/read-scenario`.
 */
import * as v from 'valibot'
import { HARM_KEYS } from '../base/harm.ts'
import { CpuListSchema, HostNameSchema } from './agent/names.ts'
import { ProgramSchema } from './agent/program.ts'
import { NumbersSchema, ONE_LINE, ParamsSchema } from './values.ts'

const wholeNumber = (what: string) =>
  v.pipe(
    v.number(`${what} must be a number`),
    v.finite(`${what} must be finite`),
    v.integer(`${what} must be a whole number`),
  )

const within = (what: string, min: number, max: number) =>
  v.pipe(
    wholeNumber(what),
    v.minValue(min, `${what} must be at least ${min}`),
    v.maxValue(max, `${what} must be at most ${max}`),
  )

/** Names have no control characters, and neither has prose, which may have several lines. */
const PROSE = /^(?:[^\p{Cc}]|[\n\r\t])*$/u

/** The description of a scenario or campaign. */
export const DescriptionSchema = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(5000),
    v.regex(PROSE, 'description must not hold control characters'),
  ),
  '',
)

const name = (what: string) =>
  v.pipe(
    v.string(`${what} must be text`),
    v.minLength(1, `${what} must not be empty`),
    v.maxLength(200, `${what} must be at most 200 characters`),
    v.regex(ONE_LINE, `${what} must not hold control characters`),
  )

/** The physical host: a preset, changed field by field. Costs by name, e.g. `vmExitNs: 700`. */
export const HostSchema = v.strictObject({
  preset: v.optional(name('preset'), 'intel-2x6-2014'),
  sockets: v.optional(within('sockets', 1, 64)),
  coresPerSocket: v.optional(within('coresPerSocket', 1, 256)),
  /** Cores that share a last-level cache; a socket has one or more. */
  coresPerLlc: v.optional(within('coresPerLlc', 1, 256)),
  threadsPerCore: v.optional(within('threadsPerCore', 1, 8)),
  costs: v.optional(NumbersSchema, {}),
})

/** What a VM runs: an app of the catalogue with its parameters, or a whole workload inline. */
export const WorkloadRefSchema = v.strictObject({
  app: name('app'),
  params: v.optional(NumbersSchema, {}),
  /** A workload file in place of a shipped app (`core/workloads/workload-file.ts`); id = `app`. */
  definition: v.optional(v.record(v.string(), v.unknown())),
  /** What a measured run starts in the guest; the micro-benchmark's mode `app` unless given. */
  program: v.optional(ProgramSchema),
})

/** One virtual machine. Weight is CFS's (1024 = nice 0). */
export const VmSchema = v.strictObject({
  name: v.optional(name('name')),
  vcpus: within('vcpus', 1, 1024),
  weight: v.optional(within('weight', 2, 1_000_000), 1024),
  workload: WorkloadRefSchema,
  startNs: v.optional(within('startNs', 0, 1e15), 0),
  /** When it is shut down; the run does not wait for such a VM, nor count its time. */
  stopNs: v.optional(within('stopNs', 1, 1e15)),
  iterations: v.optional(within('iterations', 1, 1_000_000), 1),
  /**
   * `until-others`: loops as a co-runner until every VM has its iterations. `load`: is nothing but
   * a co-runner, which the run does not wait for and whose time does not count.
   */
  repeat: v.optional(
    v.picklist(['until-others', 'stop', 'load'], 'repeat must be one of until-others, stop, load'),
    'until-others',
  ),
})

/** Longest text of a user's scheme, in characters. */
export const SCHEME_LENGTH_MAX = 65_536

/** The code of a user's scheme: a record of what made the run. It is compared, never executed. */
export const SchemeCodeSchema = v.strictObject({
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits')),
  text: v.pipe(v.string(), v.maxLength(SCHEME_LENGTH_MAX)),
})
/** The code of a user's scheme. */
export type SchemeCode = v.InferOutput<typeof SchemeCodeSchema>

/** A scheme by its id and parameters. `code`: filled in by the lab for a scheme of the user's. */
export const SchemeRefSchema = v.strictObject({
  id: name('scheme id'),
  params: v.optional(ParamsSchema, {}),
  code: v.optional(SchemeCodeSchema),
})

/** Host features that combine with any scheme. */
export const SwitchesSchema = v.strictObject({
  ple: v.optional(v.boolean('ple must be true or false'), true),
  haltPolling: v.optional(v.boolean('haltPolling must be true or false'), false),
  cgroupFairness: v.optional(v.boolean('cgroupFairness must be true or false'), false),
  pvLocks: v.optional(
    v.picklist(['none', 'ticket', 'qspinlock'], 'pvLocks must be one of none, ticket, qspinlock'),
    'none',
  ),
})

const WithoutSchema = v.pipe(
  v.array(v.picklist(HARM_KEYS, `must be one of ${HARM_KEYS.join(', ')}`)),
  v.check((harms) => new Set(harms).size === harms.length, 'must name each harm once'),
)

/** Where a run stops even if its work is not done. */
export const BudgetSchema = v.strictObject({
  eventsMax: v.optional(within('eventsMax', 1, 1e12), 2e9),
  simulatedNsMax: v.optional(within('simulatedNsMax', 1, 1e15), 3.6e12),
  wallMsMax: v.optional(within('wallMsMax', 1, 1e9), 600_000),
})

/** That a scenario is run on real VMs, `vms[].name` on that host, and how. */
export const MeasuredSchema = v.strictObject({
  /** The host's name in the lab: `flexlab host list`. */
  host: HostNameSchema,
  /** pCPUs of the host that the scheme shares out; all that the agent may use unless given. */
  pcpus: v.optional(v.pipe(CpuListSchema, v.minLength(1, 'pcpus must name at least one pCPU'))),
  /** Iterations of each VM before the ones that count. */
  warmUp: v.optional(within('warmUp', 0, 1000), 1),
  /** Rest of the host after a run, ms. */
  coolDownMs: v.optional(within('coolDownMs', 0, 600_000), 500),
  samplePeriodMs: v.optional(within('samplePeriodMs', 10, 60_000), 100),
  /** Part of the pCPUs' time that others may use; a run is done again, at most twice, beyond it. */
  foreignMax: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.1),
  timeoutMs: v.optional(within('timeoutMs', 100, 86_400_000), 600_000),
})
/** How a scenario is measured, defaults filled in. */
export type Measured = v.InferOutput<typeof MeasuredSchema>

/** The scenario file. */
export const ScenarioSchema = v.strictObject({
  kind: v.literal('scenario', 'kind must be "scenario"'),
  version: v.literal(1, 'version must be 1'),
  name: name('name'),
  description: DescriptionSchema,
  host: v.optional(HostSchema, {}),
  /** Guest kernel parameters by name, e.g. `tickNs`. */
  guest: v.optional(NumbersSchema, {}),
  vms: v.pipe(
    v.array(VmSchema, 'vms must be a list'),
    v.minLength(1, 'vms must name at least one VM'),
    v.maxLength(256, 'vms must name at most 256 VMs'),
  ),
  scheme: v.optional(SchemeRefSchema, { id: 'cfs' }),
  switches: v.optional(SwitchesSchema, {}),
  /** Harms that a counterfactual run does without. */
  without: v.optional(WithoutSchema, []),
  seed: v.optional(within('seed', 0, 4_294_967_295), 1),
  budget: v.optional(BudgetSchema, {}),
  /** On which host it is measured; a scenario without is simulated. */
  measured: v.optional(MeasuredSchema),
})

/** A scenario as read: every default filled in. */
export type Scenario = v.InferOutput<typeof ScenarioSchema>
/** A scenario as written by a user: defaults may be missing. */
export type ScenarioInput = v.InferInput<typeof ScenarioSchema>
/** One VM of a scenario, defaults filled in. */
export type ScenarioVm = v.InferOutput<typeof VmSchema>
/** A scheme reference, defaults filled in. */
export type SchemeRef = v.InferOutput<typeof SchemeRefSchema>
