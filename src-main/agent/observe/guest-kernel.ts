/**
 * What a guest's kernel counts that its host cannot see: interrupts between its CPUs
 * (/proc/interrupts, x86 names of the rows) and the time stolen from it (/proc/stat).
 */

/** Rows by the names that the counters have in results. */
const ROWS = {
  guestReschedulingIpis: 'RES',
  guestFunctionCallIpis: 'CAL',
  guestTlbIpis: 'TLB',
} as const

/** A counter of interrupts between CPUs. */
export type IpiCounter = keyof typeof ROWS

/** The counters' names. */
export const IPI_COUNTERS = Object.keys(ROWS) as IpiCounter[]

/** Sums over all CPUs since boot; null where the kernel has no such row. */
export function ipiCounts(interrupts: string): Record<IpiCounter, number | null> {
  return {
    guestReschedulingIpis: rowSum(interrupts, ROWS.guestReschedulingIpis),
    guestFunctionCallIpis: rowSum(interrupts, ROWS.guestFunctionCallIpis),
    guestTlbIpis: rowSum(interrupts, ROWS.guestTlbIpis),
  }
}

function rowSum(interrupts: string, row: string): number | null {
  const text = new RegExp(`^ *${row}:((?: +\\d+)+)`, 'm').exec(interrupts)?.[1]
  if (text === undefined) return null
  return text
    .trim()
    .split(/ +/)
    .reduce((sum, count) => sum + Number(count), 0)
}

/** USER_HZ is 100 on every architecture that runs KVM guests (include/asm-generic/param.h). */
const TICK_NS = 1e7

/** Time that its host took from a guest, ns, from its /proc/stat; null where that has no field. */
export function stealNs(stat: string): number | null {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').map(Number)
  const steal = fields?.[7]
  return steal === undefined || !Number.isSafeInteger(steal) ? null : steal * TICK_NS
}
