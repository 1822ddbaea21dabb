/** What `flexlab bench` measured, as tables for the terminal and as a Markdown document. */
import type {
  BenchFigures,
  BulkFigures,
  EngineFigures,
  LibraryFigures,
  ModelFigures,
  SimsoFigures,
  Spread,
  Target,
  TraceFigures,
  WorkersFigures,
} from '../../../lab/index.ts'
import { countText, durationText, figures, percentText, rateText } from './quantities.ts'
import { markdownLines } from './table.ts'
import type { Column } from './table.ts'

/** A table with what is said above and below it; without rows, only that is said. */
export type BenchTable = {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
}

const left = (title: string): Column => ({ title })
const right = (title: string): Column => ({ title, align: 'right' })

/** The tables of a bench: what was measured of it, and what was promised. */
export function benchTables(bench: BenchFigures): readonly BenchTable[] {
  const { engine, model, bulk, trace, workers, simso, library, targets } = bench
  return [
    ...(engine === null ? [] : [engineTable(engine)]),
    ...(model === null ? [] : [modelTable(model), schemeTable(model), memoryTable(model)]),
    ...(bulk === null ? [] : [bulkTable(bulk)]),
    ...(trace === null ? [] : [traceTable(trace)]),
    ...(workers === null ? [] : [workersTable(workers)]),
    ...(simso === null ? [] : [simsoTable(simso)]),
    ...(library === null ? [] : [libraryTable(library)]),
    ...(targets.length === 0 ? [] : [targetTable(targets)]),
  ]
}

function engineTable({ entities, rounds, engine, yardsticks, missing }: EngineFigures): BenchTable {
  const rows = [engine, ...yardsticks].map(({ name, rate }, at) => [
    ...[name, rateText(rate.median), rangeText(rate)],
    at === 0 ? '' : timesText(yardsticks[at - 1]!.ratio),
  ])
  return {
    title: `Engine: hold model, ${entities} pending events, median of ${rounds} interleaved rounds`,
    columns: [left('event queue'), right('holds/s'), right('range'), right('this engine is')],
    rows,
    notes: missing.map(({ reason }) => `not compared: ${reason}`),
  }
}

function modelTable(model: readonly ModelFigures[]): BenchTable {
  return {
    title: 'Model: attribution on, tracing off, one thread',
    columns: [
      ...[left('pCPUs/vCPUs'), left('workload'), left('scheme'), right('events/s')],
      ...[right('range'), right('ns/event'), right('operations/s'), right('switches/s')],
    ],
    rows: model
      .filter(isStock)
      .map((rate) => [
        ...[sizeText(rate), rate.workload, rate.scheme, rateText(rate.eventRate.median)],
        ...[rangeText(rate.eventRate), figures(1e9 / rate.eventRate.median, 3)],
        ...[rateText(rate.operationRate), rateText(rate.switchRate)],
      ]),
    notes: [],
  }
}

/** What the workloads were compared under; the other schemes have a table of their own. */
const isStock = ({ scheme }: ModelFigures): boolean => scheme === 'cfs'

function schemeTable(model: readonly ModelFigures[]): BenchTable {
  const small = model.filter(({ size }) => size === 'small')
  const others = small.filter((one) => !isStock(one))
  const workloads = [...new Set(others.map(({ workload }) => workload))]
  const schemes = [...new Set(small.map(({ scheme }) => scheme))]
  const rateOf = (scheme: string, workload: string): string => {
    const found = small.find((one) => one.scheme === scheme && one.workload === workload)
    return found === undefined ? '' : rateText(found.eventRate.median)
  }
  return {
    title: 'Schemes: events/s at 12 pCPUs and 24 vCPUs',
    columns: [left('scheme'), ...workloads.map(right)],
    rows: schemes.map((scheme) => [scheme, ...workloads.map((one) => rateOf(scheme, one))]),
    notes: [],
  }
}

function memoryTable(model: readonly ModelFigures[]): BenchTable {
  return {
    title: 'Memory of a run',
    columns: [
      ...[left('pCPUs/vCPUs'), left('workload'), right('typed arrays'), right('other objects')],
      right('process grew by'),
    ],
    rows: model
      .filter(isStock)
      .map(({ memory, ...rate }) => [
        ...[sizeText(rate), rate.workload],
        ...[bytesText(memory.arrayBytes), bytesText(memory.heapBytes)],
        bytesText(memory.rssBytes),
      ]),
    notes: ['The process grew by compiled code and by garbage, too.'],
  }
}

function traceTable({ seconds, rounds, costs }: TraceFigures): BenchTable {
  return {
    title: `Traces: ${seconds} s of 12 pCPUs and 24 vCPUs, median of ${rounds} interleaved rounds`,
    columns: [
      ...[left('workload'), right('records'), right('size'), right('bytes a record')],
      ...[right('CPU s'), right('CPU s, recorded'), right('recorded is slower')],
      ...[right('write'), right('open'), right('zoom'), right('queries')],
    ],
    rows: costs.map((cost) => [
      ...[cost.workload, countText(cost.records), `${figures(cost.bytes / 1e6, 3)} MB`],
      (cost.bytes / cost.records).toFixed(2),
      ...[figures(cost.plainSeconds.median, 3), figures(cost.recordedSeconds.median, 3)],
      timesText(cost.ratio),
      ...[cost.writeMs, cost.openMs, cost.zoomMs, cost.queryMs].map((ms) => durationText(ms * 1e6)),
    ]),
    notes: [
      'Recorded: with encoding, the pyramid and compression.',
      'Wall times: write into SQLite on disk; open header and level of the whole; zoom to 0.1 s.',
    ],
  }
}

function bulkTable({ rounds, cases }: BulkFigures): BenchTable {
  return {
    title: `Bulk locking: 2 × 12 vCPUs on 12 pCPUs, CPU time of a run, median of ${rounds} rounds`,
    columns: [
      ...[left('workload'), right('scale'), right('events'), right('events, each lock')],
      ...[right('CPU ms'), right('CPU ms, each lock'), right('bulk is faster')],
    ],
    rows: cases.map(({ workload, scale, bulk, singly, ratio }) => [
      ...[workload, figures(scale, 3), countText(bulk.events), countText(singly.events)],
      ...[figures(1e3 * bulk.cpuSeconds.median, 3), figures(1e3 * singly.cpuSeconds.median, 3)],
      timesText(ratio),
    ]),
    notes: [],
  }
}

function workersTable({ cells, events, rounds, pools }: WorkersFigures): BenchTable {
  return {
    title: `Workers: ${cells} runs, ${rateText(events)} events, wall time, ${rounds} rounds`,
    columns: [
      ...[right('workers'), right('runs/s'), right('events/s'), right('range')],
      ...[right('speed-up'), right('efficiency')],
    ],
    rows: pools.map(({ workers, cellRate, eventRate, speedup }) => [
      ...[`${workers}`, figures(cellRate.median, 3), rateText(eventRate.median)],
      ...[rangeText(eventRate), timesText(speedup), percentText(speedup / workers, 0)],
    ]),
    notes: [],
  }
}

function simsoTable(simso: SimsoFigures): BenchTable {
  const title = 'Earliest deadline first: context switches/s beside SimSo'
  if ('missing' in simso) {
    return { title, columns: [], rows: [], notes: [`not compared: ${simso.missing}`] }
  }
  return {
    title: `${title}, median of ${simso.rounds} interleaved rounds`,
    columns: [
      ...[left('scheduler'), right('processors'), right('tasks'), right('switches')],
      ...[right('missed deadlines'), right('this engine'), right(simso.name)],
      right('this engine is'),
    ],
    rows: simso.cases.map((one) => [
      ...[`${one.rule} EDF`, `${one.cpus}`, `${one.tasks}`, countText(one.switches)],
      ...[countText(one.missed), rateText(one.engine.median), rateText(one.simso.median)],
      timesText(one.ratio),
    ]),
    notes: ['Both made the same switches, and finished every job at the same time.'],
  }
}

function libraryTable(library: LibraryFigures): BenchTable {
  const { runs, metrics, rounds, fileBytes, writeSeconds, questions } = library
  return {
    title: `Library: ${countText(runs)} runs × ${metrics} metrics, median of ${rounds}, wall time`,
    columns: [
      ...[left('asked for'), left(''), right('found')],
      ...[right('ms'), right('range'), right('ms, asked again')],
    ],
    rows: questions.map(({ kind, name, found, firstMs, againMs }) => [
      ...[kind, name, countText(found), msText(firstMs.median)],
      ...[`${msText(firstMs.min)} … ${msText(firstMs.max)}`, msText(againMs.median)],
    ]),
    notes: [
      'Before each round the library is changed, so that nothing is answered from memory.',
      `Written in ${figures(writeSeconds, 3)} s; ${bytesText(fileBytes)}.`,
    ],
  }
}

const msText = (ms: number): string => ms.toFixed(1)

function targetTable(targets: readonly Target[]): BenchTable {
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

const targetText = ({ target, unit }: Target, value: number): string =>
  unit === 'ms' ? `${msText(value)} ms` : target >= 1000 ? rateText(value) : timesText(value)

const timesText = (ratio: number): string => `${figures(ratio, 3)} ×`

const rangeText = ({ min, max }: Spread): string => `${rateText(min)} … ${rateText(max)}`

const sizeText = ({ pcpus, vcpus }: Pick<ModelFigures, 'pcpus' | 'vcpus'>): string =>
  `${pcpus}/${countText(vcpus)}`

const bytesText = (bytes: number): string => `${countText(bytes / 1024)} KiB`

/** The figures as a Markdown document. */
export function benchDocument(bench: BenchFigures): string {
  const { machine, commit } = bench
  const tables = benchTables(bench).flatMap(({ title, columns, rows, notes }) => [
    ...[`## ${title}`, ''],
    ...(rows.length === 0 ? [] : [...markdownLines(columns, rows), '']),
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
