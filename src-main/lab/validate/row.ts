/** Row: one behaviour that the model is held against, and what is reported of it. */
import type { SignedEstimate } from '../../core/stats/order-averaged.ts'
import type { Trials } from './trials.ts'
import { around, judge, judgeTheory } from './verdict.ts'
import type { Range, Verdict } from './verdict.ts'

/** How a figure is written: a share, a signed change, a factor, or nanoseconds. */
export type FigureUnit = 'share' | 'change' | 'factor' | 'ns'

/** One figure of a row: the source's, the model's, and how they stand to each other. */
export type Figure = {
  readonly name: string
  /** The source's figure as it gives it; empty where the figure only stands beside others. */
  readonly source: string
  readonly unit: FigureUnit
  /** null: it could not be run. */
  readonly model: SignedEstimate | null
  /** null: not judged. */
  readonly verdict: Verdict | null
}

/** A behaviour of simulator.md §6. */
export type Row = {
  readonly id: number
  readonly behaviour: string
  /** Who measured or derived it, where. */
  readonly source: string
  /** What the model runs, and what had to be assumed. */
  readonly setup: readonly string[]
  /** How the figures are taken, and which ranges judge them. */
  readonly rule: string
  /** Why the model comes out otherwise, as found by looking; shown unless the row agrees. */
  readonly found: readonly string[]
  readonly measure: (trials: Trials) => Promise<readonly Figure[]>
}

/** A figure that a source's range judges. */
export const judged = (
  name: string,
  [source, range]: readonly [string, Range],
  unit: FigureUnit,
  model: SignedEstimate,
): Figure => ({ name, source, unit, model, verdict: judge(model, range) })

/** A figure that theory judges; its interval is of 99 %. */
export const theoretical = (
  name: string,
  [source, theory]: readonly [string, number],
  unit: FigureUnit,
  model: SignedEstimate,
): Figure => ({ name, source, unit, model, verdict: judgeTheory(model, theory) })

/** A figure that stands beside the judged ones. */
export const beside = (name: string, unit: FigureUnit, model: SignedEstimate): Figure => ({
  ...{ name, source: '', unit, model },
  verdict: null,
})

/** A figure whose scheme is not there. */
export const missing = (name: string, source: string, unit: FigureUnit): Figure => ({
  ...{ name, source, unit, model: null },
  verdict: 'not comparable',
})

const percent = (fraction: number): string => {
  const text = (Math.abs(fraction) * 100).toFixed(1).replace(/\.0$/, '')
  return `${fraction < 0 ? '−' : fraction > 0 ? '+' : ''}${text} %`
}

/** A source's range of changes: its text and its ends. */
export const changes = (lo: number, hi: number): readonly [string, Range] => [
  `${percent(lo)} … ${percent(hi)}`,
  { lo, hi },
]

/** A source's single figure, a change. */
export const change = (figure: number): readonly [string, Range] => [
  percent(figure),
  around(figure),
]

/** Only the direction is known: more than nothing. */
export const MORE: readonly [string, Range] = ['more', { lo: 0, hi: Infinity }]
