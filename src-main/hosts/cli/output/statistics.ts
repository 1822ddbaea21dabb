/** The trial of the statistics as a Markdown document. */
import type { StatisticsFigures } from '../../../lab/index.ts'
import { durationText, percentText } from './quantities.ts'
import { markdownLines } from './table.ts'
import type { Column } from './table.ts'

const left = (title: string): Column => ({ title })
const right = (title: string): Column => ({ title, align: 'right' })

const share = (part: number, of: number): string => `${percentText(part / of)} (${part} of ${of})`

function nullLines({ nulls }: StatisticsFigures): readonly string[] {
  const columns = [
    ...[left('how it is judged'), right('false better or worse, by row')],
    ...[right('repeats with any (Holm: ≤ 5 %)'), right('interval holds the truth')],
    ...[right('equivalent'), right('pairs'), right('drift warned of')],
  ]
  const rows = nulls.map((one) => [
    ...[one.name, share(one.falseRows, one.rows), share(one.falseRepeats, one.repeats)],
    ...[share(one.coveredRows, one.rows), percentText(one.equivalentRows / one.rows)],
    ...[(one.pairsUsed / one.rows).toFixed(1), share(one.driftRepeats, one.repeats)],
  ])
  return markdownLines(columns, rows)
}

function coverageLines({ coverage }: StatisticsFigures): readonly string[] {
  const columns = [
    ...[left('log ratios'), right('pairs'), right('the interval in use')],
    ...[right('its width over Student’s'), right('plain BCa'), right('Student'), right('median')],
  ]
  const rows = coverage.map((one) => [
    ...[one.distribution, String(one.n), `**${percentText(one.shipped)}**`],
    ...[one.width.toFixed(2), percentText(one.bca), percentText(one.student)],
    percentText(one.median),
  ])
  return markdownLines(columns, rows)
}

function coverageWords({ coverage }: StatisticsFigures): string {
  const inside = coverage.filter(({ shipped }) => shipped >= 0.93 && shipped <= 0.97).length
  const below = coverage.filter(({ shipped }) => shipped < 0.93)
  const named = below.map(({ distribution, n, shipped }) => {
    return `${distribution} with ${n} pairs (${percentText(shipped)})`
  })
  return (
    `Of ${coverage.length} cases ${inside} are covered at 93 … 97 %, ` +
    `${coverage.length - inside - below.length} above. Below 93 %: ` +
    `${named.length === 0 ? 'none' : named.join(', ')}.`
  )
}

/** The document. */
export function statisticsDocument(figures: StatisticsFigures): string {
  const { machine, commit, repeats, samples, runs, wallMs } = figures
  return [
    ...['# The statistics, tried', ''],
    'Written by `flexlab statistics --write`; the same options give the same figures. What the',
    'statistics are, and what follows from this, is in [statistics](../statistics.md).',
    ...[
      '',
      `Commit ${commit ?? 'unknown'}. ${durationText(wallMs * 1e6)} on ${machine.cpuCount} ×`,
    ],
    `${machine.cpu}, ${machine.os}, ${machine.runtime}.`,
    ...['', '## The same scheme twice', ''],
    `**Simulated.** ${repeats} repeats of a campaign that compares CFS with CFS: four apps in a VM`,
    `beside another on two pCPUs, ${runs} runs of the simulator. The arms have seeds of their own,`,
    'as two measurements have noise of their own; every difference between them is false.',
    ...['', ...nullLines(figures), ''],
    'Without a margin nothing can be called equivalent, so nothing hides a false finding. The',
    'drift check is tried as if the repeats were measured; at p ≤ 0.05 it warns of 5 % by chance.',
    ...['', '## Coverage of the 95 % intervals', ''],
    `${samples} samples of each kind and size; the standard error of a figure is`,
    `${percentText(Math.sqrt((0.95 * 0.05) / samples), 2)}. The median is held by order`,
    'statistics, whose confidence can only be at least 95 %.',
    ...['', coverageWords(figures), '', ...coverageLines(figures)],
    '',
  ].join('\n')
}
