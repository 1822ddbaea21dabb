/** At most so many frames a second: a lab that sends more is read more slowly, and waits. */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** A bucket of frames that fills at a steady rate. */
export class FrameRate {
  readonly #perSecond: number
  readonly #burst: number
  #left: number
  #filledAtMs = performance.now()

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#left = burst
  }

  /** Resolves when another frame may be read. */
  async admit(): Promise<void> {
    this.#fill()
    if (this.#left < 1) {
      await sleep(((1 - this.#left) * 1000) / this.#perSecond)
      this.#fill()
    }
    this.#left -= 1
  }

  #fill(): void {
    const now = performance.now()
    const grown = this.#left + ((now - this.#filledAtMs) * this.#perSecond) / 1000
    this.#left = Math.min(this.#burst, grown)
    this.#filledAtMs = now
  }
}
