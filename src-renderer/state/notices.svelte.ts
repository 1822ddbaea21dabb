/** Notices: the error banner and the short message with its undo. One of each at a time. */
import { isCancelled, problemOf } from './problem.ts'
import type { Problem } from './problem.ts'

/** A message about something that was done, and the way back. */
export type Toast = { readonly text: string; readonly undo: (() => Promise<void>) | null }

const TOAST_MS = 8000

/** What the shell shows on top of any screen. */
export class Notices {
  problem = $state.raw<Problem | null>(null)
  toast = $state.raw<Toast | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Shows an error; nothing thrown on a screen is lost. */
  report(error: unknown): void {
    if (!isCancelled(error)) this.problem = problemOf(error)
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

  /** Says what was done; `undo` takes it back. */
  say(text: string, undo: (() => Promise<void>) | null = null): void {
    clearTimeout(this.#timer)
    this.toast = { text, undo }
    this.#timer = setTimeout(() => this.clearToast(), TOAST_MS)
  }

  clearToast(): void {
    clearTimeout(this.#timer)
    this.toast = null
  }
}
