/** A campaign as the file that makes it again, for its report and for the command line. */
import { stringify } from 'yaml'
import type { Campaign } from '../core/contract/campaign.ts'

const LINE_COLUMNS = 90

/** YAML that reads as the campaign, every default filled in. */
export function campaignFile(campaign: Campaign): string {
  return stringify(campaign, {
    lineWidth: LINE_COLUMNS,
    aliasDuplicateObjects: false,
    collectionStyle: 'any',
  })
}
