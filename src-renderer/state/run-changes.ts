/** What is done to runs of the library, with its undo: trash, restore, tags, notes. */
import type { LabClient } from '../bridge/index.ts'
import { strings } from '../strings/index.ts'
import type { Notices } from './notices.svelte.ts'

/** Changes to runs; `onchange` is called after each, for whoever shows them. */
export class RunChanges {
  readonly #client: LabClient
  readonly #notices: Notices
  readonly #onchange: () => void

  constructor(client: LabClient, notices: Notices, onchange: () => void) {
    this.#client = client
    this.#notices = notices
    this.#onchange = onchange
  }

  /** Moves runs to the trash or back; the message offers the other way. */
  async trash(ids: readonly string[], on: boolean): Promise<void> {
    const changed = await this.#setTrash(ids, on)
    const { trashed, restored } = strings.library
    const text = on ? trashed(changed.length) : restored(changed.length)
    this.#saySteps(text, changed, (back) => this.#setTrash(changed, back ? !on : on))
  }

  /** Adds a tag to runs, or takes it away; undone only where it changed something. */
  async tag(ids: readonly string[], tag: string, on: boolean): Promise<void> {
    const changed = await this.#setTag(ids, tag, on)
    const count = strings.counts.runs(changed.length)
    const { tagged, untagged } = strings.library
    const text = on ? tagged(tag, count) : untagged(tag, count)
    this.#saySteps(text, changed, (back) => this.#setTag(changed, tag, back ? !on : on))
  }

  /** Adds a line to the notes of runs. */
  async noteLine(ids: readonly string[], line: string): Promise<void> {
    const changed = await this.#setNoteLine(ids, line, true)
    const text = strings.library.noteLineAdded(strings.counts.runs(changed.length))
    this.#saySteps(text, changed, (back) => this.#setNoteLine(changed, line, !back))
  }

  /** Writes a run's note. */
  async note(id: string, note: string): Promise<void> {
    await this.#client.library.note({ id, note })
    this.#notices.say(strings.library.noteSaved)
    this.#onchange()
  }

  /** Excludes runs from comparisons with a reason or takes them in again, with an undo. */
  async exclude(ids: readonly string[], reason: string | null, before: string | null) {
    await this.#setExcluded(ids, reason)
    const { excludedMany } = strings.library
    const one = reason === null ? strings.run.included : strings.run.excludedNow
    const text = ids.length === 1 ? one : excludedMany(strings.counts.runs(ids.length))
    this.#notices.say(text, () => this.#setExcluded(ids, before))
  }

  async #setExcluded(ids: readonly string[], reason: string | null): Promise<void> {
    await this.#client.library.exclude({ ids: [...ids], reason })
    this.#onchange()
  }

  /** What changed nothing is nothing to take back. */
  #saySteps(
    text: string,
    changed: readonly string[],
    step: (back: boolean) => Promise<unknown>,
  ): void {
    if (changed.length === 0) this.#notices.say(text)
    else
      this.#notices.say(
        text,
        () => step(true),
        () => step(false),
      )
  }

  async #setTrash(ids: readonly string[], on: boolean): Promise<string[]> {
    const { ids: changed } = await this.#client.library.trash({ ids: [...ids], on })
    this.#onchange()
    return changed
  }

  async #setTag(ids: readonly string[], tag: string, on: boolean): Promise<string[]> {
    const { ids: changed } = await this.#client.library.tag({ ids: [...ids], tag, on })
    this.#onchange()
    return changed
  }

  async #setNoteLine(ids: readonly string[], line: string, on: boolean): Promise<string[]> {
    const { ids: changed } = await this.#client.library.noteLine({ ids: [...ids], line, on })
    this.#onchange()
    return changed
  }
}
