// Measured scenarios and campaigns: the same files with a host, checked against what an agent does.
import { describe, expect, it } from 'vitest'
import type { Issue, Result } from '../../../src-main/core/base/result.ts'
import { formatIssue } from '../../../src-main/core/base/result.ts'
import { catalogue } from '../../../src-main/core/simulate/catalogue.ts'
import { programOf } from '../../../src-main/core/simulate/check-measured.ts'
import { expandCampaign } from '../../../src-main/core/simulate/expand-campaign.ts'
import type { CellPlan } from '../../../src-main/core/simulate/expand-campaign.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'
import { readScenario } from '../../../src-main/core/simulate/read-scenario.ts'

const SCENARIO = `
kind: scenario
version: 1
name: ring beside ring
measured: { host: bed }
vms:
  - { name: a, vcpus: 2, iterations: 3, workload: { app: barrier, params: { threads: 2 } } }
  - { name: b, vcpus: 2, workload: { app: mutex }, repeat: load }
scheme: { id: flexcore, params: { resize: hotplug } }
seed: 2
`

const TEXT = `
kind: campaign
version: 1
name: test
measured: { host: bed, warmUp: 2 }
programs:
  sort:
    kind: command
    argv: [/bin/sort, --parallel=$threads, /data]
    threads: 2
    output: { kind: elapsed }
axes:
  app: [ring, sort]
  scheme: [stock, pin, { id: flexcore, params: { resize: hotplug } }]
  mix:
    - name: both
      vms:
        - { name: a, vcpus: 2, workload: { app: $app } }
        - { name: b, vcpus: 2, workload: { app: $app } }
    - name: a alone
      schemes: [stock]
      vms: [{ name: a, vcpus: 2, workload: { app: $app } }]
appParams: { ring: { threads: 2, iterations: 500 } }
seeds: { first: 1, count: 6 }
baseline: stock
`

const issuesOf = (read: Result<unknown, readonly Issue[]>): string[] =>
  read.ok ? [] : read.error.map(formatIssue)

function cells(text: string): readonly CellPlan[] {
  const campaign = readCampaign(text)
  if (!campaign.ok) expect.fail(campaign.error.map(formatIssue).join('\n'))
  const plans = expandCampaign(campaign.value)
  if (!plans.ok) expect.fail(plans.error.map(formatIssue).join('\n'))
  return plans.value
}

describe('a measured scenario', () => {
  it('has the defaults of a measurement', () => {
    const read = readScenario(SCENARIO)
    expect(read).toMatchObject({
      ok: true,
      value: {
        measured: {
          ...{ host: 'bed', warmUp: 1, coolDownMs: 500 },
          ...{ samplePeriodMs: 100, foreignMax: 0.1, timeoutMs: 600_000 },
        },
      },
    })
  })

  it('can be simulated without its host, where the simulator has scheme and options', () => {
    expect(issuesOf(readScenario(SCENARIO.replace('measured: { host: bed }\n', '')))).toEqual([])
  })

  const faults: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a scheme of the simulator',
      'id: flexcore',
      'id: gang',
      /^scheme\.id: "gang" is not a scheme/,
    ],
    ['a parameter of none', 'resize: hotplug', 'resizes: 1', /^scheme\.params\.resizes: .*no such/],
    ['a VM without a name', 'name: b, ', '', /^vms\[1\]\.name: is needed/],
    ['two VMs of one name', 'name: b', 'name: a', /^vms\[1\]\.name: "a" is taken/],
    [
      'a name like an option',
      'name: b',
      'name: -b',
      /^vms\[1\]\.name: .*must not start with a dash/,
    ],
    [
      'an app that is no program',
      'app: mutex',
      'app: canneal',
      /^vms\[1\]\.workload\.app: "canneal"/,
    ],
    ['an unknown option', 'threads: 2', 'thread: 2', /params\.thread: .*did you mean "threads"/],
    ['half a thread', 'threads: 2', 'threads: 0.5', /params\.threads: must be a whole number/],
    ['a VM that departs', 'repeat: load', 'stopNs: 5', /^vms\[1\]\.stopNs: .*not shut down/],
    ['nothing but load', 'iterations: 3', 'repeat: load', /^vms: every VM is load/],
    ['harms left out', 'seed: 2', 'without: [refill]', /^without: only a simulated run/],
    [
      'a host like an option',
      'host: bed',
      'host: -oProxyCommand=x',
      /^measured\.host: a host name/,
    ],
  ]
  it.each(faults)('with %s is refused by its field', (_what, from, to, message) => {
    expect(issuesOf(readScenario(SCENARIO.replace(from, to)))).toEqual([
      expect.stringMatching(message),
    ])
  })

  it('with a pattern that does not name the time is refused', () => {
    const program = (pattern: string) =>
      `{ kind: command, argv: [x], output: { kind: pattern, unit: s, pattern: '${pattern}' } }`
    const withPattern = (pattern: string) =>
      SCENARIO.replace('app: mutex', `app: x, program: ${program(pattern)}`)
    const at = 'vms[1].workload.program.output.pattern'
    expect(issuesOf(readScenario(withPattern('took (?<value>\\d+)')))).toEqual([])
    const unnamed = issuesOf(readScenario(withPattern('took (\\d+)')))
    expect(unnamed[0]).toContain(`${at}: a pattern names its figure`)
    expect(issuesOf(readScenario(withPattern('took (')))[0]).toContain(at)
    expect(issuesOf(readScenario(withPattern('(?<value>a)(?=b)')))[0]).toContain('RE2')
  })
})

describe('a measured campaign', () => {
  it('gives each cell its host, and its programs to the apps that they are called after', () => {
    const all = cells(TEXT)
    expect(all.every(({ scenario }) => scenario.measured?.warmUp === 2)).toBe(true)
    const [sort] = all.filter(({ factors }) => factors.app === 'sort')
    expect(sort?.scenario.vms[0]?.workload.program).toMatchObject({ kind: 'command', threads: 2 })
    const [ring] = all.filter(({ factors }) => factors.app === 'ring')
    const options = { threads: 2, iterations: 500 }
    expect(programOf(ring!.scenario.vms[0]!)).toEqual({ kind: 'micro', mode: 'ring', options })
  })

  it('runs a control under the schemes that it names only', () => {
    const alone = cells(TEXT).filter(({ factors }) => factors.mix === 'a alone')
    expect(new Set(alone.map(({ factors }) => factors.scheme))).toEqual(new Set(['stock']))
    expect(cells(TEXT)).toHaveLength(6 * (2 * 3 + 2))
  })

  it('makes each repetition whole before the next one, each in an order of its own', () => {
    const all = cells(TEXT)
    expect(all.map(({ repetition }) => repetition)).toEqual(all.map((_, i) => Math.floor(i / 8)))
    const orders = Array.from({ length: 6 }, (_, repetition) =>
      all
        .filter((cell) => cell.repetition === repetition)
        .map(({ factors }) => `${factors.app} ${factors.scheme} ${factors.mix}`),
    )
    expect(new Set(orders.map((order) => [...order].sort().join())).size).toBe(1)
    expect(new Set(orders.map((order) => order.join())).size).toBe(6)
    expect(cells(TEXT)).toEqual(all)
  })

  it('puts no scheme systematically first: over many repetitions the mean places are alike', () => {
    const all = cells(TEXT.replace('count: 6', 'count: 400'))
    const places = new Map<string, number[]>()
    all.forEach(({ factors, index }) => {
      const key = `${factors.app} ${factors.scheme} ${factors.mix}`
      places.set(key, [...(places.get(key) ?? []), index % 8])
    })
    for (const [key, own] of places) {
      const mean = own.reduce((sum, place) => sum + place, 0) / own.length
      // 3.5 ± 4.5 standard errors of a uniform place.
      expect(Math.abs(mean - 3.5), key).toBeLessThan((4.5 * 2.29) / Math.sqrt(400))
    }
  })

  const faults: readonly (readonly [string, string, string, RegExp])[] = [
    ['an unknown scheme', 'pin', 'pim', /^axes\.scheme\[1\]: "pim".*did you mean "pin"/],
    ['an unknown app', 'sort]', 'sorte]', /^axes\.app\[1\]: "sorte" is not a known app/],
    ['an overcommit axis', 'axes:', 'axes:\n  overcommit: [2]', /^axes\.overcommit: VMs of a host/],
    [
      'a varied cost of the simulated host',
      'axes:',
      'axes:\n  vary: [{ name: x, path: host.costs.vmExitNs, values: [1] }]',
      /^axes\.vary\[0\]\.path: "host\.costs\.vmExitNs" changes nothing/,
    ],
    [
      'latencies',
      'baseline: stock',
      'baseline: stock\nmeasure: latency.p99Ns',
      /^measure: a measured/,
    ],
    [
      'a control under no scheme',
      'schemes: [stock]',
      'schemes: [cfs]',
      /^axes\.mix\[1\]\.schemes\[0\]/,
    ],
    [
      'programs and no host',
      'measured: { host: bed, warmUp: 2 }',
      '',
      /programs: a simulated campaign/,
    ],
  ]
  it.each(faults)('with %s is refused by its field', (_what, from, to, message) => {
    expect(issuesOf(readCampaign(TEXT.replace(from, to))).join('\n')).toMatch(
      new RegExp(message.source, 'm'),
    )
  })

  it('ships as a template of 350 cells', () => {
    const template = catalogue().templates.find(({ id }) => id === 'bed')
    expect(cells(template?.text ?? '')).toHaveLength(10 * 5 * (5 + 2))
  })
})
