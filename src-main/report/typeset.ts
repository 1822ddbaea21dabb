/** Typst: the document as data and its figures in, PDF bytes out. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { ReportDocument } from './document.ts'
import { reportFonts } from './fonts.ts'

/** A figure's file name within the document and its SVG. */
export type FigureFile = { readonly file: string; readonly svg: string }

// A folder that does not exist: the document can read what is mapped into it and nothing else.
const ROOT = path.resolve('/flexlab-report')

const TEMPLATE = path.join(import.meta.dirname, 'template.typ')

/** Sets the document. Throws with Typst's own messages when it cannot. */
export function typeset(
  document: ReportDocument,
  figures: readonly FigureFile[],
): { pdf: Uint8Array; pages: number } {
  const compiler = NodeCompiler.create({
    workspace: ROOT,
    fontArgs: [{ fontBlobs: [...reportFonts().blobs] }],
  })
  const map = (name: string, text: string): void =>
    compiler.mapShadow(path.join(ROOT, name), Buffer.from(text, 'utf8'))
  map('report.json', JSON.stringify(document))
  for (const { file, svg } of figures) map(file, svg)
  const compiled = compiler.compile({ mainFileContent: readFileSync(TEMPLATE, 'utf8') })
  const result = compiled.result
  if (result === null) throw new Error(`typst: ${messagesOf(compiler, compiled)}`)
  const pdf = compiler.pdf(result, { pdfStandard: 'a-2b' })
  return { pdf, pages: result.numOfPages }
}

type Compiled = ReturnType<NodeCompiler['compile']>

function messagesOf(compiler: NodeCompiler, compiled: Compiled): string {
  const error = compiled.takeDiagnostics()
  if (error === null) return 'no message'
  const found = compiler.fetchDiagnostics(error) as readonly { message?: string; range?: unknown }[]
  return found.map((d) => `${d.message ?? ''} ${JSON.stringify(d.range ?? '')}`).join('; ')
}
