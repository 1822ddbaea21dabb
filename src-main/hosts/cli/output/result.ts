/** The result of one run for people: VMs, where their time went, counters. */
import { TIME_CLASSES } from '../../../core/base/time-class.ts'
import type { TimeByClassNs } from '../../../core/base/time-class.ts'
import type { RunResult, VmResult } from '../../../core/contract/result.ts'
import type { Scenario } from '../../../core/contract/scenario.ts'
import { clockText, countText, durationText, percentText, rateText } from './quantities.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const BAR_COLUMNS = 40
const SHARE_MIN = 0.0005
const PER_SECOND = 1000
const NS_PER_MS = 1e6

/** Prints a run's result. */
export function printResult(scenario: Scenario, result: RunResult, terminal: Terminal): void {
  printHead(scenario, result, terminal)
  terminal.table(VM_COLUMNS, result.vms.map(vmCells))
  printLatencies(result, terminal)
  for (const { name, attributionNs } of result.vms) {
    if (attributionNs !== null) printAttribution(name, attributionNs, terminal)
  }
  printCounters(result, terminal)
  terminal.print()
  terminal.print(`${timesText(result)}, ${costText(result)}`)
}

function printHead(scenario: Scenario, result: RunResult, terminal: Terminal): void {
  const kind = `${result.kind.charAt(0).toUpperCase()}${result.kind.slice(1)}`
  const what = `${kind} · ${scenario.name} · ${scenario.scheme.id} · seed ${scenario.seed}`
  terminal.print(terminal.paint('bold', what))
  terminal.print()
}

const timesText = ({ timeNs, makespanNs }: RunResult): string =>
  `time ${durationText(timeNs)}, makespan ${durationText(makespanNs)}`

/** What the run itself took. */
function costText({ kind, events, wallMs, traceHash }: RunResult): string {
  if (kind === 'measured') return `with applying and putting back ${wallText(wallMs)}`
  const speed = wallMs > 0 ? `, ${rateText((events / wallMs) * PER_SECOND)}/s` : ''
  return `${countText(events)} events in ${wallText(wallMs)}${speed}, trace ${traceHash}`
}

const wallText = (ms: number): string =>
  ms < PER_SECOND ? durationText(ms * NS_PER_MS) : clockText(ms)

const VM_COLUMNS: readonly Column[] = [
  ...[{ title: 'VM' }, { title: 'app' }],
  ...['vCPUs', 'threads', 'iterations', 'mean time', 'CPU time'].map((title) => {
    return { title, align: 'right' as const }
  }),
]

function vmCells(vm: VmResult): string[] {
  const asked = vm.iterationNs.slice(0, vm.iterationsAsked)
  const mean = asked.reduce((sum, ns) => sum + ns, 0) / asked.length
  const meanText = asked.length > 0 ? durationText(mean) : '–'
  return [
    ...[vm.name, vm.app, String(vm.vcpus), String(vm.threads), String(vm.iterationNs.length)],
    ...[meanText, durationText(vm.cpuNs)],
  ]
}

const LATENCY_COLUMNS: readonly Column[] = [
  { title: 'VM' },
  ...['requests', 'mean', 'p50', 'p95', 'p99', 'p99.9', 'max'].map((title) => {
    return { title, align: 'right' as const }
  }),
]

function printLatencies({ vms }: RunResult, terminal: Terminal): void {
  const rows = vms.flatMap(({ name, latency }) => {
    if (latency === undefined) return []
    const { count, meanNs, p50Ns, p95Ns, p99Ns, p999Ns, maxNs } = latency
    const times = [meanNs, p50Ns, p95Ns, p99Ns, p999Ns, maxNs]
    return [[name, countText(count), ...times.map(durationText)]]
  })
  if (rows.length === 0) return
  terminal.print()
  terminal.print('Latency of requests, from their scheduled arrival:')
  terminal.table(LATENCY_COLUMNS, rows)
}

function printAttribution(name: string, times: TimeByClassNs, terminal: Terminal): void {
  const whole = total(times)
  const shares = TIME_CLASSES.map(({ key, label }) => {
    return { key, label, share: times[key] / whole }
  })
  const shown = shares.filter(({ share }) => share >= SHARE_MIN)
  const longest = Math.max(0, ...shown.map(({ share }) => share))
  terminal.print()
  terminal.print(`Where the time of ${name}’s threads went (${durationText(whole)}):`)
  for (const { key, label, share } of shown) {
    const bar = '█'.repeat(Math.round((share / longest) * BAR_COLUMNS)) || '▏'
    const style = key === 'useful' ? 'cyan' : 'yellow'
    const text = `${label.padEnd(24)} ${percentText(share).padStart(7)} `
    terminal.print(`  ${text}${terminal.paint(style, bar)}`)
  }
}

const total = (times: TimeByClassNs): number =>
  TIME_CLASSES.reduce((sum, { key }) => sum + times[key], 0)

/** The host's counters; of measured runs the VMs' too, and what could not be seen. */
function printCounters(result: RunResult, terminal: Terminal): void {
  const isMeasured = result.kind === 'measured'
  const print = (label: string, texts: readonly string[]): void => {
    if (texts.length > 0) terminal.print(`\n${label}: ${texts.join(', ')}`)
  }
  print('Counters', countersText(result.counters))
  if (!isMeasured) return
  for (const { name, counters } of result.vms) print(`Counters of ${name}`, countersText(counters))
  const all = [result, ...result.vms].map(({ notObservable }) => notObservable ?? {})
  const reasons = new Map(all.flatMap((each) => Object.entries(each)))
  print(
    'Not observable',
    [...reasons].map(([key, reason]) => `${key} (${reason})`),
  )
}

const countersText = (counters: Readonly<Record<string, number>>): string[] =>
  Object.entries(counters)
    .filter(([, value]) => value > 0)
    .map(([key, value]) => `${key} ${key.endsWith('Ns') ? durationText(value) : countText(value)}`)
