/** The paragraph under every comparison that says how its figures were made. */
import type { StopRule } from '../contract/campaign.ts'
import { isLatency, MEASURES } from '../contract/measure.ts'
import type { Measure } from '../contract/measure.ts'
import type { RunKind } from '../contract/result.ts'
import { RESAMPLES } from './bootstrap.ts'
import type { Correction } from './family.ts'
import { BOOTSTRAP_DF_MIN } from './interval.ts'
import { MEDIAN_INTERVAL_MIN } from './median-interval.ts'
import { EXACT_PAIRS_MAX, SIGN_FLIPS } from './permutation.ts'
import { TREND_MIN } from './rank-trend.ts'
import { ALPHA, PAIRS_MIN, pairsForFamily } from './verdict.ts'

/** What the paragraph depends on. */
export type MethodInput = {
  readonly kind: RunKind
  readonly correction: Correction
  readonly comparisons: number
  readonly margin: number
  readonly measure: Measure
  /** The campaign's stopping rule; undefined where all repetitions were planned to run. */
  readonly stop?: StopRule | undefined
}

const count = (n: number): string => n.toLocaleString('en-US')

const SAMPLE: Readonly<Record<RunKind, string>> = {
  simulated:
    'Simulated: each run is deterministic, so the seeds are the sample, and the figures speak of ' +
    'the model, not of a real host. Runs are paired by seed.',
  measured: 'Measured: runs are paired by block (the seed column).',
  counterfactual:
    'Counterfactual: recorded runs replayed in the model under another scheme; paired by seed.',
}

function correctionText({ correction, comparisons }: MethodInput): string {
  const family = `${count(comparisons)} comparison${comparisons === 1 ? '' : 's'}`
  if (correction === 'max-t') {
    return `corrected over ${family} by Westfall–Young step-down max-T with signs shared by seed`
  }
  return (
    `Holm-corrected over ${family}; ${PAIRS_MIN} pairs are the least for p ≤ ${ALPHA}, ` +
    `${pairsForFamily(comparisons)} in this family`
  )
}

function marginText(margin: number): string {
  const low = (1 / (1 + margin)).toFixed(4)
  return `[${low}, ${(1 + margin).toFixed(4)}]`
}

const latencyText = (measure: Measure): string =>
  `T: ${MEASURES[measure]} of requests, from their scheduled arrival; the mean over the VMs that ` +
  'answer some.'

const DRIFT: Readonly<Record<RunKind, string>> = {
  simulated: 'A simulated run does not depend on when it ran: there is no drift to check.',
  measured:
    'Drift: Spearman’s ρ of the block effects, and of each ratio, with the order of the blocks; ' +
    `permutation p, from ${TREND_MIN} blocks on.`,
  counterfactual: 'A replayed run does not depend on when it ran: there is no drift to check.',
}

/** The stopping rule in a sentence; none where there is none. */
const stopText = (stop: StopRule | undefined): readonly string[] =>
  stop === undefined
    ? []
    : [
        `Stopping rule: from ${stop.min} repetitions on, a group ends after the repetition by ` +
          'which the 95 % interval of every ratio in it is at most ' +
          `${Number((stop.ciWidth * 100).toPrecision(3))} % wide (hi / lo − 1); the intervals ` +
          'are not widened for it (docs/statistics.md has what that costs).',
      ]

/** Says CI method, resamples, test, correction, verdict rule and what the summaries are. */
export function describeMethod(input: MethodInput): string {
  return [
    SAMPLE[input.kind],
    ...(isLatency(input.measure) ? [latencyText(input.measure)] : []),
    'Ratio: T / T(baseline), the geometric mean of the paired ratios, so that swapping the two ' +
      'inverts it; speed-up = T(baseline) / T − 1 and time saved = 1 − T / T(baseline), both ' +
      'from the ratio.',
    `95 % intervals: BCa bootstrap over pairs, ${count(RESAMPLES)} resamples, tails widened for ` +
      `small samples (Hesterberg 2015), on neither side nearer than Student's t on logarithms, ` +
      `which stands alone below ${BOOTSTRAP_DF_MIN} degrees of freedom; none for a single ` +
      `run. Median: order statistics, from ${MEDIAN_INTERVAL_MIN} runs on.`,
    `p: two-sided paired sign-flip permutation test on log ratios, exact up to ` +
      `${EXACT_PAIRS_MAX} pairs, else ${count(SIGN_FLIPS)} or more random ones; ` +
      `${correctionText(input)}.`,
    'Effect: (pairs faster − pairs slower) / pairs; beside it Hedges’ g of the paired log ratios ' +
      'and, without the pairing, Mann–Whitney (exact up to 40 runs in all, Holm-corrected) with ' +
      'Cliff’s delta; these decide nothing.',
    `Verdict: inconclusive below ${PAIRS_MIN} pairs; equivalent where the whole interval of the ` +
      `ratio lies in ${marginText(input.margin)}; better or worse where it excludes 1 and ` +
      `corrected p ≤ ${ALPHA}; else inconclusive.`,
    'Over all groups: geometric mean of the ratios and, beside it, mean cost: the sum of mean ' +
      "times over the baseline's; intervals by resampling seeds within each group; the groups " +
      'are taken as given, not as a sample.',
    ...stopText(input.stop),
    DRIFT[input.kind],
    'Seeds without a run of both are dropped pair by pair and counted as failed, missing or ' +
      'excluded; a run is excluded only by hand, with a reason that is shown.',
  ].join(' ')
}
