/** What is said of a trace: how much was recorded, and whether it is whole. */
import type { TraceEntry } from '../../../lab/index.ts'
import { bytesText, countText, durationText } from './quantities.ts'
import type { Terminal } from './terminal.ts'

/** Prints what is known of a trace. */
export function printTraceEntry(
  { header, bytes, createdAt }: TraceEntry,
  terminal: Terminal,
): void {
  const { intervals, points, pcpus, vms, endNs, levels, traceHash } = header
  const vcpus = vms.reduce((sum, vm) => sum + vm.vcpus, 0)
  const threads = vms.reduce((sum, vm) => sum + vm.threads, 0)
  terminal.table(
    [{ title: 'trace' }, { title: '', align: 'right' }],
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
