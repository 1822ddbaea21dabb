/** The cells of a campaign by group and scheme: how far each field of the grid is. Pure. */
import type { Factors } from '../../src-main/core/contract/campaign.ts'
import type { Cell, CellStatus } from '../../src-main/core/contract/library.ts'
import type { Progress } from '../../src-main/core/contract/progress.ts'

/** Counts of one field. */
export type GridField = { total: number; finished: number; failed: number; skipped: number }

/** Rows of groups by columns of schemes. */
export type ProgressGrid = {
  readonly groups: readonly string[]
  readonly schemes: readonly string[]
  readonly field: (group: string, scheme: string) => GridField | undefined
}

/** Counts the cells; `statusOf` gives their present status. */
export function progressGrid(
  cells: readonly Cell[],
  statusOf: (cell: Cell) => CellStatus,
): ProgressGrid {
  const nameOf = groupNamer(cells.map((cell) => cell.factors))
  const fields = new Map<string, GridField>()
  const groups = new Set<string>()
  const schemes = new Set<string>()
  for (const cell of cells) {
    const group = nameOf(cell.factors)
    groups.add(group)
    schemes.add(cell.factors.scheme)
    const key = `${group}\n${cell.factors.scheme}`
    const field = fields.get(key) ?? { total: 0, finished: 0, failed: 0, skipped: 0 }
    fields.set(key, count(field, statusOf(cell)))
  }
  return {
    groups: [...groups],
    schemes: [...schemes],
    field: (group, scheme) => fields.get(`${group}\n${scheme}`),
  }
}

/** Names a cell's group by its app and those other factors that differ within the campaign. */
export function groupNamer(all: readonly Factors[]): (factors: Factors) => string {
  const differs = (pick: (factors: Factors) => unknown) => new Set(all.map(pick)).size > 1
  const hasMixes = differs((f) => f.mix)
  const hasOvercommit = differs((f) => f.overcommit)
  const varied = [...new Set(all.flatMap((f) => Object.keys(f.vary)))]
  return (factors) =>
    [
      factors.app,
      ...(hasMixes || factors.app === '' ? [factors.mix] : []),
      ...(hasOvercommit && factors.overcommit !== null ? [`${factors.overcommit}×`] : []),
      ...varied.map((name) => `${name} ${factors.vary[name] ?? ''}`),
    ]
      .filter((part) => part !== '')
      .join(' · ')
}

/** The statuses that a progress report tells of: of cells in its log, and of those running now. */
export function statusesOf(progress: Progress): Map<number, CellStatus> {
  const statuses = new Map<number, CellStatus>()
  for (const event of progress.log) statuses.set(event.index, event.status)
  for (const cell of progress.active) statuses.set(cell.index, 'running')
  return statuses
}

function count(field: GridField, status: CellStatus): GridField {
  return {
    total: field.total + 1,
    finished: field.finished + (status === 'finished' ? 1 : 0),
    failed: field.failed + (status === 'failed' ? 1 : 0),
    skipped: field.skipped + (status === 'skipped' ? 1 : 0),
  }
}
