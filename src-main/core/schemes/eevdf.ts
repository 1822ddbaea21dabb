/** eevdf: stock KVM since Linux 6.6. Like cfs, with another order on each pCPU. */
import { eevdfHost } from './eevdf-host.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'eevdf',
  title: 'Stock KVM (EEVDF)',
  summary: 'The host schedules vCPU threads independently: eligible ones by virtual deadline.',
  fixes:
    'Long waits: requests of 0.75 to 3 ms in place of slices of up to 24 ms, so a preempted lock ' +
    'holder or late vCPU is back sooner.',
  breaks:
    'What cfs breaks; more switches and cold caches. A vCPU that wakes waits for the end of the ' +
    'running request, and directed yields do not reach their target.',
  source: 'Linux 6.6, kernel/sched/fair.c; Stoica and Abdel-Wahab, TR-95-22, 1995',
  note: 'DELAY_DEQUEUE and PREEMPT_SHORT (6.12) are not modelled: all requests have one length.',
  parameters: [
    numberParameter(
      'baseSliceNs',
      'Base slice on one CPU',
      750e3,
      'ns',
      'S',
      'fair.c, sysctl_sched_base_slice, × 1 + ilog2(min(CPUs, 8)); 700 µs since February 2025',
    ),
  ],
}

/** Stock KVM on EEVDF. */
export const eevdf: Scheme = Object.freeze({
  id: 'eevdf',
  info,
  create: (spec, given) => ({
    host: eevdfHost(spec, Number(resolveParams(info, given).baseSliceNs)),
  }),
})
