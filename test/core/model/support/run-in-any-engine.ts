/**
 * What the comparison of JavaScript engines runs in each of them: a random scenario, by its seed.
 */
import { simulate } from '../../../../src-main/core/simulate/simulate.ts'
import { randomScenario } from '../../../support/random-scenario.ts'

/**
 * Every number of a run's result, as text. Without a clock, so that runs are equal to the letter.
 */
export const resultText = (seed: number): string => JSON.stringify(simulate(randomScenario(seed)))
