/** locate-issue: an issue of a cell's scenario, told in terms of the campaign behind the cell. */
import type { Issue } from '../base/result.ts'
import type { Campaign } from '../contract/campaign.ts'
import { APP_PLACEHOLDER } from './check-axes.ts'
import type { Point } from './axis-points.ts'
import { levelsOf } from './vary-levels.ts'

/** `vms[*].weight` as a pattern that `vms[3].weight` and what lies below it match. */
function pattern(path: string): RegExp {
  const escaped = path.replace(/[.[\]]/g, '\\$&').replace('*', '\\d+')
  return new RegExp(`^${escaped}(?:$|[.[])`)
}

function varied({ axes }: Campaign, point: Point, issue: Issue): Issue | null {
  const isKey = /not a known|no such/.test(issue.message)
  const places = axes.vary.flatMap((vary, i) =>
    (levelsOf(vary)[point.vary[i] ?? 0]?.changes ?? [])
      .filter(({ path }) => pattern(path).test(issue.path))
      .map(({ pathAt, valueAt }) => `axes.vary[${i}].${isKey ? pathAt : valueAt}`),
  )
  return places[0] === undefined ? null : { ...issue, path: places[0] }
}

function ofVm({ axes, appParams }: Campaign, point: Point, issue: Issue): Issue | null {
  const match = /^vms\[(\d+)\](.*)$/.exec(issue.path)
  const mix = axes.mix[point.mix]
  if (match === null || mix === undefined) return null
  const index = Number(match[1]) % mix.vms.length
  const rest = match[2] ?? ''
  const path = `axes.mix[${point.mix}].vms[${index}]${rest}`
  const fromAxis = mix.vms[index]?.workload.app === APP_PLACEHOLDER
  if (!fromAxis || !rest.startsWith('.workload')) return { ...issue, path }
  const app = axes.app[point.app ?? 0] ?? ''
  const param = /^\.workload\.params\.(\w+)$/.exec(rest)?.[1] ?? ''
  const ofApp = appParams[app]?.[param] !== undefined
  if (ofApp) return { ...issue, path: `appParams.${app}.${param}` }
  const message = issue.message.startsWith(app) ? issue.message : `${app}: ${issue.message}`
  return { ...issue, path, message }
}

function ofScheme(point: Point, issue: Issue): Issue | null {
  if (!/^scheme(?:$|\.)/.test(issue.path)) return null
  const rest = issue.path.slice('scheme'.length).replace(/^\.id$/, '')
  return { ...issue, path: `axes.scheme[${point.scheme}]${rest}` }
}

/** The same issue with the campaign's path: an axis' value, a mix' VM, or the field as it is. */
export function locateIssue(campaign: Campaign, point: Point, issue: Issue): Issue {
  const found =
    varied(campaign, point, issue) ?? ofVm(campaign, point, issue) ?? ofScheme(point, issue)
  if (found !== null) return found
  return issue.path === 'vms' ? { ...issue, path: `axes.mix[${point.mix}].vms` } : issue
}
