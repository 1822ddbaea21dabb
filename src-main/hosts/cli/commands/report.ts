/** flexlab report: a campaign's comparison as a PDF. */
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { REPORT_SECTION_KEYS } from '../../../core/contract/report.ts'
import type { Paper, ReportSectionKey } from '../../../core/contract/report.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

type Options = {
  output?: string
  baseline?: string
  title?: string
  author: string[]
  paper: Paper | 'letter'
  sections?: readonly ReportSectionKey[]
  json?: boolean
}

/** `verdict,comparison`: keys in the order of the report. */
function readSections(list: string): readonly ReportSectionKey[] {
  return list.split(',').map((text) => {
    const found = REPORT_SECTION_KEYS.find((key) => key === text.trim())
    if (found !== undefined) return found
    throw new InvalidArgumentError(
      `there is no section "${text.trim()}"; there are: ${REPORT_SECTION_KEYS.join(', ')}`,
    )
  })
}

const collect = (value: string, before: string[]): string[] => [...before, value]

/** Adds the command. */
export function addReport(program: Command): void {
  const command = program
    .command('report <campaign>')
    .description('print a campaign’s comparison to a PDF')
    .option('-o, --output <file>', 'the file (default: the campaign’s name)')
    .option('--baseline <scheme>', 'the scheme to compare with (default: the campaign’s)')
    .option('--title <text>', 'title of the report')
    .option('--author <name>', 'an author; may be given several times', collect, [])
    .addOption(new Option('--paper <size>').choices(['a4', 'letter', 'us-letter']).default('a4'))
    .option('--sections <a,b>', 'only these, in this order (default: all)', readSections)
    .option('--json', 'print file, pages and hash as JSON')
  act<Options>(command, async (session, ref) => {
    const { options, terminal } = session
    const { campaign, report } = await session.lab()
    const { title, baseline, author, paper, sections, output } = options
    if (output !== undefined) await requireWritable(output)
    const { bytes, fileName, pages, sha256 } = await report.export({
      campaignId: (await campaign.find(ref)).id,
      ...(baseline === undefined ? {} : { baseline }),
      ...(title === undefined ? {} : { title }),
      authors: author,
      paper: paper === 'letter' ? 'us-letter' : paper,
      ...(sections === undefined ? {} : { parts: [...sections] }),
    })
    const file = await writeWhole(output ?? fileName, bytes)
    if (options.json === true) terminal.json({ file, pages, sha256 })
    else terminal.print(`${file}: ${pages} pages, SHA-256 ${sha256}`)
    return EXIT.ok
  })
}
