/** Locks and IPIs under preemption: tiny cases whose outcome is known beforehand. */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { checkInvariants } from './support/invariants.ts'
import {
  compute,
  FINE_GRAIN,
  hog,
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
const US = 1e3
const SEEDS = [1, 2, 3, 4, 5]
const NO_PLE = { switches: { ple: false } }

const section = (ns: number) => ({ op: 'spin-critical', lock: 'lock', ns, cv: 0 })

/** Four threads that take a ticket lock every 20 µs, for 5 µs. */
const spinning = {
  vcpus: 4,
  repeat: 'stop' as const,
  workload: { app: 'spin', params: { scale: 0.05, holdNs: 5000 } },
}

const lockTime = (m: Machine, vm = 0): number => {
  const time = timeOfVm(m, m.vms[vm]!)
  return time.lhp + time.lock
}

describe('lock-holder preemption', () => {
  it('appears with a spin lock on an overcommitted host', () => {
    const runs = SEEDS.map((seed) =>
      runScenario(scenarioOf(4, [spinning, hog(200 * MS, {}, 4)], { seed, ...NO_PLE })),
    )
    // where by chance all pCPUs switch at the same ticks a run may go without, as under gang
    const withLhp = runs.filter((m) => timeOfVm(m, m.vms[0]!).lhp > 10 * MS)
    expect(withLhp.length).toBeGreaterThanOrEqual(3)
    for (const m of withLhp) expect(m.counters.lockHolderPreemptions).toBeGreaterThan(0)
  })

  it('is exactly 0 where each vCPU has a pCPU', () => {
    for (const seed of SEEDS) {
      const m = runScenario(scenarioOf(4, [spinning], { seed, ...NO_PLE }))
      expect(timeOfVm(m, m.vms[0]!).lhp).toBe(0)
      expect(m.counters.lockHolderPreemptions).toBe(0)
      expect(timeOfVm(m, m.vms[0]!).lock).toBeGreaterThan(0)
    }
  })

  it('costs the holder as much pCPU time as the waiter spins away, to the microsecond', () => {
    const parts = {
      spinLocks: ['lock'],
      roles: [role(1, [section(50 * MS)], 'holder'), role(1, [compute(US), section(MS)], 'waiter')],
    }
    const vm = { vcpus: 2, workload: inline(parts) }
    const m = runScenario(withoutOverheads(scenarioOf(1, [vm], NO_PLE)))
    const [holder, waiter] = [0, 1]
    const lhp = timeOfThread(m, waiter, 'lhp')
    expect(lhp).toBeGreaterThan(10 * MS)
    expect(Math.abs(timeOfThread(m, holder, 'fair-share') - lhp)).toBeLessThanOrEqual(2 * US)
    expect(timeOfThread(m, holder, 'useful')).toBe(50 * MS)
  })

  it('is not blamed on a holder that runs: that is contention', () => {
    const parts = {
      spinLocks: ['lock'],
      roles: [role(1, [section(50 * MS)], 'holder'), role(1, [compute(US), section(MS)], 'waiter')],
    }
    const vm = { vcpus: 2, workload: inline(parts) }
    const m = runScenario(withoutOverheads(scenarioOf(2, [vm], NO_PLE)))
    expect(timeOfThread(m, 1, 'lhp')).toBe(0)
    expect(timeOfThread(m, 1, 'lock')).toBe(50 * MS - US)
  })

  it('blames a futex holder in the guest queue on the guest', () => {
    const critical = (ns: number) => ({ op: 'critical', mutex: 'lock', ns, cv: 0 })
    const parts = {
      mutexes: ['lock'],
      roles: [
        role(1, [critical(100 * MS)], 'holder'),
        role(1, [compute(500 * MS)], 'other'),
        role(1, [compute(US), critical(MS)], 'waiter'),
      ],
    }
    const vm = { vcpus: 1, workload: inline(parts) }
    const m = runScenario(withoutOverheads(scenarioOf(1, [vm]), FINE_GRAIN))
    const queued = timeOfThread(m, 2, 'lock-guest')
    expect(queued / MS).toBeGreaterThan(99)
    expect(queued / MS).toBeLessThan(101)
    expect(timeOfThread(m, 2, 'lhp')).toBe(0)
  })
})

describe('stacking', () => {
  const woken = { vcpus: 4, workload: { app: 'mutex', params: { scale: 0.05 } } }
  const stacking = (id: string, seed: number): number => {
    const vms = [woken, { ...woken, name: 'other' }]
    const m = runScenario(scenarioOf(4, vms, { seed, scheme: { id } }))
    return m.vms.reduce((sum, vm) => sum + timeOfVm(m, vm).stacking, 0)
  }

  it('happens under cfs, in every run', () => {
    for (const seed of SEEDS) expect(stacking('cfs', seed)).toBeGreaterThan(0)
  })

  it('never happens under balance', () => {
    for (const seed of SEEDS) expect(stacking('balance', seed)).toBe(0)
  })
})

describe('the guest kernel', () => {
  const twoOnOne = (program: readonly object[]) => {
    const roles = [role(2, program as never)]
    const vm = { vcpus: 1, workload: inline({ spinLocks: ['lock', 'own'], roles }) }
    return withoutOverheads(scenarioOf(1, [vm]))
  }

  it('shares a vCPU between threads that compute for long', () => {
    expect(runScenario(twoOnOne([compute(100 * MS)])).counters.guestSwitches).toBeGreaterThan(10)
  })

  it('does not preempt the holder of a kernel spin lock, however long it holds it', () => {
    const m = watch(twoOnOne([section(100 * MS)]), (machine) => checkInvariants(machine, 'cfs'))
    expect(m.counters.guestSwitches).toBeLessThanOrEqual(3)
    expect(timeOfVm(m, m.vms[0]!)['lock-guest']).toBe(0)
  })
})

describe('a TLB shootdown', () => {
  const parts = {
    roles: [
      role(1, [compute(MS), { op: 'tlb' }], 'sender'),
      role(1, [compute(100 * MS)], 'target'),
    ],
  }
  const vm = { vcpus: 2, workload: inline(parts) }
  const waited = (pcpus: number, ple = false): Machine =>
    runScenario(withoutOverheads(scenarioOf(pcpus, [vm], { switches: { ple } })))

  it('waits until the preempted target has run', () => {
    const ns = timeOfThread(waited(1), 0, 'ipi-preempted')
    expect(ns).toBeGreaterThan(0)
    expect(ns).toBeLessThanOrEqual(8 * MS)
  })

  it('does not wait for a target that runs', () => {
    expect(timeOfThread(waited(2), 0, 'ipi-preempted')).toBe(0)
  })

  it('waits no longer than a pause-loop window where the sender yields to the target', () => {
    const m = waited(1, true)
    expect(timeOfThread(m, 0, 'ipi-preempted')).toBeLessThan(100 * US)
    expect(m.counters.directedYields).toBeGreaterThan(0)
  })
})

describe('pause-loop exiting', () => {
  it('reduces the time spun for locks of preempted holders', () => {
    const total = (ple: boolean): number =>
      SEEDS.reduce((sum, seed) => {
        const vms = [spinning, hog(200 * MS, {}, 4)]
        return sum + lockTime(runScenario(scenarioOf(4, vms, { seed, switches: { ple } })))
      }, 0)
    expect(total(true)).toBeLessThan(0.7 * total(false))
  })

  it('never exits where nobody spins', () => {
    const vms = [hog(50 * MS, {}, 4), hog(50 * MS, {}, 4)]
    const m = runScenario(scenarioOf(4, vms, { switches: { ple: true } }))
    expect(m.counters.pleExits).toBe(0)
  })

  it('exits again after a window when a vCPU returns, however long it had spun before', () => {
    const parts = {
      spinLocks: ['lock'],
      roles: [
        role(1, [section(200 * MS)], 'holder'),
        role(1, [compute(US), section(MS)], 'waiter'),
      ],
    }
    const m = runScenario(scenarioOf(2, [{ vcpus: 2, workload: inline(parts) }, hog(300 * MS)]))
    const doublings = Math.log2((200 * MS) / 1534)
    expect(m.counters.pleExits).toBeGreaterThan(doublings + 2)
  })
})

describe('a thread that gets its CPU', () => {
  it('pays for the switch before it takes a lock: nobody waits while its caches fill', () => {
    // sections of 50 ns every 20 µs, beside naps that fill the guest with dispatches
    const section = { op: 'critical', mutex: 'lock', ns: 50 }
    const nap = { op: 'sleep', ns: 30e3, cv: 0.5 }
    const body = [compute(20e3, 0.5), section, nap]
    const memory = {
      ...{ privateKib: 256, sharedKib: 0, sharedFraction: 0 },
      ...{ missPenalty: 0, remotePenalty: 0 },
    }
    const roles = [role(8, [loop(500, body)])]
    const workload = inline({ mutexes: ['lock'], roles, memory })
    const m = runScenario(scenarioOf(4, [{ vcpus: 4, workload }, hog(100 * MS, {}, 4)]))
    const time = timeOfVm(m, m.vms[0]!)
    expect(time.switch + time.refill).toBeGreaterThan(0.1 * time.useful)
    expect(time.lock + time.lhp + time['lock-guest']).toBeLessThan(0.02 * time.useful)
  })
})
