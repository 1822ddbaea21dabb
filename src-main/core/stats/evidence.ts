/**
 * What was counted on the host of measured runs: medians over the repetitions, scheme by scheme. A
 * measured run has no attribution; these are the traces that scheduling twice leaves outside.
 */
import type { NotObservable } from '../contract/agent/names.ts'
import type { Estimate, Evidence } from '../contract/comparison.ts'
import type { ComparedRun, Series } from './collect-series.ts'
import { runsBySeed } from './collect-series.ts'
import { median } from './descriptive.ts'
import { medianInterval } from './median-interval.ts'

type Figure = Evidence['figures'][number]

/** Counter of the lab's own: how often a run was redone because something else used the host. */
export const REDONE_KEY = 'redone'

/** Counters of the lab's own and of the host that say nothing of the schemes' work. */
const ASIDE: readonly string[] = [
  ...[REDONE_KEY, 'startSkewNs', 'startSkewErrorNs', 'agentCpuNs', 'foreignCpuNs', 'applyNs'],
  ...['resizesAtStart', 'resizeAtStartNs'],
  ...['programCpuNs', 'programVoluntary', 'programInvoluntary'],
]

/** Figures in the order in which they are shown; counters of other keys follow by name. */
const KNOWN: readonly Figure[] = [
  { key: 'runDelayNs', label: 'Run delay', unit: 'ns' },
  { key: 'cpuNs', label: 'CPU time', unit: 'ns' },
  { key: 'voluntary', label: 'Voluntary switches', unit: 'count' },
  { key: 'involuntary', label: 'Involuntary switches', unit: 'count' },
  { key: 'guestReschedulingIpis', label: 'Rescheduling IPIs', unit: 'count' },
  { key: 'guestFunctionCallIpis', label: 'Function-call IPIs', unit: 'count' },
  { key: 'guestTlbIpis', label: 'TLB-shootdown IPIs', unit: 'count' },
  { key: 'guestStealNs', label: 'Guest steal', unit: 'ns' },
  { key: 'exits', label: 'VM exits', unit: 'count' },
  { key: 'haltExits', label: 'HLT exits', unit: 'count' },
  { key: 'haltWakeups', label: 'Halt wake-ups', unit: 'count' },
  { key: 'pleExits', label: 'PLE exits', unit: 'count' },
]

/** `guestTlbIpis` as words. */
function words(key: string): string {
  const plain = key
    .replace(/Ns$/, '')
    .replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}

function figuresOf(runs: readonly ComparedRun[]): Figure[] {
  const keys = new Set(
    runs.flatMap((run) => [...Object.keys(run.counters ?? {}), ...Object.keys(run.notObservable)]),
  )
  for (const key of ASIDE) keys.delete(key)
  const known = KNOWN.filter(({ key }) => keys.has(key))
  const others = [...keys].filter((key) => !KNOWN.some((figure) => figure.key === key)).sort()
  const unitOf = (key: string) => (key.endsWith('Ns') ? 'ns' : 'count')
  return [...known, ...others.map((key): Figure => ({ key, label: words(key), unit: unitOf(key) }))]
}

/** The median of a counter over the runs that have it; null where none has. */
function medianOf(runs: readonly ComparedRun[], key: string): Estimate | null {
  const values = runs.flatMap((run) => run.counters?.[key] ?? [])
  if (values.length === 0) return null
  const around = medianInterval(values)
  return {
    value: median(Float64Array.from(values)),
    lo: around?.lo ?? null,
    hi: around?.hi ?? null,
  }
}

/** The evidence of a measured campaign; null when none of its runs is measured. */
export function evidenceOf(series: readonly Series[]): Evidence | null {
  const all = series.flatMap(runsBySeed).filter(({ counters }) => counters !== null)
  if (all.length === 0) return null
  const figures = figuresOf(all)
  const reasons = all.map((run) => run.notObservable)
  const notObservable: NotObservable = Object.assign({}, ...reasons.toReversed())
  return {
    figures,
    rows: series
      .filter(({ runs }) => runs.size > 0)
      .map((one) => ({
        group: one.group,
        scheme: one.scheme,
        medians: figures.map(({ key }) => medianOf(runsBySeed(one), key)),
      })),
    notObservable,
    redone: all.reduce((sum, run) => sum + (run.counters?.[REDONE_KEY] ?? 0), 0),
  }
}
