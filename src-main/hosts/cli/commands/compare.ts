/** flexlab compare: a campaign's schemes against a baseline, for people, programs and documents. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { MEASURES } from '../../../core/contract/measure.ts'
import type { Measure } from '../../../core/contract/measure.ts'
import { toCsv, toGrid, toMarkdown } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { printComparison } from '../output/comparison.ts'

type Format = 'table' | 'json' | 'csv' | 'md' | 'grid'
type Options = { baseline?: string; measure?: Measure; format: Format; json?: boolean }

/** Adds the command. */
export function addCompare(program: Command): void {
  const command = program
    .command('compare <campaign>')
    .description('compare the schemes of a campaign: id, start of an id, name or "latest"')
    .option('--baseline <scheme>', 'the scheme to compare with (default: the campaign’s)')
    .addOption(
      new Option('--measure <measure>', 'what is compared (default: the campaign’s)').choices(
        Object.keys(MEASURES),
      ),
    )
    .addOption(
      new Option('-f, --format <format>', 'how to print it')
        .choices(['table', 'json', 'csv', 'md', 'grid'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
  act<Options>(command, async ({ lab, terminal, options }, ref) => {
    const { campaign, compare } = await lab()
    const comparison = await compare.get(
      (await campaign.find(ref)).id,
      options.baseline,
      options.measure,
    )
    const format = options.json === true ? 'json' : options.format
    if (format === 'json') terminal.json(comparison)
    else if (format === 'csv') terminal.print(toCsv(comparison).trimEnd())
    else if (format === 'md') terminal.print(toMarkdown(comparison).trimEnd())
    else if (format === 'grid') terminal.print(toGrid(comparison).trimEnd())
    else printComparison(comparison, terminal)
    return EXIT.ok
  })
}
