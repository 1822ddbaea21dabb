/**
 * The sample: a small campaign that this program ran, shipped as a file so that a new user has
 * something to look at after one click. `test/lab/support/make-sample.ts` makes it again.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as v from 'valibot'
import { LabError } from '../core/base/lab-error.ts'
import { CampaignSchema } from '../core/contract/campaign.ts'
import { EnvironmentSchema } from '../core/contract/library.ts'
import { RunResultSchema } from '../core/contract/result.ts'
import { expandCampaign } from '../core/simulate/expand-campaign.ts'
import type { CampaignBundle } from '../store/index.ts'

/** Tag of the sample's runs, by which they are found and taken away. */
const SAMPLE_TAG = 'sample'

const FILE = path.join(import.meta.dirname, 'sample.json.gz')

/** The file: the campaign, what made it, and each cell's run. */
export const SampleSchema = v.strictObject({
  kind: v.literal('flexlab-sample'),
  version: v.literal(1),
  id: v.string(),
  createdAt: v.string(),
  definition: CampaignSchema,
  environment: v.omit(EnvironmentSchema, ['id']),
  runs: v.array(
    v.strictObject({
      id: v.string(),
      createdAt: v.string(),
      cellIndex: v.number(),
      result: RunResultSchema,
    }),
  ),
})

/** The shipped sample as the store takes it; its cells are laid out anew from the campaign. */
export function readSample(): CampaignBundle {
  const {
    kind: _kind,
    version: _version,
    ...sample
  } = v.parse(SampleSchema, JSON.parse(gunzipSync(readFileSync(FILE)).toString('utf8')))
  const cells = expandCampaign(sample.definition)
  if (!cells.ok) throw new LabError('internal', 'the sample’s campaign cannot be laid out')
  return { ...sample, cells: cells.value, tags: [SAMPLE_TAG] }
}
