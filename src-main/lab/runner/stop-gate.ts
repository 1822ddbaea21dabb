/**
 * Where a campaign with a stopping rule waits: no cell of a repetition starts before the rule was
 * asked whether the repetition is needed. So what runs does not depend on how many workers there
 * are, and a campaign that is resumed decides as it would have.
 */
import type { StopRule } from '../../core/contract/campaign.ts'
import type { Cell } from '../../core/contract/library.ts'
import type { StopProgress } from '../../core/contract/progress.ts'
import type { StopDecision } from '../../core/stats/stopping.ts'

/** The gate of one campaign. */
export class StopGate {
  readonly #rule: StopRule
  readonly #repetitions: number
  /** Repetitions up to this one may run. */
  #open: number
  #last: StopDecision | null = null

  /** `repetitions`: the most that may run. */
  constructor(rule: StopRule, repetitions: number) {
    this.#rule = rule
    this.#repetitions = repetitions
    this.#open = rule.min - 1
  }

  /** Whether the rule has to be asked before a cell starts. */
  isClosedTo({ repetition }: Cell): boolean {
    return repetition > this.#open
  }

  /** Lets a repetition run, after the rule was asked. */
  pass(repetition: number, decision: StopDecision): void {
    this.#open = Math.max(this.#open, repetition)
    this.#last = decision
  }

  /** The rule and its last answer, for whoever watches. */
  progress(notNeeded: number): StopProgress {
    const { ciWidth, min } = this.#rule
    const { groups = null, ended = null, widest = null } = this.#last ?? {}
    return { ciWidth, min, max: this.#repetitions, groups, ended, widest, notNeeded }
  }
}
