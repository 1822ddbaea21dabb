/**
 * Determinism: equal seeds, equal traces, today and in every later version; and equal work to do.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Scenario, ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import type { VmInput } from './support/scenarios.ts'
import {
  compute,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
} from './support/scenarios.ts'

const GOLDEN = path.join(import.meta.dirname, 'golden', 'trace-hashes.json')

const hashOf = (scenario: Scenario): string => simulate(scenario).traceHash

const vm = (app: string, vcpus: number, rest: Partial<VmInput> = {}): VmInput => ({
  vcpus,
  workload: { app, params: { scale: 0.02 } },
  ...rest,
})

/** Situations that between them use every scheme, switch and kind of waiting. */
const SITUATIONS: Readonly<Record<string, (rest: Partial<ScenarioInput>) => Scenario>> = {
  'barriers, 2 × 12 on 2 × 6': (rest) =>
    scenarioOf(6, [vm('streamcluster', 12), vm('streamcluster', 12)], {
      host: { sockets: 2, coresPerSocket: 6 },
      ...rest,
    }),
  'bulk locks beside a pipeline': (rest) =>
    scenarioOf(4, [vm('fluidanimate', 4), vm('dedup', 4)], rest),
  'spin locks and late hogs': (rest) =>
    scenarioOf(4, [vm('spin', 4), vm('hog', 4, { startNs: 5e6, repeat: 'stop' })], rest),
  'kernel locks and flushes, ticks apart': (rest) => {
    const workload = { app: 'spin', params: { scale: 0.02, holdNs: 5000 } }
    const host = { costs: { tickSkew: 1 } }
    return scenarioOf(4, [{ vcpus: 4, workload }, vm('vips', 4)], { host, ...rest })
  },
}

/** Periods so short that schemes which act rarely act in a short run. */
const QUICK: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  vscale: { periodNs: 1e6 },
  'preferred-cpus': { periodNs: 1e6 },
  asman: { thresholdCycles: 1e4 },
  'task-aware': { ipisPerMs: 0 },
}

const CASES: readonly (readonly [name: string, scenario: () => Scenario])[] = [
  ...Object.entries(SITUATIONS).flatMap(([name, of]) =>
    SCHEMES.map(({ id }) => {
      const params = QUICK[id] ?? {}
      return [`${id}: ${name}`, () => of({ scheme: { id, params } })] as const
    }),
  ),
  [
    'cfs: all switches the other way',
    () =>
      SITUATIONS['bulk locks beside a pipeline']!({
        switches: { ple: false, haltPolling: true, cgroupFairness: true },
      }),
  ],
  [
    'flexcore: stock hotplug each 5 ms',
    () =>
      SITUATIONS['spin locks and late hogs']!({
        scheme: { id: 'flexcore', params: { periodNs: 5e6, resize: 'hotplug' } },
      }),
  ],
]

function goldenHashes(): Readonly<Record<string, string>> {
  return existsSync(GOLDEN)
    ? (JSON.parse(readFileSync(GOLDEN, 'utf8')) as Record<string, string>)
    : {}
}

describe('a trace', () => {
  it('is the one recorded for its scenario; UPDATE_GOLDEN=1 records it anew', () => {
    const hashes = Object.fromEntries(CASES.map(([name, of]) => [name, hashOf(of())]))
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(path.dirname(GOLDEN), { recursive: true })
      writeFileSync(GOLDEN, `${JSON.stringify(hashes, null, 2)}\n`)
    }
    expect(hashes).toEqual(goldenHashes())
    // no two schemes do the same in all situations, though many do in some
    const inAll = (id: string): string =>
      Object.keys(SITUATIONS)
        .map((name) => hashes[`${id}: ${name}`])
        .join()
    expect(new Set(SCHEMES.map(({ id }) => inAll(id))).size).toBe(SCHEMES.length)
  })

  it('is the same again, also after other runs in the same process', () => {
    const seeds = [31, 32, 33, 34, 35, 36]
    const first = seeds.map((seed) => hashOf(randomScenario(seed)))
    const again = [...seeds].reverse().map((seed) => hashOf(randomScenario(seed)))
    expect(again.reverse()).toEqual(first)
  })

  it('differs with the seed', () => {
    const hashes = [1, 2, 3].map((seed) => hashOf(scenarioOf(2, [vm('mutex', 4)], { seed })))
    expect(new Set(hashes).size).toBe(3)
  })
})

const APPS = ['barrier', 'spin', 'mutex', 'pipeline', 'ep']

/** The work that the VMs did, ns: what was drawn for them, whatever time it took. */
function workOf(apps: readonly string[], id = 'cfs'): readonly number[] {
  const vms = apps.map((app) => vm(app, 3, { repeat: 'stop' }))
  const m = runScenario(scenarioOf(4, vms, { seed: 9, scheme: { id } }))
  return m.vms.map((state) => timeOfVm(m, state).useful)
}

describe('common random numbers', () => {
  it.each(APPS)('a further VM does not change what %s and another VM have to do', (app) => {
    const two = workOf([app, 'mutex'])
    expect(workOf([app, 'mutex', 'barrier']).slice(0, 2)).toEqual(two)
  })

  it('every scheme gets the same work to do', () => {
    const works = SCHEMES.map(({ id }) => workOf(APPS, id))
    for (const work of works) expect(work).toEqual(works[0])
  })

  it('a further thread does not change what the threads before it have to do', () => {
    const work = (threads: number): number[] => {
      const roles = [role(threads, [loop(20, [compute(1e5, 1)])])]
      const workload = inline({ roles })
      const m = runScenario(scenarioOf(2, [{ vcpus: 2, repeat: 'stop', workload }]))
      return Array.from({ length: threads }, (_, t) => timeOfThread(m, t, 'useful'))
    }
    expect(work(5).slice(0, 3)).toEqual(work(3))
  })

  it('two VMs of the same workload have different work', () => {
    const [first, second] = workOf(['mutex', 'mutex'])
    expect(first).not.toBe(second)
  })
})
