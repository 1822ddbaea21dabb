/** The whole way from input to PDF, in this thread. */
import { createHash } from 'node:crypto'
import { canonicalPdf } from './canonical-pdf.ts'
import { composeReport } from './compose.ts'
import type { RenderedReport, ReportInput } from './report-input.ts'
import { typeset } from './typeset.ts'

/** Renders the report in the calling thread, which it blocks; see `renderReport`. */
export function renderHere(input: ReportInput): RenderedReport {
  const { document, figures } = composeReport(input)
  const { pdf, pages } = typeset(document, figures)
  const bytes = canonicalPdf(pdf)
  return { bytes, pages, sha256: createHash('sha256').update(bytes).digest('hex') }
}
