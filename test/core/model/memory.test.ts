/** Memory: what losing a core, sharing a cache, leaving a socket cost: cases worked out by hand. */
import { describe, expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { DEBT, DEBTS } from '../../../src-main/core/model/vocabulary.ts'
import type { VmInput } from './support/scenarios.ts'
import {
  compute,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
  watch,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6
const MIB = 1024

type Memory = Readonly<Record<string, number>>
const none = { privateKib: 0, sharedKib: 0, missPenalty: 0, remotePenalty: 0, sharedFraction: 0 }

const worker = (ns: number, memory: Memory, rest: Partial<VmInput> = {}): VmInput => ({
  vcpus: 1,
  repeat: 'stop',
  workload: inline({
    roles: [role('vcpus', [loop(ns / MS, [compute(MS)])])],
    memory: { ...none, ...memory },
  }),
  ...rest,
})

const run = (cores: number, vms: readonly VmInput[], rest: Partial<ScenarioInput> = {}): Machine =>
  runScenario(withoutOverheads(scenarioOf(cores, vms, rest)))

const llc = (kib: number) => ({ host: { costs: { llcKib: kib } } })

describe('a shared cache', () => {
  const memory = { sharedKib: 8 * MIB, missPenalty: 0.5 }

  it('costs nothing where the working sets of both VMs fit', () => {
    const m = run(2, [worker(100 * MS, memory), worker(100 * MS, memory)], llc(16 * MIB))
    expect(timeOfThread(m, 0, 'memory')).toBe(0)
  })

  it('slows both by the miss penalty times the share that no longer fits', () => {
    const m = run(2, [worker(100 * MS, memory), worker(100 * MS, memory)], llc(8 * MIB))
    // 16 MiB of demand in 8: half misses, and each unit of work takes 1.25; sampled at guest ticks
    for (const t of [0, 1]) {
      expect(timeOfThread(m, t, 'memory') / MS).toBeGreaterThan(24)
      expect(timeOfThread(m, t, 'memory') / MS).toBeLessThan(26)
      expect(timeOfThread(m, t, 'useful') / MS).toBeCloseTo(100, 1)
    }
  })

  it('is not slowed by what a VM itself does not fit: that is in its own speed', () => {
    const m = run(1, [worker(100 * MS, memory)], llc(1 * MIB))
    expect(timeOfThread(m, 0, 'memory')).toBe(0)
  })

  it('counts what the threads of a VM share once', () => {
    const m = run(4, [worker(50 * MS, memory, { vcpus: 4 })], llc(8 * MIB))
    expect(timeOfThread(m, 3, 'memory')).toBe(0)
  })
})

describe('losing a core', () => {
  const refill = { costs: { refillLlcNsPerKib: 100, l2Kib: 128 } }

  it('costs a refill of the private cache, more the longer others ran', () => {
    const vms = [worker(100 * MS, { privateKib: 256 }), worker(100 * MS, { privateKib: 256 })]
    const m = run(1, vms, { host: refill })
    const perSwitch = timeOfThread(m, 0, 'refill') / (m.counters.preemptions / 2)
    // 128 KiB at 100 ns, times the share that others evict in a slice: 3 … 4 ms against 0.1 ms
    expect(perSwitch).toBeGreaterThan(0.9 * 12_800)
    expect(perSwitch).toBeLessThan(1.1 * 12_800)
  })

  it('costs nothing to a VM that runs alone', () => {
    const m = run(1, [worker(100 * MS, { privateKib: 256 })], { host: refill })
    expect(timeOfThread(m, 0, 'refill')).toBe(0)
  })

  it('costs one whole refill at most, however often it is lost again before that is over', () => {
    // directed yields throw a lock holder off its core every few µs, seed 5: it never came to work
    const workload = { app: 'kernbench', params: { scale: 0.5 } }
    const scenario = scenarioOf(4, [{ vcpus: 8, workload }], { seed: 5 })
    let most = 0
    const m = watch(scenario, ({ tDebt, threads }) => {
      for (let t = 0; t < threads; t++) most = Math.max(most, tDebt[t * DEBTS + DEBT.refill]!)
    })
    expect(m.vmFinished).toBe(1)
    expect(most).toBeLessThanOrEqual(256 * m.costs.refillLlcNsPerKib)
    expect(most).toBeGreaterThan(128 * m.costs.refillLlcNsPerKib)
  })

  it('costs nothing where there is nothing to refill', () => {
    const m = run(1, [worker(50 * MS, {}), worker(50 * MS, {})], { host: refill })
    expect(timeOfThread(m, 0, 'refill')).toBe(0)
  })
})

describe('another socket', () => {
  /** Three vCPUs on two sockets of one pCPU: one of them has to wander. */
  const wandering = (memory: Memory): Machine => {
    const host = { sockets: 2, coresPerSocket: 1 }
    const vms = [1, 2, 3].map(() => worker(400 * MS, memory))
    return run(1, vms, { host })
  }
  const total = (m: Machine): number =>
    [0, 1, 2].reduce((sum, t) => sum + timeOfThread(m, t, 'memory'), 0)

  it('slows a thread whose memory it left behind', () => {
    const m = wandering({ remotePenalty: 0.3 })
    expect(m.counters.migrations).toBeGreaterThan(0)
    expect(total(m)).toBeGreaterThan(0)
  })

  it('does not slow one whose work is all in its cache', () => {
    expect(total(wandering({ remotePenalty: 0 }))).toBe(0)
  })
})
