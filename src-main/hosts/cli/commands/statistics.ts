/** flexlab statistics: whether the statistics do what they say, written as a document. */
import type { Command } from 'commander'
import { act, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { statisticsDocument } from '../output/statistics.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

type Options = { repeats: number; samples: number; json?: boolean; write?: string }

/** Adds the command. */
export function addStatistics(program: Command): void {
  const command = program
    .command('statistics')
    .description('try the statistics: the same scheme twice, and the coverage of the intervals')
    .option('--repeats <n>', 'repeats of the null campaign', wholeNumber(1, 100_000), 500)
    .option('--samples <n>', 'samples of each distribution', wholeNumber(1, 100_000), 2000)
    .option('--json', 'print JSON')
    .option('--write <file>', 'write the document as Markdown')
  act<Options>(command, async ({ options, terminal, interrupts, lab }) => {
    const { repeats, samples } = options
    if (options.write !== undefined) await requireWritable(options.write)
    const figures = await (
      await lab(':memory:')
    ).statistics.run({
      ...{ repeats, samples, signal: interrupts.signal },
      onProgress: (text) => terminal.status(text),
    })
    terminal.clearStatus()
    const document = statisticsDocument(figures)
    if (options.write !== undefined) await writeWhole(options.write, Buffer.from(document))
    if (options.json === true) terminal.json(figures)
    else terminal.print(document.trimEnd())
    return EXIT.ok
  })
}
