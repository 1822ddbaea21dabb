// What the reading commands print: text for people, JSON that fits the contract, exit codes.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CatalogueSchema, TemplateSchema } from '../../../src-main/core/contract/catalogue.ts'
import { ComparisonSchema } from '../../../src-main/core/contract/comparison.ts'
import { PlanSchema } from '../../../src-main/core/contract/handlers.ts'
import {
  CampaignDetailSchema,
  CampaignRowSchema,
  RunDetailSchema,
  RunGroupsSchema,
  RunPageSchema,
} from '../../../src-main/core/contract/library.ts'
import { SavedViewSchema } from '../../../src-main/core/contract/library-view.ts'
import { ProgressSchema } from '../../../src-main/core/contract/progress.ts'
import { RunResultSchema } from '../../../src-main/core/contract/result.ts'
import type { Explanation } from '../../../src-main/core/stats/explain.ts'
import { SMALL_SCENARIO, smallCampaign } from '../../lab/support/small-campaign.ts'
import { Workplace } from './flexlab.ts'

const place = new Workplace()
let campaignFile = ''
let scenarioFile = ''

beforeAll(async () => {
  campaignFile = place.write('small.yaml', smallCampaign(2))
  scenarioFile = place.write('scenario.yaml', SMALL_SCENARIO)
  const progress = v.parse(ProgressSchema, await place.json('campaign', 'run', campaignFile))
  expect(progress).toMatchObject({ status: 'finished', finished: 8, failed: 0 })
})

afterAll(() => place.remove())

describe('figure', () => {
  it('export writes a pack that render draws again to the same picture', async () => {
    const pack = path.join(place.folder, 'heat.figure.json')
    const exported = await place.flexlab(
      'figure',
      'export',
      'small',
      '--chart',
      'heatmap',
      '-o',
      pack,
    )
    expect(exported).toMatchObject({ code: 0, stdout: `${pack}\n` })
    const picture = path.join(place.folder, 'heat.svg')
    const rendered = await place.flexlab('figure', 'render', pack, '-o', picture)
    expect(rendered.code).toBe(0)
    expect(rendered.stdout).toMatch(/^the same as in the pack/)
    const { svg } = JSON.parse(readFileSync(pack, 'utf8')) as { svg: string }
    expect(readFileSync(picture, 'utf8')).toBe(svg)
  })

  it('render refuses a pack that was changed', async () => {
    const pack = path.join(place.folder, 'odd.figure.json')
    await place.flexlab('figure', 'export', 'small', '-o', pack)
    writeFileSync(pack, readFileSync(pack, 'utf8').replace('SIMULATED', 'MEASURED'))
    const { code, stderr } = await place.flexlab('figure', 'render', pack)
    expect(code).toBe(2)
    expect(stderr).toMatch(/svg: was changed after the export/)
  })
})

describe('compare', () => {
  it('prints LaTeX, narrowed to some apps', async () => {
    const { stdout } = await place.flexlab('compare', 'small', '-f', 'latex', '--apps', 'ep')
    expect(stdout).toContain('\\toprule')
    expect(stdout).not.toContain('barrier')
  })
})

describe('with --json, what is printed fits the contract', () => {
  it('for campaign list and campaign show', async () => {
    const rows = v.parse(v.array(CampaignRowSchema), await place.json('campaign', 'list'))
    expect(rows).toHaveLength(1)
    const shown = await place.json('campaign', 'show', 'latest')
    expect(v.parse(CampaignDetailSchema, shown).cells).toHaveLength(8)
  })

  it('for campaign run --dry-run, which stores nothing', async () => {
    const plan = await place.json('campaign', 'run', 'flexcore-2015', '--dry-run', '--seeds', '2')
    expect(v.parse(PlanSchema, plan).cells).toHaveLength(13 * 5 * 2)
    expect(await place.json('campaign', 'list')).toHaveLength(1)
  })

  it('for compare', async () => {
    const comparison = v.parse(ComparisonSchema, await place.json('compare', 'small'))
    expect(comparison).toMatchObject({ kind: 'simulated', baseline: 'cfs', finishedRuns: 8 })
  })

  it('for explain, of a run and of a file: costs and what is left add up to the time', async () => {
    const page = v.parse(RunPageSchema, await place.json('runs', '--schemes', 'cfs'))
    for (const ref of [page.rows[0]?.id ?? '', scenarioFile]) {
      const args = ['--harms', 'refill,stacking', '--seeds', '2', '--orders', '2']
      const found = (await place.json('explain', ref, ...args)) as Explanation
      expect(found).toMatchObject({ kind: 'counterfactual', runs: 8 })
      const costs = found.harms.map((harm) => harm.contributionNs.value)
      const sum = costs.reduce((a, b) => a + b, found.restNs.value)
      expect(sum).toBeCloseTo(found.timeNs.value, 0)
    }
  })

  it('for explain of several apps, each in place of the first VM’s', async () => {
    const args = [
      '--harms',
      'refill,stacking',
      '--seeds',
      '2',
      '--orders',
      '2',
      '--apps',
      'ep,mutex',
    ]
    const found = (await place.json('explain', scenarioFile, ...args)) as Explanation[]
    expect(found.map(({ scenario }) => scenario)).toEqual(['ep', 'mutex'])
    for (const { workNs, timeNs } of found) {
      expect(workNs.value).toBeGreaterThan(0)
      expect(workNs.value).toBeLessThanOrEqual(timeNs.value)
    }
    const text = (await place.flexlab('explain', scenarioFile, ...args, '--format', 'md')).stdout
    expect(text).toMatch(/\| ep \| .*\n\| mutex \| /)
  })

  it('for compare by another measure, and as a grid', async () => {
    const byTime = v.parse(ComparisonSchema, await place.json('compare', 'latest'))
    const other = await place.json('compare', 'latest', '--measure', 'makespan')
    const byMakespan = v.parse(ComparisonSchema, other)
    expect(byMakespan.measure).toBe('makespan')
    byMakespan.rows.forEach((row, i) => {
      const [makespan, time] = [row.sample.meanNs.value, byTime.rows[i]!.sample.meanNs.value]
      expect(makespan).toBeGreaterThanOrEqual(time)
    })
    const grid = (await place.flexlab('compare', 'latest', '--format', 'grid')).stdout
    expect(grid).toMatch(/\| speed-up, % \|/)
  })

  it('for runs and run', async () => {
    const page = v.parse(RunPageSchema, await place.json('runs', '--schemes', 'gang'))
    expect(page.total).toBe(4)
    const run = v.parse(RunDetailSchema, await place.json('run', page.rows[0]?.id ?? ''))
    expect(run.scenario.scheme.id).toBe('gang')
    const { id } = run.row
    expect(await place.json('run', id.slice(0, 30))).toMatchObject({ row: { id } })
    expect(await place.json('run', 'latest')).toMatchObject({ row: { campaignName: 'small' } })
    expect((await place.flexlab('run', id.slice(0, 3))).stderr).toMatch(/fits more than one run/)
  })

  it('for catalogue and templates', async () => {
    v.parse(CatalogueSchema, await place.json('catalogue'))
    v.parse(v.array(TemplateSchema), await place.json('templates'))
    v.parse(TemplateSchema, await place.json('templates', 'demo'))
  })

  it('for simulate: times, attribution that sums exactly, and the trace hash', async () => {
    const result = v.parse(RunResultSchema, await place.json('simulate', scenarioFile))
    for (const vm of result.vms) {
      const sum = Object.values(vm.attributionNs ?? {}).reduce((total, ns) => total + ns, 0)
      expect(sum).toBe(vm.threads * result.makespanNs)
    }
    const again = v.parse(RunResultSchema, await place.json('simulate', scenarioFile))
    expect(again.traceHash).toBe(result.traceHash)
  })
})

describe('for people', () => {
  it('a comparison says how it was made, and labels its figures', async () => {
    const { stdout } = await place.flexlab('compare', 'latest', '--baseline', 'gang')
    expect(stdout).toMatch(/^Simulated · small · run time, 2 × 2 · baseline gang\n/)
    expect(stdout).toMatch(/\nbarrier +2 /)
    expect(stdout).toMatch(/95 % intervals/)
  })

  it('a comparison is a CSV file or a Markdown document too', async () => {
    const csv = (await place.flexlab('compare', 'latest', '--format', 'csv')).stdout
    const [titles, ...rows] = csv.trim().split('\n')
    expect(titles).toMatch(/^kind,campaign,record,group,app,scheme,baseline,n,pairs,/)
    expect(rows.filter((row) => row.startsWith('Simulated,small,row,'))).toHaveLength(4)
    const markdown = (await place.flexlab('compare', 'latest', '-f', 'md')).stdout
    expect(markdown).toMatch(/^## small: comparison with cfs\n\n\*\*Simulated\*\*/)
    expect(markdown).toMatch(/\| barrier \| gang \| 2 \|/)
  })

  it('a simulation under another scheme and seed is shown as that', async () => {
    const args = ['simulate', scenarioFile, '--scheme', 'gang', '--seed', '7']
    const { stdout } = await place.flexlab(...args)
    expect(stdout).toMatch(/^Simulated · small · gang · seed 7\n/)
    expect(stdout).toMatch(/Useful work +\d+\.\d %/)
  })

  it('the file’s own scheme keeps its parameters, another one has its defaults', async () => {
    const scheme = 'scheme: { id: flexcore, params: { resize: hotplug } }\n'
    const file = place.write('hotplug.yaml', SMALL_SCENARIO + scheme)
    const under = async (id: string) =>
      (await place.json('simulate', file, '--scheme', id)) as object
    expect(await under('flexcore')).toMatchObject({
      scenario: { scheme: { params: { resize: 'hotplug' } } },
    })
    expect(await under('gang')).toMatchObject({ scenario: { scheme: { params: {} } } })
  })

  it('a plan shows every factor, and a scheme’s id keeps all of it', async () => {
    const args = ['campaign', 'run', 'ballooning-limits', '--dry-run', '--seeds', '1']
    const { stdout } = await place.flexlab(...args, '--schemes', 'cfs,flexcore')
    expect(stdout).toMatch(/^cell +app +scheme +mix +left spins \(ns\) +seed$/m)
    expect(stdout).toMatch(/flexcore\(resize=hotplug\)/)
    expect(stdout).not.toMatch(/vcpu-bal/)
  })

  it('a campaign’s file makes the same cells again', async () => {
    const { stdout } = await place.flexlab('campaign', 'file', 'small')
    const again = place.write('again.yaml', stdout)
    const plan = v.parse(PlanSchema, await place.json('campaign', 'run', again, '--dry-run'))
    const first = v.parse(
      PlanSchema,
      await place.json('campaign', 'run', campaignFile, '--dry-run'),
    )
    expect(plan.cells).toEqual(first.cells)
  })

  it('what the catalogue knows of a part says where it belongs in a file', async () => {
    const scheme = (await place.flexlab('catalogue', 'flexcore')).stdout
    expect(scheme).toMatch(/^scheme\.params/m)
    expect(scheme).toMatch(/module \| confinement \| hotplug/)
    expect((await place.flexlab('catalogue', 'bed-2')).stdout).toMatch(/^host\.costs/m)
  })

  it('runs are narrowed by conditions, ordered by a metric, and printed as CSV', async () => {
    const args = ['--where', 'app = barrier and seed = 1', '--sort', 'exits', '--csv']
    const { stdout } = await place.flexlab('runs', ...args, '--columns', 'scheme,seed,timeNs,exits')
    const [head, ...lines] = stdout.trim().split('\r\n')
    expect(head).toBe('id,kind,scheme,seed,timeNs,exits')
    expect(lines.length).toBeGreaterThan(0)
    const exits = lines.map((line) => Number(line.split(',').at(-1)))
    expect(exits).toEqual([...exits].sort((a, b) => b - a))
    expect(lines.every((line) => line.split(',')[3] === '1')).toBe(true)
  })

  it('runs are averaged over their repetitions, with an interval', async () => {
    const json = await place.json('runs', '--group-by', 'app,scheme', '--measure', 'makespanNs')
    const { groups, total } = v.parse(RunGroupsSchema, json)
    expect(total).toBe(groups.length)
    for (const { count, mean, lo, hi } of groups) {
      expect(count).toBeGreaterThanOrEqual(2)
      expect(lo).toBeLessThanOrEqual(mean ?? 0)
      expect(hi).toBeGreaterThanOrEqual(mean ?? 0)
    }
    const { stdout } = await place.flexlab('runs', '--group-by', 'app,scheme')
    expect(stdout).toMatch(/95 % CI from timeNs/)
    expect(stdout).toMatch(/simulated +2 +2 +1/)
  })

  it('views are saved, listed, used and removed', async () => {
    await place.flexlab(
      'library',
      'save-view',
      'slow cfs',
      '--schemes',
      'cfs',
      '--where',
      'seed = 1',
    )
    const [view] = v.parse(v.array(SavedViewSchema), await place.json('library', 'views'))
    expect(view).toMatchObject({ name: 'slow cfs', state: { schemes: ['cfs'] } })
    expect((await place.flexlab('library', 'views')).stdout).toMatch(/slow cfs .* cfs; seed = 1/)
    const page = v.parse(RunPageSchema, await place.json('runs', '--view', 'slow cfs'))
    expect(page.rows.map(({ scheme, seed }) => [scheme, seed])).toEqual(
      page.rows.map(() => ['cfs', 1]),
    )
    await place.flexlab('library', 'remove-view', 'slow cfs')
    expect((await place.flexlab('library', 'views')).stdout).toMatch(/no saved views yet/)
  })

  it('--save keeps a simulation, and without it nothing is kept', async () => {
    const before = v.parse(RunPageSchema, await place.json('runs')).total
    await place.flexlab('simulate', scenarioFile)
    expect(v.parse(RunPageSchema, await place.json('runs')).total).toBe(before)
    const { stderr } = await place.flexlab('simulate', scenarioFile, '--save')
    expect(stderr).toMatch(/kept as run /)
    expect(v.parse(RunPageSchema, await place.json('runs')).total).toBe(before + 1)
  })

  it('--quiet leaves nothing but the result', async () => {
    const { stdout, stderr } = await place.flexlab('campaign', 'run', campaignFile, '--quiet')
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
  })

  it('the help names every command and exit code', async () => {
    const { stdout, code } = await place.flexlab('--help')
    expect(code).toBe(0)
    for (const command of [
      'demo',
      'simulate',
      'campaign',
      'compare',
      'report',
      'serve',
      'doctor',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    }
    expect(stdout).toMatch(/Exit codes:/)
  })
})

describe('bad input ends with 2, what is missing with 3, and each problem has a line', () => {
  const cases: [name: string, args: string[], code: number, said: RegExp][] = [
    ['an unknown command', ['simluate'], 2, /unknown command 'simluate'/],
    ['an unknown option', ['compare', 'latest', '--form', 'csv'], 2, /unknown option '--form'/],
    ['a seed that is no number', ['simulate', 'x', '--seed', 'one'], 2, /whole number/],
    ['an unknown format', ['compare', 'latest', '--format', 'xls'], 2, /Allowed choices/],
    ['a missing file', ['simulate', 'nowhere.yaml'], 3, /there is no file nowhere\.yaml/],
    ['a missing template', ['campaign', 'run', 'flexcore-2051'], 3, /templates: demo, /],
    ['a missing campaign', ['compare', 'nope'], 3, /there is no campaign "nope"/],
    ['a missing run', ['run', 'nope'], 3, /there is no run/],
    ['an unknown baseline', ['compare', 'latest', '--baseline', 'x'], 2, /one of: cfs, gang/],
  ]

  it.each(cases)('%s', async (_name, args, code, said) => {
    const ended = await place.flexlab(...args)
    expect(ended.stderr).toMatch(said)
    expect(ended.stderr).not.toMatch(/ at .*\.ts:/)
    expect(ended.code).toBe(code)
  })

  it('a scenario with three mistakes', async () => {
    const text = SMALL_SCENARIO.replace('app: ep', 'app: epp').replaceAll('vcpus: 2', 'vcpus: 0')
    const { stderr, code } = await place.flexlab('simulate', place.write('bad.yaml', text))
    expect(stderr.match(/^error: vms\[\d\]\.\S+: /gm)?.length).toBeGreaterThanOrEqual(2)
    expect(code).toBe(2)
  })

  it('a budget that runs out ends with 6', async () => {
    const file = place.write('budget.yaml', `${SMALL_SCENARIO}budget: { eventsMax: 10 }\n`)
    const { stderr, code } = await place.flexlab('simulate', file)
    expect(stderr).toMatch(/^error: .*10/)
    expect(code).toBe(6)
  })
})
