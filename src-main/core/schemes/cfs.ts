/** cfs: stock KVM. Every vCPU is a thread that the host's CFS schedules as it likes. */
import type { Scheme } from './scheme.ts'

/** Stock KVM on CFS. */
export const cfs: Scheme = Object.freeze({
  id: 'cfs',
  info: {
    id: 'cfs',
    title: 'Stock KVM (CFS)',
    summary: 'The host schedules vCPU threads independently by virtual run time.',
    fixes: 'Nothing: it is what the others are compared with. Work-conserving and fair per vCPU.',
    breaks:
      'Preempts lock holders, stacks sibling vCPUs on one core, delays barriers and IPIs behind ' +
      'preempted vCPUs.',
    source: 'Linux 4.13, kernel/sched/fair.c',
    note: '',
    parameters: [],
  },
  create: () => ({}),
})
