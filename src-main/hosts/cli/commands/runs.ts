/** flexlab runs: what the library keeps, as runs or in groups. */
import type { Command } from 'commander'
import type { RunPage, RunRow } from '../../../core/contract/library.ts'
import type { ViewState } from '../../../core/contract/library-view.ts'
import type { FurtherColumn } from '../../../core/contract/run-columns.ts'
import { furtherName } from '../../../core/contract/run-columns.ts'
import { groupQuery, runQuery } from '../../../lab/index.ts'
import type { Lab } from '../../../lab/index.ts'
import { act, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { PAGE_ROWS } from '../find-run.ts'
import { countText } from '../output/quantities.ts'
import { cellText, csvLines, groupColumns, runColumns } from '../output/run-table.ts'
import type { RunColumn } from '../output/run-table.ts'
import type { Terminal } from '../output/terminal.ts'
import { addRunOptions, viewOf } from '../run-options.ts'
import type { RunOptions } from '../run-options.ts'

type Output = { readonly json?: boolean; readonly csv?: boolean }
type Options = RunOptions & Output & { readonly limit: number }

const LIMIT_DEFAULT = 50
const LIMIT_MAX = 100_000

/** Adds the command. */
export function addRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('list the runs of the library, newest first, or averages over groups of them')
  addRunOptions(runs)
    .option('--limit <n>', 'at most so many', wholeNumber(1, LIMIT_MAX), LIMIT_DEFAULT)
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV, times in ns')
  act<Options>(runs, async ({ lab, terminal, options }) => {
    const opened = await lab()
    const view = await viewOf(opened, options)
    if (view.by.length > 0) await printGroups(opened, view, options, terminal)
    else await printRuns(opened, view, options, terminal)
    return EXIT.ok
  })
}

async function printRuns(lab: Lab, view: ViewState, options: Options, terminal: Terminal) {
  const page = await readRuns(lab, view, options.limit)
  const what = `${page.rows.length} of ${countText(page.total)} runs`
  print(
    { answer: page, columns: runColumns(view.columns), rows: page.rows, what },
    options,
    terminal,
  )
}

async function printGroups(lab: Lab, view: ViewState, options: Options, terminal: Terminal) {
  const answer = await lab.library.groups(groupQuery(view))
  const rows = answer.groups.slice(0, options.limit)
  const what = `${rows.length} of ${countText(answer.total)} groups; 95 % CI of the mean (Student)`
  print({ answer, columns: groupColumns(view), rows, what }, options, terminal)
}

type Printed<Row> = {
  readonly answer: unknown
  readonly columns: readonly RunColumn<Row>[]
  readonly rows: readonly Row[]
  readonly what: string
}

function print<Row>(printed: Printed<Row>, { json, csv }: Output, terminal: Terminal): void {
  const { answer, columns, rows, what } = printed
  if (json === true) terminal.json(answer)
  else if (csv === true) terminal.print(csvLines(columns, rows).trimEnd())
  else {
    const texts = rows.map((row) => columns.map((column) => cellText(column, row)))
    if (rows.length > 0) terminal.table(columns, texts)
    terminal.print(what)
  }
}

/** As many runs as asked for, a page after the other. */
async function readRuns(lab: Lab, view: ViewState, limit: number): Promise<RunPage> {
  const columns = view.columns.filter((id): id is FurtherColumn => furtherName(id) !== null)
  const rows: RunRow[] = []
  for (;;) {
    const window = { offset: rows.length, limit: Math.min(PAGE_ROWS, limit - rows.length) }
    const page = await lab.library.runs(runQuery({ ...view, columns, ...window }))
    rows.push(...page.rows)
    if (page.rows.length === 0 || rows.length >= Math.min(limit, page.total)) {
      return { rows, total: page.total }
    }
  }
}
