/** From a comparison to the report as data, with its figures. */
import { attributionBars, attributionChart } from '../core/charts/attribution-chart.ts'
import { barsChart } from '../core/charts/bars-chart.ts'
import { KIND_LABELS, sentence } from '../core/charts/chart-text.ts'
import { printTheme } from '../core/charts/chart-theme.ts'
import { bestScheme, comparedSchemes } from '../core/charts/comparison-view.ts'
import { heatmapChart } from '../core/charts/heatmap-chart.ts'
import { improvementChart } from '../core/charts/improvement-chart.ts'
import type { Comparison } from '../core/contract/comparison.ts'
import { REPORT_SECTION_KEYS, sectionsLeftOut } from '../core/contract/report.ts'
import type { ReportPart, ReportSectionKey } from '../core/contract/report.ts'
import { checkBands } from '../core/stats/band-check.ts'
import type { BandCheck } from '../core/stats/band-check.ts'
import { breakable, para, section } from './document.ts'
import type { Block, ReportDocument, Section } from './document.ts'
import { hasGlyph } from './fonts.ts'
import type { ReportInput } from './report-input.ts'
import { codePointList, TextCleaner } from './safe-text.ts'
import { cutName, fullNamesTable, withShortNames } from './short-names.ts'
import type { ShortNamed } from './short-names.ts'
import { attributionAppendix, attributionSection } from './sections/attribution.ts'
import { evidenceSection } from './sections/evidence.ts'
import { checklistSection } from './sections/checklist.ts'
import { improvementSection, plainImprovementSection } from './sections/improvement.ts'
import { completenessSection, environmentSection } from './sections/provenance.ts'
import {
  campaignAppendix,
  methodSection,
  reproduceSection,
  scenarioAppendix,
} from './sections/provenance.ts'
import { repetitionsAppendix } from './sections/repetitions.ts'
import { comparisonSection, heatmapSection, verdictSection } from './sections/results.ts'
import { schemesSection } from './sections/schemes.ts'
import { scopeSection } from './sections/scope.ts'
import { parameterAppendix, setupSection } from './sections/setup.ts'
import { Figures } from './report-figures.ts'
import type { FigureFile } from './typeset.ts'

/** Width of the text on either paper, pt; the charts are drawn in it, one px a point. */
const TEXT_WIDTH_PT = { a4: 493, 'us-letter': 510 } as const

/** Longest name in the header of a page. */
const HEADER_CHARACTERS = 80

// The charts' text is a little smaller than that of the page.
const THEME = { ...printTheme, fontSize: 7.5 }

type Context = {
  readonly input: ReportInput
  readonly comparison: Comparison
  readonly shortened: ShortNamed['shortened']
  /** The schemes' labels in full, as in the campaign. */
  readonly schemeLabels: readonly string[]
  readonly figures: Figures
  readonly frame: {
    readonly theme: typeof THEME
    readonly widthPx: number
    readonly showTitle: false
  }
}

/** The scheme that the improvement section is about: that of a published band, else the best. */
function spotlight(comparison: Comparison): { scheme: string; check?: BandCheck } | null {
  const check = checkBands(comparison).find(({ rows }) => rows.length > 0)
  if (check !== undefined) return { scheme: check.scheme, check }
  const scheme = bestScheme(comparison)
  return scheme === null ? null : { scheme }
}

function barsFigure({ comparison, figures, frame }: Context): readonly Block[] {
  const caption =
    `${sentence(comparison.measure)} relative to ${comparison.baseline} (line at 1); ` +
    'less is faster. Bars: geometric mean of the paired ratios, whiskers: 95 % confidence ' +
    'interval, marks: repetitions. ↓ better, ↑ worse, = equivalent, ~ inconclusive.'
  if (comparison.rows.length === 0) return []
  const draw = (groups: readonly string[]) => barsChart({ ...frame, comparison, groups })
  return figures.add(comparison.groups, draw, caption, { floats: true })
}

function improvementPart(context: Context): readonly Section[] {
  const { comparison, figures, frame } = context
  const found = spotlight(comparison)
  if (found === null) return []
  const { scheme, check } = found
  const bandInput = check === undefined ? {} : { band: check.band }
  const draw = (groups: readonly string[]) =>
    improvementChart({ ...frame, comparison, scheme, groups, ...bandInput })
  const reference = ' Shaded: published (paper), reference only; dashed: its mean.'
  const caption =
    `Improvement of ${scheme} over ${comparison.baseline} in both readings, with 95 % intervals.` +
    `${check === undefined ? '' : reference}`
  const drawn = figures.add(comparison.groups, draw, caption)
  return [
    check === undefined
      ? plainImprovementSection(scheme, drawn)
      : improvementSection(comparison, check, drawn),
  ]
}

function heatmapPart({ comparison, figures, frame }: Context): readonly Section[] {
  if (comparedSchemes(comparison).length === 0) return []
  const caption =
    `${sentence(comparison.measure)} relative to ${comparison.baseline}, ` +
    'colour by its logarithm: blue is faster, orange slower. ↓ better, ↑ worse, = equivalent, ' +
    '~ inconclusive.'
  const draw = (groups: readonly string[]) => heatmapChart({ ...frame, comparison, groups })
  return [heatmapSection(figures.add(comparison.groups, draw, caption))]
}

/** The baseline and the scheme that the report is about, or the baseline alone. */
function attributionSchemes(comparison: Comparison): readonly string[] {
  const scheme = spotlight(comparison)?.scheme
  return scheme === undefined ? [comparison.baseline] : [comparison.baseline, scheme]
}

function attributionPart({ comparison, figures, frame }: Context): readonly Section[] {
  if (comparison.rows.length === 0) return []
  if (comparison.evidence !== null) return [evidenceSection(comparison)]
  const schemes = attributionSchemes(comparison)
  const draw = (groups: readonly string[]) => {
    const bars = attributionBars(comparison, groups, schemes)
    return attributionChart({ ...frame, kind: comparison.kind, bars, shareMin: 0.02 })
  }
  const caption =
    `Thread time by class, relative to that of ${comparison.baseline} of the same group. Numbers ` +
    'in the bars: share in per cent; at the right: the bar’s length.'
  const drawn = figures.add(comparison.groups, draw, caption, { floats: true })
  return [attributionSection(comparison, schemes, drawn)]
}

function classesPart({ comparison }: Context): readonly Section[] {
  if (comparison.rows.length === 0 || comparison.evidence !== null) return []
  return [attributionAppendix(comparison, attributionSchemes(comparison))]
}

type MakeSections = (context: Context) => readonly Section[]

/** Each makes its sections, or none where the campaign has nothing to show in it. */
const PARTS: Readonly<Record<ReportSectionKey, MakeSections>> = {
  verdict: ({ comparison }) => [verdictSection(comparison)],
  scope: ({ input }) => [scopeSection(input)],
  comparison: (context) => [comparisonSection(context.comparison, barsFigure(context))],
  improvement: improvementPart,
  heatmap: heatmapPart,
  attribution: attributionPart,
  schemes: ({ input: { campaign, catalogue }, schemeLabels, comparison }) => [
    schemesSection(campaign, catalogue, schemeLabels, comparison.schemes),
  ],
  setup: ({ input: { campaign, catalogue }, shortened }) => [
    setupSection(campaign, catalogue, fullNamesTable(shortened)),
  ],
  environment: ({ input }) => [environmentSection(input.environment)],
  completeness: ({ input, comparison }) => [completenessSection(comparison, input.cells ?? [])],
  method: ({ comparison }) => [methodSection(comparison)],
  checklist: ({ input }) => [checklistSection(input)],
  reproduce: ({ input }) => [reproduceSection(input)],
  repetitions: ({ comparison }) =>
    comparison.rows.length === 0 ? [] : [repetitionsAppendix(comparison)],
  'time-classes': classesPart,
  parameters: ({ input: { campaign, catalogue } }) => [parameterAppendix(campaign, catalogue)],
  'campaign-file': ({ input: { campaignFile } }) =>
    campaignFile === undefined ? [] : [campaignAppendix(campaignFile)],
  scenario: ({ input: { scenarioExample } }) =>
    scenarioExample === undefined ? [] : [scenarioAppendix(scenarioExample)],
}

/** A text of the user's own; a blank line parts its paragraphs. */
const ownSection = ({ title, text }: Exclude<ReportPart, string>): Section =>
  section(
    title,
    text
      .split(/\n\s*\n/)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph !== '')
      .map(para),
  )

function sectionsOf(context: Context): readonly Section[] {
  const parts: readonly ReportPart[] = context.input.parts ?? REPORT_SECTION_KEYS
  return parts.flatMap((part) =>
    typeof part === 'string' ? PARTS[part](context) : [ownSection(part)],
  )
}

/** Year, month and day of an ISO date; 1 January 1970 where it is none, as Typst must have one. */
function dateParts(iso: string): { year: number; month: number; day: number } {
  const match = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/.exec(iso)
  const [year = 1970, month = 1, day = 1] = (match?.slice(1) ?? []).map(Number)
  const daysInMonth = [31, year % 4 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return { year, month, day: Math.min(day, daysInMonth[month - 1] ?? 28) }
}

/** `2026-01-02T03:04:05.678Z` as `2026-01-02 03:04:05 UTC`; anything else as it is. */
const dateText = (iso: string): string =>
  iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2 UTC')

const runsText = (c: Comparison): string =>
  `${c.finishedRuns} finished, ${c.failedRuns} failed, ${c.missingRuns} missing, ` +
  `${c.excluded.length} excluded`

function titleFacts(input: ReportInput): readonly (readonly [string, string])[] {
  const { comparison, environment } = input
  const leftOut = sectionsLeftOut(input.parts).map(({ title }) => title)
  const schema = environment === null ? '' : `, library schema ${environment.schemaVersion}`
  return [
    ['Date', dateText(input.date)],
    ['Campaign', comparison.campaignName],
    ['Campaign id', comparison.campaignId],
    ['Runs', runsText(comparison)],
    ['Baseline', comparison.baseline],
    ['Made by', `FlexCore Lab ${input.appVersion}${schema}`],
    ...(leftOut.length === 0 ? [] : [['Left out', leftOut.join(', ')] as const]),
  ]
}

function documentOf(context: Context): ReportDocument {
  const { input, comparison } = context
  const title = input.title?.trim() ?? ''
  return {
    title: title === '' ? comparison.campaignName : title,
    authors: (input.authors ?? []).filter((a) => a.trim() !== ''),
    date: input.date,
    ...dateParts(input.date),
    paper: input.paper ?? 'a4',
    kind: KIND_LABELS[comparison.kind],
    campaignName: cutName(comparison.campaignName, HEADER_CHARACTERS),
    footer: `FlexCore Lab ${input.appVersion} · campaign ${comparison.campaignId}`,
    facts: titleFacts(input),
    notice: '',
    sections: sectionsOf(context),
  }
}

/** Composes the report. Pure but for the font files that text is measured with. */
export function composeReport(input: ReportInput): {
  document: ReportDocument
  figures: readonly FigureFile[]
} {
  const cleaner = new TextCleaner(hasGlyph)
  const clean = cleaner.cleanAll(input)
  const figures = new Figures(KIND_LABELS[input.comparison.kind])
  const widthPx = TEXT_WIDTH_PT[input.paper ?? 'a4']
  const frame = { theme: THEME, widthPx, showTitle: false } as const
  const named = withShortNames(clean.comparison)
  const context: Context = {
    ...named,
    input: { ...clean, comparison: named.comparison },
    schemeLabels: clean.comparison.schemes,
    figures,
    frame,
  }
  // Once more, for the keys of records, which are texts as well.
  const document = cleaner.cleanAll(documentOf(context))
  const notice =
    cleaner.missing.length === 0
      ? ''
      : 'Characters that the embedded fonts cannot draw are set as □: ' +
        `${codePointList(cleaner.missing)}.`
  return { document: breakable({ ...document, notice }), figures: figures.files }
}
