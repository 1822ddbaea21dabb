/** flexlab run: one run of the library, with all that is known of it. */
import type { Command } from 'commander'
import type { RunDetail } from '../../../core/contract/library.ts'
import type { RunSeries } from '../../../core/contract/result.ts'
import { describeMeasuredHost, loadCsv, loadSvg } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { addExclusions } from './exclusions.ts'
import { findRun } from '../find-run.ts'
import { printResult } from '../output/result.ts'
import { printSeries } from '../output/series.ts'
import type { Terminal } from '../output/terminal.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

type RunOptions = {
  readonly json?: boolean
  readonly series?: boolean
  readonly csv?: boolean
  readonly chart?: string
}

/** Adds the command. */
export function addRun(program: Command): void {
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
