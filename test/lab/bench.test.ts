/** The bench: what it compares is the same computation, and its figures are what they say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measureSituation } from '../../src-main/lab/bench/bench.ts'
import { measureBulk } from '../../src-main/lab/bench/bulk-rate.ts'
import { measureTraces } from '../../src-main/lab/bench/trace-cost.ts'
import { compare } from '../../src-main/lab/bench/engine-rate.ts'
import { runHolds } from '../../src-main/lab/bench/hold.ts'
import { measureRate } from '../../src-main/lab/bench/model-rate.ts'
import type { ModelRate } from '../../src-main/lab/bench/model-rate.ts'
import { BY_SCHEME, GROWTH, scenarioOf } from '../../src-main/lab/bench/situations.ts'
import { mid, spread } from '../../src-main/lab/bench/spread.ts'
import { modelTargets } from '../../src-main/lab/bench/targets.ts'
import { measureWorkers, poolSizes } from '../../src-main/lab/bench/workers-rate.ts'
import { openYardsticks, runEngine } from '../../src-main/lab/bench/yardsticks.ts'
import { SCHEMES } from '../../src-main/core/schemes/registry.ts'
import { requiresTool } from '../support/requires.ts'

const never = new AbortController().signal

describe('spread', () => {
  it('gives the median and the range of rounds in any order', () => {
    expect(spread([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9 })
  })

  it('takes the lower one of two in the middle', () => {
    expect(mid([4, 1, 3, 2])).toBe(2)
  })
})

describe('the hold model', () => {
  it('ends at the same time whenever it is run', () => {
    const { lastTime } = runHolds(48, 20_000)
    expect(runHolds(48, 20_000).lastTime).toBe(lastTime)
    expect(runHolds(47, 20_000).lastTime).not.toBe(lastTime)
  })

  it('is compared round by round: the ratio is the median of quotients', () => {
    const { rate, ratio } = compare({ id: 'c++', name: 'C++' }, [10, 20, 90], [10, 40, 30])
    expect(ratio).toBe(1)
    expect(rate.median).toBe(30)
  })
})

describe.runIf(requiresTool('g++', 'simpy'))('the yardsticks', () => {
  let yardsticks: Awaited<ReturnType<typeof openYardsticks>>
  beforeAll(async () => {
    yardsticks = await openYardsticks(never)
  })
  afterAll(() => yardsticks.close())

  it('in C++ and SimPy are here; each is named with its versions', () => {
    const names = new Map(yardsticks.there.map(({ id, name }) => [id, name]))
    expect(names.get('c++')).toMatch(/^C\+\+ std::priority_queue, g\+\+ \d+\.\d+/)
    expect(names.get('simpy')).toMatch(/^SimPy \d+\.\d+.*, Python 3\.\d+/)
  })

  it('in ns-3 and SimGrid are here by two ways each, or their packages are named', () => {
    for (const [id, more, name, debian] of [
      ['ns-3', 'ns-3 best', /^ns-3 \d+\.\d+, MapScheduler \(default\)$/, 'libns3-dev'],
      ['simgrid', 'simgrid timers', /^SimGrid \d+\.\d+, actors that sleep$/, 'libsimgrid-dev'],
    ] as const) {
      const missing = yardsticks.missing.find((one) => one.id === id)
      const there = yardsticks.there.filter((one) => one.id === id || one.id === more)
      expect(there).toHaveLength(missing === undefined ? 2 : 0)
      if (missing === undefined) expect(there[0]?.name).toMatch(name)
      else expect(missing.reason).toContain(debian)
    }
  })

  it('compute what our engine computes, to the nanosecond', async () => {
    for (const [entities, holds] of [
      [48, 30_000],
      [7, 4_000],
    ] as const) {
      const { lastTime } = runHolds(entities, holds)
      const runs = [runEngine, ...yardsticks.there.map(({ run }) => run)]
      for (const run of runs) {
        expect(await run(entities, holds, never)).toMatchObject({ lastTime })
      }
    }
  })
})

describe('the model’s situations', () => {
  const situation = { size: 'small', workload: 'mix', scheme: 'cfs' } as const

  it('have 24 vCPUs on 12 pCPUs, or 1,024 on 256', () => {
    for (const one of [...GROWTH, ...BY_SCHEME]) {
      const { host, vms } = scenarioOf(one, 1)
      const pcpus = (host.sockets ?? 0) * (host.coresPerSocket ?? 0)
      const vcpus = vms.reduce((sum, vm) => sum + vm.vcpus, 0)
      expect([pcpus, vcpus]).toEqual(one.size === 'small' ? [12, 24] : [256, 1024])
    }
  })

  it('have every scheme of the registry', () => {
    expect(new Set(BY_SCHEME.map(({ scheme }) => scheme))).toEqual(
      new Set(SCHEMES.map(({ id }) => id)),
    )
  })

  it('run exactly the events asked for, and count the work behind them', () => {
    const rate = measureRate(situation, { events: 20_000, warmUps: 0, rounds: 2 }, never)
    expect(rate).toMatchObject({ pcpus: 12, vcpus: 24, events: 20_000, rounds: 2 })
    expect(rate.operationRate).toBeGreaterThan(rate.eventRate.median / 4)
    expect(rate.switchRate).toBeGreaterThan(0)
  })

  it('end with a cancelled error when the bench is stopped', () => {
    const effort = { events: 100_000, warmUps: 0, rounds: 1 }
    const stopped = () => measureRate(situation, effort, AbortSignal.abort())
    expect(stopped).toThrow(expect.objectContaining({ code: 'cancelled' }))
  })

  it('are measured in processes of their own, with their memory', async () => {
    const effort = { events: 50_000, warmUps: 0, rounds: 1 }
    const large = { ...situation, size: 'large' } as const
    const { memory, ...rate } = await measureSituation(situation, effort, never)
    const grown = await measureSituation(large, effort, never)
    expect(rate).toMatchObject({ ...situation, events: 50_000, rounds: 1 })
    expect(memory.arrayBytes).toBeGreaterThan(10_000)
    expect(memory.rssBytes).toBeGreaterThan(memory.arrayBytes)
    expect(grown.memory.arrayBytes).toBeGreaterThan(5 * memory.arrayBytes)
  })
})

describe('the scaling of workers', () => {
  it('is measured with the powers of two and with all CPUs', () => {
    expect([1, 2, 6, 8].map(poolSizes)).toEqual([[1], [1, 2], [1, 2, 4, 6], [1, 2, 4, 8]])
  })

  it('runs the same cells on each pool', async () => {
    const figures = await measureWorkers({ apps: ['ep'], rounds: 1 }, never, [1, 2])
    expect(figures).toMatchObject({ cells: SCHEMES.length, rounds: 1 })
    expect(figures.pools.map(({ workers }) => workers)).toEqual([1, 2])
    expect(figures.pools[0]?.speedup).toBe(1)
    expect(figures.events).toBeGreaterThan(1000)
  })

  it('stops with the bench', async () => {
    const stopped = measureWorkers({ apps: ['ep'], rounds: 1 }, AbortSignal.abort(), [1])
    await expect(stopped).rejects.toThrow(/abort/)
  })
})

describe('the promises', () => {
  const rate = (size: 'small' | 'large', median: number): ModelRate => ({
    ...{ size, workload: 'mix', scheme: 'cfs', pcpus: 1, vcpus: 1, events: 1, rounds: 1 },
    ...{ eventRate: { median, min: median, max: median }, operationRate: 1, switchRate: 1 },
  })

  it('are met at 4 million events a second, and twice the cost on the large host', () => {
    expect(modelTargets([rate('small', 4e6), rate('large', 2e6)]).map(({ met }) => met)).toEqual([
      true,
      true,
    ])
  })

  it('are not met by less', () => {
    const [events, cost] = modelTargets([rate('small', 3.9e6), rate('large', 1.9e6)])
    expect(events).toMatchObject({ met: false, value: 3.9e6 })
    expect(cost).toMatchObject({ met: false, value: expect.closeTo(2.05, 2) })
  })
})

describe('traces', () => {
  it('are measured beside the same run unrecorded, and opened from a library', async () => {
    const { costs } = await measureTraces({ seconds: 0.2, rounds: 1 }, never)
    expect(costs.map(({ workload }) => workload)).toEqual(['bodytrack', 'streamcluster'])
    for (const cost of costs) {
      expect(cost.records).toBeGreaterThan(cost.events / 10)
      expect(cost.bytes).toBeGreaterThan(cost.records)
      expect(cost.ratio).toBeGreaterThan(1)
      for (const ms of [cost.writeMs, cost.openMs, cost.zoomMs, cost.queryMs])
        expect(ms).toBeGreaterThan(0)
    }
  })
})

describe('bulk locking', () => {
  it('takes a small part of the events, and of the time, of simulating every lock', () => {
    const { cases, rounds } = measureBulk(1, never)
    expect(rounds).toBe(1)
    expect(cases.map(({ workload }) => workload)).toEqual(['fluidanimate', 'freqmine'])
    for (const { bulk, singly, ratio } of cases) {
      expect(singly.events).toBeGreaterThan(10 * bulk.events)
      expect(ratio).toBeGreaterThan(3)
    }
  })
})
