/** flexlab power: the repetitions that a question needs, from a campaign as its pilot. */
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import type { PowerPlan } from '../../../core/contract/power.ts'
import { act, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { clockText, percentText } from '../output/quantities.ts'
import type { Terminal } from '../output/terminal.ts'

type Options = { effect: number; power: number; comparisons?: number; json?: boolean }

/** Adds the command. */
export function addPower(program: Command): void {
  const command = program
    .command('power <campaign>')
    .description('how many repetitions find a difference, with this campaign as the pilot')
    .option('--effect <percent>', 'smallest change of time worth finding', within(0.01, 90), 3)
    .option('--power <percent>', 'chance of finding it where it exists', within(50, 99.9), 80)
    .option('--comparisons <n>', 'rows that share the error rate (default: the pilot’s)', whole)
    .option('--json', 'print JSON')
  act<Options>(command, async ({ lab, terminal, options }, ref) => {
    const { campaign, power } = await lab()
    const { comparisons } = options
    const plan = await power.plan({
      pilotId: (await campaign.find(ref)).id,
      effect: options.effect / 100,
      power: options.power / 100,
      ...(comparisons === undefined ? {} : { comparisons }),
    })
    if (options.json === true) terminal.json(plan)
    else printPlan(plan, terminal)
    return EXIT.ok
  })
}

const whole = wholeNumber(1, 100_000)

const within = (least: number, most: number) => (value: string) => {
  const percent = Number(value)
  if (percent >= least && percent <= most) return percent
  throw new InvalidArgumentError(`It must be ${least} … ${most}.`)
}

const rangeText = ({ lo, hi }: { lo: number; hi: number }): string =>
  lo === hi ? String(lo) : `${lo} … ${hi}`

function printPlan(plan: PowerPlan, terminal: Terminal): void {
  const { rows, repetitions, costMs } = plan
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [{ title: 'app' }, { title: 'scheme' }, right('pairs'), right('spread')]
  terminal.print(
    terminal.paint('bold', `Pilot: ${plan.pilotName} (${plan.kind}), ${plan.comparisons} rows`),
  )
  terminal.table(
    [...columns, right('found now'), right('repetitions')],
    rows.map((row) => [
      ...[row.group, row.scheme, String(row.pairs), percentText(row.spread)],
      ...[percentText(row.detectable), rangeText(row.repetitions)],
    ]),
  )
  terminal.print()
  if (repetitions === null) {
    terminal.print('no row has two pairs: the pilot cannot say how much its ratios vary')
    return
  }
  const cost =
    costMs === null ? '' : `, ${clockText(costMs.lo)} to ${clockText(costMs.hi)} of wall time`
  terminal.print(
    `${rangeText(repetitions)} repetitions find a change of ${percentText(plan.effect)} in every ` +
      `row with a chance of ${percentText(plan.power)}${cost}`,
  )
  terminal.print(
    `spread: standard deviation of the paired log ratios; the second figure is by its 80 % upper ` +
      `limit; no fewer than ${plan.byResolution}, so that a corrected p can reach 0.05`,
  )
}
