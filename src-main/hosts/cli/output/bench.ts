/** What `flexlab bench` measured, as tables for the terminal and as a Markdown document. */
import type { BenchFigures, ModelRate, Target } from '../../../lab/index.ts'
import { countText, figures, rateText } from './quantities.ts'
import { markdownLines } from './table.ts'
import type { Column } from './table.ts'

/** A table with what is said above and below it. */
export type BenchTable = {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
}

const left = (title: string): Column => ({ title })
const right = (title: string): Column => ({ title, align: 'right' })

/** The tables of a bench: engine, model, and what was promised. */
export function benchTables(bench: BenchFigures): readonly BenchTable[] {
  return [engineTable(bench), modelTable(bench), targetTable(bench)]
}

function engineTable({ engine }: BenchFigures): BenchTable {
  const { entities, rounds, yardsticks, missing } = engine
  const rows = [engine.engine, ...yardsticks].map(({ name, rate }, at) => [
    ...[name, rateText(rate.median), `${rateText(rate.min)} … ${rateText(rate.max)}`],
    at === 0 ? '' : `${figures(yardsticks[at - 1]!.ratio, 3)} ×`,
  ])
  return {
    title: `Engine: hold model, ${entities} pending events, median of ${rounds} interleaved rounds`,
    columns: [left('event queue'), right('holds/s'), right('range'), right('this engine is')],
    rows,
    notes: missing.map(({ reason }) => `not compared: ${reason}`),
  }
}

function modelTable({ model }: BenchFigures): BenchTable {
  return {
    title: 'Model: attribution on, tracing off, one thread',
    columns: [
      ...[left('pCPUs/vCPUs'), left('workload'), left('scheme'), right('events/s')],
      ...[right('ns/event'), right('operations/s'), right('switches/s')],
    ],
    rows: model.map(modelRow),
    notes: [],
  }
}

const modelRow = (rate: ModelRate): string[] => [
  ...[`${rate.pcpus}/${countText(rate.vcpus)}`, rate.workload, rate.scheme],
  ...[rateText(rate.eventRate.median), figures(1e9 / rate.eventRate.median, 3)],
  ...[rateText(rate.operationRate), rateText(rate.switchRate)],
]

function targetTable({ targets }: BenchFigures): BenchTable {
  return {
    title: 'Targets',
    columns: [left('figure'), right('is'), right('target'), left('')],
    rows: targets.map((one) => [
      ...[one.name, targetText(one, one.value), `${sign(one)} ${targetText(one, one.target)}`],
      one.met ? 'met' : 'not met',
    ]),
    notes: [],
  }
}

const sign = ({ bound }: Target): string => (bound === 'at least' ? '≥' : '≤')

const targetText = ({ target }: Target, value: number): string =>
  target >= 1000 ? rateText(value) : `${figures(value, 3)} ×`

/** The figures as a Markdown document. */
export function benchDocument(bench: BenchFigures): string {
  const { machine, commit } = bench
  const tables = benchTables(bench).flatMap(({ title, columns, rows, notes }) => [
    ...[`## ${title}`, '', ...markdownLines(columns, rows), ''],
    ...notes.flatMap((note) => [note, '']),
  ])
  return [
    ...['# How fast the simulator is', ''],
    'Written by `flexlab bench --write`; rates are per second of CPU time. What the time goes into',
    'is in [where-the-time-goes.md](where-the-time-goes.md).',
    ...['', `Commit ${commit ?? 'unknown'},`],
    `${machine.cpuCount} × ${machine.cpu}, ${machine.os}, ${machine.runtime}.`,
    ...['', ...tables],
  ].join('\n')
}
