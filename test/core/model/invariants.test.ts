/** Invariants: what is true of the machine after every single event of random scenarios. */
import { describe, expect, it } from 'vitest'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import { checkInvariants } from './support/invariants.ts'
import { watch } from './support/scenarios.ts'

const SCENARIOS = 12
const FIRST_SEED = 5000

describe('after every event', () => {
  for (const [s, { id }] of SCHEMES.entries()) {
    it(`queues, counts, pins and states agree under ${id}`, () => {
      for (let i = 0; i < SCENARIOS; i++) {
        const seed = FIRST_SEED + s * SCENARIOS + i
        const scenario = { ...randomScenario(seed), scheme: { id, params: {} } }
        const m = watch(scenario, (machine) => {
          try {
            checkInvariants(machine, id)
          } catch (error) {
            const where = `seed ${seed}, event ${machine.engine.events}, ${machine.now} ns`
            throw new Error(`${where}: ${String(error)}`, { cause: error })
          }
        })
        m.engine.queue.assertConsistent()
        expect(m.vmFinished).toBe(m.vms.length)
      }
    })
  }
})
