/** Notices: the error banner and the short message with its undo. One of each at a time. */
import { isCancelled, problemOf } from './problem.ts'
import type { Problem } from './problem.ts'
import { UndoStack } from './undo-stack.svelte.ts'
import type { Step } from './undo-stack.svelte.ts'

/** A message; about something that was done, with the way back. */
export type Toast = { readonly text: string; readonly step: Step | null }

const TOAST_MS = 8000

/** What the shell shows on top of any screen. */
export class Notices {
  problem = $state.raw<Problem | null>(null)
  toast = $state.raw<Toast | null>(null)
  /** What Ctrl+Z takes back. */
  readonly history = new UndoStack()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Shows an error; nothing thrown on a screen is lost. */
  report(error: unknown): void {
    if (!isCancelled(error)) this.problem = problemOf(error)
  }

  /** Says something longer that is no error, in the banner, until it is dismissed. */
  tell(message: string): void {
    this.problem = { code: 'info', message, hint: '' }
  }

  /** Runs work whose errors belong in the banner. Returns undefined where it failed. */
  async guard<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.report(error)
      return undefined
    }
  }

  /** Starts work from an event handler; its errors go to the banner. */
  start(work: () => Promise<unknown>): void {
    void this.guard(work)
  }

  /** Says what was done; with `undo` it can be taken back, by its button and by Ctrl+Z. */
  say(text: string, undo: Step['undo'] | null = null, redo: Step['redo'] = null): void {
    const step = undo === null ? null : { text, undo, redo }
    if (step !== null) this.history.did(step)
    this.#show(text, step)
  }

  /** Takes back the named or the newest step and says so with `describe`. */
  undo(describe: (text: string) => string, step?: Step): void {
    this.clearToast()
    this.start(async () => {
      const undone = await this.history.undo(step)
      if (undone !== null) this.#show(describe(undone.text), null)
    })
  }

  /** Does again what was undone last. */
  redo(): void {
    this.start(async () => {
      const done = await this.history.redo()
      if (done !== null) this.#show(done.text, done)
    })
  }

  clearToast(): void {
    clearTimeout(this.#timer)
    this.toast = null
  }

  #show(text: string, step: Step | null): void {
    clearTimeout(this.#timer)
    this.toast = { text, step }
    this.#timer = setTimeout(() => this.clearToast(), TOAST_MS)
  }
}
