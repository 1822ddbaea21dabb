/** flexlab campaign: run, list, show, resume, retry and skip campaigns. */
import type { Command } from 'commander'
import type { Campaign } from '../../../core/contract/campaign.ts'
import type { CampaignDetail, CampaignRow } from '../../../core/contract/library.ts'
import type { Lab } from '../../../lab/index.ts'
import { readCampaignSource } from '../campaign-source.ts'
import { LabError } from '../../../lab/index.ts'
import { act, list, wholeNumber } from '../cli.ts'
import type { Session } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { factorColumns } from '../output/factor-columns.ts'
import { clockText } from '../output/quantities.ts'
import { tableLines } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { runToRest } from '../run-to-rest.ts'

type Json = { json?: boolean }
type RunOptions = Json & {
  seeds?: number
  apps?: string[]
  schemes?: string[]
  dryRun?: boolean
  start: boolean
}

const NAME_COLUMNS = 60

const right = (title: string) => ({ title, align: 'right' as const })

/** Adds the command. */
export function addCampaign(program: Command): void {
  const campaign = program.command('campaign').description('run and look after campaigns')
  addRun(campaign)
  addList(campaign)
  addShow(campaign)
  addFile(campaign)
  addScheme(campaign)
  addResume(campaign)
  addRetry(campaign)
  addSkip(campaign)
}

function addRun(campaign: Command): void {
  const command = campaign
    .command('run <file-or-template>')
    .description('run a campaign file (YAML or JSON, - for standard input) or a shipped campaign')
    .option('--seeds <n>', 'repetitions instead of the file’s', wholeNumber(1))
    .option('--apps <list>', 'these apps instead of the file’s, e.g. dedup,vips', list)
    .option('--schemes <list>', 'these schemes instead of the file’s; an id keeps all of it', list)
    .option('--dry-run', 'check the file and show what it would do')
    .option('--no-start', 'store the campaign without starting it')
    .option('--json', 'print the outcome as JSON')
  act<RunOptions>(command, async (session, source) => {
    const lab = await session.lab()
    const text = await readCampaignSource(source, lab.system.catalogue().templates)
    const { options } = session
    const definition = narrow(lab.campaign.read(text), options)
    if (options.dryRun === true) return showPlan(lab, definition, session)
    const row = await lab.campaign.createFrom(definition, options.start)
    session.terminal.say(`campaign ${row.id} (${row.name}), ${row.cells} cells`)
    if (options.start) return finish(lab, row, session)
    if (options.json === true) session.terminal.json(row)
    return EXIT.ok
  })
}

/** The campaign with fewer apps, schemes or repetitions than its file has. */
function narrow(campaign: Campaign, { seeds, apps, schemes }: RunOptions): Campaign {
  const { axes } = campaign
  return {
    ...campaign,
    seeds: { ...campaign.seeds, count: seeds ?? campaign.seeds.count },
    axes: {
      ...axes,
      app: apps ?? axes.app,
      scheme: schemes?.flatMap((name) => schemesNamed(name, axes.scheme)) ?? axes.scheme,
    },
  }
}

type SchemeChoice = Campaign['axes']['scheme'][number]

/** The file's schemes of an id, with their parameters; a scheme that the file lacks by its id. */
function schemesNamed(id: string, schemes: readonly SchemeChoice[]): readonly SchemeChoice[] {
  const found = schemes.filter((scheme) => (typeof scheme === 'string' ? scheme : scheme.id) === id)
  return found.length > 0 ? found : [id]
}

async function showPlan(
  lab: Lab,
  definition: Campaign,
  { terminal, options }: Session<RunOptions>,
): Promise<ExitCode> {
  const plan = await lab.campaign.plan(JSON.stringify(definition))
  if (options.json === true) terminal.json(plan)
  else printPlan(plan, terminal)
  return plan.issues.length > 0 ? EXIT.badInput : EXIT.ok
}

function printPlan(plan: Awaited<ReturnType<Lab['campaign']['plan']>>, terminal: Terminal): void {
  const { cells, etaMs } = plan
  const factorsOf = factorColumns(cells.map(({ factors }) => factors))
  const columns = [right('cell'), ...factorsOf, right('seed')]
  const rows = cells.map(({ index, factors, seed }) => {
    return [String(index), ...factorsOf.map(({ text }) => text(factors)), String(seed)]
  })
  terminal.table(columns, rows)
  const eta = etaMs === null ? 'not known yet' : `${clockText(etaMs.lo)} to ${clockText(etaMs.hi)}`
  terminal.print(`${cells.length} cells, time: ${eta}`)
}

async function finish(lab: Lab, row: CampaignRow, session: Session<Json>): Promise<ExitCode> {
  const { terminal, interrupts, options } = session
  const { progress, exit } = await runToRest(lab, row, terminal, interrupts)
  if (options.json === true) terminal.json(progress)
  else if (exit === EXIT.ok) terminal.say(`compare with: flexlab compare ${row.id}`)
  return exit
}

function addList(campaign: Command): void {
  const command = campaign.command('list').description('list the campaigns, newest first')
  act<Json>(command.option('--json', 'print JSON'), async ({ lab, terminal, options }) => {
    const rows = await (await lab()).campaign.list()
    if (options.json === true) terminal.json(rows)
    else for (const line of campaignLines(rows)) terminal.print(line)
    return EXIT.ok
  })
}

function campaignLines(rows: readonly CampaignRow[]): string[] {
  if (rows.length === 0) return ['no campaigns yet; try: flexlab campaign run flexcore-2015']
  const columns = [
    ...[{ title: 'id' }, { title: 'name' }, { title: 'status' }, { title: 'created' }],
    ...[right('cells'), right('finished'), right('failed'), right('skipped')],
  ]
  const cells = (row: CampaignRow): string[] => [
    ...[row.id, shortName(row.name), row.status, row.createdAt.slice(0, 19).replace('T', ' ')],
    ...[row.cells, row.finished, row.failed, row.skipped].map(String),
  ]
  return tableLines(columns, rows.map(cells))
}

function addShow(campaign: Command): void {
  const command = campaign
    .command('show <campaign>')
    .description('show a campaign: id, start of an id, name or "latest"')
    .option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }, ref) => {
    const { campaign: cases } = await lab()
    const detail = await cases.get((await cases.find(ref)).id)
    if (options.json === true) terminal.json(detail)
    else printDetail(detail, terminal)
    return EXIT.ok
  })
}

function printDetail({ row, definition, cells }: CampaignDetail, terminal: Terminal): void {
  for (const line of campaignLines([row])) terminal.print(line)
  if (definition.description !== '') terminal.print(`\n${definition.description.trim()}`)
  const factorsOf = factorColumns(cells.map(({ factors }) => factors))
  const ends = [right('seed'), { title: 'status' }, { title: 'run or error' }]
  const rows = cells.map((cell) => [
    ...[String(cell.index), ...factorsOf.map(({ text }) => text(cell.factors))],
    ...[String(cell.seed), cell.status, cell.runId ?? cell.error ?? ''],
  ])
  terminal.print()
  for (const line of tableLines([right('cell'), ...factorsOf, ...ends], rows)) terminal.print(line)
}

function addFile(campaign: Command): void {
  const command = campaign
    .command('file <campaign>')
    .description('print a campaign’s file, which "campaign run" takes again')
  act(command, async ({ lab, terminal }, ref) => {
    const { campaign: cases } = await lab()
    const text = await cases.file((await cases.find(ref)).id)
    terminal.print(text.trimEnd())
    return EXIT.ok
  })
}

function addScheme(campaign: Command): void {
  const command = campaign
    .command('scheme <campaign> <id>')
    .description('print the code of a scheme of your own that the campaign was made with')
  act(command, async ({ lab, terminal }, ref, id) => {
    const { campaign: cases } = await lab()
    const text = await cases.schemeText((await cases.find(ref)).id, id)
    terminal.print(text.replace(/\n$/, ''))
    return EXIT.ok
  })
}

function addResume(campaign: Command): void {
  const command = campaign
    .command('resume <campaign>')
    .description('go on with a campaign that was paused, cancelled or interrupted')
    .option('--json', 'print the outcome as JSON')
  act<Json>(command, async (session, ref) => {
    const lab = await session.lab()
    const row = await lab.campaign.find(ref)
    await lab.campaign.resume(row.id)
    return finish(lab, row, session)
  })
}

function addRetry(campaign: Command): void {
  const command = campaign
    .command('retry <campaign> [cells]')
    .description('run the failed cells again, or those of the named ones, skipped or failed: 3,7')
    .option('--json', 'print the outcome as JSON')
  act<Json>(command, async (session, ref, cells) => {
    const lab = await session.lab()
    const row = await lab.campaign.find(ref)
    const { changed } = await lab.campaign.retry(row.id, indexes(cells))
    session.terminal.say(`${counted(changed)} to run again`)
    if (changed > 0) return finish(lab, row, session)
    session.terminal.say('only cells that failed or were skipped are run again')
    if (session.options.json === true) session.terminal.json(await lab.campaign.progress(row.id))
    return EXIT.ok
  })
}

function addSkip(campaign: Command): void {
  const command = campaign
    .command('skip <campaign> <cells>')
    .description('leave cells out, e.g. 3,7; retry takes them in again')
  act(command, async ({ lab, terminal }, ref, cells) => {
    const { campaign: cases } = await lab()
    const { changed } = await cases.skip((await cases.find(ref)).id, indexes(cells))
    terminal.say(`${counted(changed)} skipped`)
    if (changed === 0) terminal.say('only cells that have not finished can be left out')
    return EXIT.ok
  })
}

function indexes(cells: string): number[] {
  if (cells === '') return []
  return list(cells).map((text) => {
    if (/^\d{1,9}$/.test(text)) return Number(text)
    const hint = 'name them by their numbers, e.g. 3,7; see: flexlab campaign show'
    throw new LabError('bad-input', `"${text}" is no cell`, hint)
  })
}

function shortName(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= NAME_COLUMNS) return name
  return `${characters.slice(0, NAME_COLUMNS - 1).join('')}…`
}

const counted = (cells: number): string => `${cells} ${cells === 1 ? 'cell' : 'cells'}`
