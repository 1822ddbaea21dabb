/**
 * A calibration: what was measured on a host and in a guest of it, the simulator's costs that
 * follow, and the host as it was then. And the check of it: cells simulated with these costs beside
 * the same cells as measured.
 */
import * as v from 'valibot'
import { HostNameSchema } from './agent/names.ts'
import { EstimateSchema } from './comparison.ts'
import { NumbersSchema, ONE_LINE } from './values.ts'

const Text = v.pipe(v.string(), v.maxLength(4096), v.regex(ONE_LINE))
const Iso = v.pipe(v.string(), v.isoTimestamp())

/** A calibration's name; `calibrated:NAME` is then a host preset. */
export const CalibrationNameSchema = HostNameSchema

/** Prefix of a host preset that stands for a calibration of the library. */
export const CALIBRATED = 'calibrated:'

/** Facts on which the measured costs hang. When one of them changes, the calibration is stale. */
export const CalibratedFactsSchema = v.object({
  kernel: Text,
  cpuModel: Text,
  microcode: v.nullable(Text),
  qemuVersion: v.nullable(Text),
  accel: v.picklist(['kvm', 'tcg', 'unknown']),
  guestKernel: v.nullable(Text),
})
/** Facts on which the measured costs hang. */
export type CalibratedFacts = v.InferOutput<typeof CalibratedFactsSchema>

/** One figure as it was measured. */
export const MeasurementSchema = v.object({
  /** Which, see `core/calibrate/probes.ts`. */
  id: Text,
  /** Where it ran, and how its vCPUs were placed. */
  where: v.picklist(['host', 'guest-spread', 'guest-stacked']),
  at: Iso,
  unit: Text,
  /** One for each window or run, in order. */
  values: v.pipe(v.array(v.number()), v.minLength(1)),
  /** Which quantile is the estimate: 0.1 of windows, since what else runs only adds; else 0.5. */
  quantile: v.number(),
  /** That quantile with its order-statistic interval (95 %; null: too few values). */
  estimate: EstimateSchema,
  /** Part of the values above 1.5 × the estimate, 0 … 1: how disturbed the host was. */
  disturbed: v.number(),
})
/** One figure as it was measured. */
export type Measurement = v.InferOutput<typeof MeasurementSchema>

/** A parameter of the simulator that was fitted. */
export const FittedParameterSchema = v.object({
  /** `host` costs, `guest` parameters, or parameters of an app. */
  table: v.pipe(v.string(), v.regex(/^(?:host|guest|app:[a-z0-9-]+)$/)),
  key: Text,
  unit: Text,
  /** With its bootstrap interval over the windows of all measurements it hangs on. */
  value: EstimateSchema,
  /** What the simulator uses without a calibration. */
  defaultValue: v.nullable(v.number()),
  /** Measurements that it hangs on. */
  from: v.array(Text),
  /**
   * `measured`: it alone is what was left; `shared`: only a sum with others was, and is split as
   * their defaults are; `facts`: read from the host's facts.
   */
  rule: v.picklist(['measured', 'shared', 'facts']),
  /** The equation, in words. */
  why: Text,
})
/** A parameter of the simulator that was fitted. */
export type FittedParameter = v.InferOutput<typeof FittedParameterSchema>

/** A figure that took no part in the fit, beside what the fitted costs make of it, ns. */
export const CalibrationCheckSchema = v.object({
  id: Text,
  measured: EstimateSchema,
  predictedNs: v.number(),
  why: Text,
})
/** A figure that took no part in the fit. */
export type CalibrationCheck = v.InferOutput<typeof CalibrationCheckSchema>

/** What a change of a guest's number of vCPUs took, ms. */
export const ResizeTimesSchema = v.object({
  mechanism: v.picklist(['hotplug', 'confinement']),
  load: v.picklist(['idle', 'loaded']),
  valuesMs: v.array(v.number()),
  medianMs: EstimateSchema,
})
/** What a change of a guest's number of vCPUs took. */
export type ResizeTimes = v.InferOutput<typeof ResizeTimesSchema>

/** pCPUs as the simulator has them. */
const TopologySchema = v.object({
  sockets: v.number(),
  coresPerSocket: v.number(),
  coresPerLlc: v.number(),
  threadsPerCore: v.number(),
})

/** A calibration as it is kept. */
export const CalibrationSchema = v.object({
  kind: v.literal('calibration'),
  version: v.literal(1),
  name: CalibrationNameSchema,
  /** The host's name in the lab. */
  host: Text,
  /** The guest that ran the micro-benchmark. */
  vm: Text,
  createdAt: Iso,
  tookMs: v.number(),
  facts: CalibratedFactsSchema,
  topology: TopologySchema,
  switches: v.object({ ple: v.boolean(), haltPolling: v.boolean() }),
  /** The simulator's scheme that is this host's without any of ours. */
  stockScheme: v.picklist(['cfs', 'eevdf']),
  measurements: v.array(MeasurementSchema),
  parameters: v.array(FittedParameterSchema),
  checks: v.array(CalibrationCheckSchema),
  resizes: v.array(ResizeTimesSchema),
  /** Computing speed of the guest over that of the host, 0 … 1; null where the host ran nothing. */
  workScale: v.nullable(EstimateSchema),
  /** Apps whose runs took part in the fit; all others are held out. */
  fitApps: v.array(Text),
  /** Parameters that stay at their defaults, and why. */
  kept: v.array(v.object({ table: Text, key: Text, why: Text })),
  warnings: v.array(Text),
})
/** A calibration as it is kept. */
export type Calibration = v.InferOutput<typeof CalibrationSchema>

/** A fact that has changed since. */
export const StaleFactSchema = v.object({ fact: Text, was: Text, is: Text })
/** A fact that has changed since. */
export type StaleFact = v.InferOutput<typeof StaleFactSchema>

/** A calibration, and what has changed on its host by the last look at it. */
export const CalibrationDetailSchema = v.object({
  calibration: CalibrationSchema,
  stale: v.array(StaleFactSchema),
})
/** A calibration, and what has changed on its host. */
export type CalibrationDetail = v.InferOutput<typeof CalibrationDetailSchema>

/** How far a calibration is: `done` of `of` steps, and what it measures now. */
export const CalibrationProgressSchema = v.object({
  title: v.string(),
  done: v.number(),
  of: v.number(),
})
/** How far a calibration is. */
export type CalibrationProgress = v.InferOutput<typeof CalibrationProgressSchema>

/** A line of the list of calibrations. */
export const CalibrationRowSchema = v.object({
  name: CalibrationNameSchema,
  host: Text,
  vm: Text,
  createdAt: Iso,
  accel: v.picklist(['kvm', 'tcg', 'unknown']),
  parameters: v.number(),
  warnings: v.number(),
})
/** A line of the list of calibrations. */
export type CalibrationRow = v.InferOutput<typeof CalibrationRowSchema>

/** Simulated runs of a cell unless asked otherwise: with fewer, a median has no interval. */
export const PREDICTION_SEEDS = 6

/** What tells why a cell took its time: shares of CPU time, 0 … 1; null: not observable. */
const EvidenceSchema = v.object({
  /** CPU time of the VMs over makespan × pCPUs. */
  cpuShare: v.nullable(v.number()),
  /** Run delay of the VMs' vCPUs over run delay + CPU time. */
  delayShare: v.nullable(v.number()),
  /** CPU time that went to neither VMs nor agent, over makespan × pCPUs. */
  foreignShare: v.nullable(v.number()),
})

/** One cell of a measured campaign, simulated with the calibrated costs. */
export const PredictedCellSchema = v.object({
  app: v.string(),
  scheme: v.string(),
  mix: v.string(),
  /** The simulator's equivalent of the scheme. */
  simulatedScheme: v.string(),
  /** Did runs of the app take part in the fit? */
  role: v.picklist(['fit', 'held-out']),
  measuredNs: EstimateSchema,
  measuredN: v.number(),
  simulatedNs: EstimateSchema,
  simulatedN: v.number(),
  /** Simulated ∕ measured median. */
  ratio: v.number(),
  /** Do the two intervals meet? null: one of them has too few values. */
  overlaps: v.nullable(v.boolean()),
  /** Did other work take over a tenth of the host's CPU time? The simulator knows nothing of it. */
  disturbed: v.boolean(),
  measuredEvidence: EvidenceSchema,
  simulatedEvidence: EvidenceSchema,
})
/** One cell of a measured campaign, simulated with the calibrated costs. */
export type PredictedCell = v.InferOutput<typeof PredictedCellSchema>

/** A scheme against the baseline: T_baseline ∕ T by both. */
export const PredictedEffectSchema = v.object({
  app: v.string(),
  scheme: v.string(),
  mix: v.string(),
  role: v.picklist(['fit', 'held-out']),
  measured: v.number(),
  simulated: v.number(),
  /** Faster, slower or within 5 % by both alike. */
  sameDirection: v.boolean(),
})
/** A scheme against the baseline. */
export type PredictedEffect = v.InferOutput<typeof PredictedEffectSchema>

/** Errors of a set of cells. */
export const PredictionErrorSchema = v.object({
  cells: v.number(),
  /** Median of |simulated ∕ measured − 1|; null without cells. */
  medianAbsolute: v.nullable(v.number()),
  /** Median of max(ratio, 1 ∕ ratio): errors of ½ and 2 count alike. */
  medianFactor: v.nullable(v.number()),
  /** Cells within a factor of 1.25. */
  within25: v.number(),
})
/** Errors of a set of cells. */
export type PredictionError = v.InferOutput<typeof PredictionErrorSchema>

/** Predicted against measured. */
export const PredictionSchema = v.object({
  campaignId: v.string(),
  campaign: v.string(),
  calibration: CalibrationNameSchema,
  baseline: v.string(),
  cells: v.array(PredictedCellSchema),
  effects: v.array(PredictedEffectSchema),
  errors: v.object({
    all: PredictionErrorSchema,
    fit: PredictionErrorSchema,
    heldOut: PredictionErrorSchema,
    /** Cells that nothing else disturbed. */
    undisturbed: PredictionErrorSchema,
  }),
  /** Cells without a counterpart in the simulator, and why. */
  omitted: v.array(
    v.object({ app: v.string(), scheme: v.string(), mix: v.string(), why: v.string() }),
  ),
  stale: v.array(StaleFactSchema),
})
/** Predicted against measured. */
export type Prediction = v.InferOutput<typeof PredictionSchema>

/** What a calibrated preset fills into a scenario or campaign; the file's own goes before it. */
export const CalibratedHostSchema = v.object({
  host: v.object({ ...TopologySchema.entries, costs: NumbersSchema }),
  guest: NumbersSchema,
  switches: v.object({ ple: v.boolean(), haltPolling: v.boolean() }),
  /** Parameters by app. */
  apps: v.record(v.string(), NumbersSchema),
})
/** What a calibrated preset fills into a scenario or campaign. */
export type CalibratedHost = v.InferOutput<typeof CalibratedHostSchema>
