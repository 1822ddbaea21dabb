/**
 * A comparison as a grid in Markdown: situations down, apps across, the speed-up in each cell. For
 * campaigns that vary much, whose full tables nobody reads.
 */
import type { Comparison, ComparisonRow, ReferenceBand } from '../contract/comparison.ts'
import { checkBands } from './band-check.ts'
import { describeBand } from './comparison-text.ts'
import { literal, markdownTable } from './markdown-table.ts'

/** What the group says besides the app: mix, overcommit and what is varied. */
const situationOf = ({ group, app }: ComparisonRow): string =>
  group.startsWith(app) ? group.slice(app.length).replace(/^ · /, '') : group

/** `+35` of 0.354, with a true minus sign and none on zero. */
function wholePercent(fraction: number): string {
  const text = Math.abs(fraction * 100).toFixed(0)
  return text === '0' ? text : `${fraction < 0 ? '−' : '+'}${text}`
}

function cellOf(row: ComparisonRow | undefined, band: ReferenceBand | null): string {
  if (row === undefined) return '–'
  const { value, lo, hi } = row.speedup
  const text = wholePercent(value)
  if (band === null) return text
  const isInside = value >= band.lo && value <= band.hi
  const crosses = (edge: number): boolean => lo !== null && hi !== null && lo < edge && hi > edge
  const sign = value > band.hi ? '↑' : ''
  const marked = isInside ? `**${text}**` : `${text}${sign}`
  return crosses(band.lo) || crosses(band.hi) ? `${marked}~` : marked
}

const countInside = (
  rows: readonly ComparisonRow[],
  band: ReferenceBand,
  of: (row: ComparisonRow) => number,
): string => String(rows.filter((row) => of(row) >= band.lo && of(row) <= band.hi).length)

function gridOf(comparison: Comparison, scheme: string, band: ReferenceBand | null): string[] {
  const rows = comparison.rows.filter((row) => row.scheme === scheme)
  const apps = [...new Set(rows.map(({ app }) => app))]
  const situations = [...new Set(rows.map(situationOf))]
  const counted = band === null ? [] : ['inside', 'by time saved']
  const lines = situations.map((situation) => {
    const here = rows.filter((row) => situationOf(row) === situation)
    const cells = apps.map((app) =>
      cellOf(
        here.find((row) => row.app === app),
        band,
      ),
    )
    const counts =
      band === null
        ? []
        : [
            countInside(here, band, (row) => row.speedup.value),
            countInside(here, band, (row) => row.timeSaved.value),
          ]
    return [literal(situation), ...cells, ...counts]
  })
  return markdownTable(['speed-up, %', ...apps.map(literal), ...counted], 1, lines)
}

const LEGEND =
  'bold: inside; ↑: above; ~: the 95 % interval crosses an edge. "inside": apps inside by ' +
  'speed-up; "by time saved": if improvement means 1 − T / T(baseline).'

/** One grid for each scheme but the baseline, ending in a line break. */
export function toGrid(comparison: Comparison): string {
  const { campaignName, baseline, schemes, measure, finishedRuns } = comparison
  const checks = checkBands(comparison)
  const others = schemes.filter((scheme) => scheme !== baseline)
  return others
    .flatMap((scheme) => {
      const band = checks.find((check) => check.scheme === scheme)?.band ?? null
      const told = band === null ? [] : ['', `${describeBand(band)}; ${LEGEND}`]
      return [
        `**${literal(campaignName)}: ${literal(scheme)} against ${literal(baseline)}**, ` +
          `${measure}, ${finishedRuns} runs of all schemes`,
        '',
        ...gridOf(comparison, scheme, band),
        ...told,
        '',
      ]
    })
    .join('\n')
}
