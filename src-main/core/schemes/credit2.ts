/** credit2: Xen's default scheduler since 4.12. */
import { Credit2Host } from './credit2-host.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'credit2',
  title: 'Xen credit2',
  summary: 'vCPUs of a socket in one queue by credit, which weight makes last longer.',
  fixes:
    "credit's long slices (at most 10 ms, as little as 1 ms), its BOOST that can be gamed, and " +
    'unfairness between VMs that sleep and VMs that do not.',
  breaks:
    'What cfs breaks: siblings run independently, holders are preempted. Sockets are balanced ' +
    'by loads averaged over a second: one may idle for a tenth of it beside work of another.',
  source: 'Xen, xen/common/sched/credit2.c (commit c447b730)',
  note: 'No caps, no soft affinity. Weights hold within a socket.',
  parameters: [
    numberParameter('creditNs', 'Credit after a reset', 10e6, 'ns', 'S', 'CSCHED2_CREDIT_INIT'),
    numberParameter('minTimerNs', 'Shortest timer', 500e3, 'ns', 'S', 'CSCHED2_MIN_TIMER'),
    numberParameter('ratelimitNs', 'Shortest stay', 1e6, 'ns', 'S', 'SCHED_DEFAULT_RATELIMIT_US'),
    numberParameter('resistNs', 'Lead for a migration', 500e3, 'ns', 'S', 'opt_migrate_resist'),
    numberParameter(
      'compensationNs',
      'Credit for a migration',
      50e3,
      'ns',
      'S',
      'CSCHED2_MIGRATE_COMPENSATION',
    ),
    numberParameter('windowNs', 'Window of loads', 2 ** 30, 'ns', 'S', 'LOADAVG_WINDOW_SHIFT'),
  ],
}

/** Xen's credit2 scheduler. */
export const credit2: Scheme = Object.freeze({
  id: 'credit2',
  info,
  create: (spec, given) => new Credit2Host(spec, resolveParams(info, given)).policy(),
})
