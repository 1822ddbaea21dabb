/**
 * The twelve rules of Hoefler and Belli ("Scientific Benchmarking of Parallel Computing Systems",
 * SC 2015), answered from the data: pass, fail or n.a., each with where to look.
 */
import { sectionsLeftOut } from '../../core/contract/report.ts'
import type { ReportSectionKey } from '../../core/contract/report.ts'
import { BOOTSTRAP_DF_MIN } from '../../core/stats/interval.ts'
import { cell, narrow, para, row, section, table, wide } from '../document.ts'
import type { Section } from '../document.ts'
import type { ReportInput } from '../report-input.ts'

type Answer = {
  readonly rule: string
  readonly result: 'pass' | 'fail' | 'n.a.'
  readonly because: string
}

/** Pairs below which an interval is Student's. */
const BOOTSTRAP_PAIRS_MIN = BOOTSTRAP_DF_MIN + 1

const check = (isMet: boolean): 'pass' | 'fail' => (isMet ? 'pass' : 'fail')

function dataAnswers(input: ReportInput): readonly Answer[] {
  const { comparison } = input
  const rows = comparison.rows.filter((r) => !r.isBaseline)
  const hasIntervals = rows.every((r) => r.ratio.lo !== null && r.ratio.hi !== null)
  const isTested = rows.every((r) => r.p !== null)
  const reach = Math.min(1, ...rows.flatMap((r) => r.pSmallest ?? []))
  const hasBaseline = comparison.rows.some((r) => r.isBaseline && r.sample.n > 0)
  const isWhole = comparison.omitted.length + comparison.missingRuns + comparison.failedRuns === 0
  const least = Math.min(...rows.map((r) => r.pairs))
  return [
    {
      rule: '1 · Base case of a speed-up, with absolute times',
      result: check(hasBaseline),
      because: hasBaseline
        ? `baseline ${comparison.baseline}, its times are in the comparison table`
        : `no run of ${comparison.baseline} has finished`,
    },
    {
      rule: '2 · Reason for every subset',
      result: check(true),
      because: isWhole ? 'nothing left out' : 'left-out rows and failures are listed',
    },
    {
      rule: '5 · Deterministic or not; intervals for what is not',
      result: check(hasIntervals),
      because: hasIntervals
        ? 'deterministic per seed; 95 % intervals over seeds'
        : 'some rows have too few repetitions for an interval',
    },
    {
      rule: '6 · No normality assumed',
      result: check(least >= BOOTSTRAP_PAIRS_MIN),
      because:
        least >= BOOTSTRAP_PAIRS_MIN
          ? 'permutation tests; bootstrap intervals, which Student’s t may only widen'
          : `Student’s t on logarithms where there are fewer than ${BOOTSTRAP_PAIRS_MIN} pairs`,
    },
    {
      rule: '7 · Differences compared with a sound test',
      result: check(isTested && reach <= 0.05),
      because: isTested
        ? `paired permutation test; smallest p that can be reached: ${reach.toPrecision(2)}`
        : 'some rows have fewer than two pairs',
    },
  ]
}

const FIXED_ANSWERS: readonly Answer[] = [
  {
    rule: '3 · Means that fit: costs by arithmetic mean',
    result: 'pass',
    because: 'mean of costs is a ratio of summed times',
  },
  {
    rule: '4 · No lone mean of ratios',
    result: 'pass',
    because: 'the geometric mean stands beside the mean of costs',
  },
  {
    rule: '8 · Is the centre the right measure?',
    result: 'pass',
    because: 'every repetition is drawn and printed',
  },
  {
    rule: '9 · All factors, levels and the set-up',
    result: 'pass',
    because: 'set-up, schemes and parameters with provenance',
  },
  {
    rule: '10 · Measurement, synchronisation, summary',
    result: 'pass',
    because: 'clock, start of the VMs and iterations are in the set-up',
  },
  {
    rule: '11 · Upper bounds',
    result: 'n.a.',
    because: 'no uncontended run is part of the campaign; the share of useful work bounds the gain',
  },
  {
    rule: '12 · Plots show what is needed, no false lines',
    result: 'pass',
    because: 'intervals and repetitions drawn; nothing interpolated',
  },
]

/** Without a run nothing can be held to a rule, but that the set-up is told. */
const withoutRuns = (answer: Answer): Answer =>
  /^(2|9|10) /.test(answer.rule)
    ? answer
    : { ...answer, result: 'n.a.', because: 'no run has finished' }

/** Where the report shows what a rule asks for. */
const SHOWN_IN: Readonly<Record<number, readonly ReportSectionKey[]>> = {
  1: ['comparison'],
  2: ['completeness'],
  3: ['comparison'],
  4: ['verdict'],
  8: ['repetitions'],
  9: ['setup', 'schemes', 'parameters'],
  10: ['setup'],
}

/** A rule that asks to show something fails where its section is left out. */
const withoutSections =
  ({ parts }: ReportInput) =>
  (answer: Answer): Answer => {
    const keys: readonly string[] = SHOWN_IN[Number.parseInt(answer.rule, 10)] ?? []
    const missing = sectionsLeftOut(parts).filter(({ key }) => keys.includes(key))
    if (missing.length === 0 || answer.result !== 'pass') return answer
    const because = `left out of this report: ${missing.map(({ title }) => title).join(', ')}`
    return { ...answer, result: 'fail', because }
  }

/** The rules with their answers. */
export function checklistSection(input: ReportInput): Section {
  const number = (a: Answer): number => Number.parseInt(a.rule, 10)
  const all = [...dataAnswers(input), ...FIXED_ANSWERS].sort((a, b) => number(a) - number(b))
  const ran = input.comparison.rows.length === 0 ? all.map(withoutRuns) : all
  const answers = ran.map(withoutSections(input))
  const rows = answers.map((a) =>
    row([
      a.rule,
      cell(a.result, a.result === 'pass' ? 'plain' : 'strong'),
      cell(a.because, 'faint'),
    ]),
  )
  return section('Checklist', [
    para('Hoefler and Belli, Scientific Benchmarking of Parallel Computing Systems, SC 2015.'),
    table(
      'Rules in short, answered from the data of this campaign.',
      [wide('Rule', 1.2), narrow('Answer'), wide('Because', 1.6)],
      rows,
    ),
  ])
}
