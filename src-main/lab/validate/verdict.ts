/**
 * Verdicts: whether a figure of the model agrees with a source's, by rules that were written down
 * before the first result was looked at and that know nothing of the row they judge.
 */
import type { SignedEstimate } from '../../core/stats/order-averaged.ts'

/** How a figure of the model stands beside a source's, from best to worst. */
export const VERDICTS = ['agrees', 'direction only', 'disagrees', 'not comparable'] as const

/** How a figure of the model stands beside a source's. */
export type Verdict = (typeof VERDICTS)[number]

/** What a source says: a range, open where an end is infinite. */
export type Range = { readonly lo: number; readonly hi: number }

/** What is granted to a source that gives one figure and no spread: a quarter of it. */
const GRANTED = 0.25
/** Widest 99 % interval, as a part of the theoretical value, that says anything about it. */
const PRECISION = 0.02

/** The rules in words, as they stand in the report. */
export const RULES: readonly string[] = [
  'A source’s range is met where the model’s 95 % interval touches it and is no wider than it ' +
    'is: *agrees*. A single figure without a spread is taken as a range of ± 25 %.',
  'A bound (“at least”, “more”) is met where the whole interval lies beyond it: *agrees*.',
  'Else, where the whole interval lies on the source’s side of “no effect”: *direction only*. ' +
    'Else: *disagrees*; also where the interval is too wide to show any effect.',
  '“No effect” in a source is a range around it, given with the row; it has no direction.',
  'Theory agrees where its value lies in the model’s 99 % interval, and that is no wider than ' +
    '± 2 % of it; else it disagrees.',
  'A row has the worst verdict of its figures. Figures without a source stand beside it and ' +
    'are not judged. What a missing scheme would have to run is *not comparable*.',
  'Nothing in the model, the workloads or the rows is chosen to make a figure agree. After the ' +
    'first results only these were changed: lengths of runs and numbers of seeds, for precision ' +
    'and time; figures beside, to see why; row 10’s stock host, which is EEVDF; and two faults ' +
    'of the model that hung runs (cache refills that added up endlessly, times in parts of a ns).',
]

/** A single figure as the range that it is taken for. */
export function around(figure: number): Range {
  const half = Math.abs(figure) * GRANTED
  return { lo: figure - half, hi: figure + half }
}

/** Judges an effect, 0 being none, by a source's range of it. */
export function judge({ lo, hi }: SignedEstimate, range: Range): Verdict {
  if (lo === null || hi === null) return 'disagrees'
  const isOpen = range.lo === -Infinity || range.hi === Infinity
  const isWithin = lo > range.lo && hi < range.hi
  const touches = hi >= range.lo && lo <= range.hi && hi - lo <= range.hi - range.lo
  if (isOpen ? isWithin : touches) return 'agrees'
  const isSameSide = (range.lo >= 0 && lo > 0) || (range.hi <= 0 && hi < 0)
  return isSameSide ? 'direction only' : 'disagrees'
}

/** Judges a 99 % interval by what theory says. */
export function judgeTheory({ lo, hi }: SignedEstimate, theory: number): Verdict {
  if (lo === null || hi === null) return 'disagrees'
  const isNarrow = hi - lo <= 2 * PRECISION * Math.abs(theory)
  return isNarrow && lo <= theory && theory <= hi ? 'agrees' : 'disagrees'
}

/** The verdict of a row: its worst judged figure's; without one it is not comparable. */
export function worstOf(verdicts: readonly (Verdict | null)[]): Verdict {
  const judged = verdicts.filter((one) => one !== null && one !== 'not comparable')
  const worst = Math.max(...judged.map((one) => VERDICTS.indexOf(one)))
  return judged.length === 0 ? 'not comparable' : VERDICTS[worst]!
}
