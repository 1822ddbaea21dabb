/** flexlab compare: a campaign's schemes against a baseline, for people, programs and documents. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { MEASURES } from '../../../core/contract/measure.ts'
import type { Measure } from '../../../core/contract/measure.ts'
import { COMPARISON_FORMATS, LabError, narrowComparison, toGrid } from '../../../lab/index.ts'
import type { ComparisonFormatKey } from '../../../lab/index.ts'
import { act, list } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { printComparison } from '../output/comparison.ts'

type Options = {
  baseline?: string
  measure?: Measure
  format: 'table' | 'grid' | ComparisonFormatKey
  json?: boolean
  apps: string[]
  mixes: string[]
  schemes: string[]
}

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
        .choices(['table', ...Object.keys(COMPARISON_FORMATS), 'grid'])
        .default('table'),
    )
    .option('--apps <list>', 'only these apps; p stays corrected over all', list, [])
    .option('--mixes <list>', 'only these VM mixes', list, [])
    .option('--schemes <list>', 'only these schemes, and the baseline', list, [])
    .option('--json', 'the same as --format json')
  act<Options>(command, async ({ lab, terminal, options }, ref) => {
    const { campaign, compare } = await lab()
    const { apps, mixes, schemes } = options
    const whole = await compare.get(
      (await campaign.find(ref)).id,
      options.baseline,
      options.measure,
    )
    const comparison = narrowComparison(whole, { apps, mixes, schemes, overcommits: [] })
    if (whole.rows.length > 0 && comparison.rows.length === 0) {
      throw new LabError('bad-input', 'no group of the campaign has all of what is asked for')
    }
    const format = options.json === true ? 'json' : options.format
    if (format === 'table') printComparison(comparison, terminal)
    else if (format === 'grid') terminal.print(toGrid(comparison).trimEnd())
    else terminal.print(COMPARISON_FORMATS[format].write(comparison).trimEnd())
    return EXIT.ok
  })
}
