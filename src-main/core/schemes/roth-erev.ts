/**
 * Roth–Erev learning: which of a few choices pays. Each has a propensity; the chance of a choice is
 * its part of the sum, and what pays raises it (Roth and Erev, Games and Economic Behavior, 1995).
 */
import { uniformAt } from '../base/random.ts'

/** One learner. */
export class RothErev {
  readonly #propensity: Float64Array
  readonly #key: number
  readonly #forgetting: number
  readonly #experimentation: number
  #draws = 0

  /** `forgetting`, `experimentation`: 0 … 1. `key`: of the stream that its choices come from. */
  constructor(choices: number, key: number, forgetting: number, experimentation: number) {
    this.#propensity = new Float64Array(choices).fill(1)
    this.#key = key
    this.#forgetting = forgetting
    this.#experimentation = experimentation
  }

  /** The choice paid `reward`; a part goes to the other choices, so that all stay possible. */
  reinforce(choice: number, reward: number): void {
    const others = (reward * this.#experimentation) / Math.max(1, this.#propensity.length - 1)
    this.#propensity.forEach((q, i) => {
      const gain = i === choice ? reward * (1 - this.#experimentation) : others
      this.#propensity[i] = q * (1 - this.#forgetting) + gain
    })
  }

  /** Draws a choice. */
  choose(): number {
    const sum = this.#propensity.reduce((a, b) => a + b, 0)
    let rest = uniformAt(this.#key, this.#draws++) * sum
    for (let i = 0; i < this.#propensity.length - 1; i++) {
      rest -= this.#propensity[i]!
      if (rest < 0) return i
    }
    return this.#propensity.length - 1
  }
}
