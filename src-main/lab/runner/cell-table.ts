/** Where each cell of a running campaign stands: which is next, and how many are where. */
import { assert } from '../../core/base/assert.ts'
import type { Cell, CellStatus } from '../../core/contract/library.ts'

type Entry = { readonly cell: Cell; readonly group: string; status: CellStatus }

/** Cells of one app and scheme are taken to cost the same. */
export const costGroup = (factors: { readonly app: string; readonly scheme: string }): string =>
  JSON.stringify([factors.app, factors.scheme])

/** The cells of one campaign in run order. */
export class CellTable {
  readonly #entries: Entry[]
  readonly #byIndex = new Map<number, Entry>()
  readonly #counts = new Map<CellStatus, number>()
  readonly #pendingByGroup = new Map<string, number>()
  /** No entry before this one is pending. */
  #cursor = 0

  constructor(cells: readonly Cell[]) {
    const entry = (cell: Cell): Entry => {
      return { cell, group: costGroup(cell.factors), status: cell.status }
    }
    this.#entries = cells.map(entry).sort((a, b) => a.cell.index - b.cell.index)
    for (const entry of this.#entries) {
      this.#byIndex.set(entry.cell.index, entry)
      this.#count(entry, 1)
    }
  }

  /** Number of all cells. */
  get size(): number {
    return this.#entries.length
  }

  /** Pending cells by cost group. */
  get pendingByGroup(): ReadonlyMap<string, number> {
    return this.#pendingByGroup
  }

  /** How many cells have a status. */
  count(status: CellStatus): number {
    return this.#counts.get(status) ?? 0
  }

  /** Where a cell stands; undefined when there is no such cell. */
  status(index: number): CellStatus | undefined {
    return this.#byIndex.get(index)?.status
  }

  /** Changes where a cell stands. */
  set(index: number, status: CellStatus): void {
    const entry = this.#byIndex.get(index)
    assert(entry !== undefined, 'the cell belongs to the campaign')
    this.#count(entry, -1)
    entry.status = status
    this.#count(entry, 1)
    if (status === 'pending') this.#cursor = 0
  }

  /** A cell by its index; undefined when there is no such cell. */
  get(index: number): Cell | undefined {
    return this.#byIndex.get(index)?.cell
  }

  /** The first pending cell. */
  next(): Cell | undefined {
    while (this.#cursor < this.#entries.length) {
      const entry = this.#entries[this.#cursor]!
      if (entry.status === 'pending') return entry.cell
      this.#cursor++
    }
    return undefined
  }

  #count(entry: Entry, by: number): void {
    this.#counts.set(entry.status, this.count(entry.status) + by)
    if (entry.status !== 'pending') return
    this.#pendingByGroup.set(entry.group, (this.#pendingByGroup.get(entry.group) ?? 0) + by)
  }
}
