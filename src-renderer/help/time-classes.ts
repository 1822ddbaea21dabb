/** Help: the classes of time. What one is stands in core/base/time-class.ts; here why it grows. */
import { TIME_CLASSES } from '../../src-main/core/base/time-class.ts'
import type { TimeClassKey } from '../../src-main/core/base/time-class.ts'
import type { HelpPage } from './page.ts'

type More = { readonly text: string; readonly see: readonly string[] }

const more = (text: string, ...see: readonly string[]): More => ({ text, see })

const MORE: Readonly<Record<TimeClassKey, More>> = {
  useful: more(
    'What the program would need on its own cores. Its share bounds what any scheme can bring: a ' +
      'run that is useful for 80 % of its time cannot become more than 1.25 times as fast by ' +
      'scheduling.',
    'statistic-ratio',
  ),
  memory: more(
    'Grows while co-runners share the last-level cache and after a vCPU moved to another socket. ' +
      'Pinning lowers it.',
    'cold-caches',
  ),
  smt: more(
    'Grows when siblings or strangers fill the other hardware thread of a core; a pCPU is then ' +
      'less than a core.',
    'cold-caches',
  ),
  switch: more(
    'Grows with short slices, many wake-ups, and spinning that the processor reports ' +
      '([[pause-loop-exiting]]).',
    'pause-loop-exiting',
    'metric-host-scheduling',
  ),
  refill: more(
    'Grows with the number of times that a thread lost its core to others, and with its working ' +
      'set.',
    'cold-caches',
  ),
  resize: more(
    'Only schemes that change the number of vCPUs have it. The three presets of a resize, from ' +
      'microseconds to tens of milliseconds, decide how much.',
    'vcpu-ballooning',
    'scheme-flexcore',
  ),
  stacking: more(
    'The vCPU waits although another pCPU runs none of its siblings. Keeping siblings on ' +
      'different queues makes it vanish; the wait itself may then be [[class-fair-share]].',
    'vcpu-stacking',
    'scheme-balance',
  ),
  inversion: more(
    'The one that has the pCPU weighs less than the one that waits.',
    'priority-inversion',
  ),
  'fair-share': more(
    'The ordinary price of overcommit: with twice as many busy vCPUs as pCPUs each waits for ' +
      'half of the time. It is no harm of scheduling twice as such; what others lose meanwhile ' +
      'is.',
    'steal',
    'double-scheduling',
  ),
  fragmentation: more(
    'Co-scheduling holds a vCPU back, and a pCPU that it could have idles.',
    'fragmentation',
    'scheme-gang',
  ),
  costop: more(
    'Co-scheduling holds a vCPU back while every pCPU has work. Named after the counter of ESX.',
    'fragmentation',
    'scheme-esx-relaxed',
  ),
  wake: more(
    'A wake-up goes through an IPI, an exit, a kick and the host’s queue before the vCPU runs. ' +
      'Halt polling shortens it and costs idle time.',
    'metric-latency',
  ),
  ipi: more(
    'The target runs and answers; exits and delivery still take microseconds where real hardware ' +
      'takes one.',
    'tlb-shootdown',
  ),
  'ipi-preempted': more(
    'The sender spins until a sibling that has no pCPU has run and answered. Grace periods of ' +
      'RCU and passive reader-writer locks wait in the same way.',
    'tlb-shootdown',
  ),
  lhp: more(
    'Waiting or spinning for a lock whose holder, or whose next in line, has no pCPU.',
    'lock-holder-preemption',
    'lock-waiter-preemption',
  ),
  lock: more(
    'Real contention: it would be there on real hardware. No scheme of the host takes it away.',
    'metric-locks',
  ),
  'lock-guest': more(
    'The holder is ready, but the guest runs another thread on its vCPU. Fewer vCPUs make it ' +
      'grow; guests do not preempt holders of kernel spin locks.',
    'vcpu-ballooning',
  ),
  barrier: more(
    'The work was not divided evenly; it would be there on real hardware.',
    'class-useful',
  ),
  'barrier-host': more('The last thread was preempted by the host.', 'preempted-barrier'),
  'barrier-guest': more(
    'The last thread waited for another thread of its VM: there are more threads than vCPUs.',
    'vcpu-ballooning',
  ),
  'barrier-lock': more('The last thread waited for a lock.', 'lock-holder-preemption'),
  'barrier-overhead': more('The last thread paid for switches, refills or IPIs.', 'cold-caches'),
  condition: more(
    'A stage of a pipeline has nothing to do, or nowhere to put it. Usually the program’s shape, ' +
      'sometimes a neighbour stage that was preempted.',
    'double-scheduling',
  ),
  'guest-queue': more(
    'More threads are ready than the VM has vCPUs. What ballooning trades for less waiting on ' +
      'the host.',
    'vcpu-ballooning',
  ),
  io: more('The program waits for the world outside. Not a loss by scheduling.', 'metric-latency'),
  idle: more(
    'Before a thread begins and after it is done. Threads of one VM end at different times; the ' +
      'classes sum to threads × makespan.',
  ),
}

/** A page for each class, and one for all. */
export const TIME_CLASS_PAGES: readonly HelpPage[] = [
  {
    id: 'time-classes',
    kind: 'time-class',
    title: 'Where the time goes',
    summary: 'Every nanosecond of every thread of a simulated run is in exactly one class.',
    blocks: [
      {
        text:
          'The classes of a run sum to threads × makespan, exactly. A wait is charged by its ' +
          'cause at that moment: a lock waiter by what the holder does, a waiter at a barrier by ' +
          'what the last arriver did.',
      },
      {
        text:
          'The accounting says where the time went, not what would change: a wait that goes away ' +
          'may make room for another. `flexlab explain` runs the same scenario without a harm ' +
          'and shows the difference ([[statistic-attribution]]).',
      },
      {
        text:
          'Measured runs have no classes, as nobody can see all of them from outside. They have ' +
          'counters instead ([[metric-cpu]]), and say what could not be observed.',
      },
    ],
    terms: TIME_CLASSES.map(({ key, label, meaning }) => ({ key, term: label, meaning })),
    sources: [],
    see: ['statistic-attribution', 'double-scheduling'],
  },
  ...TIME_CLASSES.map(({ key, label, meaning }): HelpPage => ({
    id: `class-${key}`,
    kind: 'time-class',
    title: label,
    summary: `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`,
    blocks: [{ text: MORE[key].text }],
    sources: [],
    see: [...MORE[key].see, 'time-classes'],
  })),
]
