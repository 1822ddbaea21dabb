/** Help: how comparisons are made, and what their columns mean. */
import type { HelpPage, HelpTerm } from './page.ts'

const statistic = (page: Omit<HelpPage, 'kind'>): HelpPage => ({ kind: 'statistic', ...page })

const term = (key: string, name: string, meaning: string): HelpTerm => ({
  ...{ key, term: name, meaning },
})

/** A page for each statistic. */
export const STATISTIC_PAGES: readonly HelpPage[] = [
  statistic({
    id: 'statistic-ratio',
    title: 'Ratio, speed-up and time saved',
    summary: 'Three readings of one comparison with the baseline.',
    blocks: [
      {
        text:
          'Ratio is T / T of the baseline, the geometric mean over the pairs of equal seed: ' +
          'below 1 is faster, and swapping the two inverts it. Speed-up is 1 / ratio − 1, time ' +
          'saved is 1 − ratio. A ratio of 0.5 is a speed-up of 100 % and saves 50 % of the time.',
      },
      {
        text:
          'Papers say “improvement” for both. Where this app sets a published figure beside its ' +
          'own it shows both readings and uses the figure nowhere else.',
      },
    ],
    terms: [
      term('n', 'n', 'repetitions, or pairs with the baseline'),
      term('ratio', 'Ratio', 'T / T of the baseline, with its 95 % interval'),
      term('interval', '95 % CI', 'see [[statistic-intervals]]'),
      term('speedup', 'Speed-up', 'T of the baseline / T − 1'),
      term('timeSaved', 'Time saved', '1 − T / T of the baseline'),
    ],
    sources: ['hoefler2015', 'miao2015'],
    see: ['statistic-means', 'statistic-verdict', 'statistic-pairing'],
  }),
  statistic({
    id: 'statistic-means',
    title: 'Geometric mean and mean of costs',
    summary: 'Two summaries over all groups that answer different questions; never one alone.',
    blocks: [
      {
        text:
          'The geometric mean of ratios gives every program the same say, however long it runs. ' +
          'The mean of costs divides summed times: what somebody saves who runs all of them ' +
          'once. Where the two disagree, short and long programs fare differently.',
      },
    ],
    terms: [
      term('geomean', 'Geometric mean of ratios', 'over the groups, which are taken as given'),
      term('meanCost', 'Mean of costs', 'Σ mean times / Σ mean times of the baseline'),
    ],
    sources: ['fleming1986', 'hoefler2015'],
    see: ['statistic-ratio'],
  }),
  statistic({
    id: 'statistic-pairing',
    title: 'Pairs, seeds and blocks',
    summary: 'Each repetition of a scheme is compared with the same repetition of the baseline.',
    blocks: [
      {
        text:
          'With the same seed every scheme gets the same work to do, so the difference within a ' +
          'pair is the scheme’s alone. A simulated run is deterministic for its seed: the seeds ' +
          'are the sample, and an interval speaks of the variation between seeds, not of the ' +
          'model’s error.',
      },
      {
        text:
          'Measured runs are paired by block: one run of every scheme in drawn order, close in ' +
          'time, so that a slow drift of the host falls on all alike ([[statistic-drift]]).',
      },
    ],
    sources: ['hoefler2015'],
    see: ['statistic-intervals', 'statistic-drift'],
  }),
  statistic({
    id: 'statistic-intervals',
    title: '95 % confidence intervals',
    summary: 'A range made so that in 95 of 100 such experiments it covers the true value.',
    blocks: [
      {
        text:
          'Of ratios: BCa bootstrap over pairs, widened for small samples; with few pairs ' +
          'Student’s t on logarithms. Of medians: order statistics, without any assumption, from ' +
          'six runs on. With one run there is none, and none is shown.',
      },
      {
        text:
          'Overlapping intervals of two schemes are no test: compare the schemes with each ' +
          'other, or read the verdict.',
      },
    ],
    sources: ['efron1987', 'hesterberg2015'],
    see: ['statistic-verdict', 'statistic-tests'],
  }),
  statistic({
    id: 'statistic-tests',
    title: 'p, and the smallest p that can be reached',
    summary: 'How often chance alone would bring at least such a difference.',
    blocks: [
      {
        text:
          'A sign-flip permutation test on the logarithms of the paired ratios: if the scheme ' +
          'made no difference, each pair could as well be the other way round. Few pairs have ' +
          'few ways to be flipped, so p has a floor: 2 / 2ⁿ. Where the floor is above 0.05 ' +
          'nothing can be significant, and the app says so instead of claiming it.',
      },
      {
        text:
          'Where samples are not paired the rank test of Mann and Whitney takes its place, exact ' +
          'for small ones.',
      },
    ],
    terms: [
      term('p', 'p', 'corrected for the number of comparisons, [[statistic-correction]]'),
      term('effect', 'Effect', '(pairs faster − pairs slower) / pairs, from −1 to 1'),
    ],
    sources: ['hoefler2015', 'mann1947'],
    see: ['statistic-correction', 'statistic-verdict', 'statistic-power'],
  }),
  statistic({
    id: 'statistic-correction',
    title: 'Correction for many comparisons',
    summary: 'Of 20 comparisons without any difference one would look significant by chance.',
    blocks: [
      {
        text:
          'Holm’s method makes the family’s chance of a single false claim at most 5 %, whatever ' +
          'the comparisons have to do with each other. It takes more pairs: the plan says how ' +
          'many. For large families with shared seeds the step-down method of Westfall and Young ' +
          'uses how they hang together.',
      },
    ],
    sources: ['holm1979', 'westfall1993'],
    see: ['statistic-tests', 'statistic-power'],
  }),
  statistic({
    id: 'statistic-verdict',
    title: 'The four verdicts',
    summary: 'Better, worse, equivalent or inconclusive; one rule for simulated and measured runs.',
    blocks: [
      {
        text:
          'Fewer than six pairs: inconclusive. The whole interval of the ratio within the margin ' +
          '(2 % unless the campaign says otherwise): equivalent, before any significance, as a ' +
          'difference that does not matter is no finding. The interval excludes 1 and corrected ' +
          'p ≤ 0.05: better (↓) or worse (↑). Anything else: inconclusive (~).',
      },
      {
        text:
          'Inconclusive is not “no difference”: it says that these runs cannot tell. More pairs ' +
          'may.',
      },
    ],
    terms: [term('verdict', 'Verdict', '↓ better, ↑ worse, = equivalent, ~ inconclusive')],
    sources: ['schuirmann1987', 'hoefler2015'],
    see: ['statistic-intervals', 'statistic-tests', 'statistic-power'],
  }),
  statistic({
    id: 'statistic-power',
    title: 'Power: how many repetitions',
    summary: 'From the spread of a pilot: what it takes to see an effect of a given size.',
    blocks: [
      {
        text:
          'A comparison with too few pairs can only say inconclusive. The planner takes the ' +
          'variance of pairs that were run already, the effect that you want to detect, and the ' +
          'number of comparisons, and says how many pairs that takes and how long they run.',
      },
      {
        text:
          'A stopping rule ends a campaign when the interval is narrow enough. It looks at the ' +
          'width only, never at the verdict: stopping when the result pleases would make it ' +
          'worthless.',
      },
    ],
    sources: ['hoefler2015'],
    see: ['statistic-verdict', 'statistic-intervals'],
  }),
  statistic({
    id: 'statistic-drift',
    title: 'Drift over the run order',
    summary: 'Whether runs became slower or faster as the campaign went on.',
    blocks: [
      {
        text:
          'Hosts warm up, fill their caches and are used by others. Runs are interleaved in ' +
          'drawn order so that drift falls on all schemes alike, and a rank test over the order ' +
          'says whether there was any. Simulated runs cannot drift.',
      },
    ],
    sources: ['hoefler2015'],
    see: ['statistic-pairing', 'statistic-exclusions'],
  }),
  statistic({
    id: 'statistic-exclusions',
    title: 'Exclusions, failures and outliers',
    summary: 'Nothing is left out silently.',
    blocks: [
      {
        text:
          'Outliers are drawn and counted. A run that is excluded has a reason and stands in the ' +
          'report; failed and missing runs are counted beside the figures. A measured run is ' +
          'done again when something else used the host, and how often is kept.',
      },
    ],
    sources: ['hoefler2015'],
    see: ['metric-measuring', 'statistic-drift'],
  }),
  statistic({
    id: 'statistic-attribution',
    title: 'Attribution and explanation',
    summary: 'Where the time went, and what would change if a harm were gone.',
    blocks: [
      {
        text:
          'Attribution sums the [[time-classes]] of a run. The waterfall goes from ideal to ' +
          'observed with one step a class. It is accounting: exact, but no promise.',
      },
      {
        text:
          'An explanation simulates the same scenario with a harm switched off (Counterfactual) ' +
          'and gives each harm the mean of what its going changed, over the orders in which they ' +
          'can go: Shapley’s value, with an interval over seeds.',
      },
    ],
    sources: ['shapley1953'],
    see: ['time-classes', 'double-scheduling'],
  }),
]
