/** From a comparison to the report as data, with its figures. */
import { attributionBars, attributionChart } from '../core/charts/attribution-chart.ts'
import { barsChart } from '../core/charts/bars-chart.ts'
import type { Chart } from '../core/charts/chart.ts'
import { KIND_LABELS } from '../core/charts/chart-text.ts'
import { printTheme } from '../core/charts/chart-theme.ts'
import { bestScheme } from '../core/charts/comparison-view.ts'
import { heatmapChart } from '../core/charts/heatmap-chart.ts'
import { improvementChart } from '../core/charts/improvement-chart.ts'
import { schemeIdOf } from '../core/charts/scheme-palette.ts'
import type { Comparison, ReferenceBand } from '../core/contract/comparison.ts'
import { chartToSvg } from './chart-svg.ts'
import { breakable } from './document.ts'
import type { Block, ReportDocument, Section } from './document.ts'
import { hasGlyph } from './fonts.ts'
import type { ReportInput } from './report-input.ts'
import { codePointList, TextCleaner } from './safe-text.ts'
import { attributionAppendix, attributionSection } from './sections/attribution.ts'
import { checklistSection } from './sections/checklist.ts'
import { improvementSection, plainImprovementSection } from './sections/improvement.ts'
import { completenessSection, environmentSection } from './sections/provenance.ts'
import { methodSection, reproduceSection } from './sections/provenance.ts'
import { repetitionsAppendix } from './sections/repetitions.ts'
import { comparisonSection, heatmapSection, verdictSection } from './sections/results.ts'
import { schemesSection } from './sections/schemes.ts'
import { scopeSection } from './sections/scope.ts'
import { parameterAppendix, setupSection } from './sections/setup.ts'
import type { FigureFile } from './typeset.ts'

/** Width of the text on either paper, pt; the charts are drawn in it, one px a point. */
const TEXT_WIDTH_PT = { a4: 493, 'us-letter': 510 } as const

// The charts' text is smaller than the page's; a figure taller than a page is scaled by the template.
const THEME = { ...printTheme, fontSize: 7.5 }

/** Collects the figures of a report and hands out the blocks that show them. */
class Figures {
  readonly files: FigureFile[] = []
  readonly #kind: string

  constructor(kind: string) {
    this.#kind = kind
  }

  add(chart: Chart, caption: string): Block {
    const file = `${chart.id}.svg`
    this.files.push({ file, svg: chartToSvg(chart) })
    return { type: 'figure', file, caption: `${this.#kind}. ${caption}`, alt: chart.description }
  }
}

type Context = {
  readonly input: ReportInput
  readonly comparison: Comparison
  readonly figures: Figures
  readonly frame: {
    readonly theme: typeof THEME
    readonly widthPx: number
    readonly showTitle: false
  }
}

/** The scheme that the improvement section is about: that of a published band, else the best. */
function spotlight(comparison: Comparison): { scheme: string; band?: ReferenceBand } | null {
  for (const band of comparison.bands) {
    const scheme = comparison.schemes.find((s) => schemeIdOf(s) === band.scheme)
    if (scheme !== undefined && scheme !== comparison.baseline) return { scheme, band }
  }
  const scheme = bestScheme(comparison)
  return scheme === null ? null : { scheme }
}

function barsFigure({ comparison, figures, frame }: Context): Block {
  const caption =
    `Run time relative to ${comparison.baseline} (line at 1); less is faster. Bars: geometric mean ` +
    'of the paired ratios, whiskers: 95 % confidence interval, marks: repetitions. ↓ better, ' +
    '↑ worse, = equivalent, ~ inconclusive.'
  return figures.add(barsChart({ ...frame, comparison }), caption)
}

function improvementPart(context: Context): readonly Section[] {
  const { comparison, figures, frame } = context
  const found = spotlight(comparison)
  if (found === null) return []
  const { scheme, band } = found
  const chart = improvementChart({ ...frame, comparison, scheme, ...(band ? { band } : {}) })
  const caption = `Improvement of ${scheme} over ${comparison.baseline} in both readings, with 95 % intervals.${
    band === undefined ? '' : ' Shaded: published (paper), reference only; dashed: its mean.'
  }`
  const figure = figures.add(chart, caption)
  return [
    band === undefined
      ? plainImprovementSection(scheme, figure)
      : improvementSection(comparison, scheme, band, figure),
  ]
}

function heatmapPart({ comparison, figures, frame }: Context): readonly Section[] {
  if (comparison.schemes.length < 2) return []
  const caption =
    `Run time relative to ${comparison.baseline}, colour by its logarithm: blue is faster, orange ` +
    'slower. ↓ better, ↑ worse, = equivalent, ~ inconclusive.'
  return [heatmapSection(figures.add(heatmapChart({ ...frame, comparison }), caption))]
}

/** The baseline and the scheme that the report is about, or the baseline alone. */
function attributionSchemes(comparison: Comparison): readonly string[] {
  const scheme = spotlight(comparison)?.scheme
  return scheme === undefined ? [comparison.baseline] : [comparison.baseline, scheme]
}

function attributionPart({ comparison, figures, frame }: Context): Section {
  const schemes = attributionSchemes(comparison)
  const bars = attributionBars(comparison, comparison.groups, schemes)
  const chart = attributionChart({ ...frame, kind: comparison.kind, bars, shareMin: 0.02 })
  const caption =
    `Thread time by class, relative to that of ${comparison.baseline} of the same group. Numbers ` +
    'in the bars: share in per cent; at the right: the bar’s length.'
  return attributionSection(comparison, schemes, figures.add(chart, caption))
}

function sectionsOf(context: Context): readonly Section[] {
  const { input, comparison } = context
  const { campaign, catalogue } = input
  return [
    verdictSection(comparison),
    scopeSection(input),
    comparisonSection(comparison, barsFigure(context)),
    ...improvementPart(context),
    ...heatmapPart(context),
    attributionPart(context),
    schemesSection(campaign, catalogue, comparison.schemes),
    setupSection(campaign, catalogue),
    environmentSection(input.environment),
    completenessSection(comparison, input.cells ?? []),
    methodSection(comparison),
    checklistSection(input),
    reproduceSection(input),
    repetitionsAppendix(comparison),
    attributionAppendix(comparison, attributionSchemes(comparison)),
    parameterAppendix(campaign, catalogue),
  ]
}

/** Year, month and day of an ISO date; 1 January 1970 where it is none. */
function dateParts(iso: string): { year: number; month: number; day: number } {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso)
  const [year, month, day] = (match?.slice(1) ?? ['1970', '01', '01']).map(Number)
  return { year: year ?? 1970, month: month ?? 1, day: day ?? 1 }
}

function titleFacts(input: ReportInput): readonly (readonly [string, string])[] {
  const { comparison, environment } = input
  const schema = environment === null ? '' : `, library schema ${environment.schemaVersion}`
  return [
    ['Date', input.date],
    ['Campaign', comparison.campaignName],
    ['Campaign id', comparison.campaignId],
    [
      'Runs',
      `${comparison.finishedRuns} finished, ${comparison.failedRuns} failed, ${comparison.missingRuns} missing`,
    ],
    ['Baseline', comparison.baseline],
    ['Made by', `FlexCore Lab ${input.appVersion}${schema}`],
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
    campaignName: comparison.campaignName,
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
  const context = { input: clean, comparison: clean.comparison, figures, frame }
  // Once more, for the keys of records, which are texts as well.
  const document = cleaner.cleanAll(documentOf(context))
  const notice =
    cleaner.missing.length === 0
      ? ''
      : 'Characters that the embedded fonts cannot draw are set as □: ' +
        `${codePointList(cleaner.missing)}.`
  return { document: breakable({ ...document, notice }), figures: figures.files }
}
