/**
 * Reports: which sections a PDF may have, what is asked for, and what was exported. One list for
 * the renderer, the command line and the Reports screen.
 */
import * as v from 'valibot'

/** One section that a report can have. Appendices come after the main part, lettered. */
export type ReportSection = {
  readonly key: string
  readonly title: string
  readonly isAppendix: boolean
  readonly shows: string
}

const main = <K extends string>(key: K, title: string, shows: string) =>
  Object.freeze({ key, title, isAppendix: false, shows })
const appendix = <K extends string>(key: K, title: string, shows: string) =>
  Object.freeze({ key, title, isAppendix: true, shows })

/** Every section, in the order of a report that leaves none out. */
export const REPORT_SECTIONS = [
  main('verdict', 'Verdict', 'each scheme in a sentence, and the table over all groups'),
  main('scope', 'Scope and limitations', 'what the figures are, and what they are not'),
  main('comparison', 'Comparison', 'bars with intervals; every group and scheme in a table'),
  main('improvement', 'Improvement', 'one scheme in both readings, beside a published claim'),
  main('heatmap', 'Overview of ratios', 'groups by schemes as a map of colours'),
  main('attribution', 'Where the time goes', 'time by class; of measured runs what was counted'),
  main('schemes', 'Schemes', 'what each fixes and breaks, its source, changed parameters'),
  main('setup', 'Experimental set-up', 'host, VMs, workloads, factors and levels'),
  main('environment', 'Environment', 'the machine and the software that made the runs'),
  main('completeness', 'Failures and exclusions', 'what is missing, counted and named'),
  main('method', 'Statistics', 'intervals, tests, correction'),
  main('checklist', 'Checklist', 'the twelve rules of Hoefler and Belli, answered'),
  main('reproduce', 'How to reproduce', 'the command that makes the figures again'),
  appendix('repetitions', 'Repetitions', 'every run with its seed, time and id'),
  appendix('time-classes', 'Time classes in full', 'all classes of two schemes; simulated runs'),
  appendix('parameters', 'Host and guest parameters', 'each with its unit and where it is from'),
  appendix('campaign-file', 'The campaign file', 'as the file that makes the runs again'),
  appendix('scenario', 'A scenario in full', 'one run, as the simulator reads it'),
] as const satisfies readonly ReportSection[]

/** Key of a section. */
export type ReportSectionKey = (typeof REPORT_SECTIONS)[number]['key']

/** Keys in the order of a whole report. */
export const REPORT_SECTION_KEYS: readonly ReportSectionKey[] = REPORT_SECTIONS.map((s) => s.key)

/** A section by its key, or a text of the user's own under a heading. */
export const ReportPartSchema = v.union([
  v.picklist(REPORT_SECTION_KEYS),
  v.strictObject({
    title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    text: v.pipe(v.string(), v.maxLength(50_000)),
  }),
])
/** A section by its key, or a text of the user's own. */
export type ReportPart = v.InferOutput<typeof ReportPartSchema>

/** The papers that a report is set for. */
export const PAPERS = ['a4', 'us-letter'] as const
/** Paper of the PDF. */
export type Paper = (typeof PAPERS)[number]

/** What is asked of a report. Without `parts` it has every section. */
export const ReportRequestSchema = v.strictObject({
  campaignId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  baseline: v.optional(v.string()),
  title: v.optional(v.pipe(v.string(), v.maxLength(300))),
  authors: v.optional(v.array(v.pipe(v.string(), v.maxLength(200))), []),
  paper: v.optional(v.picklist(PAPERS), 'a4'),
  parts: v.optional(v.pipe(v.array(ReportPartSchema), v.minLength(1), v.maxLength(100))),
})
/** What is asked of a report, defaults filled in. */
export type ReportRequest = v.InferOutput<typeof ReportRequestSchema>

/** A rendered report; bytes as base64, so that each host can save or show them. */
export const ReportFileSchema = v.object({
  fileName: v.string(),
  pages: v.number(),
  sha256: v.string(),
  base64: v.string(),
})

/** An export that was made. The PDF itself is the user's file; this says which one it was. */
export const ReportExportSchema = v.object({
  id: v.string(),
  /** null when the campaign was deleted since. */
  campaignId: v.nullable(v.string()),
  campaignName: v.string(),
  createdAt: v.string(),
  fileName: v.string(),
  sha256: v.string(),
  bytes: v.number(),
  pages: v.number(),
  request: v.omit(ReportRequestSchema, ['campaignId']),
})
/** An export that was made. */
export type ReportExport = v.InferOutput<typeof ReportExportSchema>

/** The section of a key. */
export function reportSection(key: ReportSectionKey): ReportSection {
  return REPORT_SECTIONS.find((known) => known.key === key)!
}

/** The sections that a report leaves out, in order; none without `parts`. */
export function sectionsLeftOut(
  parts: readonly ReportPart[] | undefined,
): readonly ReportSection[] {
  if (parts === undefined) return []
  return REPORT_SECTIONS.filter(({ key }) => !parts.includes(key))
}
