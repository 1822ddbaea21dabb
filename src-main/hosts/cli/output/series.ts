/** Online vCPUs and load of a run over time, for people: a line for each interval. */
import type { RunRow } from '../../../core/contract/library.ts'
import type { RunSeries } from '../../../core/contract/result.ts'
import { evenSeries } from '../../../lab/index.ts'
import { durationText } from './quantities.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const BAR_COLUMNS_PER_VCPU = 8

const right = (title: string): Column => ({ title, align: 'right' })

const COLUMNS: readonly Column[] = [
  ...[right('until'), right('online'), right('used'), right('waiting')],
  { title: 'used ▇, waiting ░, online │' },
]

/** Prints a table for each VM. */
export function printSeries({ kind, name }: RunRow, series: RunSeries, terminal: Terminal): void {
  const label = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  terminal.print(terminal.paint('bold', `${label} · ${name} · online vCPUs and load over time`))
  for (const vm of evenSeries(series)) {
    terminal.print(`\n${vm.name}`)
    terminal.table(
      COLUMNS,
      vm.intervals.map(({ endNs, online, used, waiting }) => [
        ...[durationText(endNs), online === null ? '–' : String(Number(online.toFixed(2)))],
        ...[used.toFixed(2), waiting.toFixed(2), bar(used, waiting, online)],
      ]),
    )
  }
}

/** Used and waiting as a bar, with a mark where the online vCPUs end. */
function bar(used: number, waiting: number, online: number | null): string {
  const columns = (vcpus: number): number => Math.round(vcpus * BAR_COLUMNS_PER_VCPU)
  const filled = '▇'.repeat(columns(used))
  const whole = filled + '░'.repeat(columns(used + waiting) - filled.length)
  if (online === null) return whole
  const at = columns(online)
  return `${whole.slice(0, at).padEnd(at)}│${whole.slice(at)}`
}
