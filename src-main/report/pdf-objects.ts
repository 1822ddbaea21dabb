/**
 * Just enough of PDF's object layer (ISO 32000-1, 7.3 and 7.5) to take a file from Typst apart into
 * its objects and put it together again: classic cross-reference table, no object streams.
 */
import { assert } from '../core/base/assert.ts'

/** A piece of an object: text, or the number of the object that it refers to. */
export type PdfPart = string | { readonly ref: number }

/** An object: everything before its stream as parts, and the rest as it is (one char a byte). */
export type PdfObject = { readonly head: readonly PdfPart[]; readonly tail: string }

/** A file: what stands before the first object, the objects by number, the trailer's dictionary. */
export type PdfFile = {
  readonly header: string
  readonly objects: ReadonlyMap<number, PdfObject>
  readonly trailer: readonly PdfPart[]
}

/** End of the literal string that opens at `at`; brackets nest, a backslash escapes. */
function endOfString(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const c = text[i]
    if (c === '\\') i++
    else if (c === '(') depth++
    else if (c === ')' && --depth === 0) return i + 1
  }
  throw new Error('invariant violated: a PDF string ends')
}

// A hexadecimal string is matched whole, so that its digits are no reference; a name likewise.
const TOKEN =
  /\(|<[0-9A-Fa-f\s]*>|\/[^\s()<>[\]{}/%]*|(\d+) 0 R(?![\w])|stream\r?\n|endobj|startxref/g

/** Splits from `at` to the stream, to `endobj` or to `startxref`, none of them inside a string. */
function splitParts(text: string, at: number): { parts: readonly PdfPart[]; end: number } {
  const parts: PdfPart[] = []
  let from = at
  TOKEN.lastIndex = at
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [found, ref] = token
    if (found === '(') TOKEN.lastIndex = endOfString(text, token.index)
    else if (ref !== undefined) {
      parts.push(text.slice(from, token.index), { ref: Number(ref) })
      from = TOKEN.lastIndex
    } else if (/^[se]/.test(found)) {
      parts.push(text.slice(from, token.index))
      return { parts, end: token.index }
    }
  }
  throw new Error('invariant violated: a PDF object ends')
}

function tailAt(text: string, end: number, head: readonly PdfPart[]): string {
  if (text.startsWith('endobj', end)) return 'endobj\n'
  const length = /\/Length (\d+)/.exec(head.filter((p) => typeof p === 'string').join(''))?.[1]
  assert(length !== undefined, 'a PDF stream has a direct length')
  const dataAt = text.indexOf('\n', end) + 1
  const close = text.indexOf('endobj', dataAt + Number(length))
  return text.slice(end, close + 'endobj\n'.length)
}

function objectAt(text: string, offset: number): PdfObject {
  const { parts, end } = splitParts(text, text.indexOf('obj', offset) + 'obj'.length)
  return { head: parts, tail: tailAt(text, end, parts) }
}

/** Offsets by object number, from the cross-reference table. */
function readOffsets(text: string): ReadonlyMap<number, number> {
  const at = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1])
  const [, count] = /^xref\s+0 (\d+)/.exec(text.slice(at, at + 40)) ?? []
  assert(count !== undefined, 'a PDF has one cross-reference table')
  const entries = text.slice(text.indexOf('\n', at + 5) + 1)
  return new Map(
    Array.from({ length: Number(count) }, (_, i) => entries.slice(i * 20, i * 20 + 18))
      .map((entry, i) => [i, entry] as const)
      .filter(([, entry]) => entry.endsWith('n'))
      .map(([i, entry]) => [i, Number(entry.slice(0, 10))]),
  )
}

/** Takes a PDF apart. `text` holds one byte a character. */
export function parsePdf(text: string): PdfFile {
  const offsets = readOffsets(text)
  const trailerAt = text.lastIndexOf('trailer') + 'trailer'.length
  return {
    header: text.slice(0, Math.min(...offsets.values())),
    objects: new Map([...offsets].map(([n, offset]) => [n, objectAt(text, offset)])),
    trailer: splitParts(text, trailerAt).parts,
  }
}

const join = (parts: readonly PdfPart[]): string =>
  parts.map((p) => (typeof p === 'string' ? p : `${p.ref} 0 R`)).join('')

/** Puts a PDF together: objects in the order of their numbers, which must be 1 … n. */
export function writePdf({ header, objects, trailer }: PdfFile): string {
  const chunks = [header]
  const entries: string[] = []
  let offset = header.length
  for (let n = 1; n <= objects.size; n++) {
    const object = objects.get(n)
    assert(object !== undefined, 'PDF objects are numbered without a gap')
    const chunk = `${n} 0 obj${join(object.head)}${object.tail}\n`
    chunks.push(chunk)
    entries.push(`${String(offset).padStart(10, '0')} 00000 n\r\n`)
    offset += chunk.length
  }
  const size = objects.size + 1
  const end = join(trailer).replace(/\/Size \d+/, `/Size ${size}`)
  return [
    ...chunks,
    `xref\n0 ${size}\n0000000000 65535 f\r\n`,
    ...entries,
    `trailer${end}startxref\n${offset}\n%%EOF`,
  ].join('')
}
