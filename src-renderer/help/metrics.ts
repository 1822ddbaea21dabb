/** Help: the figures of runs. Each page lists the counters that it is about by their keys. */
import type { HelpPage, HelpTerm } from './page.ts'

const term = (key: string, name: string, meaning: string): HelpTerm => ({
  ...{ key, term: name, meaning },
})

const metric = (page: Omit<HelpPage, 'kind' | 'sources'> & Partial<HelpPage>): HelpPage => ({
  kind: 'metric',
  sources: [],
  ...page,
})

/** Pages of the figures of runs. */
export const METRIC_PAGES: readonly HelpPage[] = [
  metric({
    id: 'metric-time',
    title: 'Run time and makespan',
    summary: 'How long the work took, which is what is compared unless a campaign says otherwise.',
    blocks: [
      {
        text:
          'Run time: for each VM the mean of the iterations that were asked for, then the mean ' +
          'over the VMs that stay. VMs that are only load do not count. Makespan: until the last ' +
          'of them is done.',
      },
      {
        text:
          'A simulated run takes exactly the same time again with the same seed. A measured one ' +
          'uses the clock of the program inside the guest.',
      },
    ],
    terms: [
      term('time', 'Run time', 'mean over the VMs of their mean iteration, s'),
      term('makespan', 'Makespan', 'until the last VM has its iterations, s'),
      term('iterations', 'Iterations', 'how often a VM did its work; further ones are load'),
      term('median', 'Median', 'the middle of the repetitions, with a distribution-free interval'),
      term('mean', 'Mean', 'the sum over the number: costs add up'),
    ],
    see: ['statistic-ratio', 'statistic-intervals', 'metric-latency'],
  }),
  metric({
    id: 'metric-latency',
    title: 'Latency of requests',
    summary: 'From the scheduled arrival of a request to its response.',
    blocks: [
      {
        text:
          'A server that is held up pays for every request that came meanwhile: latency counts ' +
          'from when the request was due, not from when somebody had time to take it (no ' +
          'coordinated omission).',
      },
      {
        text:
          'Percentiles are off by at most 0.4 %, the width of a bucket; count, mean and maximum ' +
          'are exact. Tail percentiles of a few hundred requests are few requests: look at the ' +
          'count.',
      },
    ],
    terms: [
      term('latency.meanNs', 'Mean', 'over all requests of the VM'),
      term('latency.p50Ns', 'p50', 'half of the requests took no longer'),
      term('latency.p95Ns', 'p95', '95 % took no longer'),
      term('latency.p99Ns', 'p99', '99 % took no longer'),
      term('latency.p999Ns', 'p99.9', '99.9 % took no longer'),
      term('latency.maxNs', 'Max', 'the longest'),
      term('latency.count', 'Requests', 'answered requests'),
    ],
    see: ['class-wake', 'priority-inversion'],
  }),
  metric({
    id: 'metric-cpu',
    title: 'CPU time and run delay',
    summary: 'What a VM got of the pCPUs, and how long it waited for them.',
    blocks: [
      {
        text:
          'Over all vCPUs of a VM. Use plus run delay is what it asked for. In simulated runs ' +
          'both are exact; in measured ones they come from /proc of the host and from the guest.',
      },
    ],
    terms: [
      term('cpuNs', 'CPU time', 'pCPU time that the vCPUs used'),
      term('runDelayNs', 'Run delay', 'runnable vCPUs waited for a pCPU'),
      term('guestStealNs', 'Guest steal', 'the same as the guest’s kernel is told of it'),
      term('onlineVcpus', 'Online vCPUs', 'vCPUs in use at the end of the run'),
      term('idlePcpuNs', 'Idle pCPU', 'pCPU time of the host in which nothing ran'),
      term('voluntary', 'Voluntary switches', 'vCPU threads that gave their pCPU up'),
      term('involuntary', 'Involuntary switches', 'vCPU threads that were preempted'),
      term('programCpuNs', 'Program CPU time', 'of the program inside the guest'),
      term('programVoluntary', 'Program: gave up', 'its voluntary switches inside the guest'),
      term('programInvoluntary', 'Program: preempted', 'its involuntary switches in the guest'),
      term('agentCpuNs', 'Agent CPU time', 'what looking on cost the host'),
      term('foreignCpuNs', 'Foreign CPU time', 'of anything else on the host; much: run again'),
    ],
    figure: 'steal',
    see: ['steal', 'class-fair-share', 'statistic-exclusions'],
  }),
  metric({
    id: 'metric-host-scheduling',
    title: 'What the host’s scheduler did',
    summary: 'Switches, migrations, exits and yields of vCPUs.',
    blocks: [
      {
        text:
          'Counts over the whole run. They explain, they are no goal: more switches with less ' +
          'waiting may be the better run.',
      },
    ],
    terms: [
      term('contextSwitches', 'Context switches', 'a pCPU went from one vCPU to another'),
      term('preemptions', 'Preemptions', 'of them, taken from a vCPU that wanted to go on'),
      term('migrations', 'Migrations', 'a vCPU ran on another pCPU than before'),
      term('wakeups', 'Wake-ups', 'a halted vCPU became runnable'),
      term('halts', 'Halts', 'a vCPU had nothing to run and gave its pCPU up'),
      term('exits', 'VM exits', 'from guest to hypervisor, for any reason'),
      term('haltExits', 'HLT exits', 'of them, to halt'),
      term('haltWakeups', 'Halt wake-ups', 'vCPUs woken from a halt, as KVM counts them'),
      term('pleExits', 'PLE exits', 'of them, since the vCPU spun'),
      term('directedYields', 'Directed yields', 'after which a chosen sibling ran'),
      term('resizes', 'Resizes', 'changes of a VM’s number of vCPUs'),
    ],
    see: ['pause-loop-exiting', 'class-switch', 'vcpu-ballooning'],
  }),
  metric({
    id: 'metric-locks',
    title: 'Locks',
    summary: 'How often scheduling met a lock.',
    blocks: [
      {
        text:
          'Locks that are taken in bulk become entities only when they can be met; what saves ' +
          'time there does not change the figures.',
      },
    ],
    terms: [
      term('lockHolderPreemptions', 'Lock-holder preemptions', 'a preempted vCPU held a lock'),
      term('bulkCaught', 'Bulk locks caught', 'of locks that are taken in bulk'),
      term('lockHalts', 'Lock halts', 'a waiter of a PV lock halted instead of spinning'),
      term('lockSteals', 'Lock steals', 'a lock without order was taken past others who waited'),
      term('gracePeriods', 'Grace periods', 'of RCU; each waits for every vCPU'),
    ],
    see: ['lock-holder-preemption', 'class-lhp', 'class-lock'],
  }),
  metric({
    id: 'metric-synchronisation',
    title: 'IPIs, barriers and the guest’s scheduler',
    summary: 'How the threads of a VM told each other what to do.',
    blocks: [
      {
        text:
          'In measured runs the guest’s /proc/interrupts counts IPIs by kind. A guest that does ' +
          'not say has no figure, which is not zero.',
      },
    ],
    terms: [
      term('ipis', 'IPIs', 'sent between vCPUs, one for each target'),
      term('tlbShootdowns', 'TLB shootdowns', 'each waits for all its targets'),
      term('barriers', 'Barriers', 'how often a barrier opened'),
      term('guestSwitches', 'Guest switches', 'a vCPU went from one thread to another'),
      term('guestMigrations', 'Guest migrations', 'a thread moved to another vCPU'),
      term('guestReschedulingIpis', 'Rescheduling IPIs', 'row RES: look for something to run'),
      term('guestFunctionCallIpis', 'Function-call IPIs', 'row CAL: run this function'),
      term('guestTlbIpis', 'TLB-shootdown IPIs', 'row TLB'),
    ],
    figure: 'ipi',
    see: ['tlb-shootdown', 'preempted-barrier', 'class-ipi-preempted'],
  }),
  metric({
    id: 'metric-measuring',
    title: 'How a measured run was made',
    summary: 'What applying the scheme cost, and whether the run was disturbed.',
    blocks: [
      {
        text:
          'A run counts as disturbed when something else used too much of the host, and is done ' +
          'again; how often is kept with it.',
      },
    ],
    terms: [
      term('applyNs', 'Apply', 'time to apply the scheme to the host'),
      term('resizesAtStart', 'Resizes at the start', 'VMs whose vCPUs were changed for the run'),
      term('resizeAtStartNs', 'Time of those resizes', 'summed over the VMs'),
      term('startSkewNs', 'Start skew', 'first to last VM past the starting barrier'),
      term('startSkewErrorNs', 'its error', 'how well clocks could be compared'),
      term('redone', 'Redone', 'how often the run was repeated as it had been disturbed'),
    ],
    see: ['metric-cpu', 'statistic-exclusions'],
  }),
]
