/** flexlab bench: how fast the simulator is on this machine. */
import type { Command } from 'commander'
import { measureModel } from '../../../lab/index.ts'
import type { ModelRate } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { countText, rateText } from '../output/quantities.ts'
import type { Column } from '../output/table.ts'

const COLUMNS: readonly Column[] = [
  ...[{ title: 'pCPUs/vCPUs' }, { title: 'app' }, { title: 'scheme' }],
  ...['events', 'events/s', 'lowest', 'highest'].map((title) => {
    return { title, align: 'right' as const }
  }),
]

/** Adds the command. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .description('measure how fast the simulator is on this machine')
    .option('--json', 'print JSON')
  act<{ json?: boolean }>(command, async ({ terminal, options, interrupts }) => {
    const rates: ModelRate[] = []
    for (const rate of measureModel(interrupts.signal)) {
      rates.push(rate)
      terminal.say(`${rate.name} ${rate.app} ${rate.scheme}: ${rateText(rate.rateMedian)} events/s`)
      // Lets a Ctrl-C through between two situations.
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (options.json === true) terminal.json({ model: rates })
    else terminal.table(COLUMNS, rates.map(cells))
    return EXIT.ok
  })
}

function cells(rate: ModelRate): string[] {
  return [
    ...[`${rate.pcpus}/${countText(rate.vcpus)}`, rate.app, rate.scheme],
    ...[countText(rate.eventsPerRound), rateText(rate.rateMedian)],
    ...[rateText(rate.rateMin), rateText(rate.rateMax)],
  ]
}
