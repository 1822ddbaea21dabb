/** The campaigns that this process runs: one pool of workers, any number of campaigns, by id. */
import { LabError } from '../../core/base/lab-error.ts'
import type { CampaignDetail, RunRow } from '../../core/contract/library.ts'
import { RunQuerySchema } from '../../core/contract/library.ts'
import type { Progress, Queued } from '../../core/contract/progress.ts'
import type { Machine, Store } from '../../store/index.ts'
import * as v from 'valibot'
import { CampaignRun } from './campaign-run.ts'
import { storeLedger } from './cell-ledger.ts'
import { costGroup } from './cell-table.ts'
import { WallTimes } from './eta.ts'
import type { WorkerPool } from './pool.ts'
import { progressOf, queuedOf } from './progress.ts'
import { follow } from './progress-feed.ts'
import { StopGate } from './stop-gate.ts'
import type { Executor } from './task.ts'

/** Runs of a campaign from which its log and its costs are known after a restart. */
const RUNS_KNOWN_MAX = 1000

/** Starts, steers and watches campaigns of one library. */
export class Runner {
  readonly #store: Store
  readonly #pool: WorkerPool
  readonly #machine: Machine
  readonly #executorOf: (host: string) => Executor
  readonly #runs = new Map<string, Promise<CampaignRun>>()

  /** `executorOf`: what measures on a host. */
  constructor(
    store: Store,
    pool: WorkerPool,
    machine: Machine,
    executorOf: (host: string) => Executor,
  ) {
    this.#store = store
    this.#pool = pool
    this.#machine = machine
    this.#executorOf = executorOf
  }

  /** Number of workers. */
  get workers(): number {
    return this.#pool.size
  }

  /** Starts a campaign, or goes on after a stop of any kind. @returns whether it rested */
  async resume(campaignId: string): Promise<boolean> {
    const run = await this.#load(campaignId)
    if (run.status === 'running') return false
    await run.resume()
    return true
  }

  /** Takes no further cells; the active ones finish. @returns whether it ran */
  async pause(campaignId: string): Promise<boolean> {
    return (await this.#own(campaignId)).pause()
  }

  /** Stops the active cells; they are pending again. @returns how many cells were stopped */
  async cancel(campaignId: string): Promise<number> {
    const run = await this.#own(campaignId)
    return run.status === 'finished' ? 0 : run.cancel()
  }

  /** Sets failed (or the named) cells back to pending and goes on. @returns how many cells */
  async retry(campaignId: string, cells: readonly number[]): Promise<number> {
    const run = await this.#own(campaignId)
    const changed = await this.#store.resetCells(campaignId, cells)
    await this.#sync(run)
    if (changed > 0) await run.resume()
    return changed
  }

  /** Leaves cells out. @returns how many cells */
  async skip(campaignId: string, cells: readonly number[]): Promise<number> {
    const run = await this.#own(campaignId)
    run.drop(cells)
    const changed = await this.#store.skipCells(campaignId, cells)
    await this.#sync(run)
    return changed
  }

  /** Campaigns that run here, in the order in which they were started, and what they wait for. */
  async queue(): Promise<Queued[]> {
    const runs = await Promise.allSettled(this.#runs.values())
    return runs
      .flatMap((loaded) => (loaded.status === 'fulfilled' ? [loaded.value] : []))
      .filter((run) => run.status === 'running')
      .toSorted((a, b) => b.speed.elapsedMs - a.speed.elapsedMs)
      .map((run) => queuedOf(progressOf(run)))
  }

  /** Where a campaign stands. */
  async progress(campaignId: string): Promise<Progress> {
    return progressOf(await this.#load(campaignId))
  }

  /** Where a campaign stands, now and on every change, until it rests. */
  async *watch(campaignId: string, signal?: AbortSignal): AsyncGenerator<Progress, void> {
    const run = await this.#load(campaignId)
    yield* follow(
      {
        state: () => progressOf(run),
        resting: () => run.resting,
        changed: () => run.bell.wait(),
      },
      signal,
    )
  }

  /** Resolves when a campaign rests. @throws LabError when it stopped because the store failed */
  async rested(campaignId: string): Promise<void> {
    const run = await this.#load(campaignId)
    await run.rested()
    if (run.fault !== null) throw run.fault
  }

  /** Stops everything; what runs is `interrupted` and can be resumed. */
  async close(): Promise<void> {
    const runs = await Promise.allSettled(this.#runs.values())
    for (const loaded of runs) {
      if (loaded.status === 'fulfilled' && !loaded.value.resting) {
        await loaded.value.cancel(loaded.value.status === 'paused' ? 'paused' : 'interrupted')
      }
    }
    await this.#pool.close()
  }

  /** A campaign that no other process is running. */
  async #own(campaignId: string): Promise<CampaignRun> {
    const run = await this.#load(campaignId)
    if (!run.elsewhere) return run
    throw new LabError(
      'conflict',
      `"${run.name}" is being run by another process`,
      'pause or cancel it there, or wait for its end',
    )
  }

  async #sync(run: CampaignRun): Promise<void> {
    run.sync((await this.#store.getCampaign(run.campaignId)).cells)
  }

  /** The campaign as this process knows it; of a resting one the library may know more. */
  async #load(campaignId: string): Promise<CampaignRun> {
    const known = await this.#runs.get(campaignId)
    if (known !== undefined && !known.resting) return known
    const loading = this.#read(campaignId, known)
    this.#runs.set(campaignId, loading)
    try {
      return await loading
    } catch (error) {
      this.#runs.delete(campaignId)
      throw error
    }
  }

  async #read(campaignId: string, known: CampaignRun | undefined): Promise<CampaignRun> {
    const detail = await this.#store.getCampaign(campaignId)
    if (known === undefined) return this.#open(detail)
    known.adopt(detail)
    return known
  }

  async #open(detail: CampaignDetail): Promise<CampaignRun> {
    const { id, name, status } = detail.row
    const rows = await this.#runsOf(id)
    const wallTimes = new WallTimes()
    for (const row of rows) wallTimes.add(costGroup(row), row.wallMs)
    const ledger = storeLedger(this.#store, id, this.#machine)
    const { measured, stop, seeds } = detail.definition
    const stopGate = stop === undefined ? null : new StopGate(stop, seeds.count)
    const start = { campaignId: id, name, status, cells: detail.cells, wallTimes, stopGate }
    const executor = measured === undefined ? this.#pool : this.#executorOf(measured.host)
    const run = new CampaignRun(start, executor, ledger)
    const factors = new Map(detail.cells.map((cell) => [cell.index, cell.factors]))
    for (const row of rows.toReversed()) {
      const at = row.cellIndex === null ? undefined : factors.get(row.cellIndex)
      if (row.cellIndex === null || at === undefined) continue
      const { cellIndex: index, seed, timeNs, wallMs, createdAt } = row
      const event = { index, factors: at, seed, timeNs, wallMs, at: createdAt }
      run.log.push({ ...event, status: 'finished', error: null })
    }
    return run
  }

  async #runsOf(campaignId: string): Promise<RunRow[]> {
    const query = { campaignIds: [campaignId], limit: RUNS_KNOWN_MAX }
    return (await this.#store.queryRuns(v.parse(RunQuerySchema, query))).rows
  }
}
