/** read-campaign: campaign text in, a checked campaign or a list of what is wrong with it out. */
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { CampaignSchema } from '../contract/campaign.ts'
import type { Campaign } from '../contract/campaign.ts'
import { fillCalibrated } from './calibrated-host.ts'
import { combinations } from './combinations.ts'
import { SHIPPED, withSchemeCode } from './known.ts'
import type { Known } from './known.ts'
import { readStructure } from './read-structure.ts'
import { readYaml } from './read-yaml.ts'

/** A campaign from a value that was parsed already; every cell of it is checked too. */
export function readCampaignValue(
  input: unknown,
  known: Known = SHIPPED,
): Result<Campaign, readonly Issue[]> {
  try {
    const filled = fillCalibrated(input, known.calibrated)
    if (!filled.ok) return filled
    const parsed = readStructure(CampaignSchema, filled.value)
    if (!parsed.ok) return parsed
    const isMeasured = parsed.value.measured !== undefined
    const campaign = isMeasured ? parsed.value : withSchemeCode(parsed.value, known)
    const cells = combinations(campaign, known)
    return cells.ok ? ok(campaign) : cells
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return err([{ path: '', message: 'is nested too deeply', hint: '' }])
  }
}

/** A campaign from YAML or JSON text. Never throws on any text. */
export function readCampaign(
  text: string,
  known: Known = SHIPPED,
): Result<Campaign, readonly Issue[]> {
  const value = readYaml(text)
  return value.ok ? readCampaignValue(value.value, known) : value
}
