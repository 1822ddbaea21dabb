/**
 * Random scenarios that look for trouble: programs of all kinds of step with equal, whole times, so
 * that events fall on the same nanosecond, and schemes that change their mind all the time.
 */
import type { Scenario } from '../../../../src-main/core/contract/scenario.ts'
import { streamKey, uniformAt } from '../../../../src-main/core/base/random.ts'
import { SPIN_LOCK_KINDS } from '../../../../src-main/core/model/program.ts'
import { compute, inline, loop, role, scenarioOf, withoutOverheads } from './scenarios.ts'
import type { VmInput } from './scenarios.ts'

class Dice {
  readonly #key: number
  #draws = 0

  constructor(seed: number) {
    this.#key = streamKey(seed, 78)
  }

  upTo(n: number): number {
    return Math.floor(uniformAt(this.#key, this.#draws++) * n)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.upTo(items.length)]!
  }
}

/** Schemes with parameters that make them act often. */
const RESTLESS: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {
  gang: { sliceNs: 300_000 },
  flexcore: { periodNs: 250_000, hysteresis: 1 },
  'esx-strict': { stopNs: 50_000, periodNs: 30_000, quantumNs: 200_000 },
  'esx-relaxed': { stopNs: 50_000, startNs: 20_000, periodNs: 30_000 },
  flex: { periodNs: 300_000 },
  delay: { capNs: 20_000 },
  vscale: { periodNs: 250_000, hysteresis: 1 },
  'preferred-cpus': { periodNs: 400_000 },
}

function randomStep(dice: Dice): Readonly<Record<string, unknown>> {
  const ns = dice.pick([100, 1000, 1000, 20_000, 100_000])
  const cv = dice.pick([0, 0, 0.5, 1])
  const bulk = { op: 'bulk', ns: ns * 20, cv, locks: dice.pick([10, 40]), holdNs: ns / 5 }
  return dice.pick([
    compute(ns, cv),
    { op: 'critical', mutex: dice.pick(['m0', 'm1']), ns, cv },
    { op: 'spin-critical', lock: dice.pick(['s0', 's1']), ns, cv },
    { op: 'barrier', barrier: dice.pick(['b0', 'b1']) },
    { op: 'tlb' },
    { op: 'sleep', ns, cv },
    { ...bulk, lockSet: 'futexes' },
    { ...bulk, lockSet: 'tickets' },
  ])
}

type Steps = readonly Readonly<Record<string, unknown>>[]

/** Steps of readers and writers, RCU and conditions, that cannot hang. */
function sharingSteps(kinds: Dice): Steps {
  const ns = kinds.pick([100, 1000, 1000, 20_000, 100_000])
  const lock = kinds.pick(['r0', 'r1'])
  const read = { op: 'read-critical', lock, ns, cv: kinds.pick([0, 1]) }
  return kinds.pick<Steps>([
    [read],
    [read, read],
    [{ op: 'write-critical', lock, ns: ns / 2 }],
    [{ op: 'rcu-read', ns }],
    [{ op: 'rcu-sync' }],
    [
      { op: 'cond-signal', condition: 'signalled' },
      { op: 'cond-wait', condition: 'signalled', holdNs: kinds.pick([0, ns / 10]) },
    ],
    [{ op: 'cond-wait', condition: 'told' }],
  ])
}

/** A thread that broadcasts as often as the others wait for it. */
function teller(steps: Steps, passes: number): ReturnType<typeof role> {
  const waits = steps.filter((step) => step['condition'] === 'told').length
  const broadcast = { op: 'cond-broadcast', condition: 'told' }
  return role(1, [loop(waits * passes, [compute(3000), broadcast]), compute(1000)], 'teller')
}

function randomVm(dice: Dice, kinds: Dice): VmInput {
  const steps = Array.from({ length: 1 + dice.upTo(6) }, () => {
    const usual = randomStep(dice)
    return kinds.upTo(3) === 0 ? sharingSteps(kinds) : [usual]
  }).flat()
  const locks = {
    mutexes: ['m0', 'm1', 'predicate'],
    spinLocks: ['s0', { name: 's1', kind: kinds.pick(SPIN_LOCK_KINDS) }],
    rwLocks: ['r0', { name: 'r1', kind: 'passive' }],
    conditions: [
      { name: 'signalled', mutex: 'predicate' },
      { name: 'told', mutex: 'predicate' },
    ],
    barriers: [
      { name: 'b0', spinNs: dice.pick([0, 1000, 100_000, 5_000_000]) },
      { name: 'b1', spinNs: 0 },
    ],
    lockSets: [
      { name: 'futexes', locks: dice.pick([2, 20]), kind: 'mutex' },
      { name: 'tickets', locks: dice.pick([2, 20]), kind: 'spin' },
    ],
  }
  const threads = 1 + dice.upTo(6)
  const passes = dice.pick([5, 20])
  const roles = [role(threads, [loop(passes, [compute(1000), ...steps])]), teller(steps, passes)]
  return {
    vcpus: 1 + dice.upTo(5),
    weight: dice.pick([512, 1024, 1024, 4096]),
    startNs: dice.pick([0, 0, 400_000]),
    iterations: 1 + dice.upTo(3),
    repeat: dice.pick(['until-others', 'stop', 'stop', 'stop'] as const),
    workload: inline({ ...locks, roles }),
  }
}

/** Some VMs, never the first, depart at an unlucky moment. */
function withDepartures(vms: readonly VmInput[], seed: number): readonly VmInput[] {
  const dice = new Dice(seed + 1_000_000)
  return vms.map((vm, i) => {
    const departs = dice.upTo(2) === 0 && i > 0
    const afterNs = dice.pick([1000, 100_000, 250_000, 400_000, 1_700_000])
    return departs ? { ...vm, stopNs: (vm.startNs ?? 0) + afterNs } : vm
  })
}

/** The troublesome scenario of a seed under a scheme. */
export function troublesomeScenario(seed: number, id: string): Scenario {
  const dice = new Dice(seed)
  // draws of their own, so that a further kind leaves the rest of a scenario as it was
  const kinds = new Dice(seed + 2_000_000)
  const on = (): boolean => dice.upTo(2) === 0
  const vms = Array.from({ length: 1 + dice.upTo(4) }, () => randomVm(dice, kinds))
  const host = { sockets: 1 + dice.upTo(2), coresPerSocket: 1 + dice.upTo(3) }
  const threadsPerCore = dice.pick([1, 1, 2])
  const resize = dice.pick(['module', 'confinement', 'hotplug'])
  const params = { ...RESTLESS[id], ...(id === 'flexcore' ? { resize } : {}) }
  const scenario = scenarioOf(1, withDepartures(vms, seed), {
    host: { ...host, threadsPerCore },
    seed,
    scheme: { id, params },
    guest: { pvSpinIterations: kinds.pick([32768, 1000, 10]) },
    switches: {
      ple: on(),
      haltPolling: on(),
      cgroupFairness: on(),
      pvLocks: kinds.pick(['none', 'ticket', 'qspinlock'] as const),
    },
    budget: { eventsMax: 4_000_000 },
  })
  return on() ? withoutOverheads(scenario) : scenario
}
