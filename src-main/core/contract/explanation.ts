/** An explanation: what each harm of scheduling twice costs a simulated run, by runs without it. */
import * as v from 'valibot'
import { HARM_KEYS } from '../base/harm.ts'
import { EstimateSchema } from './comparison.ts'

/** What a harm costs; times in ns of the run's time, below 0 where the harm helps. */
export const HarmCostSchema = v.object({
  harm: v.picklist(HARM_KEYS),
  label: v.string(),
  off: v.string(),
  contributionNs: EstimateSchema,
  /** What the accounting charges to the harm's classes, as time of the run. */
  chargedNs: EstimateSchema,
  classes: v.array(v.string()),
})

/** The explanation of a run; costs and what is left add up to the time. */
export const ExplanationSchema = v.object({
  kind: v.literal('counterfactual'),
  scenario: v.string(),
  scheme: v.string(),
  seeds: v.array(v.number()),
  ordersPerSeed: v.number(),
  runs: v.number(),
  timeNs: EstimateSchema,
  harms: v.array(HarmCostSchema),
  /** The run without all of them. */
  restNs: EstimateSchema,
  /** The time if all pCPUs did nothing but useful work. */
  workNs: EstimateSchema,
})
/** The explanation of a run. */
export type ExplanationData = v.InferOutput<typeof ExplanationSchema>

/** How far an explanation is: runs done and needed. */
export const ExplainProgressSchema = v.object({ done: v.number(), of: v.number() })
/** How far an explanation is. */
export type ExplainProgress = v.InferOutput<typeof ExplainProgressSchema>
