/**
 * Makes a PDF from Typst reproducible byte for byte. Typst 0.13 turns an SVG into PDF objects with
 * the help of hash maps whose order differs from process to process: the same entries of a resource
 * dictionary come in another order, and the document's id, a hash over the bytes, with them. Both
 * are put right here without changing a length, so that all offsets stay valid.
 */
import { createHash } from 'node:crypto'

const ENTRY_RUNS = /(?:^ {2,}\/[A-Za-z]+\d+ \d+ 0 R\n){2,}/gm
const TRAILER_ID = /\/ID \[\(([A-Za-z0-9+/]{22}==)\) \(([A-Za-z0-9+/]{22}==)\)\]/

const objectNumber = (line: string): number => Number(/ (\d+) 0 R$/.exec(line)?.[1] ?? 0)

// Entries name distinct objects within a dictionary, so this order is total.
const sortRun = (run: string): string =>
  `${run
    .trimEnd()
    .split('\n')
    .sort((a, b) => objectNumber(a) - objectNumber(b) || (a < b ? -1 : 1))
    .join('\n')}\n`

/** The same document with its resource dictionaries sorted and its id taken from the result. */
export function canonicalPdf(pdf: Uint8Array): Uint8Array {
  const latin1 = Buffer.from(pdf).toString('latin1')
  const sorted = latin1.replace(ENTRY_RUNS, sortRun)
  const [, documentId, instanceId] = TRAILER_ID.exec(sorted) ?? []
  if (documentId === undefined || instanceId === undefined) return Buffer.from(sorted, 'latin1')
  const withId = (id: string): string =>
    sorted.replaceAll(documentId, id).replaceAll(instanceId, id)
  const hash = createHash('sha256')
    .update(withId('0'.repeat(24)), 'latin1')
    .digest()
  return Buffer.from(withId(hash.subarray(0, 16).toString('base64')), 'latin1')
}
