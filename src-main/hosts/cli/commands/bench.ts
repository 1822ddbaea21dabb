/** flexlab bench: how fast simulator and library are on this machine. */
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { BENCH_PARTS, runBench, SIMSO_VARIABLE } from '../../../lab/index.ts'
import type { BenchFigures, BenchPart } from '../../../lab/index.ts'
import { act, list } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { benchDocument, benchTables } from '../output/bench.ts'
import type { Terminal } from '../output/terminal.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

type Options = {
  readonly json?: boolean
  readonly quick?: boolean
  readonly only: readonly BenchPart[]
  readonly simso?: string
  readonly write?: string
}

/** Adds the command. */
export function addBench(program: Command): void {
  const only = new Option('--only <parts>', `some of ${BENCH_PARTS.join(', ')}`)
  const simso = new Option('--simso <folder>', 'a copy of SimSo’s repository, to compare with')
  const command = program
    .command('bench')
    .description('measure how fast simulator and library are on this machine')
    .option('--json', 'print JSON')
    .option('--quick', 'fewer and shorter rounds')
    .addOption(only.argParser(partList).default(BENCH_PARTS, 'all'))
    .addOption(simso.env(SIMSO_VARIABLE))
    .option('--write <file>', 'write the figures as Markdown')
  act<Options>(command, async ({ terminal, options, interrupts }) => {
    if (options.write !== undefined) await requireWritable(options.write)
    const figures = await runBench({
      quick: options.quick === true,
      parts: options.only,
      simso: options.simso,
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

/** Parts of the bench, from `engine,model`. */
function partList(value: string): BenchPart[] {
  return list(value).map((name) => {
    const part = BENCH_PARTS.find((one) => one === name)
    if (part === undefined) {
      throw new InvalidArgumentError(`There is no ${name}; there are ${BENCH_PARTS.join(', ')}.`)
    }
    return part
  })
}

function print(terminal: Terminal, figures: BenchFigures): void {
  for (const { title, columns, rows, notes } of benchTables(figures)) {
    terminal.print(title)
    if (rows.length > 0) terminal.table(columns, rows)
    for (const note of notes) terminal.print(note)
    terminal.print()
  }
}
