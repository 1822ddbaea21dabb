/**
 * random-scenario: small random scenarios from a seed, over every app and scheme, for properties.
 */
import { streamKey, uniformAt } from '../../src-main/core/base/random.ts'
import type { Scenario, ScenarioInput } from '../../src-main/core/contract/scenario.ts'
import { ScenarioSchema } from '../../src-main/core/contract/scenario.ts'
import { SCHEMES } from '../../src-main/core/schemes/registry.ts'
import * as v from 'valibot'

const PARSEC = [
  'blackscholes',
  'bodytrack',
  'canneal',
  'dedup',
  'facesim',
  'ferret',
  'fluidanimate',
  'freqmine',
  'raytrace',
  'streamcluster',
  'swaptions',
  'vips',
  'x264',
]
const MICRO = [
  'barrier',
  'spin',
  'spin-tas',
  'spin-mcs',
  'spin-pv-ticket',
  'spin-pv-qspinlock',
  'mutex',
  'pipeline',
  'ep',
  'hog',
]
const KERNEL = ['ebizzy', 'kernbench', 'hackbench', 'interactive']

const SHARING = ['rwlock', 'prwlock', 'rcu']

const PV_LOCKS = ['none', 'ticket', 'qspinlock'] as const

/** hackbench has 400 threads as shipped. */
const SMALL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  hackbench: { groups: 2, fan: 3 },
}

/** Draws from one stream of a seed. */
class Dice {
  readonly #key: number
  #draws = 0

  constructor(seed: number) {
    this.#key = streamKey(seed, 77)
  }

  upTo(n: number): number {
    return Math.floor(uniformAt(this.#key, this.#draws++) * n)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.upTo(items.length)]!
  }
}

function randomVm(dice: Dice, others: Dice): ScenarioInput['vms'][number] {
  const micro = dice.upTo(2) === 0
  const vcpus = 1 + dice.upTo(6)
  const weight = dice.pick([512, 1024, 2048])
  const drawn = micro ? dice.pick([...MICRO, ...KERNEL]) : dice.pick(PARSEC)
  const app = micro && others.upTo(4) === 0 ? others.pick(SHARING) : drawn
  return {
    vcpus,
    weight,
    workload: { app, params: { scale: micro ? 0.002 : 0.02, ...SMALL[app] } },
    startNs: dice.pick([0, 0, 0, 3_000_000]),
    iterations: 1 + dice.upTo(2),
    repeat: dice.pick(['until-others', 'stop'] as const),
  }
}

function randomHost(dice: Dice): NonNullable<ScenarioInput['host']> {
  const coresPerSocket = 1 + dice.upTo(4)
  return {
    sockets: 1 + dice.upTo(2),
    coresPerSocket,
    coresPerLlc: coresPerSocket === 4 ? dice.pick([2, 4]) : coresPerSocket,
    threadsPerCore: dice.pick([1, 1, 2]),
  }
}

/** The scenario of a seed: 1–16 pCPUs, 1–3 VMs of 1–6 vCPUs, any app, scheme and switches. */
export function randomScenario(seed: number): Scenario {
  const dice = new Dice(seed)
  // draws of their own leave the scenarios without these apps as they were
  const others = new Dice(seed + 3_000_000)
  const on = (): boolean => dice.upTo(2) === 0
  const input: ScenarioInput = {
    kind: 'scenario',
    version: 1,
    name: `random ${seed}`,
    host: randomHost(dice),
    vms: Array.from({ length: 1 + dice.upTo(3) }, () => randomVm(dice, others)),
    scheme: { id: dice.pick(SCHEMES).id },
    switches: { ple: on(), haltPolling: on(), cgroupFairness: on(), pvLocks: dice.pick(PV_LOCKS) },
    seed,
    budget: { eventsMax: 3_000_000 },
  }
  return v.parse(ScenarioSchema, input)
}
