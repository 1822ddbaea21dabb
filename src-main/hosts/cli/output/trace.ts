/** What is said of a trace: how much was recorded, and whether it is whole. */
import type { Spread, TraceEntry, TraceFindings } from '../../../core/contract/trace.ts'
import { bytesText, countText, durationText, percentText } from './quantities.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const left = (title: string): Column => ({ title })
const right = (title: string): Column => ({ title, align: 'right' })

/** Prints what is known of a trace. */
export function printTraceEntry(
  { header, bytes, createdAt }: TraceEntry,
  terminal: Terminal,
): void {
  const { intervals, points, pcpus, vms, endNs, levels, traceHash } = header
  const vcpus = vms.reduce((sum, vm) => sum + vm.vcpus, 0)
  const threads = vms.reduce((sum, vm) => sum + vm.threads, 0)
  terminal.table(
    [left('trace'), right('')],
    [
      ['recorded', createdAt],
      ['simulated time', durationText(endNs)],
      ['pCPUs, vCPUs, threads', [pcpus, vcpus, threads].map(countText).join(', ')],
      ['intervals', countText(intervals)],
      ['events', countText(points)],
      ['size', bytesText(bytes)],
      ['bytes a record', (bytes / Math.max(1, intervals + points)).toFixed(2)],
      ['levels', levels.map((k) => durationText(2 ** k)).join(', ')],
      ['trace hash', traceHash],
    ],
  )
  warnTruncated({ header }, terminal)
}

/** Says that a trace does not reach to the run's end, if so. */
export function warnTruncated({ header }: Pick<TraceEntry, 'header'>, terminal: Terminal): void {
  const { truncatedAtNs, endNs, intervals, points } = header
  if (truncatedAtNs === null) return
  const at = durationText(truncatedAtNs)
  const limit = `${countText(intervals + points)} records`
  terminal.complain(
    `${terminal.paintMessage('red', 'truncated:')} the limit was reached after ${limit}, ` +
      `at ${at} of ${durationText(endNs)}; nothing later is in the trace (raise --records-max)`,
  )
}

/** Prints who preempted whom, lock-holder preemptions, barriers and run delays. */
export function printFindings(
  findings: TraceFindings,
  vms: readonly string[],
  terminal: Terminal,
): void {
  const { fromNs, toNs } = findings
  terminal.print(`From ${durationText(fromNs)} to ${durationText(toNs)} of simulated time.\n`)
  printPreemptions(findings.preemptions, vms, terminal)
  printLockHolders(findings.lockHolders, terminal)
  printBarriers(findings.barriers, terminal)
  terminal.print('Run delay: from when a vCPU can run until it runs')
  terminal.table(
    [left('vCPU'), ...SPREAD_COLUMNS],
    findings.runDelays.map(({ vcpu, spread }) => [vcpu, ...spreadCells(spread)]),
  )
}

const SPREAD_COLUMNS = ['count', 'total', 'mean', 'p50', 'p90', 'p99', 'max'].map(right)

const spreadCells = (spread: Spread): string[] => [
  countText(spread.count),
  ...[spread.totalNs, spread.meanNs, spread.p50Ns, spread.p90Ns].map(durationText),
  ...[spread.p99Ns, spread.maxNs].map(durationText),
]

function printPreemptions(
  { totalNs, vmNs, pairs }: TraceFindings['preemptions'],
  vms: readonly string[],
  terminal: Terminal,
): void {
  terminal.print(`Runnable vCPUs waited ${durationText(totalNs)} for a pCPU while there ran`)
  terminal.table(
    [left('vCPUs of'), ...[...vms, 'nobody'].map(right)],
    vmNs.map((row, i) => [vms[i]!, ...row.map(durationText)]),
  )
  terminal.print()
  terminal.table(
    [left('who waited'), left('for'), right('time'), right('preempted')],
    pairs.map(({ victim, by, ns, times }) => [victim, by, durationText(ns), countText(times)]),
  )
  terminal.print()
}

function printLockHolders(
  { count, totalNs, longest }: TraceFindings['lockHolders'],
  terminal: Terminal,
): void {
  const total = `${countText(count)} times, ${durationText(totalNs)} altogether`
  terminal.print(`Lock holders preempted while others waited: ${total}`)
  if (longest.length > 0) {
    terminal.table(
      [
        ...[left('lock'), left('holder'), left('its vCPU'), right('from'), right('for')],
        ...[left('there ran'), right('waiters')],
      ],
      longest.map(({ lock, holder, vcpu, startNs, ns, by, waiters }) => [
        ...[lock, holder, vcpu, durationText(startNs), durationText(ns), by, countText(waiters)],
      ]),
    )
  }
  terminal.print()
}

function printBarriers(
  { spread, lastArriverNs, longest }: TraceFindings['barriers'],
  terminal: Terminal,
): void {
  terminal.print('Barriers: from the first arrival to the last')
  terminal.table([...SPREAD_COLUMNS], [spreadCells(spread)])
  if (longest.length > 0) {
    terminal.print(`The last arrivers meanwhile: ${sharesText(lastArriverNs)}\n`)
    terminal.table(
      [left('VM'), right('barrier'), right('opened'), right('spread'), left('last'), left('did')],
      longest.map(({ vm, barrier, openNs, ns, last, lastDidNs }) => [
        ...[vm, String(barrier), durationText(openNs), durationText(ns), last],
        sharesText(lastDidNs),
      ]),
    )
  }
  terminal.print()
}

/** The largest shares: `useful 80 %, fair-share 15 %`. */
function sharesText(nsByName: Readonly<Record<string, number>>): string {
  const total = Object.values(nsByName).reduce((sum, ns) => sum + ns, 0)
  return Object.entries(nsByName)
    .filter(([, ns]) => ns >= total / 100)
    .slice(0, 4)
    .map(([name, ns]) => `${name} ${percentText(ns / total, 0)}`)
    .join(', ')
}
