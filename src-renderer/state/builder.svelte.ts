/** Builder: the campaign being written, what the lab says about it, and its start. */
import type { LabClient } from '../bridge/index.ts'
import type { Plan } from '../../src-main/core/contract/handlers.ts'
import type { CampaignRow } from '../../src-main/core/contract/library.ts'
import { editField, readDraft } from './campaign-text.ts'
import type { CampaignDraft, FieldPath } from './campaign-text.ts'
import type { Draft } from './draft.svelte.ts'
import type { Notices } from './notices.svelte.ts'
import { gridOf } from './plan-grid.ts'
import type { PlannedShape } from './power.svelte.ts'

const PLAN_AFTER_MS = 250

/** The state of the campaign screen. */
export class Builder {
  plan = $state.raw<Plan | null>(null)
  isPlanning = $state(false)
  isStarting = $state(false)
  readonly #client: LabClient
  readonly #draft: Draft
  readonly #notices: Notices
  #timer: ReturnType<typeof setTimeout> | undefined

  readonly form: CampaignDraft | null = $derived.by(() => readDraft(this.text))
  readonly grid = $derived.by(() => gridOf(this.plan?.cells ?? []))

  constructor(client: LabClient, draft: Draft, notices: Notices) {
    this.#client = client
    this.#draft = draft
    this.#notices = notices
  }

  get text(): string {
    return this.#draft.text
  }

  set text(text: string) {
    this.#draft.text = text
    this.isPlanning = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.planNow(), PLAN_AFTER_MS)
  }

  /** Comparisons and cells of one repetition, for the power planner. */
  get shape(): PlannedShape {
    const cells = this.plan?.cells ?? []
    const first = cells[0]?.seed
    const block = cells.filter(({ seed }) => seed === first)
    const baseline = this.form?.baseline
    const comparisons = block.filter(({ factors }) => factors.scheme !== baseline).length
    return { comparisons, cells: block.length }
  }

  /** Whether it can be run as it stands. */
  get isReady(): boolean {
    return (
      !this.isPlanning && !this.isStarting && this.plan !== null && this.plan.issues.length === 0
    )
  }

  /** Sets one field of the file; `undefined` takes it out. */
  edit(path: FieldPath, value: unknown): void {
    this.text = editField(this.text, path, value)
  }

  /** Asks the lab what this text would do. */
  planNow(): void {
    const { text } = this
    if (text.trim() === '') return
    this.isPlanning = true
    this.#notices.start(async () => {
      try {
        const plan = await this.#client.campaign.plan({ text })
        if (text === this.text) this.plan = plan
      } finally {
        if (text === this.text) this.isPlanning = false
      }
    })
  }

  /** Stores the campaign and starts it; undefined where the lab refused. */
  async run(): Promise<CampaignRow | undefined> {
    this.isStarting = true
    const row = await this.#notices.guard(() =>
      this.#client.campaign.create({ text: this.text, start: true }),
    )
    if (row !== undefined) this.#draft.keep()
    this.isStarting = false
    return row
  }
}
