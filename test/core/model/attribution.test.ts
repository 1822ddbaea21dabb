/** Attribution: every nanosecond of every thread is in exactly one class. */
import { describe, expect, it } from 'vitest'
import { TIME_CLASS_KEYS } from '../../../src-main/core/base/time-class.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { randomScenario } from '../../support/random-scenario.ts'

const SCENARIOS = 1000
const SHARDS = 10

describe('attribution', () => {
  for (let shard = 0; shard < SHARDS; shard++) {
    const first = (shard * SCENARIOS) / SHARDS
    it(`sums exactly to threads × makespan, random scenarios ${first} … ${first + 99}`, () => {
      for (let seed = first; seed < first + SCENARIOS / SHARDS; seed++) {
        const result = simulate(randomScenario(seed))
        for (const vm of result.vms) {
          const values = TIME_CLASS_KEYS.map((key) => vm.attributionNs[key])
          const sum = values.reduce((a, b) => a + b, 0)
          const where = `seed ${seed}, ${vm.app}`
          expect(sum, where).toBe(vm.threads * result.makespanNs)
          expect(Math.min(...values), where).toBeGreaterThanOrEqual(0)
          expect(values.every(Number.isInteger), where).toBe(true)
        }
      }
    })
  }
})
