/**
 * Text widths from the font itself, so that ECharts lays labels out in Node exactly as the PDF sets
 * them. Reads only what that takes of a TrueType file: cmap, hhea, hmtx, head (OpenType 1.9).
 */
import { assert } from '../core/base/assert.ts'

/** Advance widths of a font, in units of one em. */
export type FontMetrics = {
  readonly advanceEm: (codePoint: number) => number
  readonly hasGlyph: (codePoint: number) => boolean
}

type Tables = ReadonlyMap<string, number>

function tablesOf(view: DataView): Tables {
  const tag = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)))
  const count = view.getUint16(4)
  return new Map(
    Array.from({ length: count }, (_, i) => [tag(12 + i * 16), view.getUint32(12 + i * 16 + 8)]),
  )
}

function tableAt(tables: Tables, tag: string): number {
  const at = tables.get(tag)
  assert(at !== undefined, `font has a ${tag} table`)
  return at
}

/** Offset of the subtable that covers all of Unicode (format 12). */
function unicodeSubtable(view: DataView, cmap: number): number {
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const at = cmap + view.getUint32(cmap + 4 + i * 8 + 4)
    if (view.getUint16(at) === 12) return at
  }
  throw new Error('invariant violated: font has a cmap subtable of format 12')
}

function glyphIds(view: DataView, cmap: number): ReadonlyMap<number, number> {
  const at = unicodeSubtable(view, cmap)
  const glyphs = new Map<number, number>()
  for (let g = 0; g < view.getUint32(at + 12); g++) {
    const group = at + 16 + g * 12
    const first = view.getUint32(group)
    const last = view.getUint32(group + 4)
    for (let c = first; c <= last; c++) glyphs.set(c, view.getUint32(group + 8) + c - first)
  }
  return glyphs
}

/** Reads the advance widths of a TrueType font. Unknown characters count as one em (as CJK is). */
export function readFontMetrics(bytes: Uint8Array): FontMetrics {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tables = tablesOf(view)
  const unitsPerEm = view.getUint16(tableAt(tables, 'head') + 18)
  const longMetrics = view.getUint16(tableAt(tables, 'hhea') + 34)
  const hmtx = tableAt(tables, 'hmtx')
  const glyphs = glyphIds(view, tableAt(tables, 'cmap'))
  const advanceEm = (codePoint: number): number => {
    const glyph = glyphs.get(codePoint)
    if (glyph === undefined) return 1
    return view.getUint16(hmtx + Math.min(glyph, longMetrics - 1) * 4) / unitsPerEm
  }
  return { advanceEm, hasGlyph: (codePoint) => (glyphs.get(codePoint) ?? 0) > 0 }
}

/** Width of a text in px at a font size in px; kerning is left out. */
export function textWidthPx(metrics: FontMetrics, text: string, fontSizePx: number): number {
  let em = 0
  for (const character of text) em += metrics.advanceEm(character.codePointAt(0) ?? 0)
  return em * fontSizePx
}
