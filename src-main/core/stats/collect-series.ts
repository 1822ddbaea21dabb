/** Sorts a campaign's cells and runs into series: one for each row group × scheme. */
import { isNotNeeded } from '../contract/library.ts'
import type { Cell } from '../contract/library.ts'
import type { Factors } from '../contract/campaign.ts'
import type { Situation } from '../contract/comparison.ts'
import type { NotObservable } from '../contract/agent/names.ts'
import type { TimeByClassNs } from '../base/time-class.ts'

/** What a comparison needs to know of a run; times in ns. */
export type ComparedRun = {
  readonly runId: string
  readonly cellIndex: number
  readonly seed: number
  readonly factors: Factors
  readonly timeNs: number
  /** null of a measured run. */
  readonly attributionNs: TimeByClassNs | null
  /** Of a measured run, summed over its VMs; else null. */
  readonly counters: Readonly<Record<string, number>> | null
  readonly notObservable: NotObservable
  /** Why somebody excluded it from comparisons; null of a run that takes part. */
  readonly excluded: string | null
}

/** All runs of one group × scheme, by seed. */
export type Series = {
  readonly group: string
  readonly app: string
  readonly scheme: string
  readonly runs: Map<number, ComparedRun>
  /** Indexes of its cells. */
  readonly cells: number[]
  /** Seeds that have a cell or a run. */
  readonly planned: Set<number>
  /** Seeds whose cell failed and that have no run. */
  readonly failed: Set<number>
  /** Runs that somebody excluded, by seed. */
  readonly excluded: Map<number, ComparedRun>
  /** Seeds whose cell the stopping rule did without. */
  readonly notNeeded: Set<number>
}

type Observation = { readonly factors: Factors; readonly seed: number }

/** Names a group by app, and by those other factors that have more than one level. */
export function groupNamer(all: readonly Observation[]): (factors: Factors) => string {
  const several = (level: (factors: Factors) => unknown) =>
    new Set(all.map(({ factors }) => level(factors))).size > 1
  const keys = [...new Set(all.flatMap(({ factors }) => Object.keys(factors.vary)))]
  const varied = keys.filter((key) => several((factors) => factors.vary[key]))
  const mixes = several((factors) => factors.mix)
  const overcommits = several((factors) => factors.overcommit)
  return (factors) => {
    const parts = [factors.app === '' ? factors.mix : factors.app]
    if (mixes && factors.app !== '') parts.push(factors.mix)
    if (overcommits) parts.push(`overcommit ${factors.overcommit ?? 'as the mix'}`)
    for (const key of varied) parts.push(`${key}=${factors.vary[key] ?? 'default'}`)
    return parts.join(' · ')
  }
}

/** A series without a cell or run yet. */
export const emptySeries = (group: string, app: string, scheme: string): Series => ({
  ...{ group, app, scheme, cells: [], runs: new Map(), planned: new Set() },
  ...{ failed: new Set(), excluded: new Map(), notNeeded: new Set() },
})

/** A time that can be compared: finite and above zero. */
export const isUsable = (run: ComparedRun): boolean => Number.isFinite(run.timeNs) && run.timeNs > 0

/**
 * The series in campaign order (by the first cell index of group, then of scheme). Where a seed has
 * several runs the first in cell order counts: a deterministic simulation repeated is no new
 * observation. Runs without a usable time are left to be counted as missing; excluded ones are kept
 * apart.
 */
export function collectSeries(
  cells: readonly Cell[],
  runs: readonly ComparedRun[],
): { series: Series[]; situations: Situation[]; groups: string[]; schemes: string[] } {
  const nameOf = groupNamer([...cells, ...runs])
  const found = new Map<string, Series>()
  const schemes = new Set<string>()
  const situations = new Map<string, Situation>()
  const seriesOf = (factors: Factors): Series => {
    const group = nameOf(factors)
    const { app, scheme, mix, overcommit } = factors
    const key = JSON.stringify([group, scheme])
    const series = found.get(key) ?? emptySeries(group, app, scheme)
    found.set(key, series)
    schemes.add(scheme)
    if (!situations.has(group)) {
      situations.set(group, { group, app: app === '' ? mix : app, mix, overcommit })
    }
    return series
  }
  for (const cell of [...cells].sort((a, b) => a.index - b.index)) {
    const series = seriesOf(cell.factors)
    series.planned.add(cell.seed)
    series.cells.push(cell.index)
    if (cell.status === 'failed') series.failed.add(cell.seed)
    if (isNotNeeded(cell)) series.notNeeded.add(cell.seed)
  }
  const ordered = [...runs].sort(
    (a, b) => a.cellIndex - b.cellIndex || (a.runId < b.runId ? -1 : 1),
  )
  for (const run of ordered) {
    const series = seriesOf(run.factors)
    series.planned.add(run.seed)
    if (!isUsable(run) || series.runs.has(run.seed) || series.excluded.has(run.seed)) continue
    if (run.excluded === null) series.runs.set(run.seed, run)
    else series.excluded.set(run.seed, run)
    series.failed.delete(run.seed)
  }
  return {
    series: [...found.values()],
    situations: [...situations.values()],
    groups: [...situations.keys()],
    schemes: [...schemes],
  }
}

/** The runs of a series in order of their seeds. */
export const runsBySeed = (series: Series): ComparedRun[] =>
  [...series.runs.values()].sort((a, b) => a.seed - b.seed)
