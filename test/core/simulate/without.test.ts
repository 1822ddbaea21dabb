/** Counterfactual runs: without a harm its time is gone, the work is the same, sums are exact. */
import { describe, expect, it } from 'vitest'
import { HARM_KEYS, HARMS } from '../../../src-main/core/base/harm.ts'
import type { HarmKey } from '../../../src-main/core/base/harm.ts'
import { TIME_CLASS_KEYS } from '../../../src-main/core/base/time-class.ts'
import type { SimulatedResult } from '../../../src-main/core/contract/result.ts'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { readScenarioValue } from '../../../src-main/core/simulate/read-scenario.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { randomScenario } from '../../support/random-scenario.ts'

const twice = (app: string, rest: Partial<ScenarioInput> = {}): ScenarioInput => ({
  kind: 'scenario',
  version: 1,
  name: app,
  host: { preset: 'intel-2x6-2014' },
  vms: ['left', 'right'].map((name) => ({
    ...{ name, vcpus: 12 },
    workload: { app, params: { scale: 0.02 } },
  })),
  ...rest,
})

function run(input: ScenarioInput, without: readonly HarmKey[] = []): SimulatedResult {
  const scenario = readScenarioValue({ ...input, without })
  if (!scenario.ok) throw new Error(scenario.error.map((i) => i.message).join())
  return simulate(scenario.value)
}

const charged = (result: SimulatedResult, key: (typeof TIME_CLASS_KEYS)[number]): number =>
  result.vms.reduce((sum, vm) => sum + vm.attributionNs[key], 0)

describe('a run without a harm', () => {
  const cases: readonly (readonly [
    HarmKey,
    string,
    (typeof TIME_CLASS_KEYS)[number],
    Partial<ScenarioInput>,
  ])[] = [
    ['refill', 'streamcluster', 'refill', {}],
    ['memory', 'streamcluster', 'memory', {}],
    ['stacking', 'streamcluster', 'stacking', {}],
    ['ipis', 'vips', 'ipi-preempted', {}],
    ['fragmentation', 'streamcluster', 'fragmentation', { scheme: { id: 'gang' } }],
    ['coordination', 'streamcluster', 'barrier-host', {}],
    ['wake', 'mutex', 'wake', {}],
    ['overhead', 'mutex', 'switch', {}],
    ['locks', 'spin', 'lhp', {}],
  ]
  it.each(cases)('(%s) loses most of that time: %s, class %s', (harm, app, cls, rest) => {
    const before = charged(run(twice(app, rest)), cls)
    expect(before).toBeGreaterThan(0)
    expect(charged(run(twice(app, rest), [harm]), cls) / before).toBeLessThan(0.5)
  })

  it('says that it is counterfactual; a run with all of them is simulated', () => {
    expect(run(twice('mutex'), ['refill']).kind).toBe('counterfactual')
    expect(run(twice('mutex')).kind).toBe('simulated')
  })

  it('has all classes of its harms among those of the accounting', () => {
    const classes = HARMS.flatMap((harm) => [...harm.classes])
    expect(new Set(classes).size).toBe(classes.length)
    expect(TIME_CLASS_KEYS).toEqual(expect.arrayContaining(classes))
  })

  it('refuses a name that is no harm, and one that stands twice', () => {
    const refused = (without: readonly string[]) => {
      const read = readScenarioValue({ ...twice('mutex'), without })
      return read.ok ? '' : read.error.map((i) => `${i.path}: ${i.message}`).join()
    }
    expect(refused(['refil'])).toMatch(
      /^without\[0\]: must be one of overhead, refill, .*not the text "refil"/,
    )
    expect(refused(['refill', 'refill'])).toMatch(/^without: must name each harm once/)
  })
})

describe('any set of harms', () => {
  it('can be switched off under any scheme: runs end, sums are exact, the work is the same', () => {
    for (let seed = 1; seed <= 180; seed++) {
      const scheme = { id: SCHEMES[seed % SCHEMES.length]!.id, params: {} }
      const random = randomScenario(seed)
      // two seconds of six readers and a writer take more than the usual budget
      const budget = { ...random.budget, eventsMax: 5e6 }
      const scenario = { ...random, scheme, budget }
      const without = HARM_KEYS.filter((_, i) => ((seed * 37) & (1 << i)) !== 0)
      const result = simulate({ ...scenario, without })
      for (const vm of result.vms) {
        const sum = TIME_CLASS_KEYS.reduce((total, key) => total + vm.attributionNs[key], 0)
        expect(sum, `seed ${seed}`).toBe(vm.threads * result.makespanNs)
      }
    }
  })

  it('gives the same run again', () => {
    const first = run(twice('dedup'), [...HARM_KEYS])
    expect(run(twice('dedup'), [...HARM_KEYS]).traceHash).toBe(first.traceHash)
  })
})
