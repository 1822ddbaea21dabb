/**
 * A replay: what a measured cell would have taken under another scheme, by the simulator with the
 * host's calibration, and how far such claims were off where both were measured.
 */
import * as v from 'valibot'
import { CalibrationNameSchema, StaleFactSchema } from './calibration.ts'
import { EstimateSchema } from './comparison.ts'

/** With fewer pairs of measured cells nothing is said about the error. */
export const REPLAY_PAIRS_MIN = 3
/** Part of the pairs whose error is within the band. */
export const REPLAY_COVERS = 0.8

/** How far the calibration's ratios of two schemes were from the measured ones. */
export const ReplayErrorSchema = v.object({
  /** Pairs of measured cells of one app and mix under two schemes. */
  pairs: v.number(),
  /** REPLAY_COVERS of them are within this factor either way; null: too few pairs. */
  factor: v.nullable(v.number()),
})

/** A measured cell under another scheme. */
export const ReplaySchema = v.object({
  runId: v.string(),
  campaignId: v.string(),
  campaign: v.string(),
  calibration: CalibrationNameSchema,
  app: v.string(),
  mix: v.string(),
  /** The scheme it was measured under, and its equivalent in the simulator. */
  measuredScheme: v.string(),
  simulatedScheme: v.string(),
  /** The other scheme, as it was asked for, and as it was simulated. */
  scheme: v.string(),
  simulatedAs: v.string(),
  /** Median of the measured runs of the cell, and of the simulated ones under both schemes. */
  measuredNs: EstimateSchema,
  measuredN: v.number(),
  simulatedNs: EstimateSchema,
  otherNs: EstimateSchema,
  simulatedN: v.number(),
  /** Counterfactual: measured × other ∕ simulated; the band is the error's, not a CI. */
  timeNs: EstimateSchema,
  /** Measured ∕ counterfactual time. */
  speedup: EstimateSchema,
  error: ReplayErrorSchema,
  /** What the other scheme took where the campaign measured it, too; else null. */
  checkNs: v.nullable(EstimateSchema),
  stale: v.array(StaleFactSchema),
})
/** A measured cell under another scheme. */
export type Replay = v.InferOutput<typeof ReplaySchema>
