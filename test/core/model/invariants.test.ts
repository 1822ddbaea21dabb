/** Invariants: what is true of the machine after every single event of random scenarios. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import { checkInvariants } from './support/invariants.ts'
import { troublesomeScenario } from './support/random-program.ts'
import { watch } from './support/scenarios.ts'

const SCENARIOS = 12
const FIRST_SEED = 6000

/** Runs a scenario; names where it was when a rule broke. */
function check(scenario: Scenario): void {
  const { id } = scenario.scheme
  const m = watch(scenario, (machine) => {
    try {
      checkInvariants(machine, id)
    } catch (error) {
      const where = `seed ${scenario.seed}, event ${machine.engine.events}, ${machine.now} ns`
      throw new Error(`${where}: ${String(error)}`, { cause: error })
    }
  })
  m.engine.queue.assertConsistent()
  expect(m.vmFinished).toBe(m.vmsAwaited)
  const charged = m.time.reduce((sum, ns) => sum + ns, 0)
  expect(charged, `seed ${scenario.seed}`).toBe(m.threads * m.now)
}

describe('after every event', () => {
  for (const [s, { id }] of SCHEMES.entries()) {
    const seeds = Array.from({ length: SCENARIOS }, (_, i) => FIRST_SEED + s * SCENARIOS + i)

    it(`queues, counts, pins and states agree under ${id}`, () => {
      for (const seed of seeds) check({ ...randomScenario(seed), scheme: { id, params: {} } })
    })

    it(`they agree under ${id} when events fall together and it acts all the time`, () => {
      for (const seed of seeds) check(troublesomeScenario(seed, id))
    })
  }
})
