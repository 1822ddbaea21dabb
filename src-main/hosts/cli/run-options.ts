/** Which runs a command means, and how they are shown: the options that `runs` and views share. */
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import * as v from 'valibot'
import type { ViewState } from '../../core/contract/library-view.ts'
import { ViewStateSchema } from '../../core/contract/library-view.ts'
import {
  GroupKeySchema,
  isNumeric,
  type ColumnId,
  type Condition,
  type GroupKey,
} from '../../core/contract/run-columns.ts'
import { columnOf, parseWhere } from '../../core/contract/where-text.ts'
import { LabError } from '../../lab/index.ts'
import type { Lab } from '../../lab/index.ts'
import { list } from './cli.ts'

/** The options as commander gives them; only what was said. */
export type RunOptions = {
  readonly view?: string
  readonly search?: string
  readonly where?: readonly Condition[]
  readonly campaign?: string
  readonly apps?: readonly string[]
  readonly schemes?: readonly string[]
  readonly tags?: readonly string[]
  readonly sort?: ColumnId
  readonly ascending?: boolean
  readonly columns?: readonly ColumnId[]
  readonly groupBy?: readonly GroupKey[]
  readonly measure?: ColumnId
}

/** Adds the options. */
export const addRunOptions = (command: Command): Command =>
  command
    .option('--view <name>', 'as this saved view shows them; further options narrow it')
    .option('--search <text>', 'only runs with these words in name, app, scheme, tags or note')
    .option(
      '--where <conditions>',
      'only runs of which this is true, e.g. "timeNs > 1.5s and exits < 1000"; repeatable',
      conditions,
    )
    .option('--campaign <campaign>', 'only runs of this campaign')
    .option('--apps <list>', 'only these apps', list)
    .option('--schemes <list>', 'only these schemes', list)
    .option('--tags <list>', 'only runs with one of these tags', list)
    .option('--sort <column>', 'in the order of this column, largest first', column)
    .option('--ascending', 'smallest first')
    .option('--columns <list>', 'these columns: own, setting:<name>, or a metric', columns)
    .option('--group-by <list>', 'averages over groups, e.g. app,scheme,setting:sliceMs', groupKeys)
    .option('--measure <column>', 'of what the averages are; timeNs unless given', measure)

/** What the options ask for. @throws LabError `not-found` for a view or campaign */
export async function viewOf(lab: Lab, options: RunOptions): Promise<ViewState> {
  const base = options.view === undefined ? {} : await namedView(lab, options.view)
  const start = v.parse(ViewStateSchema, base)
  const { campaign } = options
  return {
    ...start,
    search: options.search ?? start.search,
    where: [...start.where, ...(options.where ?? [])],
    campaignIds:
      campaign === undefined ? start.campaignIds : [(await lab.campaign.find(campaign)).id],
    apps: [...(options.apps ?? start.apps)],
    schemes: [...(options.schemes ?? start.schemes)],
    tags: [...(options.tags ?? start.tags)],
    sort: options.sort ?? start.sort,
    descending: options.ascending === true ? false : start.descending,
    columns: [...(options.columns ?? start.columns)],
    by: [...(options.groupBy ?? start.by)],
    measure: options.measure ?? start.measure,
  }
}

async function namedView(lab: Lab, name: string): Promise<ViewState> {
  const views = await lab.library.views()
  const found = views.find((view) => view.name === name)
  if (found !== undefined) return found.state
  const names = views.map((view) => view.name).join(', ')
  const hint =
    names === '' ? 'there are none yet: save one with library save-view' : `there are ${names}`
  throw new LabError('not-found', `there is no view “${name}”`, hint)
}

function conditions(text: string, before: readonly Condition[] = []): readonly Condition[] {
  const result = parseWhere(text)
  if (result.ok) return [...before, ...result.value]
  throw new InvalidArgumentError(`${result.error.message}; ${result.error.hint}.`)
}

function column(text: string): ColumnId {
  const id = columnOf(text)
  if (id !== null) return id
  throw new InvalidArgumentError(`There is no column “${text}”.`)
}

const columns = (text: string): ColumnId[] => list(text).map(column)

function measure(text: string): ColumnId {
  const id = column(text)
  if (isNumeric(id)) return id
  throw new InvalidArgumentError(`“${text}” is not a number.`)
}

const groupKeys = (text: string): GroupKey[] =>
  list(text).map((key) => {
    const result = v.safeParse(GroupKeySchema, key)
    if (result.success) return result.output
    throw new InvalidArgumentError(
      'Runs are grouped by app, scheme, mix, overcommit, campaign, host, seed or setting:<name>.',
    )
  })
