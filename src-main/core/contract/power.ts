/** The power planner: what a pilot campaign says of the repetitions that a question needs. */
import * as v from 'valibot'

/** The question to a pilot. */
export const PowerQuerySchema = v.strictObject({
  pilotId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  /** Smallest change of the time worth finding, as a fraction: 0.03 for 3 % less. */
  effect: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0.0001, 'the effect must be 0.01 % … 90 %'),
      v.maxValue(0.9, 'the effect must be 0.01 % … 90 %'),
    ),
    0.03,
  ),
  /** Chance of finding it where it exists. */
  power: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0.5, 'the power must be 0.5 … 0.999'),
      v.maxValue(0.999, 'the power must be 0.5 … 0.999'),
    ),
    0.8,
  ),
  /** Comparisons that share the error rate; those of the pilot if left out. */
  comparisons: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))),
  /** Cells of one repetition of the campaign that is planned; those of the pilot if left out. */
  cells: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))),
})
/** The question to a pilot, defaults filled in. */
export type PowerQuery = v.InferOutput<typeof PowerQuerySchema>

const RangeSchema = v.object({ lo: v.number(), hi: v.number() })

/** One app × scheme of the pilot. */
export const PowerRowSchema = v.object({
  group: v.string(),
  scheme: v.string(),
  /** Pairs of the pilot. */
  pairs: v.number(),
  /** Standard deviation of its paired log ratios. */
  spread: v.number(),
  /** Repetitions: by that deviation, and by its 80 % upper limit. */
  repetitions: RangeSchema,
  /** Smallest change that as many pairs as the pilot has find with this power, as a fraction. */
  detectable: v.number(),
})
/** One app × scheme of the pilot. */
export type PowerRow = v.InferOutput<typeof PowerRowSchema>

/** Repetitions that are needed and what they cost. */
export const PowerPlanSchema = v.object({
  pilotId: v.string(),
  pilotName: v.string(),
  kind: v.picklist(['simulated', 'measured', 'counterfactual']),
  effect: v.number(),
  power: v.number(),
  comparisons: v.number(),
  rows: v.array(PowerRowSchema),
  /** For every row to find the effect; null where the pilot has no row with two pairs. */
  repetitions: v.nullable(RangeSchema),
  /** Repetitions below which no p of so many comparisons can reach 0.05. */
  byResolution: v.number(),
  cells: v.number(),
  /** Mean wall time of the pilot's cells, ms; null without a run. */
  cellMs: v.nullable(v.number()),
  /** Wall time of a campaign with so many repetitions, ms. */
  costMs: v.nullable(RangeSchema),
})
/** Repetitions that are needed and what they cost. */
export type PowerPlan = v.InferOutput<typeof PowerPlanSchema>
