/** Help: what goes wrong when guest and hypervisor both schedule. */
import type { HelpPage } from './page.ts'

const harm = (page: Omit<HelpPage, 'kind'>): HelpPage => ({ kind: 'harm', ...page })

/** A page for each harm. */
export const HARM_PAGES: readonly HelpPage[] = [
  harm({
    id: 'double-scheduling',
    title: 'Scheduling twice',
    summary:
      'The guest schedules threads on vCPUs, the host vCPUs on pCPUs; neither knows the other.',
    blocks: [
      {
        text:
          'A thread makes progress only while it is current on its vCPU and that vCPU is current ' +
          'on a pCPU. The guest takes a vCPU for a processor that always runs; the host takes it ' +
          'for a thread that may be stopped at any time. Every harm on this shelf follows from ' +
          'that.',
      },
      {
        text:
          'With as many vCPUs as pCPUs and nobody else on the host none of them shows. They grow ' +
          'with overcommit, with the number of vCPUs a VM, and with how often its threads wait ' +
          'for each other.',
      },
      {
        heading: 'What helps',
        text:
          'Run siblings at the same time ([[scheme-gang]]), keep them apart ' +
          '([[scheme-balance]]), do not preempt at the wrong moment ([[scheme-delay]]), or have ' +
          'only as many vCPUs as pCPUs ([[scheme-vcpu-bal]], [[scheme-flexcore]], ' +
          '[[scheme-vscale]]).',
      },
    ],
    sources: ['uhlig2004', 'song2013'],
    see: ['lock-holder-preemption', 'vcpu-stacking', 'fragmentation', 'vcpu-ballooning'],
  }),
  harm({
    id: 'lock-holder-preemption',
    title: 'Lock-holder preemption',
    summary: 'A vCPU loses its pCPU while its thread holds a lock; its siblings spin for it.',
    figure: 'lock-holder',
    blocks: [
      {
        text:
          'On real hardware a kernel turns preemption off while it holds a spin lock, so waiting ' +
          'takes microseconds. A hypervisor may preempt the vCPU all the same. Whoever wants the ' +
          'lock then spins for a whole slice of another VM: milliseconds of a pCPU, lost.',
      },
      {
        text:
          'In the accounting it is [[class-lhp]]. How likely a holder is caught depends on the ' +
          'share of time under locks: kernels hold them for microseconds, so it is rare, but ' +
          'each time is long, and everyone queues up behind it.',
      },
      {
        heading: 'What helps, and what it costs',
        text:
          'Not preempting holders ([[scheme-delay]]), noticing the spinning ' +
          '([[pause-loop-exiting]], [[scheme-asman]]), halting instead of spinning (PV locks), ' +
          'running siblings together ([[scheme-gang]]), or one vCPU a pCPU ' +
          '([[scheme-flexcore]]).',
      },
    ],
    sources: ['uhlig2004', 'friebel2008', 'linux2016'],
    see: ['class-lhp', 'lock-waiter-preemption', 'pause-loop-exiting', 'scheme-delay'],
  }),
  harm({
    id: 'lock-waiter-preemption',
    title: 'Lock-waiter preemption',
    summary: 'A fair lock is free, but the next in line is preempted, and nobody may pass it.',
    figure: 'lock-waiter',
    blocks: [
      {
        text:
          'Ticket and queue locks are handed over in order. When the waiter whose turn it is has ' +
          'no pCPU, the lock stays free and unused, and all behind it spin. The longer the ' +
          'queue, the likelier that one of its members is preempted.',
      },
      {
        text:
          'It is charged to [[class-lhp]], as the next in line is the one who holds the others ' +
          'up. A lock without order (test-and-set) does not have this harm, but is unfair and ' +
          'its waiters slow each other down.',
      },
    ],
    sources: ['friebel2008', 'anderson1990', 'boyd2012'],
    see: ['lock-holder-preemption', 'class-lhp', 'metric-locks'],
  }),
  harm({
    id: 'vcpu-stacking',
    title: 'vCPU stacking',
    summary: 'Siblings queue on one pCPU while another pCPU runs none of them.',
    figure: 'stacking',
    blocks: [
      {
        text:
          'The host balances vCPU threads without knowing which belong together. Two siblings on ' +
          'one run queue can only take turns: a waiter may spin for the very lock whose holder ' +
          'stands behind it in the queue. Placed at random, 4 vCPUs on 4 pCPUs share a queue in ' +
          '90.6 % of the cases (1 − n!/nⁿ).',
      },
      {
        text:
          'The accounting shows it as [[class-stacking]]: the vCPU waits, a sibling has its ' +
          'pCPU, and another pCPU that it may use is idle or holds no sibling. ' +
          '[[scheme-balance]] forbids it, at little cost.',
      },
    ],
    sources: ['sukwong2011'],
    see: ['class-stacking', 'scheme-balance', 'lock-holder-preemption'],
  }),
  harm({
    id: 'fragmentation',
    title: 'CPU fragmentation',
    summary: 'Co-scheduling holds vCPUs back while pCPUs idle.',
    figure: 'fragmentation',
    blocks: [
      {
        text:
          'When all vCPUs of a VM must run at the same time, a VM that does not fill the host ' +
          'leaves pCPUs empty, and one that needs four pCPUs waits until four are free. It is ' +
          'the price of every strict form of co-scheduling.',
      },
      {
        text:
          'Charged to [[class-fragmentation]] while a pCPU idles, to [[class-costop]] while all ' +
          'are busy. Relaxed forms ([[scheme-esx-relaxed]], [[scheme-hybrid]]) pay less of it.',
      },
    ],
    sources: ['ousterhout1982', 'sukwong2011', 'vmware2010'],
    see: ['class-fragmentation', 'class-costop', 'scheme-gang', 'scheme-esx-strict'],
  }),
  harm({
    id: 'priority-inversion',
    title: 'Priority inversion',
    summary: 'A VM of more weight waits while one of less weight has the pCPU.',
    figure: 'inversion',
    blocks: [
      {
        text:
          'Weights divide CPU time over seconds; they say little about a given moment. A vCPU ' +
          'that wakes may wait for the rest of a slice of a lesser VM, and a guest’s most urgent ' +
          'thread may sit on a vCPU that the host takes for an ordinary one.',
      },
      {
        text:
          'Charged to [[class-inversion]]. It shows in latencies before it shows in run times: ' +
          'look at an interactive VM beside one that computes.',
      },
    ],
    sources: ['lampson1980', 'xen'],
    see: ['class-inversion', 'metric-latency', 'scheme-credit'],
  }),
  harm({
    id: 'preempted-barrier',
    title: 'Barrier held up by a preempted vCPU',
    summary: 'All threads wait for the last to arrive, and the host has taken its pCPU.',
    figure: 'barrier',
    blocks: [
      {
        text:
          'A barrier opens when the last thread arrives. With n vCPUs and a host that runs each ' +
          'of them half the time, the chance that all are on is small, so the last one is nearly ' +
          'always a preempted one. streamcluster meets at a barrier every 43 µs of work.',
      },
      {
        text:
          'The wait of all others is charged by what the last one did: [[class-barrier-host]] if ' +
          'it was preempted, [[class-barrier]] if it computed. A hypervisor that watches locks ' +
          'or IPIs does not see user-level barriers at all.',
      },
    ],
    sources: ['bienia2008', 'sukwong2011'],
    see: ['class-barrier-host', 'class-barrier', 'scheme-gang'],
  }),
  harm({
    id: 'tlb-shootdown',
    title: 'IPIs and TLB shootdowns to preempted vCPUs',
    summary: 'The sender spins until every sibling has answered, and one of them has no pCPU.',
    figure: 'ipi',
    blocks: [
      {
        text:
          'When a thread unmaps memory its kernel tells every processor that may hold the ' +
          'mapping, and waits for all answers. A native IPI takes about a microsecond; a vCPU ' +
          'that is preempted answers when it runs again. dedup and vips map and unmap all the ' +
          'time.',
      },
      {
        text:
          'Charged to [[class-ipi-preempted]]; the part that a running target takes to ' +
          '[[class-ipi]]. [[scheme-demand]] takes IPIs as a sign of who is urgent. Passive ' +
          'reader-writer locks and RCU wait in the same way for every vCPU to report.',
      },
    ],
    sources: ['kim2013', 'uhlig2004', 'liu2014'],
    see: ['class-ipi-preempted', 'class-ipi', 'scheme-demand', 'metric-synchronisation'],
  }),
  harm({
    id: 'steal',
    title: 'Steal and run delay',
    summary: 'Time in which a vCPU was ready to run and had no pCPU.',
    figure: 'steal',
    blocks: [
      {
        text:
          'The host calls it run delay, the guest is told of it as steal. It is the plain sum of ' +
          'all waiting for a pCPU, whatever for: no harm by itself, as a fair share is a share, ' +
          'but the room in which every harm happens.',
      },
      {
        text:
          'Measured runs have it where the simulator’s accounting cannot be had. Guests can act ' +
          'on it themselves: [[scheme-preferred-cpus]] folds a VM when its steal is high.',
      },
    ],
    sources: ['linux2017', 'linux2025'],
    see: ['class-fair-share', 'metric-cpu', 'scheme-preferred-cpus'],
  }),
  harm({
    id: 'pause-loop-exiting',
    title: 'Pause-loop exiting and directed yield',
    summary: 'The processor notices a spinning vCPU, and the host runs a sibling in its place.',
    figure: 'ple',
    blocks: [
      {
        text:
          'A spin loop executes PAUSE. When these come closer than a gap (128 cycles) for longer ' +
          'than a window (4096 cycles and growing), the VM exits. KVM then yields to a sibling ' +
          'that was preempted, in the hope that it holds what the spinner waits for.',
      },
      {
        text:
          'It helps where locks are contended. It guesses, it costs exits, and it does not see ' +
          'loops without PAUSE, such as the barriers of streamcluster. Switch `ple` of a ' +
          'scenario.',
      },
    ],
    sources: ['linux2013ple', 'linux2016'],
    see: ['lock-holder-preemption', 'metric-host-scheduling', 'metric-locks'],
  }),
  harm({
    id: 'cold-caches',
    title: 'Cold caches and distant memory',
    summary: 'After others had the core, or after a move to another socket, a thread runs slower.',
    blocks: [
      {
        text:
          'A vCPU that comes back finds its caches filled by others and pays to refill them ' +
          '([[class-refill]]). While VMs share a last-level cache each has less of it, and a ' +
          'vCPU that wandered to another socket reads its memory from afar ([[class-memory]]). ' +
          'Hardware threads of a core slow each other down ([[class-smt]]).',
      },
      {
        text:
          'Longer slices and pinning keep caches warm; short slices, many switches and balancing ' +
          'across sockets do the opposite. Much of what fewer, pinned vCPUs bring comes from here.',
      },
    ],
    sources: ['bienia2008', 'ahn2014'],
    see: ['class-refill', 'class-memory', 'class-smt', 'scheme-pin'],
  }),
  harm({
    id: 'vcpu-ballooning',
    title: 'vCPU ballooning, and what it breaks',
    summary: 'Fewer vCPUs, one for each pCPU that the VM may have: nothing is scheduled twice.',
    figure: 'ballooning',
    blocks: [
      {
        text:
          'If the vCPUs of all VMs together are as many as the pCPUs, the host has nothing left ' +
          'to schedule, and the guest, which knows its locks and threads, schedules alone. The ' +
          'number must follow weights and demand while the VMs run.',
      },
      {
        text:
          'What it breaks: threads beyond the vCPUs take turns inside the guest ' +
          '([[class-guest-queue]]); user-level spinning then wastes whole guest slices; twelve ' +
          'threads that meet at barriers do not divide by ten; each resize costs time ' +
          '([[class-resize]]); a VM that was idle starts on one vCPU.',
      },
      {
        text:
          'Stock hotplug of a CPU takes tens of milliseconds with the machine stopped for some; ' +
          'confining vCPUs takes about a hundred microseconds, freezing them in the guest a few.',
      },
    ],
    sources: ['miao2015', 'song2013', 'cheng2016', 'panneerselvam2015'],
    see: ['scheme-flexcore', 'scheme-vcpu-bal', 'scheme-vscale', 'class-resize'],
  }),
]
