// How axes become cells: their product, their order, their seeds, and what each cell's scenario is.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../src-main/core/base/result.ts'
import { catalogue } from '../../../src-main/core/simulate/catalogue.ts'
import { expandCampaign, schemeLabel } from '../../../src-main/core/simulate/expand-campaign.ts'
import type { CellPlan } from '../../../src-main/core/simulate/expand-campaign.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'
import { readScenario } from '../../../src-main/core/simulate/read-scenario.ts'
import { fieldsAt, parsePath } from '../../../src-main/core/simulate/vary-path.ts'

const TEXT = `
kind: campaign
version: 1
name: test
axes:
  app: [ep, mutex]
  scheme: [cfs, { id: flexcore, params: { resize: hotplug, periodNs: 20000000 } }]
  mix:
    - name: pair
      vms:
        - { name: a, vcpus: 12, workload: { app: $app, params: { scale: 0.5 } } }
        - { vcpus: 6, weight: 512, workload: { app: hog } }
seeds: { first: 7, count: 3 }
baseline: cfs
`

function cells(text: string): readonly CellPlan[] {
  const campaign = readCampaign(text)
  if (!campaign.ok) expect.fail(campaign.error.map(formatIssue).join('\n'))
  const plans = expandCampaign(campaign.value)
  if (!plans.ok) expect.fail(plans.error.map(formatIssue).join('\n'))
  return plans.value
}

const withAxis = (line: string) => TEXT.replace('axes:\n', `axes:\n  ${line}\n`)

describe('a campaign', () => {
  it('is the product of its axes and repetitions, numbered in run order', () => {
    const plans = cells(TEXT)
    expect(plans).toHaveLength(2 * 2 * 3)
    expect(plans.map((plan) => plan.index)).toEqual(plans.map((_, i) => i))
  })

  it('runs every scheme of a repetition before the next one', () => {
    const order = cells(TEXT).map(
      (plan) => `${plan.seed} ${plan.factors.app} ${plan.scenario.scheme.id}`,
    )
    expect(order.slice(0, 5)).toEqual([
      '7 ep cfs',
      '7 ep flexcore',
      '7 mutex cfs',
      '7 mutex flexcore',
      '8 ep cfs',
    ])
  })

  it('runs all repetitions of a combination when blocked', () => {
    const seeds = cells(`${TEXT}order: blocked\n`).map((plan) => plan.seed)
    expect(seeds.slice(0, 4)).toEqual([7, 8, 9, 7])
  })

  it('gives a repetition the same seed under every scheme', () => {
    for (const plan of cells(TEXT)) {
      expect(plan.seed).toBe(7 + plan.repetition)
      expect(plan.scenario.seed).toBe(plan.seed)
    }
  })

  it('puts the app in the place of $app and nowhere else', () => {
    const [first] = cells(TEXT)
    expect(first!.scenario.vms.map((vm) => vm.workload.app)).toEqual(['ep', 'hog'])
    expect(first!.scenario.vms[0]!.workload.params).toEqual({ scale: 0.5 })
  })

  it('names cells without an app axis by the apps of the mix', () => {
    const plans = cells(TEXT.replace('app: [ep, mutex]', 'app: []').replace('$app', 'ep'))
    expect(plans[0]!.factors.app).toBe('ep + hog')
  })

  it('makes each cell a scenario that reads on its own', () => {
    for (const plan of cells(TEXT)) {
      expect(readScenario(JSON.stringify(plan.scenario))).toEqual({
        ok: true,
        value: plan.scenario,
      })
    }
  })
})

describe('overcommit', () => {
  it('repeats the mix cyclically until the vCPUs are reached', () => {
    const plans = cells(withAxis('overcommit: [1, 1.5, 3]'))
    const vcpus = (overcommit: number) =>
      plans
        .find((plan) => plan.factors.overcommit === overcommit)!
        .scenario.vms.map((vm) => vm.vcpus)
    expect(vcpus(1)).toEqual([12])
    expect(vcpus(1.5)).toEqual([12, 6])
    expect(vcpus(3)).toEqual([12, 6, 12, 6])
  })

  it('gives repeated VMs names of their own', () => {
    const plan = cells(withAxis('overcommit: [3]'))[0]!
    expect(plan.scenario.vms.map((vm) => vm.name)).toEqual(['a', undefined, 'a-2', undefined])
  })

  it('counts the pCPUs of a host that is varied', () => {
    const text = withAxis(
      'overcommit: [3]\n  vary: [{ name: sockets, path: host.sockets, values: [1, 2] }]',
    )
    const vms = cells(text).map((plan) => [plan.factors.vary['sockets'], plan.scenario.vms.length])
    expect(new Set(vms.map(String))).toEqual(new Set(['1,2', '2,4']))
  })
})

describe('vary', () => {
  it('sets any field, of one VM or of all', () => {
    const text = withAxis(
      'vary: [{ name: w, path: "vms[1].weight", values: [2, 3] },' +
        ' { name: exit, path: host.costs.vmExitNs, values: [700] },' +
        ' { name: v, path: "vms[*].vcpus", values: [4] }]',
    )
    const plans = cells(text)
    expect(plans).toHaveLength(2 * 2 * 2 * 3)
    expect(plans[2]!.factors.vary).toEqual({ w: 3, exit: 700, v: 4 })
    expect(plans[2]!.scenario.vms.map((vm) => [vm.weight, vm.vcpus])).toEqual([
      [1024, 4],
      [3, 4],
    ])
    expect(plans[2]!.scenario.host.costs).toEqual({ vmExitNs: 700 })
  })

  it('leaves other cells as they are', () => {
    const plans = cells(withAxis('vary: [{ name: w, path: "vms[0].weight", values: [5, 1024] }]'))
    const weights = plans.map((plan) => [plan.factors.vary['w'], plan.scenario.vms[0]!.weight])
    for (const [factor, weight] of weights) expect(weight).toBe(factor)
  })

  it('never reaches beyond the scenario', () => {
    for (const path of ['__proto__.a', 'host.__proto__.a', 'vms.constructor.a', 'toString']) {
      const steps = parsePath(path)
      if (steps.ok) expect(fieldsAt({ host: {}, vms: [] }, steps.value)).toEqual([])
    }
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })
})

describe('parameters of an app', () => {
  const paramsOf = (more: string) =>
    cells(`${TEXT}\n${more}`).map(({ factors, scenario }) => {
      return [factors.app, ...scenario.vms.map((vm) => vm.workload.params)] as const
    })

  it('go where the app takes the place of $app, behind what the mix says', () => {
    for (const [app, first, second] of paramsOf('appParams: { ep: { scale: 3, threads: 5 } }')) {
      expect(first).toEqual(app === 'ep' ? { scale: 0.5, threads: 5 } : { scale: 0.5 })
      expect(second).toEqual({})
    }
  })

  it('are refused where the app, or its parameter, is not known', () => {
    const issues = (more: string) => {
      const campaign = readCampaign(`${TEXT}\n${more}`)
      return campaign.ok ? '' : campaign.error.map(formatIssue).join('\n')
    }
    expect(issues('appParams: { mutx: { scale: 1 } }')).toBe(
      'appParams.mutx: is not a known app (hint: did you mean "mutex"?)',
    )
    expect(issues('appParams: { ep: { thread: 4 } }')).toMatch(
      /^appParams\.ep\.thread: ep has no such parameter/,
    )
  })
})

describe('levels by name', () => {
  const level = (text: string) =>
    withAxis(`vary: [{ name: change, levels: [{ name: none }, ${text}] }]`)
  const last = (text: string) => cells(level(text)).filter((p) => p.factors.vary['change'] === 'x')

  it('set several fields at once and leave the other levels as they are', () => {
    const text =
      '{ name: x, set: { switches.ple: false, "vms[*].weight": 9, guest.tickNs: 1000000 } }'
    const { scenario } = last(text)[0]!
    expect(scenario.switches.ple).toBe(false)
    expect(scenario.guest).toEqual({ tickNs: 1e6 })
    expect(scenario.vms.map((vm) => vm.weight)).toEqual([9, 9])
    const other = cells(level(text)).find((plan) => plan.factors.vary['change'] === 'none')!
    expect(other.scenario.vms.map((vm) => vm.weight)).toEqual([1024, 512])
    expect(other.scenario.switches.ple).toBe(true)
  })

  it('multiply what the file says, else the default of preset, guest, app or scheme', () => {
    const times =
      '{ host.costs.vmExitNs: 4, host.costs.l2Kib: 0.5, guest.syscallNs: 3, "vms[*].weight": 2, ' +
      '"vms[0].workload.params.scale": 0.5, "vms[*].workload.params.privateKib": 2 }'
    const text = level(`{ name: x, times: ${times} }`)
    const host = '\nhost: { preset: bed-2, costs: { vmExitNs: 100 } }\n'
    const plan = cells(text + host).find((one) => one.factors.vary['change'] === 'x')!
    expect(plan.scenario.host.costs).toEqual({ vmExitNs: 400, l2Kib: 512 })
    expect(plan.scenario.guest).toEqual({ syscallNs: 900 })
    expect(plan.scenario.vms.map((vm) => vm.weight)).toEqual([2048, 1024])
    expect(plan.scenario.vms[0]!.workload.params).toEqual({ scale: 0.25, privateKib: 128 })
    expect(plan.scenario.vms[1]!.workload.params).toEqual({ privateKib: 128 })
  })

  it("multiply a default that follows from the VM's vCPUs", () => {
    const [plan] = last('{ name: x, times: { "vms[0].workload.params.threads": 2 } }')
    expect(plan!.scenario.vms[0]!.workload.params).toEqual({ scale: 0.5, threads: 24 })
  })

  it("multiply a scheme's default", () => {
    const text = TEXT.replace('[cfs, {', '[flexcore, {').replace(
      'baseline: cfs',
      'baseline: flexcore',
    )
    const axis = 'vary: [{ name: v, levels: [{ name: x, times: { scheme.params.periodNs: 2 } }] }]'
    const plans = cells(text.replace('axes:\n', `axes:\n  ${axis}\n`))
    const periods = new Set(plans.map((plan) => plan.scenario.scheme.params['periodNs']))
    const shipped = catalogue().schemes.find(({ id }) => id === 'flexcore')!
    const usual = Number(shipped.parameters.find(({ key }) => key === 'periodNs')!.value)
    expect(periods).toEqual(new Set([2 * usual, 4e7]))
  })
})

describe('a scheme label', () => {
  it('holds the parameters in the order of their names', () => {
    expect(schemeLabel('cfs')).toBe('cfs')
    expect(schemeLabel({ id: 'cfs', params: {} })).toBe('cfs')
    expect(schemeLabel({ id: 'x', params: { b: true, a: 5 } })).toBe('x(a=5, b=true)')
  })
})

describe('the shipped campaigns', () => {
  const { templates } = catalogue()

  it('have flexcore-2015 with 13 apps × 5 schemes among them', () => {
    const paper = cells(templates.find((template) => template.id === 'flexcore-2015')!.text)
    expect(new Set(paper.map((plan) => plan.factors.app)).size).toBe(13)
    expect(new Set(paper.map((plan) => plan.factors.scheme)).size).toBe(5)
    expect(paper[0]!.scenario.vms.map((vm) => vm.vcpus)).toEqual([12, 12])
  })

  it('have one of all schemes of the literature, with 13 apps, three iterations a VM', () => {
    const all = cells(templates.find((template) => template.id === 'all-schemes')!.text)
    const schemes = new Set(all.map((plan) => plan.factors.scheme))
    // pinning is what administrators do by hand
    const others = catalogue().schemes.filter(({ id }) => id !== 'pin')
    expect([...schemes].sort()).toEqual(others.map(({ id }) => id).sort())
    expect(new Set(all.map((plan) => plan.factors.app)).size).toBe(13)
    expect(all.every(({ scenario }) => scenario.vms.every((vm) => vm.iterations >= 3))).toBe(true)
  })

  it.each(templates.map((template) => [template.id, template]))(
    '%s reads and expands',
    (...row) => {
      const [, template] = row
      expect(template.title.length).toBeGreaterThan(0)
      expect(template.description.length).toBeGreaterThan(40)
      expect(cells(template.text).length).toBeGreaterThan(0)
    },
  )

  it('never make the reader throw, however they are damaged', () => {
    const texts = templates.map((template) => template.text)
    const edit = fc.tuple(fc.nat(3000), fc.nat(12), fc.string({ maxLength: 6 }))
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(edit, { maxLength: 3 }), (text, edits) => {
        const damaged = edits.reduce(
          (current, [at, length, put]) => current.slice(0, at) + put + current.slice(at + length),
          text,
        )
        readCampaign(damaged)
      }),
      { numRuns: 100 },
    )
  })
})
