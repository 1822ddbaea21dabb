/** What co-runners do to each other in a campaign: slowdowns VM by VM; how idle the host was. */
import * as v from 'valibot'
import { RunKindSchema } from './result.ts'

/** One VM in one run. */
export const VmSlowdownSchema = v.object({
  group: v.string(),
  scheme: v.string(),
  seed: v.number(),
  vm: v.string(),
  app: v.string(),
  /** The apps of the other VMs: `swaptions`, `2 × ep + hog`. */
  beside: v.string(),
  /** Mean time of its iterations over that of the reference; above 1 is slower. */
  slowdown: v.number(),
})
/** One VM in one run. */
export type VmSlowdown = v.InferOutput<typeof VmSlowdownSchema>

/** The co-runners of a campaign. */
export const CorunnersSchema = v.object({
  campaignId: v.string(),
  kind: RunKindSchema,
  baseline: v.string(),
  /**
   * What a VM is compared with: itself alone on the host under the baseline where the campaign has
   * such runs; else itself beside the same VMs under the baseline, by seed.
   */
  reference: v.picklist(['alone', 'baseline']),
  vms: v.array(VmSlowdownSchema),
  /** VMs of runs that nothing could be compared with. */
  withoutReference: v.number(),
  /** Part of the pCPUs' time in which nothing ran, run by run. */
  idle: v.array(
    v.object({ group: v.string(), scheme: v.string(), seed: v.number(), share: v.number() }),
  ),
  /** Why there are runs without an idle share; null where there are none. */
  idleNotObservable: v.nullable(v.string()),
})
/** The co-runners of a campaign. */
export type Corunners = v.InferOutput<typeof CorunnersSchema>
