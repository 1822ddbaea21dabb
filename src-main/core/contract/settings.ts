/** Settings that differ between what is compared: of scenarios, schemes and environments. */
import * as v from 'valibot'

/** Which part of a run's origin a setting belongs to. */
export const SettingPartSchema = v.picklist(['scenario', 'scheme', 'environment', 'host'])
/** Which part of a run's origin a setting belongs to. */
export type SettingPart = v.InferOutput<typeof SettingPartSchema>

/** Settings that are not the same in every column; one value a column, `–` where it has none. */
export const SettingsDiffSchema = v.object({
  /** Schemes of one campaign, or the campaigns. */
  columns: v.array(v.string()),
  rows: v.array(
    v.object({ part: SettingPartSchema, path: v.string(), values: v.array(v.string()) }),
  ),
  /** How many settings there are, those that are the same included. */
  settings: v.number(),
})
/** Settings that differ. */
export type SettingsDiff = v.InferOutput<typeof SettingsDiffSchema>
