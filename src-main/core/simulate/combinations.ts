/** combinations: the product of a campaign's axes, each a checked scenario without its seed. */
import * as v from 'valibot'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import type { Campaign, Factors, Vary } from '../contract/campaign.ts'
import { MICRO_MODES } from '../contract/agent/program.ts'
import { isLatency } from '../contract/measure.ts'
import { HostSchema } from '../contract/scenario.ts'
import type { Scenario, ScenarioVm } from '../contract/scenario.ts'
import type { ParamValue } from '../contract/values.ts'
import { buildSpec, hostPcpus } from './build-spec.ts'
import { APP_PLACEHOLDER, checkAxes } from './check-axes.ts'
import { axisPoints } from './axis-points.ts'
import type { Point } from './axis-points.ts'
import { appIds } from './known.ts'
import type { Known } from './known.ts'
import { locateIssue } from './locate-issue.ts'
import { readScenarioValue } from './read-scenario.ts'
import { schemeLabel } from '../contract/scheme-label.ts'
import { applyChange, levelsOf } from './vary-levels.ts'
import type { Draft, Level } from './vary-levels.ts'

/** One combination of the axes: its factors and the scenario that its seeds share. */
export type Combination = { readonly factors: Factors; readonly scenario: Scenario }

const VMS_MAX = 256

/** A deep copy of plain data, so that varying a cell leaves the campaign as it is. */
const copyOf = <T>(plain: T): T => JSON.parse(JSON.stringify(plain)) as T

const appAt = ({ axes }: Campaign, point: Point): string | null =>
  point.app === null ? null : (axes.app[point.app] ?? null)

/** Without an app axis the mix's own apps name the cell. */
function appFactor(campaign: Campaign, point: Point): string {
  const own = campaign.axes.mix[point.mix]?.vms.map((vm) => vm.workload.app) ?? []
  return appAt(campaign, point) ?? [...new Set(own)].join(' + ')
}

const levelAt = (axis: Vary, point: Point, i: number): Level | undefined =>
  levelsOf(axis)[point.vary[i] ?? 0]

function factorsOf(campaign: Campaign, point: Point): Factors {
  const { axes } = campaign
  const vary = axes.vary.map((axis, i) => [axis.name, levelAt(axis, point, i)?.label] as const)
  return {
    app: appFactor(campaign, point),
    scheme: schemeLabel(axes.scheme[point.scheme] ?? ''),
    mix: axes.mix[point.mix]?.name ?? '',
    overcommit: point.overcommit === null ? null : (axes.overcommit[point.overcommit] ?? null),
    vary: Object.fromEntries(vary) as Record<string, ParamValue>,
  }
}

/** What `$app` stands for in a cell. */
type AppChoice = { readonly app: string; readonly params: Readonly<Record<string, number>> }

type Programs = NonNullable<Campaign['programs']>

/** A program of the campaign's under the app's name, unless the VM brings its own. */
function withProgram(workload: ScenarioVm['workload'], programs: Programs) {
  if (workload.program !== undefined || !Object.hasOwn(programs, workload.app)) return workload
  return { ...workload, program: programs[workload.app] }
}

function choiceAt(campaign: Campaign, point: Point): AppChoice | null {
  const app = appAt(campaign, point)
  return app === null ? null : { app, params: campaign.appParams[app] ?? {} }
}

function withApp({ workload }: ScenarioVm, choice: AppChoice | null): ScenarioVm['workload'] {
  if (choice === null || workload.app !== APP_PLACEHOLDER) return workload
  return { ...workload, app: choice.app, params: { ...choice.params, ...workload.params } }
}

function named(vm: ScenarioVm, { choice, programs }: Fill, round: number): ScenarioVm {
  const workload = withProgram(withApp(vm, choice), programs)
  const name = vm.name !== undefined && round > 1 ? `${vm.name}-${round}` : vm.name
  return copyOf({ ...vm, workload, ...(name === undefined ? {} : { name }) })
}

/** What the VMs of a mix get from the campaign. */
type Fill = { readonly choice: AppChoice | null; readonly programs: Programs }

/** The mix, repeated cyclically until its vCPUs reach `target` (null: once, as it is). */
function fillVms(
  mix: readonly ScenarioVm[],
  fill: Fill,
  target: number | null,
): Result<readonly ScenarioVm[], string> {
  if (target === null) return ok(mix.map((vm) => named(vm, fill, 1)))
  const vms: ScenarioVm[] = []
  let vcpus = 0
  while (vcpus < target && vms.length < VMS_MAX) {
    const next = mix[vms.length % mix.length]
    if (next === undefined) break
    vms.push(named(next, fill, Math.floor(vms.length / mix.length) + 1))
    vcpus += next.vcpus
  }
  if (vcpus === target && vms.length > 0) return ok(vms)
  return err(`repeating the mix gives ${vcpus} vCPUs, never exactly ${target}`)
}

function pcpusOf(host: unknown): number {
  const parsed = v.safeParse(HostSchema, host)
  return parsed.success ? hostPcpus(parsed.output) : 0
}

type Place = { readonly campaign: Campaign; readonly point: Point; readonly known: Known }

function applyVary({ campaign, point, known }: Place, draft: Draft, ofVms: boolean): Issue[] {
  return campaign.axes.vary.flatMap((vary, i) => {
    const changes = levelAt(vary, point, i)?.changes ?? []
    return changes.flatMap((change) => {
      if (change.path.startsWith('vms') !== ofVms) return []
      const problem = applyChange(draft, change, known)
      if (problem === null) return []
      const message = `${problem.message} in mix "${factorsOf(campaign, point).mix}"`
      return [{ path: `axes.vary[${i}].${change.pathAt}`, message, hint: problem.hint }]
    })
  })
}

function nameOf(campaign: Campaign, factors: Factors): string {
  const parts = [factors.app, factors.scheme, factors.mix]
  return `${campaign.name}: ${parts.join(', ')}`.slice(0, 200)
}

function draftOf(place: Place): Result<Draft, readonly Issue[]> {
  const { campaign, point } = place
  const scheme = campaign.axes.scheme[point.scheme] ?? ''
  const factors = factorsOf(campaign, point)
  const { host, guest, switches, budget } = campaign
  const draft: Draft = {
    kind: 'scenario',
    version: 1,
    name: nameOf(campaign, factors),
    description: campaign.description,
    ...copyOf({ host, guest, switches, budget }),
    scheme: typeof scheme === 'string' ? { id: scheme, params: {} } : copyOf(scheme),
    seed: campaign.seeds.first,
    ...(campaign.measured === undefined ? {} : { measured: copyOf(campaign.measured) }),
  }
  const issues = applyVary(place, draft, false)
  const pcpus = pcpusOf(draft['host'])
  const target =
    factors.overcommit === null || pcpus === 0 ? null : Math.round(factors.overcommit * pcpus)
  const mix = campaign.axes.mix[point.mix]?.vms ?? []
  const fill = { choice: choiceAt(campaign, point), programs: campaign.programs ?? {} }
  const vms = fillVms(mix, fill, target)
  if (vms.ok) draft['vms'] = vms.value
  else {
    const hint = `overcommit ${factors.overcommit ?? 0} × ${pcpus} pCPUs with mix "${factors.mix}"`
    issues.push({ path: `axes.overcommit[${point.overcommit ?? 0}]`, message: vms.error, hint })
  }
  if (vms.ok) issues.push(...applyVary(place, draft, true))
  return issues.length > 0 ? err(issues) : ok(draft)
}

/** Has the scenario a VM whose workload responds to requests? */
function answersRequests(scenario: Scenario): boolean {
  const spec = buildSpec(scenario)
  const programs = spec.ok ? spec.value.vms.flatMap((vm) => vm.workload.programs) : []
  return programs.some((program) => program.some(({ op }) => op === 'respond'))
}

const noLatency = ({ app, mix }: Factors): Issue => ({
  path: 'measure',
  message: `no VM of mix "${mix}" with app "${app}" answers requests`,
  hint: 'measure time, or add a VM with an app such as interactive or hackbench',
})

function combine(
  campaign: Campaign,
  point: Point,
  known: Known,
): Result<Combination, readonly Issue[]> {
  const draft = draftOf({ campaign, point, known })
  if (!draft.ok) return draft
  const scenario = readScenarioValue(draft.value, known)
  if (scenario.ok) {
    const { measure } = campaign
    if (
      measure !== undefined &&
      isLatency(measure) &&
      campaign.measured === undefined &&
      !answersRequests(scenario.value)
    ) {
      return err([noLatency(factorsOf(campaign, point))])
    }
    return ok({ factors: factorsOf(campaign, point), scenario: scenario.value })
  }
  return err(scenario.error.map((issue) => locateIssue(campaign, point, issue)))
}

/** What the app axis may name: workloads, or of a measured campaign modes and programs. */
const knownApps = ({ measured, programs = {} }: Campaign, known: Known): readonly string[] =>
  measured === undefined ? appIds(known) : [...MICRO_MODES, ...Object.keys(programs)]

function distinct(issues: readonly Issue[]): readonly Issue[] {
  const byText = new Map(issues.map((issue) => [`${issue.path}\n${issue.message}`, issue]))
  return [...byText.values()]
}

/**
 * Every combination of the axes, the scheme changing fastest. Issues name the campaign's field,
 * e.g. `axes.vary[0].values[2]`, once each.
 */
export function combinations(
  campaign: Campaign,
  known: Known,
): Result<readonly Combination[], readonly Issue[]> {
  const axisIssues = checkAxes(campaign, knownApps(campaign, known))
  if (axisIssues.length > 0) return err(axisIssues)
  const issues: Issue[] = []
  const result: Combination[] = []
  for (const point of axisPoints(campaign)) {
    const combination = combine(campaign, point, known)
    if (combination.ok) result.push(combination.value)
    else issues.push(...combination.error)
  }
  return issues.length > 0 ? err(distinct(issues)) : ok(result)
}
