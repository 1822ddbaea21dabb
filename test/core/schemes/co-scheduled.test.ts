/** The schemes that co-schedule on Xen's credit: hybrid, asman, task-aware; and their turns. */
import { describe, expect, it } from 'vitest'
import type { Scenario, ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../src-main/core/model/vocabulary.ts'
import type { VmInput } from '../model/support/scenarios.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  watch,
  withoutOverheads,
} from '../model/support/scenarios.ts'
import { pairTimeNs, sharesAt } from './support/properties.ts'

const MS = 1e6
type Scheme = NonNullable<ScenarioInput['scheme']>

const io = (rounds: number): VmInput => {
  const program = [loop(rounds, [{ op: 'sleep', ns: 5 * MS, cv: 0 }, compute(100e3)])]
  return { vcpus: 1, repeat: 'stop', workload: inline({ roles: [role(1, program)] }) }
}

const passOn = (from: string, to: string, first: boolean) => {
  const [pop, push] = [
    { op: 'pop', queue: from },
    { op: 'push', queue: to },
  ]
  return role(1, [loop(8000, [compute(30e3), ...(first ? [push, pop] : [pop, push])])], from + to)
}

/** Two pairs of threads, of which each wakes its partner again and again and no other thread. */
const pairs: VmInput = {
  vcpus: 4,
  workload: inline({
    queues: ['a', 'b', 'c', 'd'].map((name) => ({ name, capacity: 1 })),
    roles: ['ab', 'cd'].flatMap(([from = '', to = '']) => [
      passOn(from, to, true),
      passOn(to, from, false),
    ]),
  }),
}

/** By how much each round of an I/O VM takes longer beside the VM than its sleep and work, ms. */
function ioDelayMs(beside: VmInput, scheme: Scheme): number {
  const m = runScenario(scenarioOf(4, [io(200), beside], { scheme }))
  return (m.vms[0]!.iterationNs[0]! / 200 - 5.1 * MS) / MS
}

const runningOf = (m: Machine, vm: number): number => {
  const { firstV, vcpus } = m.vms[vm]!
  return m.vState.subarray(firstV, firstV + vcpus).filter((s) => s === VCPU.running).length
}

/** Two VMs of four vCPUs that only compute, on four pCPUs, both marked. */
const marked = (ns: number, weights = [1024, 1024]): Scenario =>
  withoutOverheads(
    scenarioOf(
      4,
      weights.map((weight, i) => hog(ns, { weight, name: `vm${i}` }, 4)),
      { scheme: { id: 'hybrid', params: { concurrent: 'vm0, vm1' } } },
    ),
  )

describe('turns', () => {
  it('run all vCPUs of a VM at the same time, for a slice', () => {
    const starts: number[] = []
    let before = -1
    watch(marked(200 * MS), (m) => {
      if (m.now < MS || m.now > 370 * MS) return
      const running = [runningOf(m, 0), runningOf(m, 1)]
      expect(Math.max(...running)).toBe(4)
      const who = running.indexOf(4)
      if (who !== before) starts.push(m.now / MS)
      before = who
    })
    expect(starts.slice(1, 6)).toEqual([30, 60, 90, 120, 150])
  })

  it('hold to weights', () => {
    const [light] = sharesAt(marked(40_000 * MS, [1024, 3072]), 30_000 * MS)
    expect(Math.abs(light! / 0.25 - 1)).toBeLessThan(0.02)
  })

  it('leave a pCPU to others while its vCPU halts, so none idles beside work', () => {
    const half = { ...hog(100 * MS, { name: 'vm0' }, 2), vcpus: 4 }
    const scheme = { id: 'hybrid', params: { concurrent: 'vm0' } }
    const m = runScenario(withoutOverheads(scenarioOf(4, [half, hog(100 * MS, {}, 2)], { scheme })))
    expect(m.now / MS).toBe(100)
  })

  it('are not for a VM with more vCPUs than there are pCPUs', () => {
    const vms = [hog(50 * MS, { name: 'vm0' }, 6), hog(50 * MS, {}, 2)]
    const end = (scheme: Scheme): number => runScenario(scenarioOf(4, vms, { scheme })).now
    const hybrid = end({ id: 'hybrid', params: { concurrent: 'vm0' } })
    expect(hybrid).toBe(end({ id: 'credit' }))
  })
})

describe('hybrid', () => {
  it.each(['streamcluster', 'dedup'])('fixes what credit does to two VMs of %s', (name) => {
    expect(pairTimeNs(name, { id: 'hybrid' })).toBeLessThan(
      0.8 * pairTimeNs(name, { id: 'credit' }),
    )
  })

  it('breaks the latency of others: a wake-up waits for the end of a turn', () => {
    const scheme = { id: 'hybrid', params: { concurrent: 'big' } }
    const big = hog(4000 * MS, { name: 'big' }, 4)
    expect(ioDelayMs(big, { id: 'credit' })).toBeLessThan(0.3)
    expect(ioDelayMs(big, scheme)).toBeGreaterThan(2)
  })

  it('leaves VMs alone whose threads do not wait for each other', () => {
    expect(pairTimeNs('swaptions', { id: 'hybrid' })).toBe(
      pairTimeNs('swaptions', { id: 'credit' }),
    )
  })

  it('names a VM that there is not, and the ones there are', () => {
    const scheme = { id: 'hybrid', params: { concurrent: 'web' } }
    const run = (): unknown => runScenario(scenarioOf(1, [hog(MS, { name: 'db' })], { scheme }))
    expect(run).toThrow('there is no VM "web"')
  })
})

describe('asman', () => {
  it('fixes long spins in the kernel: dedup shoots down TLBs in half the time', () => {
    expect(pairTimeNs('dedup', { id: 'asman' })).toBeLessThan(
      0.6 * pairTimeNs('dedup', { id: 'credit' }),
    )
  })

  it('does not see spinning in user space: streamcluster stays as under credit', () => {
    expect(pairTimeNs('streamcluster', { id: 'asman' })).toBe(
      pairTimeNs('streamcluster', { id: 'credit' }),
    )
  })
})

describe('task-aware', () => {
  it('fixes VMs that nobody marked, by the IPIs that they send', () => {
    expect(pairTimeNs('streamcluster', { id: 'task-aware' })).toBeLessThan(
      0.85 * pairTimeNs('streamcluster', { id: 'credit' }),
    )
  })

  it('misses threads that spin for each other without IPIs', () => {
    expect(pairTimeNs('spin', { id: 'task-aware' })).toBe(pairTimeNs('spin', { id: 'credit' }))
  })

  it('breaks others for nothing: beside many independent wake-ups theirs wait for turns', () => {
    const credit = ioDelayMs(pairs, { id: 'credit' })
    expect(ioDelayMs(pairs, { id: 'task-aware' })).toBeGreaterThan(2 * credit)
  })
})
