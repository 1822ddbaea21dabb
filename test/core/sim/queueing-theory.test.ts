/** The engine and the random streams held to queueing theory: M/M/c within 99 % intervals. */
import { describe, expect, it } from 'vitest'
import { exponentialAt, streamKey } from '../../../src-main/core/base/random.ts'
import { Engine } from '../../../src-main/core/sim/engine.ts'

const REPLICATIONS = 30
const T_99_29 = 2.756
const SERVICE_NS = 1e6

/** Mean number in system of one M/M/c replication, first tenth dropped. */
function simulateMmc(servers: number, load: number, seed: number, arrivals: number): number {
  const engine = new Engine(1 + servers)
  const arrivalKey = streamKey(seed, 1)
  const serviceKey = streamKey(seed, 2)
  const betweenNs = SERVICE_NS / (servers * load)
  const idle = Array.from({ length: servers }, (_, i) => i)
  const times = { last: 0, area: 0, from: 0 }
  let inSystem = 0
  let arrived = 0
  let served = 0
  const account = (now: number): void => {
    times.area += inSystem * (now - times.last)
    times.last = now
  }
  const start = (server: number): void =>
    engine.queue.schedule(
      1 + server,
      engine.now + Math.round(SERVICE_NS * exponentialAt(serviceKey, served++)),
    )
  const arrive = (): void => {
    if (++arrived === arrivals / 10) Object.assign(times, { area: 0, from: engine.now })
    inSystem++
    if (idle.length > 0) start(idle.pop()!)
    if (arrived === arrivals) engine.stop()
    else
      engine.queue.schedule(
        0,
        engine.now + Math.round(betweenNs * exponentialAt(arrivalKey, arrived)),
      )
  }
  const depart = (server: number): void => {
    inSystem--
    if (inSystem >= servers) start(server)
    else idle.push(server)
  }
  engine.queue.schedule(0, 0)
  engine.run(
    (slot, now) => {
      account(now)
      if (slot === 0) arrive()
      else depart(slot - 1)
    },
    { eventsMax: 1e9, simulatedNsMax: 1e15 },
  )
  return times.area / (times.last - times.from)
}

/** Mean number in system of M/M/c by Erlang's C formula. */
function theory(servers: number, load: number): number {
  const a = servers * load
  let term = 1
  let sum = 0
  for (let k = 0; k < servers; k++) {
    sum += term
    term *= a / (k + 1)
  }
  const wait = term / (1 - load) / (sum + term / (1 - load))
  return a + (wait * load) / (1 - load)
}

function interval99(xs: readonly number[]): readonly [number, number] {
  const mean = xs.reduce((a, b) => a + b, 0) / xs.length
  const variance = xs.reduce((a, x) => a + (x - mean) ** 2, 0) / (xs.length - 1)
  const half = T_99_29 * Math.sqrt(variance / xs.length)
  return [mean - half, mean + half]
}

describe('M/M/c on the engine', () => {
  for (const [servers, load] of [
    [1, 0.5],
    [1, 0.8],
    [4, 0.7],
    [12, 0.9],
  ] as const) {
    it(`has Erlang's mean number in its 99 % interval at c=${servers}, ρ=${load}`, () => {
      const runs = Array.from({ length: REPLICATIONS }, (_, i) =>
        simulateMmc(servers, load, 1000 + i, 20_000),
      )
      const [lo, hi] = interval99(runs)
      expect(lo).toBeLessThan(theory(servers, load))
      expect(hi).toBeGreaterThan(theory(servers, load))
    })
  }
})
