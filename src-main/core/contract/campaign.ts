/**
 * The campaign file: a base scenario, axes that vary it, a baseline to compare with, and how often.
 * `core/simulate/expand-campaign` turns it into cells.
 */
import * as v from 'valibot'
import { ProgramSchema } from './agent/program.ts'
import { MeasureSchema } from './measure.ts'
import {
  BudgetSchema,
  DescriptionSchema,
  HostSchema,
  MeasuredSchema,
  SchemeRefSchema,
  SwitchesSchema,
  VmSchema,
} from './scenario.ts'
import { NumbersSchema, ONE_LINE, ParamValueSchema } from './values.ts'

const text = (max: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(max),
    v.regex(ONE_LINE, 'must not hold control characters'),
  )

/** A VM mix by name. The text `$app` as a workload's app stands for the app axis. */
export const VmMixSchema = v.strictObject({
  name: text(100),
  vms: v.pipe(v.array(VmSchema), v.minLength(1, 'a mix needs at least one VM'), v.maxLength(256)),
  /** Labels of the schemes that it is run under, e.g. of a control; all unless given. */
  schemes: v.optional(v.pipe(v.array(text(100)), v.minLength(1, 'schemes must not be empty'))),
})

/** A level by name: fields by their paths that it sets, and that it multiplies by a factor. */
const LevelSchema = v.strictObject({
  name: text(100),
  set: v.optional(v.record(text(200), ParamValueSchema), {}),
  times: v.optional(
    v.record(
      text(200),
      v.pipe(
        v.number(),
        v.minValue(1e-6, 'a factor must be 1e-6 … 1e6'),
        v.maxValue(1e6, 'a factor must be 1e-6 … 1e6'),
      ),
    ),
    {},
  ),
})

/**
 * A further axis: values of one field of the scenario by its path, e.g. `host.costs.vmExitNs`, or
 * levels, each of which changes any number of fields.
 */
export const VarySchema = v.pipe(
  v.strictObject({
    name: text(100),
    path: v.optional(text(200)),
    values: v.optional(
      v.pipe(v.array(ParamValueSchema), v.minLength(1, 'values must not be empty')),
    ),
    levels: v.optional(v.pipe(v.array(LevelSchema), v.minLength(1, 'levels must not be empty'))),
  }),
  v.check(
    ({ path, values, levels }) =>
      levels === undefined
        ? path !== undefined && values !== undefined
        : path === undefined && values === undefined,
    'an axis has a path and values, or levels',
  ),
)

/** The axes; the cells are their product. */
export const AxesSchema = v.strictObject({
  /** Apps that take the place of `$app`. */
  app: v.optional(v.array(text(100)), []),
  /** Schemes, by id or with parameters. */
  scheme: v.pipe(
    v.array(v.union([text(100), SchemeRefSchema], 'a scheme is an id or {id, params}')),
    v.minLength(1, 'scheme must name at least one scheme'),
  ),
  /** VM mixes; the VMs of a cell are one mix. */
  mix: v.pipe(v.array(VmMixSchema), v.minLength(1, 'mix must hold at least one VM mix')),
  /** Σ vCPUs / pCPUs: the mix is repeated cyclically until it is reached. Empty: as the mix is. */
  overcommit: v.optional(
    v.array(v.pipe(v.number(), v.minValue(0.01), v.maxValue(64, 'overcommit must be at most 64'))),
    [],
  ),
  vary: v.optional(v.array(VarySchema), []),
})

/** Cells that are left out: all whose factors are those that are named. */
export const ExceptSchema = v.pipe(
  v.strictObject({
    app: v.optional(text(100)),
    scheme: v.optional(text(100)),
    mix: v.optional(text(100)),
    overcommit: v.optional(v.number()),
  }),
  v.check((rule) => Object.keys(rule).length > 0, 'must name at least one factor'),
)
/** Cells that are left out. */
export type Except = v.InferOutput<typeof ExceptSchema>

/** Repetitions: seeds first, first+1, … first+count-1; the same seeds for every scheme (paired). */
export const SeedsSchema = v.strictObject({
  first: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4e9)), 1),
  count: v.pipe(
    v.number('count must be a number'),
    v.integer('count must be a whole number'),
    v.minValue(1, 'count must be at least 1'),
    v.maxValue(100_000, 'count must be at most 100000'),
  ),
})

/**
 * When a group of cells (an app in a mix, …) may end before all repetitions: once the 95 % interval
 * of every ratio to the baseline is narrow enough. `seeds.count` is then the most repetitions.
 */
export const StopSchema = v.strictObject({
  /** Greatest width of the interval, hi / lo − 1, e.g. 0.05. */
  ciWidth: v.pipe(
    v.number('ciWidth must be a number'),
    v.minValue(0.0001, 'ciWidth must be 0.0001 … 10'),
    v.maxValue(10, 'ciWidth must be 0.0001 … 10'),
  ),
  /** Repetitions that are run in any case; below 6 there is no verdict. */
  min: v.optional(
    v.pipe(
      v.number(),
      v.integer('min must be a whole number'),
      v.minValue(6, 'min must be at least 6: with fewer there is no verdict'),
      v.maxValue(100_000, 'min must be at most 100000'),
    ),
    10,
  ),
})
/** When a group of cells may end before all repetitions. */
export type StopRule = v.InferOutput<typeof StopSchema>

/** The campaign file. */
export const CampaignSchema = v.strictObject({
  kind: v.literal('campaign', 'kind must be "campaign"'),
  version: v.literal(1, 'version must be 1'),
  name: text(200),
  description: DescriptionSchema,
  host: v.optional(HostSchema, {}),
  guest: v.optional(v.record(v.string(), v.pipe(v.number(), v.finite())), {}),
  switches: v.optional(SwitchesSchema, {}),
  budget: v.optional(BudgetSchema, {}),
  /** Parameters of apps where they take the place of `$app`; a mix's own go before them. */
  appParams: v.optional(v.record(v.string(), NumbersSchema), {}),
  /** On which host the cells are measured, and how; a campaign without is simulated. */
  measured: v.optional(MeasuredSchema),
  /** What a measured campaign's apps are, beside the micro-benchmark's modes: programs by name. */
  programs: v.optional(v.record(v.string(), ProgramSchema)),
  axes: AxesSchema,
  /** Cells of the product that are left out; the baseline's must not be. */
  except: v.optional(v.pipe(v.array(ExceptSchema), v.maxLength(10_000))),
  seeds: SeedsSchema,
  /**
   * Label of the scheme that the others are compared with: `id`, or `id(key=value)` with params.
   */
  baseline: text(100),
  /** What is compared; the run's time if left out. */
  measure: v.optional(MeasureSchema),
  /**
   * `interleaved`: every scheme of a repetition before the next one; where they are measured, in an
   * order drawn by the seed, so that a drift of the host favours none of them.
   */
  order: v.optional(v.picklist(['interleaved', 'blocked']), 'interleaved'),
  /** When a group may end early; without it all repetitions run. */
  stop: v.optional(StopSchema),
  /** Differences below this fraction count as equivalent in the verdict. */
  equivalenceMargin: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.02),
})

/** A further axis as read. */
export type Vary = v.InferOutput<typeof VarySchema>
/** A campaign as read, defaults filled in. */
export type Campaign = v.InferOutput<typeof CampaignSchema>

/** The factors that tell a cell from the others; shown as columns. */
export const FactorsSchema = v.object({
  app: v.string(),
  scheme: v.string(),
  mix: v.string(),
  overcommit: v.nullable(v.number()),
  vary: v.record(v.string(), ParamValueSchema),
})

/** The factors of one cell. */
export type Factors = v.InferOutput<typeof FactorsSchema>
