/** The engine: order, hooks, limits, cancelling, and a hash that tells traces apart. */
import { describe, expect, it } from 'vitest'
import { CHECK_EVERY, Engine } from '../../../src-main/core/sim/engine.ts'

const LIMITS = { eventsMax: 1e6, simulatedNsMax: 1e9 }

function clock(engine: Engine, periodNs: number, ends: number): (slot: number) => void {
  engine.queue.schedule(0, 0)
  return () => {
    if (engine.now >= ends) engine.stop()
    else engine.queue.schedule(0, engine.now + periodNs)
  }
}

describe('Engine', () => {
  it('runs until the model stops it, counting events', () => {
    const engine = new Engine(1)
    engine.run(clock(engine, 10, 100), LIMITS)
    expect(engine.now).toBe(100)
    expect(engine.events).toBe(11)
  })

  it('shows every event to the hooks before and after its handler', () => {
    const engine = new Engine(1)
    const seen: string[] = []
    const handler = clock(engine, 10, 20)
    const handle = (slot: number): void => {
      seen.push('handle')
      handler(slot)
    }
    engine.run(handle, LIMITS, {
      before: (_, now) => seen.push(`before ${now}`),
      after: (_, now) => seen.push(`after ${now}`),
    })
    expect(seen.slice(0, 3)).toEqual(['before 0', 'handle', 'after 0'])
    expect(seen).toHaveLength(9)
  })

  it('stops with a budget error that names the budget', () => {
    const engine = new Engine(1)
    const run = (): void => engine.run(clock(engine, 1, 1e9), { ...LIMITS, eventsMax: 50 })
    expect(run).toThrow(/50 events/)
    const slow = new Engine(1)
    const overTime = (): void => slow.run(clock(slow, 1, 1e9), { ...LIMITS, simulatedNsMax: 50 })
    expect(overTime).toThrow(/50 ns of simulated time/)
  })

  it('asks for cancellation every few thousand events and stops with a cancelled error', () => {
    const engine = new Engine(1)
    const run = (): void => engine.run(clock(engine, 1, 1e9), { ...LIMITS, shouldStop: () => true })
    expect(run).toThrow(/cancelled/)
    expect(engine.events).toBeLessThan(CHECK_EVERY)
  })

  it('gives equal hashes to equal traces and different ones when a single time differs', () => {
    const digest = (period: number): string => {
      const engine = new Engine(1)
      engine.run(clock(engine, period, 1000), LIMITS)
      return engine.hash.digest()
    }
    expect(digest(10)).toBe(digest(10))
    expect(digest(10)).not.toBe(digest(11))
    expect(digest(10)).toMatch(/^[0-9a-f]{16}$/)
  })
})
