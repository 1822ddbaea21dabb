/**
 * Deadlines: every call into a guest, a monitor or another program has one, since a starved guest
 * answers late or never.
 */
import { performance } from 'node:perf_hooks'
import { LabError } from '../../core/base/lab-error.ts'

/** Something did not answer in time. What it was asked may still happen. */
export class DeadlineError extends LabError {
  constructor(what: string, ms: number) {
    super('unavailable', `${what}: no answer within ${Math.ceil(ms)} ms`)
    this.name = 'DeadlineError'
  }
}

/** A moment by which something must be done. */
export class Deadline {
  readonly ms: number
  readonly #endsAtMs: number

  constructor(ms: number) {
    this.ms = ms
    this.#endsAtMs = performance.now() + ms
  }

  /** ms left, never below 0. */
  get leftMs(): number {
    return Math.max(0, this.#endsAtMs - performance.now())
  }

  /** The earlier of this and another one `ms` from now. */
  within(ms: number): Deadline {
    return new Deadline(Math.min(ms, this.leftMs))
  }

  /** What the work gives, if in time. @throws DeadlineError otherwise; the work goes on unheard */
  async race<T>(what: string, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new DeadlineError(what, this.ms))
      }, this.leftMs)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
