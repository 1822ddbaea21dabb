/** Bulk locking: what it promises beside agreeing with explicit locks (bulk-agreement.test.ts). */
import { describe, expect, it } from 'vitest'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import { THINNED_BUSY_MAX } from '../../../src-main/core/model/lock-set.ts'
import { lockingVm, lockSet, runLocking } from './support/locking.ts'
import type { Locking } from './support/locking.ts'
import { hog, runScenario, scenarioOf, watch, withoutOverheads } from './support/scenarios.ts'

const MS = 1e6
const KINDS = ['mutex', 'spin'] as const
/** Inside for a tenth of the time, with so many locks that few attempts find one busy. */
const COLD: Locking = {
  kind: 'mutex',
  locks: 999,
  threads: 4,
  vcpus: 4,
  outsideNs: 18_000,
  holdNs: 2_000,
  workNs: 20 * MS,
}

/** Beside hogs that preempt it; without overheads, so that only waiting differs. */
const beside = (locking: Locking, seed: number) =>
  withoutOverheads(
    scenarioOf(4, [lockingVm(locking), hog(60 * MS), hog(120 * MS, {}, 3)], {
      seed,
      switches: { ple: false },
    }),
  )

const alone = (locking: Locking, seed = 1) =>
  withoutOverheads(scenarioOf(locking.threads, [lockingVm(locking)], { seed }))

describe('bulk locking', () => {
  it('takes far fewer events than explicit locks', () => {
    const events = (manner: 'bulk' | 'explicit'): number =>
      runLocking(beside(COLD, 1), COLD, manner).engine.events
    expect(events('bulk')).toBeLessThan(0.2 * events('explicit'))
  })

  for (const kind of KINDS) {
    for (const [manner, attempts, holdNs] of [
      ['thinned', 40_000, 5],
      ['singly', 2_000, 1000],
    ] as const) {
      it(`never waits for itself, even where many sections end at once: ${kind}, ${manner}`, () => {
        const outsideNs = (5 * MS) / attempts - holdNs
        const locking: Locking = { ...COLD, kind, locks: 3, outsideNs, holdNs, workNs: 20 * MS }
        let waitedNs = 0
        for (let seed = 0; seed < 10; seed++) {
          const m = runScenario(beside(locking, seed))
          expect(lockSet(m).singly).toBe(manner === 'singly')
          expect(lockSet(m).live).toEqual([])
          waitedNs += timeOfVm(m, m.vms[0]!).lock
        }
        expect(waitedNs).toBeGreaterThan(1000)
      })
    }
  }

  it('catches nobody where no vCPU is ever preempted', () => {
    const locking: Locking = { ...COLD, kind: 'spin', outsideNs: 900, holdNs: 100 }
    expect(runScenario(alone(locking)).counters.bulkCaught).toBe(0)
  })

  it('catches a share of the preempted threads that is the share of time inside', () => {
    const often = { outsideNs: 700, holdNs: 300, workNs: 100 * MS }
    const locking: Locking = { ...COLD, kind: 'spin', locks: 1e6, ...often }
    let caught = 0
    let preempted = 0
    for (let seed = 0; seed < 10; seed++) {
      const m = runScenario(withoutOverheads(scenarioOf(2, [lockingVm(locking)], { seed })))
      caught += m.counters.bulkCaught
      preempted += m.counters.preemptions
    }
    const sd = Math.sqrt(0.3 * 0.7 * preempted)
    expect(preempted).toBeGreaterThan(300)
    expect(Math.abs(caught - 0.3 * preempted)).toBeLessThan(2.6 * sd)
  })

  it('follows a lock only while it is held or wanted, and one thread has one at a time', () => {
    let followed = 0
    const m = watch(beside({ ...COLD, locks: 8, workNs: 10 * MS }, 3), (machine) => {
      const { live } = lockSet(machine)
      expect(live.length + machine.vms[0]!.freePlaces.length).toBe(COLD.threads)
      followed = Math.max(followed, live.length)
      for (const place of live) {
        const wanted = machine.lWaiters[place]! + machine.lComing[place]!
        expect(machine.lOwner[place]! >= 0 || wanted > 0).toBe(true)
      }
    })
    expect(followed).toBeGreaterThan(1)
    expect(lockSet(m).live).toEqual([])
  })
})

describe('a lock set', () => {
  const isSingly = (rest: Partial<Locking>): boolean => {
    const locking = { ...COLD, workNs: 1000, ...rest }
    return lockSet(runScenario(alone(locking))).singly
  }

  it('is thinned while at most a tenth of the attempts find their lock busy', () => {
    // (4 − 1) × a tenth inside / 3 locks
    expect(THINNED_BUSY_MAX).toBe(0.1)
    expect(isSingly({ locks: 3, outsideNs: 9_100 / 3, holdNs: 900 / 3 })).toBe(false)
    expect(isSingly({ locks: 2, outsideNs: 9_100 / 3, holdNs: 900 / 3 })).toBe(true)
  })

  it('counts only threads that can run at once', () => {
    const busy = { locks: 2, threads: 8, outsideNs: 900, holdNs: 100 }
    expect(isSingly({ ...busy, vcpus: 2 })).toBe(false)
    expect(isSingly({ ...busy, vcpus: 8 })).toBe(true)
  })

  it('is simulated singly where threads are mostly inside, however many locks there are', () => {
    expect(isSingly({ locks: 1e6, outsideNs: 0, holdNs: 100 })).toBe(true)
  })

  it('is no concern of threads that hold no lock for any time', () => {
    const m = runScenario(alone({ ...COLD, locks: 1, holdNs: 0, outsideNs: 10, workNs: MS }))
    expect(m.vms[0]!.iterationNs).toEqual([MS])
    expect(timeOfVm(m, m.vms[0]!).lock).toBe(0)
  })
})
