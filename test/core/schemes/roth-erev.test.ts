/** Roth–Erev learning: what pays is chosen more often, and nothing is ever given up. */
import { describe, expect, it } from 'vitest'
import { RothErev } from '../../../src-main/core/schemes/roth-erev.ts'

/** How often each of three choices is made in rounds that reward some of them. */
function counts(rounds: number, rewardOf: (choice: number) => number): readonly number[] {
  const learner = new RothErev(3, 42, 0.1, 0.2)
  const made = [0, 0, 0]
  for (let i = 0; i < rounds; i++) {
    const choice = learner.choose()
    made[choice]!++
    learner.reinforce(choice, rewardOf(choice))
  }
  return made
}

describe('a learner', () => {
  it('chooses at first each as often as the others', () => {
    const learner = new RothErev(3, 7, 0.1, 0.2)
    const made = [0, 0, 0]
    for (let i = 0; i < 3000; i++) made[learner.choose()]!++
    for (const count of made) expect(Math.abs(count - 1000)).toBeLessThan(100)
  })

  it('comes to choose what pays', () => {
    const made = counts(1000, (choice) => (choice === 1 ? 1 : 0))
    expect(made[1]).toBeGreaterThan(700)
  })

  it('goes on trying the others', () => {
    const made = counts(1000, (choice) => (choice === 1 ? 1 : 0))
    expect(Math.min(...made)).toBeGreaterThan(20)
  })

  it('forgets what once paid', () => {
    const learner = new RothErev(2, 3, 0.1, 0)
    for (let i = 0; i < 50; i++) learner.reinforce(0, 1)
    for (let i = 0; i < 50; i++) learner.reinforce(1, 1)
    const made = [0, 0]
    for (let i = 0; i < 1000; i++) made[learner.choose()]!++
    expect(made[1]).toBeGreaterThan(950)
  })
})
