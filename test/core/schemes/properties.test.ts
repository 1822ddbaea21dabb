/** Properties: what each scheme promises, held in one table and checked for all of them alike. */
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import type { VmInput } from '../model/support/scenarios.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  withoutOverheads,
} from '../model/support/scenarios.ts'
import { longestIdling, longestWaitNs, mostOnline, sharesAt } from './support/properties.ts'

const MS = 1e6
const SECOND = 1e9

/** What a scheme promises; each promise has its test below. */
type Promises = {
  /** No pCPU idles for longer than balancing takes beside a vCPU that may run there. */
  readonly conserves: boolean
  /** VMs that are always busy get CPU time by weight; the error that is left, 0 … 1. Null: no. */
  readonly fairWithin: number | null
  /** After how long, ns; absent: 2 s. */
  readonly fairAfterNs?: number
  /** Longest wait of twelve vCPUs that are always busy on four pCPUs, ns; absent: not said. */
  readonly waitsMostNs?: number
  /** Most vCPUs online once it has settled and all VMs are busy; absent: all of them. */
  readonly onlineMost?: (pcpus: number, vms: number) => number
}

const oneEach = (pcpus: number, vms: number): number => Math.max(pcpus, vms)
const roundedUp = (pcpus: number, vms: number): number => pcpus + vms - 1

/** A new scheme adds its line, and says in its info why where it promises less than cfs. */
const PROMISES: Readonly<Record<string, Promises>> = {
  cfs: { conserves: true, fairWithin: 0.01, waitsMostNs: 36 * MS },
  eevdf: { conserves: true, fairWithin: 0.01, waitsMostNs: 16 * MS },
  credit: { conserves: true, fairWithin: 0.01, fairAfterNs: 40 * SECOND, waitsMostNs: 60 * MS },
  hybrid: { conserves: true, fairWithin: 0.01, fairAfterNs: 40 * SECOND, waitsMostNs: 60 * MS },
  asman: { conserves: true, fairWithin: 0.01, fairAfterNs: 40 * SECOND, waitsMostNs: 60 * MS },
  'task-aware': {
    conserves: true,
    fairWithin: 0.01,
    fairAfterNs: 40 * SECOND,
    waitsMostNs: 60 * MS,
  },
  credit2: { conserves: false, fairWithin: 0.01, waitsMostNs: 24 * MS },
  gang: { conserves: false, fairWithin: null },
  balance: { conserves: true, fairWithin: 0.01 },
  pin: { conserves: false, fairWithin: 0.01 },
  'vcpu-bal': { conserves: true, fairWithin: 0.01, onlineMost: oneEach },
  flexcore: { conserves: false, fairWithin: 0.01, onlineMost: oneEach },
  'esx-strict': { conserves: false, fairWithin: 0.01 },
  'esx-relaxed': { conserves: false, fairWithin: 0.01 },
  demand: { conserves: true, fairWithin: 0.01 },
  flex: { conserves: true, fairWithin: 0.05 },
  delay: { conserves: true, fairWithin: 0.01 },
  vscale: { conserves: true, fairWithin: 0.01, onlineMost: roundedUp },
  'preferred-cpus': { conserves: true, fairWithin: null },
}

it('every scheme has its line in the table of promises', () => {
  expect(Object.keys(PROMISES).sort()).toEqual(SCHEMES.map((s) => s.id).sort())
})

const those = (promised: (p: Promises) => boolean): readonly string[] =>
  Object.keys(PROMISES).filter((id) => promised(PROMISES[id]!))

/**
 * A pCPU looks for work when it runs out of it; then, an interval later, at the next tick of a busy
 * pCPU, which serves one idle pCPU; and it finds no vCPU whose cache is hot.
 */
const boundNs = ({ costs, pcpus }: Machine): number =>
  costs.balanceIntervalNs + (pcpus + 1) * costs.tickNs + costs.migrationCostNs

/** The longest idling beside work of a whole run, held to the bound. */
function expectConserved(scenario: Scenario): void {
  const { ns, m } = longestIdling(scenario)
  expect(ns, `seed ${scenario.seed}`).toBeLessThan(boundNs(m))
}

/** Threads that compute and sleep for about as long as said, a few times. */
function bursts(vcpus: number, workMs: number, pauseMs: number): VmInput {
  const pause = { op: 'sleep', ns: pauseMs * MS, cv: 0.5 }
  const program = [loop(6, [compute(workMs * MS, 0.5), pause])]
  return { vcpus, repeat: 'stop', workload: inline({ roles: [role(vcpus, program)] }) }
}

describe('work conservation', () => {
  for (const id of those((p) => p.conserves)) {
    const scheme = { id, params: {} }
    it(`${id}: no pCPU idles beside a vCPU that waits longer than it takes to balance`, () => {
      for (let seed = 7000; seed < 7030; seed++)
        expectConserved({ ...randomScenario(seed), scheme })
    })

    it(`${id}: nor when it was busy for long before, and on another socket`, () => {
      const vms = [bursts(2, 100, 50), bursts(2, 30, 70), bursts(1, 300, 10)]
      const host = { sockets: 2, coresPerSocket: 2 }
      for (let seed = 0; seed < 40; seed++)
        expectConserved(withoutOverheads(scenarioOf(2, vms, { seed, scheme, host })))
    })
  }
})

function expectShares(scenario: Scenario, weights: readonly number[], id: string): void {
  const { fairAfterNs = 2 * SECOND, fairWithin } = PROMISES[id]!
  const shares = sharesAt(scenario, fairAfterNs)
  const sum = weights.reduce((a, b) => a + b, 0)
  shares.forEach((share, i) => {
    const due = weights[i]! / sum
    expect(Math.abs(share - due) / due, `VM ${i} got ${share}`).toBeLessThan(fairWithin!)
  })
}

describe('weighted fairness', () => {
  for (const id of those((p) => p.fairWithin !== null)) {
    const within = PROMISES[id]!.fairWithin!

    it(`${id}: busy VMs share one pCPU by weight within ${within * 100} %`, () => {
      const weights = [512, 1024, 2048]
      const vms = weights.map((weight) => hog(30 * SECOND, { weight }))
      expectShares(scenarioOf(1, vms, { scheme: { id } }), weights, id)
    })

    it(`${id}: busy SMP VMs share four pCPUs by weight within ${within * 100} %`, () => {
      const vms = [1024, 3072].map((weight) => hog(40 * SECOND, { weight }, 4))
      expectShares(scenarioOf(4, vms, { scheme: { id } }), [1, 3], id)
    })
  }
})

describe('starvation', () => {
  for (const id of Object.keys(PROMISES)) {
    it(`${id}: every VM of a crowded host finishes`, () => {
      const vms = [1024, 2, 100_000].map((weight) => hog(50 * MS, { weight, vcpus: 3 }, 3))
      const m = runScenario(scenarioOf(2, vms, { scheme: { id } }))
      expect(m.vms.map((vm) => vm.iteration)).toEqual([1, 1, 1])
    })
  }
})

describe('waits', () => {
  for (const id of those((p) => p.waitsMostNs !== undefined)) {
    const most = PROMISES[id]!.waitsMostNs!

    it(`${id}: of twelve busy vCPUs on four pCPUs none waits longer than ${most / MS} ms`, () => {
      const vms = [0, 1, 2].map(() => hog(400 * MS, {}, 4))
      for (const seed of [1, 2, 3]) {
        const longest = longestWaitNs(scenarioOf(4, vms, { scheme: { id }, seed }))
        expect(longest, `seed ${seed}`).toBeLessThanOrEqual(most)
        expect(longest, `seed ${seed}`).toBeGreaterThan(most / 4)
      }
    })
  }
})

describe('vCPUs online', () => {
  for (const id of those((p) => p.onlineMost !== undefined)) {
    const { onlineMost } = PROMISES[id]!

    it.each([
      { pcpus: 4, sizes: [4, 4], name: '2 × 4 on 4' },
      { pcpus: 6, sizes: [6, 4, 5], name: '6, 4 and 5 on 6' },
      { pcpus: 2, sizes: [2, 3, 2], name: '2, 3 and 2 on 2' },
    ])(`${id}: $name are at most as many as it says`, ({ pcpus, sizes }) => {
      const vms = sizes.map((n) => hog(300 * MS, {}, n))
      const most = mostOnline(scenarioOf(pcpus, vms, { scheme: { id } }), 150 * MS, 300 * MS)
      expect(most).toBeLessThanOrEqual(onlineMost!(pcpus, sizes.length))
    })
  }
})

/** Random scenarios of each scheme whose threads' time is added up. */
const RANDOM = 25

describe('random scenarios', () => {
  for (const id of Object.keys(PROMISES)) {
    it(`${id}: end, and every nanosecond of every thread is in one class`, () => {
      for (let seed = 7100; seed < 7100 + RANDOM; seed++) {
        const m = runScenario({ ...randomScenario(seed), scheme: { id, params: {} } })
        const charged = m.time.reduce((sum, ns) => sum + ns, 0)
        expect(charged, `seed ${seed}`).toBe(m.threads * m.now)
      }
    })
  }
})
