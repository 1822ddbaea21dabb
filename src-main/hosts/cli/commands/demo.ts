/** flexlab demo: a campaign from its file to its PDF, in about a minute. */
import type { Command } from 'commander'
import path from 'node:path'
import { LabError } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { printComparison } from '../output/comparison.ts'
import { runToRest } from '../run-to-rest.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

const TEMPLATE = 'demo'

/** Adds the command. */
export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('run the FlexCore evaluation in short: simulate, store, compare, print')
    .option('-o, --output <file>', 'the PDF (default: flexcore-demo.pdf beside the library)')
  act<{ output?: string }>(command, async (session) => {
    const { options, terminal, interrupts } = session
    if (options.output !== undefined) await requireWritable(options.output)
    const lab = await session.lab()
    const template = lab.system.catalogue().templates.find(({ id }) => id === TEMPLATE)
    if (template === undefined) throw new LabError('internal', 'the demo campaign is not shipped')
    terminal.say(template.description)
    const row = await lab.campaign.create(template.text, true)
    const { exit } = await runToRest(lab, row, terminal, interrupts)
    if (exit === EXIT.cancelled) return exit
    const comparison = await lab.compare.get(row.id)
    printComparison(comparison, terminal)
    const output = options.output ?? path.join(path.dirname(options.db), 'flexcore-demo.pdf')
    const report = await lab.report.export({ campaignId: row.id, authors: [], paper: 'a4' })
    const file = await writeWhole(output, report.bytes)
    terminal.print()
    terminal.print(`Library: ${options.db}`)
    terminal.print(`Report:  ${file} (${report.pages} pages)`)
    terminal.print(`Look at it in the workbench: npm start -- --db ${options.db}`)
    return exit
  })
}
