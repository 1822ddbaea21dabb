/**
 * The report as data: blocks that the Typst template lays out. Every text in it is content, so no
 * name, title or error message can act as markup.
 */

import { breakLongWords } from './safe-text.ts'

/** Look of a table cell. */
export type CellLook = 'plain' | 'strong' | 'faint' | 'mono'

/** A cell of a table. */
export type DocCell = { readonly text: string; readonly look: CellLook }

/** A column: `width` is a number of fractions of the free room, or 0 for its natural width. */
export type DocColumn = {
  readonly title: string
  readonly align: 'left' | 'right' | 'center'
  readonly width: number
}

/** A table row; `rule` draws a hairline above it. A single cell spans the whole row. */
export type DocRow = { readonly cells: readonly DocCell[]; readonly rule: boolean }

/** A piece of a section. */
export type Block =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'para'; readonly text: string }
  | { readonly type: 'lead'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'facts'; readonly items: readonly (readonly [string, string])[] }
  | { readonly type: 'code'; readonly text: string }
  | {
      readonly type: 'figure'
      readonly file: string
      readonly caption: string
      readonly alt: string
      readonly widthPt: number
      /** May move to the next page's head or foot, so that it leaves no hole in the text. */
      readonly floats: boolean
    }
  | {
      readonly type: 'table'
      readonly caption: string
      readonly columns: readonly DocColumn[]
      readonly rows: readonly DocRow[]
      /** In how many columns the page is set for it. */
      readonly pageColumns: 1 | 2
    }

/** A section with its heading; `appendix` sections are lettered. */
export type Section = {
  readonly title: string
  readonly appendix: boolean
  readonly blocks: readonly Block[]
}

/** The whole report as the template reads it. */
export type ReportDocument = {
  readonly title: string
  readonly authors: readonly string[]
  readonly date: string
  readonly year: number
  readonly month: number
  readonly day: number
  readonly paper: string
  readonly kind: string
  readonly campaignName: string
  readonly footer: string
  readonly facts: readonly (readonly [string, string])[]
  readonly notice: string
  readonly sections: readonly Section[]
}

const WORD_MAX = { cell: 24, text: 40 } as const

function breakableBlock(block: Block): Block {
  if (block.type === 'figure') {
    return { ...block, caption: breakLongWords(block.caption, WORD_MAX.text) }
  }
  if (block.type !== 'table') return breakAll(block)
  const rows = block.rows.map((r) => ({
    ...r,
    cells: r.cells.map((c) => ({
      ...c,
      text: breakLongWords(c.text, c.look === 'mono' ? WORD_MAX.text : WORD_MAX.cell),
    })),
  }))
  const columns = block.columns.map((c) => ({ ...c, title: breakLongWords(c.title, 12) }))
  return { ...block, caption: breakLongWords(block.caption, WORD_MAX.text), columns, rows }
}

function breakAll<T>(value: T): T {
  if (typeof value === 'string') return breakLongWords(value, WORD_MAX.text) as T
  if (Array.isArray(value)) return value.map((v: unknown) => breakAll(v)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([k, v]) => [k, breakAll<unknown>(v)])
  return Object.fromEntries(entries) as T
}

/** The document with room to break in every long word, so that nothing runs off the page. */
export const breakable = (document: ReportDocument): ReportDocument => ({
  ...breakAll({ ...document, sections: [] }),
  sections: document.sections.map((s) => ({
    ...s,
    title: breakLongWords(s.title, WORD_MAX.text),
    blocks: s.blocks.map(breakableBlock),
  })),
})

/** A cell, plain unless told. */
export const cell = (text: string, look: CellLook = 'plain'): DocCell => ({ text, look })

/** A row of plain texts and cells. */
export const row = (cells: readonly (string | DocCell)[], rule = false): DocRow => ({
  cells: cells.map((c) => (typeof c === 'string' ? cell(c) : c)),
  rule,
})

/** A left-aligned column that shares the free room. */
export const wide = (title: string, width = 1): DocColumn => ({ title, align: 'left', width })

/** A left-aligned column as wide as its content. */
export const narrow = (title: string): DocColumn => ({ title, align: 'left', width: 0 })

/** A right-aligned column of figures, as wide as its content unless told. */
export const figures = (title: string, width = 0): DocColumn => ({ title, align: 'right', width })

/** A paragraph. */
export const para = (text: string): Block => ({ type: 'para', text })

/** A table with its caption. */
export const table = (
  caption: string,
  columns: readonly DocColumn[],
  rows: readonly DocRow[],
  pageColumns: 1 | 2 = 1,
): Block => ({ type: 'table', caption, columns, rows, pageColumns })

/** A section of the main part. */
export const section = (title: string, blocks: readonly Block[]): Section => ({
  title,
  appendix: false,
  blocks,
})
