/** check-axes: what can be wrong with a campaign's axes before any cell is built. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import type { Campaign } from '../contract/campaign.ts'
import { isLatency } from '../contract/measure.ts'
import { schemeLabel } from '../contract/scheme-label.ts'
import { levelsOf } from './vary-levels.ts'
import { parsePath } from './vary-path.ts'

/** The text that stands for the app axis in a mix. */
export const APP_PLACEHOLDER = '$app'

/** Cells a campaign may have. */
export const CELLS_MAX = 100_000

/** Labels of a campaign's schemes, in the order of the axis. */
export const schemeLabels = (campaign: Campaign): readonly string[] =>
  campaign.axes.scheme.map(schemeLabel)

function repeated(path: string, values: readonly (string | number)[]): readonly Issue[] {
  return values.flatMap((value, i) =>
    values.indexOf(value) === i
      ? []
      : [{ path: `${path}[${i}]`, message: `"${value}" stands there twice`, hint: 'remove one' }],
  )
}

function repetitions(campaign: Campaign): readonly Issue[] {
  const { axes } = campaign
  return [
    ...repeated('axes.app', axes.app),
    ...repeated('axes.scheme', schemeLabels(campaign)),
    ...repeated(
      'axes.mix',
      axes.mix.map((mix) => mix.name),
    ),
    ...repeated('axes.overcommit', axes.overcommit),
    ...repeated(
      'axes.vary',
      axes.vary.map((vary) => vary.name),
    ),
    ...axes.vary.flatMap((vary, i) =>
      repeated(
        `axes.vary[${i}].${vary.levels === undefined ? 'values' : 'levels'}`,
        vary.levels?.map(({ name }) => name) ?? vary.values?.map((v) => JSON.stringify(v)) ?? [],
      ),
    ),
  ]
}

function appParams({ appParams }: Campaign, appIds: readonly string[]): readonly Issue[] {
  return Object.keys(appParams)
    .filter((app) => !appIds.includes(app))
    .map((app) => ({
      path: `appParams.${app}`,
      message: 'is not a known app',
      hint: didYouMean(app, appIds),
    }))
}

function apps({ axes }: Campaign, appIds: readonly string[]): readonly Issue[] {
  const unknown = axes.app.flatMap((app, i) =>
    appIds.includes(app)
      ? []
      : [
          {
            path: `axes.app[${i}]`,
            message: `"${app}" is not a known app`,
            hint: didYouMean(app, appIds),
          },
        ],
  )
  const placeholders = axes.mix.flatMap((mix, i) => {
    const used = mix.vms.some((vm) => vm.workload.app === APP_PLACEHOLDER)
    const path = `axes.mix[${i}]`
    if (used && axes.app.length === 0) {
      return [{ path, message: `uses ${APP_PLACEHOLDER} but axes.app is empty`, hint: '' }]
    }
    if (used || axes.app.length === 0) return []
    const hint = `write "app: ${APP_PLACEHOLDER}" in one of its VMs, or drop axes.app`
    return [{ path, message: 'does not use the apps of axes.app', hint }]
  })
  return [...unknown, ...placeholders]
}

function baseline(campaign: Campaign): readonly Issue[] {
  const labels = schemeLabels(campaign)
  if (labels.includes(campaign.baseline)) return []
  const message = `"${campaign.baseline}" is not among the schemes of axes.scheme`
  const sameId = labels.find((label) => label.startsWith(`${campaign.baseline}(`))
  const hint = sameId === undefined ? didYouMean(campaign.baseline, labels) : `write "${sameId}"`
  return [{ path: 'baseline', message, hint }]
}

function mixSchemes(campaign: Campaign): readonly Issue[] {
  const labels = schemeLabels(campaign)
  return campaign.axes.mix.flatMap(({ schemes = [] }, i) =>
    schemes.flatMap((label, k) => {
      if (labels.includes(label)) return []
      const path = `axes.mix[${i}].schemes[${k}]`
      return [
        { path, message: `"${label}" is not in axes.scheme`, hint: didYouMean(label, labels) },
      ]
    }),
  )
}

function varyPaths({ axes }: Campaign): readonly Issue[] {
  return axes.vary.flatMap((vary, i) => {
    const changes = levelsOf(vary).flatMap((level) => level.changes)
    const places = new Map(changes.map(({ path, pathAt }) => [pathAt, parsePath(path)]))
    return [...places].flatMap(([at, steps]) =>
      steps.ok ? [] : [{ path: `axes.vary[${i}].${at}`, ...steps.error }],
    )
  })
}

function size({ axes, seeds }: Campaign): readonly Issue[] {
  const lengths = [axes.app, axes.overcommit, ...axes.vary.map(levelsOf)]
  const combinations = lengths.reduce((product, axis) => product * Math.max(1, axis.length), 1)
  const cells = combinations * axes.scheme.length * axes.mix.length * seeds.count
  const issues: Issue[] = []
  if (cells > CELLS_MAX) {
    const message = `the axes make ${cells} cells, at most ${CELLS_MAX} are allowed`
    issues.push({ path: 'axes', message, hint: 'fewer values or repetitions' })
  }
  if (seeds.first + seeds.count - 1 > 4_294_967_295) {
    issues.push({ path: 'seeds', message: 'the last seed is beyond 4294967295', hint: '' })
  }
  return issues
}

/** Fields of a scenario that only its simulation has. */
const SIMULATED_ROOTS = /^(?:host|guest|switches|budget)(?:\.|$)/

function measuredIssues({ measured, programs, measure, axes }: Campaign): readonly Issue[] {
  const issue = (path: string, message: string, hint: string): Issue => ({ path, message, hint })
  if (measured === undefined) {
    if (programs === undefined) return []
    return [issue('programs', 'a simulated campaign runs no programs', 'add measured: { host: … }')]
  }
  const varied = axes.vary.flatMap((vary, i) =>
    levelsOf(vary)
      .flatMap((level) => level.changes)
      .filter(({ path }) => SIMULATED_ROOTS.test(path))
      .map(({ path, pathAt }) =>
        issue(`axes.vary[${i}].${pathAt}`, `"${path}" changes nothing on a real host`, 'drop it'),
      ),
  )
  const overcommit = issue('axes.overcommit', 'VMs of a host cannot be multiplied', 'name mixes')
  const latency = issue('measure', 'a measured run has no latencies', 'measure time or makespan')
  return [
    ...varied,
    ...(axes.overcommit.length > 0 ? [overcommit] : []),
    ...(measure !== undefined && isLatency(measure) ? [latency] : []),
  ]
}

function stopIssues({ stop, order, seeds }: Campaign): readonly Issue[] {
  if (stop === undefined) return []
  const blocked = {
    path: 'stop',
    message: 'a stopping rule needs whole repetitions, which a blocked order has only at its end',
    hint: 'order: interleaved',
  }
  const few = {
    path: 'stop.min',
    message: `asks for ${stop.min} repetitions, but seeds.count is ${seeds.count}`,
    hint: 'seeds.count is the most repetitions; make it larger, or min smaller',
  }
  return [...(order === 'blocked' ? [blocked] : []), ...(stop.min > seeds.count ? [few] : [])]
}

/** Issues of the axes, `baseline`, `seeds` and `stop`; empty when cells can be built. */
export const checkAxes = (campaign: Campaign, appIds: readonly string[]): readonly Issue[] => [
  ...repetitions(campaign),
  ...apps(campaign, appIds),
  ...appParams(campaign, appIds),
  ...varyPaths(campaign),
  ...baseline(campaign),
  ...mixSchemes(campaign),
  ...size(campaign),
  ...measuredIssues(campaign),
  ...stopIssues(campaign),
]
