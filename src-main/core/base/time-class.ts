/**
 * The classes into which every nanosecond of every thread is charged (simulator.md §5). Exactly one
 * class an instant, so the classes of a run sum to threads × makespan.
 */

/** One class: its key in files, its place in charts, and what it means. */
export type TimeClass = {
  readonly key: string
  readonly label: string
  readonly group: TimeGroup
  readonly meaning: string
}

/** The coarse groups in which the waterfall draws the classes. */
export type TimeGroup = 'work' | 'overhead' | 'host' | 'lock' | 'wait' | 'idle'

const define = <K extends string>(key: K, label: string, group: TimeGroup, meaning: string) =>
  Object.freeze({ key, label, group, meaning })

/** All classes, in the order of the accumulators. */
export const TIME_CLASSES = [
  define('useful', 'Useful work', 'work', 'the program itself, at full speed'),
  define('memory', 'Slower memory', 'work', 'LLC shared with others, memory on another socket'),
  define('smt', 'Shared core (SMT)', 'work', 'the other hardware thread of the core is busy'),
  define('switch', 'Switches and exits', 'overhead', 'context switches, VM exits, IPIs, syscalls'),
  define('refill', 'Cache refill', 'overhead', 'refilling caches after losing a core'),
  define('resize', 'Resizing', 'overhead', 'stopped while the number of vCPUs changes'),
  define(
    'stacking',
    'vCPU stacking',
    'host',
    'sibling vCPU holds the pCPU, another one is free of us',
  ),
  define('inversion', 'Priority inversion', 'host', 'vCPU preempted by a VM of lesser weight'),
  define('fair-share', 'Preempted (fair share)', 'host', 'vCPU waits for its turn on a pCPU'),
  define('fragmentation', 'CPU fragmentation', 'host', 'held back by co-scheduling, a pCPU idles'),
  define('costop', 'Co-stopped', 'host', 'held back by co-scheduling while all pCPUs are busy'),
  define('wake', 'Wake-up latency', 'host', 'from wake-up to the vCPU being runnable on a pCPU'),
  define('ipi', 'IPI and TLB wait', 'host', 'IPI target is running: delivery and acknowledgement'),
  define(
    'ipi-preempted',
    'IPI target preempted',
    'host',
    'waits until a preempted vCPU acknowledges',
  ),
  define('lhp', 'Lock-holder preemption', 'lock', 'lock holder sits on a preempted vCPU'),
  define('lock', 'Lock contention', 'lock', 'lock holder is running'),
  define('lock-guest', 'Lock holder descheduled', 'lock', 'lock holder waits inside the guest'),
  define('barrier', 'Barrier: imbalance', 'wait', 'last arriver was still computing'),
  define('barrier-host', 'Barrier: preempted', 'wait', 'last arriver sat on a preempted vCPU'),
  define('barrier-guest', 'Barrier: guest queue', 'wait', 'last arriver waited in a guest queue'),
  define('barrier-lock', 'Barrier: lock', 'wait', 'last arriver waited for a lock'),
  define('barrier-overhead', 'Barrier: overhead', 'wait', 'last arriver paid for switches, refill'),
  define('condition', 'Condition wait', 'wait', 'queue empty or full: waits for another stage'),
  define(
    'guest-queue',
    'Guest run queue',
    'wait',
    'ready, another thread of the VM runs on its vCPU',
  ),
  define('io', 'I/O and sleep', 'idle', 'blocked on a timer or a device'),
  define('idle', 'Not started or done', 'idle', 'before the start and after the end of its work'),
] as const satisfies readonly TimeClass[]

/** Key of a time class. */
export type TimeClassKey = (typeof TIME_CLASSES)[number]['key']

/** Keys in accumulator order. */
export const TIME_CLASS_KEYS: readonly TimeClassKey[] = TIME_CLASSES.map((c) => c.key)

/** Nanoseconds by class; the values sum to threads × makespan. */
export type TimeByClassNs = Record<TimeClassKey, number>
