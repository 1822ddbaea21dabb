/** An explanation for people: what each harm costs, beside what the accounting charges. */
import type { Explanation } from '../../../lab/index.ts'
import { durationText, percentText } from './quantities.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

type Estimate = Explanation['timeNs']

const COLUMNS: readonly Column[] = [
  { title: 'harm' },
  ...['costs', '95 % CI', 'of the time', 'charged'].map((title) => {
    return { title, align: 'right' as const }
  }),
  { title: 'switched off means' },
]

/** Prints an explanation. */
export function printExplanation(explanation: Explanation, terminal: Terminal): void {
  const { scenario, scheme, seeds, ordersPerSeed, runs, timeNs, harms, restNs, workNs } =
    explanation
  terminal.print(terminal.paint('bold', `Counterfactual · ${scenario} · ${scheme}`))
  terminal.print(
    `${seeds.length} seeds × ${ordersPerSeed} orders, ${runs} runs; time ${withInterval(timeNs)}`,
  )
  terminal.print()
  const rows = harms.map(({ label, off, contributionNs, chargedNs }) => [
    ...[label, signedDuration(contributionNs.value), intervalText(contributionNs)],
    ...[share(contributionNs, timeNs), durationText(chargedNs.value), off],
  ])
  const rest = ['What is left', durationText(restNs.value), intervalText(restNs)]
  const all = [...rest, share(restNs, timeNs), '', 'without all of these']
  const work = ['Useful work', durationText(workNs.value), intervalText(workNs)]
  const alone = [...work, share(workNs, timeNs), '', 'if all pCPUs did nothing else']
  terminal.table(COLUMNS, [...rows, all, alone])
  terminal.print()
  terminal.print(
    'costs: how much shorter the run is without the harm, averaged over the orders in which all ' +
      'are switched off; they and what is left add up to the time. charged: what the accounting ' +
      'puts into the harm’s classes. Where the two differ, a wait that goes away makes room for ' +
      'another, or harm spreads to other threads.',
  )
}

const share = (part: Estimate, whole: Estimate): string => percentText(part.value / whole.value)

const signedDuration = (ns: number): string => (ns < 0 ? `−${durationText(-ns)}` : durationText(ns))

function intervalText({ lo, hi }: Estimate): string {
  return lo === null || hi === null ? '–' : `${signedDuration(lo)} … ${signedDuration(hi)}`
}

const withInterval = (estimate: Estimate): string =>
  `${durationText(estimate.value)} (${intervalText(estimate)})`
