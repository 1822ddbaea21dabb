/** Timeline: one run, or two side by side, with linked zoom and aligned at a barrier. */
import type { LabClient } from '../../bridge/index.ts'
import type { RunRow } from '../../../src-main/core/contract/library.ts'
import type { TracedRun } from '../../../src-main/core/contract/trace.ts'
import type { Notices } from '../notices.svelte.ts'
import { problemOf } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { barrierAt, offsetAt } from './alignment.ts'
import { Pane } from './pane.svelte.ts'
import { TraceData } from './trace-data.svelte.ts'
import { shiftView, unionOf } from './view.ts'
import type { View } from './view.ts'

/** A run that was asked for: its trace, or that it has none. */
export type OpenRun = { readonly row: RunRow; readonly pane: Pane | null }

/** Where two runs are aligned: at the n-th barrier of a VM, from 0. */
export type Alignment = {
  readonly vm: number
  readonly n: number
  readonly openNs: readonly number[]
  readonly besideOpenNs: readonly number[]
}

/** What the screen is open on. */
export class Timeline {
  main = $state.raw<OpenRun | null>(null)
  beside = $state.raw<OpenRun | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** Runs that have a trace, for choosing. */
  traced = $state.raw<readonly TracedRun[] | null>(null)
  isRecording = $state(false)
  isLinked = $state(true)
  alignment = $state.raw<Alignment | null>(null)
  /** How much later the run beside is, ns. */
  offsetNs = $state(0)
  readonly #client: LabClient
  readonly #notices: Notices
  #recording: AbortController | null = null
  #opened = ''

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Loads which runs have a trace. */
  async loadTraced(): Promise<void> {
    this.traced = await this.#client.trace.list({})
  }

  /** Opens a run, and perhaps another beside it. */
  async open(runId: string, besideId: string | null): Promise<void> {
    const opened = `${runId} ${besideId ?? ''}`
    this.#opened = opened
    this.problem = null
    try {
      const main = this.main?.row.id === runId ? this.main : await this.#load(runId)
      if (this.#opened !== opened) return
      this.main = main
      const isSame = this.beside?.row.id === besideId
      const beside = besideId === null ? null : isSame ? this.beside : await this.#load(besideId)
      if (this.#opened !== opened) return
      this.beside = beside
      this.alignment = null
      for (const run of [main, beside]) if (run?.pane) run.pane.anchorNs = null
      this.#align(0)
    } catch (error) {
      if (this.#opened === opened) this.problem = problemOf(error)
    }
  }

  async #load(runId: string): Promise<OpenRun> {
    const { row } = await this.#client.library.run({ id: runId })
    const [traced] = await this.#client.trace.list({ runIds: [runId] })
    if (traced === undefined) return { row, pane: null }
    const report = (error: unknown): void => this.#notices.report(error)
    return { row, pane: new Pane(await TraceData.open(this.#client, runId, report)) }
  }

  /** Simulates a run again, recorded, and opens it. */
  async record(runId: string): Promise<void> {
    this.isRecording = true
    this.#recording = new AbortController()
    try {
      await this.#client.trace.record({ runId }, { signal: this.#recording.signal })
      const [main, beside] = [this.main?.row.id ?? runId, this.beside?.row.id ?? null]
      if (this.main?.row.id === runId) this.main = null
      if (this.beside?.row.id === runId) this.beside = null
      await this.open(main, beside)
      await this.loadTraced()
    } finally {
      this.isRecording = false
    }
  }

  stopRecording(): void {
    this.#recording?.abort()
  }

  /** Records the example where it is not there. @returns its two runs */
  async example(): Promise<{ runId: string; besideRunId: string }> {
    this.isRecording = true
    this.#recording = new AbortController()
    try {
      const { signal } = this.#recording
      const example = await this.#client.trace.example(undefined, { signal })
      await this.loadTraced()
      return example
    } finally {
      this.isRecording = false
    }
  }

  /** Whether both panes move together. */
  link(isLinked: boolean): void {
    this.isLinked = isLinked
    this.#align(this.offsetNs)
  }

  /** Aligns both runs at a VM's barrier; the one that was last to open in view without `n`. */
  async alignAt(vm: number | null, n?: number): Promise<void> {
    const [pane, beside] = [this.main?.pane, this.beside?.pane]
    if (!pane || !beside) return
    if (vm === null) {
      this.alignment = null
      pane.anchorNs = beside.anchorNs = null
      this.#align(0)
      return
    }
    const known = this.alignment?.vm === vm ? this.alignment : await this.#barriers(vm)
    const { openNs, besideOpenNs } = known
    const middle = (pane.view.fromNs + pane.view.toNs) / 2
    const most = Math.min(openNs.length, besideOpenNs.length) - 1
    const chosen = Math.min(most, Math.max(0, n ?? barrierAt(openNs, middle)))
    const offset = offsetAt(openNs, besideOpenNs, chosen)
    if (offset === null) return
    this.alignment = { ...known, n: chosen }
    this.#align(offset)
    const at = openNs[chosen]!
    pane.anchorNs = at
    beside.anchorNs = at + offset
    const isInSight = at >= pane.view.fromNs && at <= pane.view.toNs
    if (!isInSight || n !== undefined) pane.centre(at, at)
  }

  async #barriers(vm: number): Promise<Omit<Alignment, 'n'>> {
    const ids = [this.main!.row.id, this.beside!.row.id]
    const [here, there] = await Promise.all(
      ids.map((runId) => this.#client.trace.barriers({ runId, vm })),
    )
    return { vm, openNs: here!.openNs, besideOpenNs: there!.openNs }
  }

  #align(offsetNs: number): void {
    this.offsetNs = offsetNs
    const [pane, beside] = [this.main?.pane, this.beside?.pane]
    if (!pane) return
    pane.onview = () => {}
    pane.bounds = pane.data.bounds
    if (!beside) return
    beside.onview = () => {}
    beside.bounds = beside.data.bounds
    if (!this.isLinked) return
    pane.bounds = unionOf(pane.data.bounds, shiftView(beside.data.bounds, -offsetNs))
    beside.bounds = shiftView(pane.bounds, offsetNs)
    pane.onview = (view: View) => {
      beside.view = shiftView(view, offsetNs)
    }
    beside.onview = (view: View) => {
      pane.view = shiftView(view, -offsetNs)
    }
    beside.view = shiftView(pane.view, offsetNs)
  }
}
