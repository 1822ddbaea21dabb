/** What a report is made of, and what comes back. */
import type { Campaign } from '../core/contract/campaign.ts'
import type { Catalogue } from '../core/contract/catalogue.ts'
import type { Comparison } from '../core/contract/comparison.ts'
import type { Cell, Environment } from '../core/contract/library.ts'
import type { Paper, ReportPart } from '../core/contract/report.ts'
import type { Scenario } from '../core/contract/scenario.ts'

/**
 * Everything that a report shows. All of it is data: text is set as it is, never read as markup.
 * The same input gives the same bytes.
 */
export type ReportInput = {
  readonly comparison: Comparison
  readonly campaign: Campaign
  /** Schemes, hosts, guest parameters with their provenance. */
  readonly catalogue: Catalogue
  /** The machine that ran the campaign; null where the runs name none. */
  readonly environment: Environment | null
  readonly appVersion: string
  /** ISO 8601; the only date in the document. */
  readonly date: string
  /** Command line that makes these figures again. */
  readonly command: string
  /** The campaign as the file that makes it again; printed as it is. */
  readonly campaignFile?: string | undefined
  /** Default: the campaign's name. */
  readonly title?: string | undefined
  readonly authors?: readonly string[] | undefined
  readonly paper?: Paper | undefined
  /** Sections and own texts in their order; every section without it. */
  readonly parts?: readonly ReportPart[] | undefined
  /** The campaign's cells: errors of the failed ones are listed. */
  readonly cells?: readonly Cell[] | undefined
  /** One scenario of the campaign in full, printed as it would be in a file. */
  readonly scenarioExample?: Scenario | undefined
}

/** A rendered report; `sha256` is that of the bytes, in hex. */
export type RenderedReport = {
  readonly bytes: Uint8Array
  readonly pages: number
  readonly sha256: string
}
