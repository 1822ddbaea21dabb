/**
 * One campaign being run: takes its cells in order, keeps the executor busy with them, writes every
 * end down before it counts, and can be paused, cancelled and added to at any time.
 */
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import { isNotNeeded, NOT_NEEDED } from '../../core/contract/library.ts'
import type { CampaignDetail, CampaignStatus, Cell } from '../../core/contract/library.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { CellLedger } from './cell-ledger.ts'
import { CellLog } from './cell-log.ts'
import { CellTable, costGroup } from './cell-table.ts'
import type { WallTimes } from './eta.ts'
import type { Executor, Task, TaskOutcome } from './task.ts'
import { ChangeBell } from './progress-feed.ts'
import { SpeedMeter } from './speed-meter.ts'
import type { StopGate } from './stop-gate.ts'

/** A cell on its way; its task is null until its scenario is read. */
export type ActiveEntry = { readonly cell: Cell; task: Task | null }

/** What a campaign run starts from. */
export type CampaignRunStart = {
  readonly campaignId: string
  readonly name: string
  readonly status: CampaignStatus
  readonly cells: readonly Cell[]
  readonly wallTimes: WallTimes
  /** null of a campaign without a stopping rule. */
  readonly stopGate: StopGate | null
}

/** A campaign that runs, or rests before or after it ran. */
export class CampaignRun {
  readonly campaignId: string
  readonly name: string
  readonly cells: CellTable
  readonly wallTimes: WallTimes
  readonly stopGate: StopGate | null
  readonly bell = new ChangeBell()
  readonly log = new CellLog()
  readonly speed = new SpeedMeter()
  readonly active = new Map<number, ActiveEntry>()
  /** Whether another process runs it; nothing here may change it then. */
  elsewhere: boolean
  /** Cells that the stopping rule did without. */
  notNeeded: number
  /** Why it stopped by itself: the store could not write something down, or the host is gone. */
  fault: LabError | null = null

  readonly #executor: Executor
  readonly #ledger: CellLedger
  readonly #unwanted = new Set<number>()
  #status: CampaignStatus
  #rest = Promise.withResolvers<void>()
  #settling = false
  /** The cancel that is under way; who wants to go on waits for its end. */
  #cancelling: Promise<void> = Promise.resolve()
  /** Whether the library holds cells of ours as running. */
  #begun = false
  #eventsDone = 0

  constructor(start: CampaignRunStart, executor: Executor, ledger: CellLedger) {
    this.campaignId = start.campaignId
    this.name = start.name
    this.cells = new CellTable(start.cells)
    this.wallTimes = start.wallTimes
    this.stopGate = start.stopGate
    this.notNeeded = start.cells.filter(isNotNeeded).length
    this.#status = statusAtRest(start.status)
    this.elsewhere = start.status === 'running'
    this.#executor = executor
    this.#ledger = ledger
    this.#rest.resolve()
  }

  /** The host that it is measured on; null where it is simulated. */
  get host(): string | null {
    return this.#executor.host
  }

  /** How many cells run at once. */
  get workers(): number {
    return this.#executor.size
  }

  /** Where the campaign stands. */
  get status(): CampaignStatus {
    return this.#status
  }

  /** Events simulated since the start, the running cells' included. */
  get events(): number {
    let events = this.#eventsDone
    for (const { task } of this.active.values()) events += task?.progress().events ?? 0
    return events
  }

  /** Whether nothing runs and nothing is about to. */
  get resting(): boolean {
    return this.#status !== 'running' && this.active.size === 0 && !this.#settling
  }

  /** Resolves when the campaign rests: finished, cancelled, or paused with no cell active. */
  rested(): Promise<void> {
    return this.#rest.promise
  }

  /** Starts or goes on. @throws LabError `conflict` when another process runs campaigns */
  async resume(): Promise<void> {
    await this.#cancelling
    if (this.#status === 'running') return
    const before = this.#status
    if (this.resting) this.#rest = Promise.withResolvers<void>()
    this.fault = null
    this.#status = 'running'
    try {
      await this.#ledger.setStatus('running')
    } catch (error) {
      this.#status = before
      this.#advance()
      throw error
    }
    this.speed.start(this.events)
    this.#advance()
  }

  /** Takes no further cell; the active ones finish. @returns whether it ran */
  async pause(): Promise<boolean> {
    if (this.#status !== 'running') return false
    this.#status = 'paused'
    for (const { task } of this.active.values()) if (task?.startedAt() === null) task.stop()
    await this.#ledger.setStatus('paused')
    this.#advance()
    return true
  }

  /** Stops the active cells; they are pending again. @returns how many cells were stopped */
  async cancel(status: 'cancelled' | 'interrupted' | 'paused' = 'cancelled'): Promise<number> {
    const stopped = this.active.size
    this.#status = status
    this.#stopTasks()
    this.#advance()
    const done = this.#rest.promise.then(() => this.#ledger.setStatus(status))
    this.#cancelling = done.catch(() => undefined)
    await done
    return stopped
  }

  /** Stops cells that the user does not want, where they run. */
  drop(indexes: readonly number[]): void {
    for (const index of indexes) {
      const entry = this.active.get(index)
      if (entry === undefined) continue
      this.#unwanted.add(index)
      entry.task?.stop()
    }
  }

  /** Takes over what the library says of cells that are not active: skipped, set back, retried. */
  sync(cells: readonly Cell[]): void {
    for (const cell of cells) {
      if (this.active.has(cell.index) || this.cells.status(cell.index) === cell.status) continue
      this.cells.set(cell.index, cell.status)
      this.log.add(cell, cell.status)
    }
    if (this.#status === 'running') this.#advance()
    else this.bell.ring()
  }

  /** Takes over what the library says of a campaign that rests here: another process may run it. */
  adopt(detail: CampaignDetail): void {
    if (!this.resting) return
    this.notNeeded = detail.cells.filter(isNotNeeded).length
    this.#status = statusAtRest(detail.row.status)
    this.elsewhere = detail.row.status === 'running'
    this.sync(detail.cells)
  }

  #advance(): void {
    while (this.#status === 'running' && this.active.size < this.#executor.size) {
      const cell = this.cells.next()
      if (cell === undefined || this.stopGate?.isClosedTo(cell) === true) break
      this.cells.set(cell.index, 'running')
      this.#launch(cell)
    }
    if (this.active.size === 0) this.#settle()
    this.bell.ring()
  }

  #launch(cell: Cell): void {
    assert(!this.active.has(cell.index), 'a cell runs once at a time')
    const entry: ActiveEntry = { cell, task: null }
    this.active.set(cell.index, entry)
    this.#follow(entry)
      .catch((error: unknown) => {
        entry.task?.stop()
        this.#putBack(cell)
        this.#halt(asLabError(error))
      })
      .finally(() => {
        this.active.delete(cell.index)
        this.#advance()
      })
      .catch((error: unknown) => this.#halt(asLabError(error)))
  }

  /** One cell from its start to its record. Rejects when that could not be written down. */
  async #follow(entry: ActiveEntry): Promise<void> {
    const { cell } = entry
    const scenario = await this.#ledger.scenario(cell)
    if (this.#status !== 'running') return this.#putBack(cell)
    entry.task = this.#executor.submit(scenario)
    this.bell.ring()
    if (!(await entry.task.started)) return this.#putBack(cell)
    const begun = await this.#ledger.begin(cell)
    this.#begun ||= begun
    // The library does not have it as pending: it was skipped meanwhile.
    if (!begun) this.drop([cell.index])
    const outcome = await entry.task.done
    if (begun) await this.#record(cell, scenario, outcome)
    else this.#putBack(cell)
  }

  async #record(cell: Cell, scenario: Scenario, outcome: TaskOutcome): Promise<void> {
    if (outcome.kind === 'finished') {
      await this.#ledger.finish(cell, scenario, outcome)
      this.cells.set(cell.index, 'finished')
      this.#eventsDone += outcome.result.events
      this.wallTimes.add(costGroup(cell.factors), outcome.result.wallMs)
      this.log.finished(cell, outcome.result)
    } else if (outcome.kind === 'failed') {
      const error = errorText(outcome.error)
      await this.#ledger.fail(cell, error)
      this.cells.set(cell.index, 'failed')
      this.log.failed(cell, error)
    } else if (outcome.kind === 'lost') {
      this.#putBack(cell)
      await this.#giveUp(outcome.error)
    } else {
      this.#putBack(cell)
    }
  }

  /** Pauses by itself: no cell can run until somebody has seen to the reason. */
  async #giveUp(reason: LabError): Promise<void> {
    if (this.#status !== 'running') return
    this.fault ??= reason
    this.#status = 'paused'
    this.#stopTasks()
    await this.#ledger.setStatus('paused')
  }

  #putBack(cell: Cell): void {
    const status = this.#unwanted.delete(cell.index) ? 'skipped' : 'pending'
    this.cells.set(cell.index, status)
    this.log.add(cell, status)
  }

  #halt(fault: LabError): void {
    this.fault ??= fault
    if (this.#status === 'running') this.#status = 'interrupted'
    this.#stopTasks()
  }

  #stopTasks(): void {
    for (const { task } of this.active.values()) task?.stop()
  }

  /** Nothing is active: what was begun is released, and an end is written down before it counts. */
  #settle(): void {
    if (this.#settling) return
    this.#settling = true
    this.#writeRest()
      .catch((error: unknown) => this.#halt(asLabError(error)))
      .finally(() => {
        this.#settling = false
        if (this.#status === 'running') this.#advance()
        else if (this.active.size === 0) this.#comeToRest()
      })
      .catch((error: unknown) => this.#halt(asLabError(error)))
  }

  async #writeRest(): Promise<void> {
    if (this.#begun) await this.#ledger.release()
    this.#begun = false
    if (this.#status !== 'running') return
    const next = this.cells.next()
    if (next !== undefined) return this.#askStop(next)
    await this.#ledger.setStatus('finished')
    // While that was written, a pause may have been asked for or cells may have been added.
    if (this.#status !== 'running') await this.#ledger.setStatus(this.#status)
    else if (this.cells.count('pending') > 0) await this.#ledger.setStatus('running')
    else this.#status = 'finished'
  }

  /** A repetition has ended: the stopping rule says what of the rest is needed. */
  async #askStop({ repetition }: Cell): Promise<void> {
    if (this.stopGate === null) return
    const decision = await this.#ledger.decideStop(repetition)
    for (const index of decision.notNeeded) {
      const cell = this.cells.get(index)
      if (cell === undefined || this.cells.status(index) !== 'pending') continue
      this.cells.set(index, 'skipped')
      this.log.add(cell, 'skipped', { error: NOT_NEEDED })
      this.notNeeded++
    }
    this.stopGate.pass(repetition, decision)
  }

  #comeToRest(): void {
    this.speed.stop(this.events)
    this.#rest.resolve()
    this.bell.ring()
  }
}

/** What another process runs does not run here; resuming it here is refused by the store. */
const statusAtRest = (status: CampaignStatus): CampaignStatus =>
  status === 'running' ? 'interrupted' : status

const errorText = (error: LabError): string =>
  error.hint === '' ? error.message : `${error.message} (hint: ${error.hint})`

const asLabError = (error: unknown): LabError =>
  error instanceof LabError
    ? error
    : new LabError('store', error instanceof Error ? error.message : String(error))
