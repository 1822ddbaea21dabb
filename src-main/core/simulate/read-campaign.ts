/** read-campaign: campaign text in, a checked campaign or a list of what is wrong with it out. */
import * as v from 'valibot'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { schemaIssue } from '../base/schema-issues.ts'
import { CampaignSchema } from '../contract/campaign.ts'
import type { Campaign } from '../contract/campaign.ts'
import { combinations } from './combinations.ts'
import { readYaml } from './read-yaml.ts'

/** A campaign from a value that was parsed already; every cell of it is checked too. */
export function readCampaignValue(input: unknown): Result<Campaign, readonly Issue[]> {
  try {
    const parsed = v.safeParse(CampaignSchema, input)
    if (!parsed.success) {
      return err(parsed.issues.map((issue) => schemaIssue(CampaignSchema, input, issue)))
    }
    const cells = combinations(parsed.output)
    return cells.ok ? ok(parsed.output) : cells
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return err([{ path: '', message: 'is nested too deeply', hint: '' }])
  }
}

/** A campaign from YAML or JSON text. Never throws on any text. */
export function readCampaign(text: string): Result<Campaign, readonly Issue[]> {
  const value = readYaml(text)
  return value.ok ? readCampaignValue(value.value) : value
}
