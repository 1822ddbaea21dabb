/** flexlab bench: how fast the simulator is on this machine. */
import type { Command } from 'commander'
import { runBench } from '../../../lab/index.ts'
import type { BenchFigures } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { benchDocument, benchTables } from '../output/bench.ts'
import type { Terminal } from '../output/terminal.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

/** Adds the command. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .description('measure how fast the simulator is on this machine')
    .option('--json', 'print JSON')
    .option('--quick', 'fewer and shorter rounds')
    .option('--write <file>', 'write the figures as Markdown')
  act<{ json?: boolean; quick?: boolean; write?: string }>(command, async (session) => {
    const { terminal, options, interrupts } = session
    if (options.write !== undefined) await requireWritable(options.write)
    const figures = await runBench({
      quick: options.quick === true,
      onDone: (what) => terminal.say(`measured: ${what}`),
      signal: interrupts.signal,
    })
    if (options.write !== undefined) {
      await writeWhole(options.write, Buffer.from(benchDocument(figures)))
    }
    if (options.json === true) terminal.json(figures)
    else print(terminal, figures)
    return EXIT.ok
  })
}

function print(terminal: Terminal, figures: BenchFigures): void {
  for (const { title, columns, rows, notes } of benchTables(figures)) {
    terminal.print(title)
    terminal.table(columns, rows)
    for (const note of notes) terminal.print(note)
    terminal.print()
  }
}
