/**
 * Makes a PDF from Typst reproducible byte for byte. Typst 0.13 turns an SVG into PDF objects with
 * the help of hash maps whose order differs from process to process: entries of a resource
 * dictionary and the objects that they name come in another order, and the document's id, a hash
 * over the bytes, differs with them. Here entries are sorted, objects numbered in the order in
 * which they are reached from the root, and the id is taken from the result.
 */
import { createHash } from 'node:crypto'
import { parsePdf, writePdf } from './pdf-objects.ts'
import type { PdfFile, PdfObject, PdfPart } from './pdf-objects.ts'

const ENTRY_NAME = /\n +\/([A-Za-z]+)(\d+) $/

type Entry = { readonly name: string; readonly number: number; readonly parts: readonly PdfPart[] }

/** The entry whose reference stands at `i + 1`, if the part before it ends in a resource's name. */
function entryAt(parts: readonly PdfPart[], i: number): Entry | null {
  const [text, ref] = [parts[i], parts[i + 1]]
  if (typeof text !== 'string' || ref === undefined || typeof ref === 'string') return null
  const [found, name = '', number = ''] = ENTRY_NAME.exec(text) ?? []
  return found === undefined ? null : { name, number: Number(number), parts: [found, ref] }
}

const byName = (a: Entry, b: Entry): number =>
  a.name === b.name ? a.number - b.number : a.name < b.name ? -1 : 1

/** Sorts each run of resource entries (`/gs0 14 0 R`, one a line) by name. */
export function sortEntries(parts: readonly PdfPart[]): readonly PdfPart[] {
  const sorted: PdfPart[] = []
  let run: Entry[] = []
  const flush = () => {
    sorted.push(...run.toSorted(byName).flatMap((e) => e.parts))
    run = []
  }
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as PdfPart
    const entry = entryAt(parts, i)
    if (entry === null) {
      flush()
      sorted.push(part)
      continue
    }
    const before = (part as string).slice(0, -(entry.parts[0] as string).length)
    if (before !== '') {
      flush()
      sorted.push(before)
    }
    run.push(entry)
    i++
  }
  flush()
  return sorted
}

const refsOf = (parts: readonly PdfPart[]): readonly number[] =>
  parts.flatMap((p) => (typeof p === 'string' ? [] : [p.ref]))

/** New numbers of the objects in the order of a walk from the trailer; none for the unreachable. */
function numbersInOrder(file: PdfFile): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>()
  const stack = refsOf(file.trailer).toReversed()
  for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
    const object = file.objects.get(n)
    if (numbers.has(n) || object === undefined) continue
    numbers.set(n, numbers.size + 1)
    stack.push(...refsOf(object.head).toReversed())
  }
  return numbers
}

function renumbered(file: PdfFile): PdfFile {
  const numbers = numbersInOrder(file)
  const renumber = (parts: readonly PdfPart[]): readonly PdfPart[] =>
    parts.map((p) => (typeof p === 'string' ? p : { ref: numbers.get(p.ref) ?? p.ref }))
  const objects = [...numbers].map(([old, n]): [number, PdfObject] => {
    const { head, tail } = file.objects.get(old) as PdfObject
    return [n, { head: renumber(head), tail }]
  })
  return { header: file.header, objects: new Map(objects), trailer: renumber(file.trailer) }
}

const TRAILER_ID = /\/ID \[\(([A-Za-z0-9+/]{22}==)\) \(([A-Za-z0-9+/]{22}==)\)\]/

/** Sets the document's id, here and in its metadata, to a hash over everything else. */
function withOwnId(text: string): string {
  const [, documentId, instanceId] = TRAILER_ID.exec(text) ?? []
  if (documentId === undefined || instanceId === undefined) return text
  const withId = (id: string) => text.replaceAll(documentId, id).replaceAll(instanceId, id)
  const hash = createHash('sha256')
    .update(withId('0'.repeat(24)), 'latin1')
    .digest()
  return withId(hash.subarray(0, 16).toString('base64'))
}

/** The same document in its one canonical form. */
export function canonicalPdf(pdf: Uint8Array): Uint8Array {
  const file = parsePdf(Buffer.from(pdf).toString('latin1'))
  const objects = [...file.objects].map(([n, object]): [number, PdfObject] => [
    n,
    { ...object, head: sortEntries(object.head) },
  ])
  const text = writePdf(renumbered({ ...file, objects: new Map(objects) }))
  return Buffer.from(withOwnId(text), 'latin1')
}
