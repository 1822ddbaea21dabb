/** The comparison of a campaign: what the terminal, the screen and the PDF all show. */
import * as v from 'valibot'
import { NotObservableSchema } from './agent/names.ts'
import { RunKindSchema, TimeByClassSchema } from './result.ts'

/** An estimate with its 95 % confidence interval. lo/hi are null where n is too small for one. */
export const EstimateSchema = v.object({
  value: v.number(),
  lo: v.nullable(v.number()),
  hi: v.nullable(v.number()),
})
/** An estimate with its 95 % confidence interval. */
export type Estimate = v.InferOutput<typeof EstimateSchema>

/** Times of one app × scheme, ns. */
export const SampleSchema = v.object({
  n: v.number(),
  seeds: v.array(v.number()),
  valuesNs: v.array(v.number()),
  runIds: v.array(v.string()),
  medianNs: EstimateSchema,
  meanNs: EstimateSchema,
})
/** Times of one app × scheme, ns. */
export type Sample = v.InferOutput<typeof SampleSchema>

/** Verdict: lower time is better; `equivalent` within the campaign's margin. */
export const VerdictSchema = v.picklist(['better', 'worse', 'equivalent', 'inconclusive'])
/** Verdict over one app × scheme against the baseline. */
export type Verdict = v.InferOutput<typeof VerdictSchema>

/** The same two samples without their pairs: beside the verdict, which it does not decide. */
export const UnpairedSchema = v.object({
  /** Mann–Whitney, two-sided, Holm-corrected over the rows. */
  p: v.number(),
  /** The smallest corrected p that these sizes can reach. */
  pSmallest: v.number(),
  /** Cliff's delta: P(faster than the baseline) − P(slower), over all pairs of runs, −1 … 1. */
  delta: v.number(),
})
/** The same two samples without their pairs. */
export type Unpaired = v.InferOutput<typeof UnpairedSchema>

/** One app × scheme against the baseline, paired by seed. */
export const ComparisonRowSchema = v.object({
  /** Row group: the app, plus mix/overcommit/vary where the campaign has them. */
  group: v.string(),
  app: v.string(),
  scheme: v.string(),
  isBaseline: v.boolean(),
  sample: SampleSchema,
  /** Pairs with the baseline: seeds that have a run of both. The baseline's own: its runs. */
  pairs: v.number(),
  /** T / T_baseline: geometric mean of the paired ratios; 1 [1, 1] for the baseline itself. */
  ratio: EstimateSchema,
  /** T_baseline / T − 1. */
  speedup: EstimateSchema,
  /** 1 − T / T_baseline. */
  timeSaved: EstimateSchema,
  /** Paired permutation (sign-flip) test on log ratios, Holm-corrected; null with < 2 pairs. */
  p: v.nullable(v.number()),
  /** The smallest corrected p that this many pairs can reach in this family; null as p. */
  pSmallest: v.nullable(v.number()),
  /** Effect size: (pairs faster than the baseline − pairs slower) / pairs, −1 … 1; null without. */
  effect: v.nullable(v.number()),
  /**
   * Hedges' g: mean over standard deviation of the paired log ratios, positive where faster; null
   * below two pairs and where the ratios do not vary.
   */
  hedgesG: v.nullable(v.number()),
  /** null of the baseline and where one of the two has no run. */
  unpaired: v.nullable(UnpairedSchema),
  verdict: VerdictSchema,
  /** Mean over the runs, ns by class, summed over the VMs' threads; null of measured runs. */
  attributionNs: v.nullable(TimeByClassSchema),
  /** Cells of this app × scheme that failed. */
  failed: v.number(),
  /** Runs of this app × scheme that somebody excluded, with a reason. */
  excluded: v.number(),
  /** Cells that the stopping rule did without. */
  notNeeded: v.number(),
  /** Seeds without a pair for any other reason: not run yet, skipped, or no run of the baseline. */
  missing: v.number(),
})
/** One app × scheme against the baseline. */
export type ComparisonRow = v.InferOutput<typeof ComparisonRowSchema>

/** One scheme over all apps. */
export const SchemeSummarySchema = v.object({
  scheme: v.string(),
  /** Geometric mean of the time ratios; always shown beside the mean cost. */
  geomeanRatio: EstimateSchema,
  /** Mean of costs: Σ mean times of the scheme / Σ mean times of the baseline. */
  meanCostRatio: EstimateSchema,
  better: v.number(),
  worse: v.number(),
  equivalent: v.number(),
  inconclusive: v.number(),
})
/** One scheme over all apps. */
export type SchemeSummary = v.InferOutput<typeof SchemeSummarySchema>

/** A published claim, drawn as a band beside the prediction; never used by the model. */
export const ReferenceBandSchema = v.object({
  label: v.string(),
  source: v.string(),
  /** Improvements as fractions: 0.354 … 0.796, mean 0.529. */
  lo: v.number(),
  hi: v.number(),
  mean: v.number(),
  /** The scheme it speaks of, and the one it is an improvement over. */
  scheme: v.string(),
  baseline: v.string(),
  /** The apps it speaks of; of others it says nothing. */
  apps: v.array(v.string()),
})
/** A published claim. */
export type ReferenceBand = v.InferOutput<typeof ReferenceBandSchema>

/**
 * An app × scheme without a single pair, hence without a row; always named, never dropped silently.
 */
export const OmittedRowSchema = v.object({
  group: v.string(),
  scheme: v.string(),
  runs: v.number(),
  failed: v.number(),
  excluded: v.number(),
  missing: v.number(),
})
/** An app × scheme without a single pair. */
export type OmittedRow = v.InferOutput<typeof OmittedRowSchema>

/**
 * What was counted on the host while the VMs did the same work, by group and scheme: in place of
 * the attribution, which only a simulator can give.
 */
export const EvidenceSchema = v.object({
  figures: v.array(
    v.object({ key: v.string(), label: v.string(), unit: v.picklist(['ns', 'count']) }),
  ),
  rows: v.array(
    v.object({
      group: v.string(),
      scheme: v.string(),
      /** Medians over the runs, in the order of `figures`; null where it was not observable. */
      medians: v.array(v.nullable(EstimateSchema)),
    }),
  ),
  /** Why figures are missing, by key. */
  notObservable: NotObservableSchema,
  /** Runs that were done again because something else used the host. */
  redone: v.number(),
})
/** What was counted on the host. */
export type Evidence = v.InferOutput<typeof EvidenceSchema>

/** What a row group is: the levels of its factors. */
export const SituationSchema = v.object({
  group: v.string(),
  app: v.string(),
  mix: v.string(),
  overcommit: v.nullable(v.number()),
})
/** What a row group is. */
export type Situation = v.InferOutput<typeof SituationSchema>

/** A run that takes no part in the comparison because somebody said so, and why. */
export const ExcludedRunSchema = v.object({
  runId: v.string(),
  group: v.string(),
  scheme: v.string(),
  seed: v.number(),
  timeNs: v.number(),
  reason: v.string(),
})
/** A run that takes no part in the comparison. */
export type ExcludedRun = v.InferOutput<typeof ExcludedRunSchema>

/** How figures move along the order of the blocks. */
export const TrendSchema = v.object({
  /** Spearman's rank correlation with the order, −1 … 1. */
  rho: v.number(),
  p: v.number(),
  /** From the first block to the last, as a fraction (Theil–Sen line on logarithms). */
  change: v.number(),
})
/** How figures move along the order of the blocks. */
export type Trend = v.InferOutput<typeof TrendSchema>

/** Whether a measured campaign's figures moved as it went on. */
export const DriftSchema = v.object({
  blocks: v.number(),
  /** All times of a block together, each against its own series. */
  times: TrendSchema,
  /** Each row's ratio to the baseline; p Holm-corrected over the rows. */
  ratios: v.array(v.object({ group: v.string(), scheme: v.string(), ...TrendSchema.entries })),
})
/** Whether a measured campaign's figures moved as it went on. */
export type Drift = v.InferOutput<typeof DriftSchema>

/** The comparison of a campaign. */
export const ComparisonSchema = v.object({
  campaignId: v.string(),
  campaignName: v.string(),
  kind: RunKindSchema,
  baseline: v.string(),
  /** What is compared, in words: `run time`, `p99 latency`; the T of every figure. */
  measure: v.string(),
  groups: v.array(v.string()),
  /** Of all groups, also where the comparison was narrowed to some of them. */
  situations: v.array(SituationSchema),
  schemes: v.array(v.string()),
  rows: v.array(ComparisonRowSchema),
  omitted: v.array(OmittedRowSchema),
  summaries: v.array(SchemeSummarySchema),
  bands: v.array(ReferenceBandSchema),
  /** Of a measured campaign; else null. */
  evidence: v.nullable(EvidenceSchema),
  /** Where it was measured, in words: host, CPU, kernel, kvm or tcg; null of a simulated one. */
  measuredOn: v.nullable(v.string()),
  equivalenceMargin: v.number(),
  /** Rows that p is corrected over, also where only some of them are here. */
  familySize: v.number(),
  /** How the figures were made: CI method, resamples, test, correction. */
  method: v.string(),
  finishedRuns: v.number(),
  failedRuns: v.number(),
  missingRuns: v.number(),
  /** Cells that the stopping rule did without. */
  notNeededRuns: v.number(),
  excluded: v.array(ExcludedRunSchema),
  /** Of a measured campaign with five blocks or more; else null. */
  drift: v.nullable(DriftSchema),
})
/** The comparison of a campaign. */
export type Comparison = v.InferOutput<typeof ComparisonSchema>
