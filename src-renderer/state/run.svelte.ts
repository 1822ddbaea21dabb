/** RunView's state: one run with all that is known of it, and how it stands in its campaign. */
import type { LabClient } from '../bridge/index.ts'
import type { Comparison, ComparisonRow } from '../../src-main/core/contract/comparison.ts'
import type { ExplainProgress, ExplanationData } from '../../src-main/core/contract/explanation.ts'
import type { RunDetail } from '../../src-main/core/contract/library.ts'
import type { RunSeries } from '../../src-main/core/contract/result.ts'
import type { Notices } from './notices.svelte.ts'
import { problemOf } from './problem.ts'
import type { Problem } from './problem.ts'
import { RunChanges } from './run-changes.ts'

/** The run's row in the comparison of its campaign. */
export type Standing = { readonly comparison: Comparison; readonly row: ComparisonRow }

/** The open run. */
export class OpenRun {
  detail = $state.raw<RunDetail | null>(null)
  standing = $state.raw<Standing | null>(null)
  /** Online vCPUs and load over time; null: not known yet, or there is none. */
  series = $state.raw<RunSeries | null>(null)
  /** Why there is no series. */
  seriesProblem = $state.raw<Problem | null>(null)
  isRecording = $state(false)
  explanation = $state.raw<ExplanationData | null>(null)
  /** How far the explanation is that is being made; null while none is. */
  explaining = $state.raw<ExplainProgress | null>(null)
  #explain: AbortController | null = null
  /** Whether the run has a trace. */
  isTraced = $state(false)
  /** Why there is no detail; the run may be gone. */
  problem = $state.raw<Problem | null>(null)
  readonly changes: RunChanges
  readonly #client: LabClient
  readonly #notices: Notices
  #id: string | null = null

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
    this.changes = new RunChanges(client, notices, () => this.reload())
  }

  /** Opens a run. */
  open(id: string): void {
    if (id !== this.#id) {
      this.detail = null
      this.standing = null
      this.series = null
      this.seriesProblem = null
      this.isTraced = false
      this.explanation = null
      this.stopExplaining()
    }
    this.#id = id
    this.problem = null
    this.#notices.start(async () => {
      const detail = await this.#load(id)
      if (detail === null || id !== this.#id) return
      this.detail = detail
      await Promise.all([this.#compare(detail), this.#loadSeries(id), this.#loadTraced(id)])
    })
  }

  /** Loads the same run again. */
  reload(): void {
    if (this.#id !== null) this.open(this.#id)
  }

  /** Asks what each harm costs; the run is simulated many times without them. */
  async explain(): Promise<void> {
    const id = this.#id
    if (id === null) return
    const { signal } = (this.#explain = new AbortController())
    this.explaining = { done: 0, of: 1 }
    try {
      for await (const event of await this.#client.explain.run({ runId: id }, { signal })) {
        if (signal.aborted) return
        if ('progress' in event) this.explaining = event.progress
        else this.explanation = event.explanation
      }
    } finally {
      if (this.#explain?.signal === signal) this.explaining = null
    }
  }

  /** Gives up the explanation that is being made. */
  stopExplaining(): void {
    this.#explain?.abort()
    this.explaining = null
  }

  /** Simulates the run again, recorded, which gives it a trace and with it a series. */
  async record(): Promise<void> {
    const id = this.#id
    if (id === null) return
    this.isRecording = true
    try {
      await this.#client.trace.record({ runId: id })
      await Promise.all([this.#loadSeries(id), this.#loadTraced(id)])
    } finally {
      this.isRecording = false
    }
  }

  async #loadTraced(id: string): Promise<void> {
    const traced = await this.#client.trace.list({ runIds: [id] })
    if (id === this.#id) this.isTraced = traced.length > 0
  }

  async #loadSeries(id: string): Promise<void> {
    try {
      const series = await this.#client.trace.series({ runId: id })
      if (id !== this.#id) return
      this.series = series
      this.seriesProblem = null
    } catch (error) {
      if (id === this.#id) this.seriesProblem = problemOf(error)
    }
  }

  async #load(id: string): Promise<RunDetail | null> {
    try {
      return await this.#client.library.run({ id })
    } catch (error) {
      if (id === this.#id) this.problem = problemOf(error)
      return null
    }
  }

  async #compare(detail: RunDetail): Promise<void> {
    const { campaignId, id } = detail.row
    if (campaignId === null || detail.row.trashedAt !== null) return
    const comparison = await this.#client.compare.get({ campaignId })
    const row = comparison.rows.find((candidate) => candidate.sample.runIds.includes(id))
    // An excluded run is in no row.
    if (id === this.#id) this.standing = row === undefined ? null : { comparison, row }
  }
}
