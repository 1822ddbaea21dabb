/** flexlab figure: a campaign's charts as files, and figures drawn again from their packs. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { COMPARISON_CHARTS, LabError } from '../../../lab/index.ts'
import type { ComparisonChart } from '../../../lab/index.ts'
import { act, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

const FORMATS = ['pack', 'svg', 'csv'] as const

/** Ending of a file of each format. */
const ENDINGS = { pack: 'figure.json', svg: 'svg', csv: 'csv' } as const

const WIDTH_PX = { default: 960, min: 200, max: 10_000 }

type ExportOptions = {
  chart: ComparisonChart
  format: (typeof FORMATS)[number]
  output?: string
  baseline?: string
  scheme?: string
  group?: string
  width: number
}

type RenderOptions = { output?: string; csv?: string }

/** Adds the command. */
export function addFigure(program: Command): void {
  const figure = program.command('figure').description('charts as files, and drawn again from them')
  addExport(figure)
  addRender(figure)
}

function addExport(figure: Command): void {
  const command = figure
    .command('export <campaign>')
    .description('write one chart of a campaign’s comparison')
    .addOption(
      new Option('--chart <chart>', 'which one').choices([...COMPARISON_CHARTS]).default('bars'),
    )
    .addOption(
      new Option('-f, --format <format>', 'pack: picture, data and what draws it again')
        .choices([...FORMATS])
        .default('pack'),
    )
    .option('-o, --output <file>', 'the file (default: <chart>.figure.json, .svg or .csv)')
    .option('--baseline <scheme>', 'the scheme to compare with (default: the campaign’s)')
    .option('--scheme <scheme>', 'for charts of one scheme (default: the best)')
    .option('--group <group>', 'for charts of one group, as `compare` names it')
    .addOption(
      new Option('--width <px>', 'width of the picture')
        .argParser(wholeNumber(WIDTH_PX.min, WIDTH_PX.max))
        .default(WIDTH_PX.default),
    )
  act<ExportOptions>(command, async ({ lab, terminal, options }, ref) => {
    const { chart, format, baseline, scheme, group, width } = options
    const file = options.output ?? `${chart}.${ENDINGS[format]}`
    await requireWritable(file)
    const { campaign, figure: figures } = await lab()
    const pack = await figures.ofCampaign((await campaign.find(ref)).id, chart, {
      ...(baseline === undefined ? {} : { baseline }),
      ...(scheme === undefined ? {} : { scheme }),
      ...(group === undefined ? {} : { group }),
      widthPx: width,
    })
    const contents = format === 'pack' ? `${JSON.stringify(pack, null, 1)}\n` : pack[format]
    terminal.print(await writeWhole(file, Buffer.from(contents)))
    return EXIT.ok
  })
}

function addRender(figure: Command): void {
  const command = figure
    .command('render <pack>')
    .description('draw a figure again from its pack, and say whether it is the same')
    .option('-o, --output <file>', 'write the picture (SVG)')
    .option('--csv <file>', 'write its data')
  act<RenderOptions>(command, async ({ lab, terminal, options }, file) => {
    for (const target of [options.output, options.csv]) {
      if (target !== undefined) await requireWritable(target)
    }
    const { figure: figures } = await lab(':memory:')
    const { svg, csv, isSame, pack } = await figures.render(await textOf(file))
    if (options.output !== undefined) await writeWhole(options.output, Buffer.from(svg))
    if (options.csv !== undefined) await writeWhole(options.csv, Buffer.from(csv))
    const made = `made by ${pack.appVersion}`
    terminal.print(isSame ? `the same as in the pack, ${made}` : `differs from the pack, ${made}`)
    return isSame ? EXIT.ok : EXIT.conflict
  })
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new LabError('not-found', `${file} cannot be read: ${reason}`)
  }
}
