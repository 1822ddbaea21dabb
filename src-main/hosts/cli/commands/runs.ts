/** flexlab runs and flexlab run: what the library keeps. */
import type { Command } from 'commander'
import type { RunDetail, RunRow } from '../../../core/contract/library.ts'
import type { RunSeries } from '../../../core/contract/result.ts'
import { describeMeasuredHost, loadCsv, loadSvg, runQuery } from '../../../lab/index.ts'
import { act, list, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { addExclusions } from './exclusions.ts'
import { findRun, PAGE_ROWS } from '../find-run.ts'
import { countText, durationText } from '../output/quantities.ts'
import { printResult } from '../output/result.ts'
import { printSeries } from '../output/series.ts'
import type { Column } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

type Options = {
  search: string
  campaign?: string
  apps: string[]
  schemes: string[]
  limit: number
  json?: boolean
}

const LIMIT_DEFAULT = 50

const COLUMNS: readonly Column[] = [
  ...[{ title: 'id' }, { title: 'kind' }, { title: 'campaign' }, { title: 'app' }],
  ...[{ title: 'scheme' }, { title: 'seed', align: 'right' as const }],
  ...[
    { title: 'time', align: 'right' as const },
    { title: 'events', align: 'right' as const },
  ],
]

/** Adds the commands. */
export function addRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('list the runs of the library, newest first')
    .option('--search <text>', 'only runs with these words in name, app, scheme, tags or note', '')
    .option('--campaign <campaign>', 'only runs of this campaign')
    .option('--apps <list>', 'only these apps', list, [])
    .option('--schemes <list>', 'only these schemes', list, [])
    .option('--limit <n>', 'at most so many', wholeNumber(1), LIMIT_DEFAULT)
    .option('--json', 'print JSON')
  act<Options>(runs, async ({ lab, terminal, options }) => {
    const opened = await lab()
    const { search, apps, schemes, limit, campaign } = options
    const campaignIds = campaign === undefined ? [] : [(await opened.campaign.find(campaign)).id]
    const query = runQuery({
      search,
      apps,
      schemes,
      campaignIds,
      limit: Math.min(limit, PAGE_ROWS),
    })
    const page = await opened.library.runs(query)
    if (options.json === true) terminal.json(page)
    else {
      if (page.rows.length > 0) terminal.table(COLUMNS, page.rows.map(cells))
      terminal.print(`${page.rows.length} of ${countText(page.total)} runs`)
    }
    return EXIT.ok
  })
  addRun(program)
}

type RunOptions = {
  readonly json?: boolean
  readonly series?: boolean
  readonly csv?: boolean
  readonly chart?: string
}

function addRun(program: Command): void {
  const run = program
    .command('run <id>')
    .description('show a run of the library: an id, the start of one, or "latest"')
    .option('--series', 'online vCPUs and load over time instead')
    .option('--csv', 'print the series as CSV')
    .option('--chart <file>', 'write the chart of online vCPUs and load over time (SVG)')
    .option('--json', 'print JSON')
  act<RunOptions>(run, async ({ lab, terminal, options }, ref) => {
    if (options.chart !== undefined) await requireWritable(options.chart)
    const opened = await lab()
    const detail = await opened.library.run(await findRun(opened, ref))
    if (options.chart !== undefined) {
      const series = await opened.trace.series(detail.row.id)
      await writeWhole(options.chart, Buffer.from(loadSvg(detail, series)))
      terminal.say(`${options.chart} is written`)
    }
    if (options.series === true || options.csv === true)
      showSeries(detail, await opened.trace.series(detail.row.id), options, terminal)
    else showRun(detail, options, terminal)
    return EXIT.ok
  })
  addExclusions(run)
}

function showRun(detail: RunDetail, { json }: RunOptions, terminal: Terminal): void {
  if (json === true) return terminal.json(detail)
  printResult(detail.scenario, detail.result, terminal)
  const { host } = detail.environment
  if (host !== null) terminal.print(`on ${describeMeasuredHost(host)}`)
  const { excluded } = detail.row
  if (excluded !== null) terminal.print(`excluded from comparisons: ${excluded}`)
}

function showSeries(
  { row }: RunDetail,
  series: RunSeries,
  { json, csv }: RunOptions,
  terminal: Terminal,
): void {
  if (json === true) terminal.json({ runId: row.id, kind: row.kind, ...series })
  else if (csv === true) terminal.print(loadCsv(series).trimEnd())
  else printSeries(row, series, terminal)
}

function cells(row: RunRow): string[] {
  return [
    ...[row.id, row.kind, row.campaignName ?? '–', row.app, row.scheme, String(row.seed)],
    ...[durationText(row.timeNs), countText(row.events)],
  ]
}
