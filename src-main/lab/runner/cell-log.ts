/** What happened to the cells last: the live screen's log, newest last. */
import type { CellEvent } from '../../core/contract/progress.ts'
import type { RunResult } from '../../core/contract/result.ts'
import type { Cell, CellStatus } from '../../core/contract/library.ts'

const EVENTS_MAX = 200

/** The last 200 cell events. */
export class CellLog {
  #events: CellEvent[] = []

  /** The events, oldest first. */
  get events(): CellEvent[] {
    return [...this.#events]
  }

  /** A cell got a result. */
  finished(cell: Cell, result: RunResult): void {
    this.add(cell, 'finished', { timeNs: result.timeNs, wallMs: result.wallMs })
  }

  /** A cell has none, for this reason. */
  failed(cell: Cell, error: string): void {
    this.add(cell, 'failed', { error })
  }

  /** A cell changed its status. */
  add(cell: Cell, status: CellStatus, more: Partial<CellEvent> = {}): void {
    const { index, factors, seed } = cell
    const at = new Date().toISOString()
    const event = { index, factors, seed, status, timeNs: null, wallMs: null, error: null, at }
    this.push({ ...event, ...more })
  }

  /** Adds an event as it is. */
  push(event: CellEvent): void {
    this.#events.push(event)
    if (this.#events.length > EVENTS_MAX) this.#events.shift()
  }
}
