/** credit: Xen's first credit scheduler. */
import { CREDIT_PARAMETERS, CreditHost } from './credit-host.ts'
import { resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'credit',
  title: 'Xen credit',
  summary: 'vCPUs get credit by weight every 30 ms; those that have some go first.',
  fixes:
    'Wake-up latency of VMs that mostly wait (BOOST); idle pCPUs beside work (stealing); few ' +
    'switches, warm caches.',
  breaks:
    'Slices of 30 ms: siblings of a preempted vCPU wait that long at each lock, barrier and IPI. ' +
    'BOOST is lost by a VM that also computes.',
  source: 'Xen, xen/common/sched/credit.c (commit c447b730)',
  note: 'No caps, no soft affinity. A pause-loop exit yields to nobody in particular.',
  parameters: [...CREDIT_PARAMETERS],
}

/** Xen's credit scheduler. */
export const credit: Scheme = Object.freeze({
  id: 'credit',
  info,
  create: (spec, given) => new CreditHost(spec, resolveParams(info, given)).policy(),
})
