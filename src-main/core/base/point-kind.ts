/**
 * The kinds of point events that a trace holds besides intervals: locks, interrupts, resizes,
 * barriers, iterations. Each happens on one track and has up to two further numbers.
 */

/** Whose track a point lies on. */
export type PointSubject = 'thread' | 'vcpu' | 'vm'

/** One kind: its key in files, whose it is, and what its two numbers mean (`''`: unused, −1). */
export type PointKind = {
  readonly key: string
  readonly label: string
  readonly subject: PointSubject
  readonly object: string
  readonly detail: string
}

const define = <K extends string>(
  key: K,
  label: string,
  subject: PointSubject,
  object = '',
  detail = '',
) => Object.freeze({ key, label, subject, object, detail })

/** All kinds, in the order of their numbers. Only ever append: stored traces hold the numbers. */
export const POINT_KINDS = [
  define('lock-acquire', 'Lock taken', 'thread', 'lock'),
  define('lock-contend', 'Lock is held', 'thread', 'lock', 'holder thread'),
  define('lock-release', 'Lock released', 'thread', 'lock', 'next holder thread'),
  define('ipi', 'IPI sent', 'thread', 'target vcpu'),
  define('tlb-shootdown', 'TLB shootdown', 'thread', 'targets', 'preempted targets'),
  define('kick', 'Kicked', 'vcpu'),
  define('ple-exit', 'Pause-loop exit', 'vcpu', 'vcpu offered the pCPU'),
  define('resize', 'Resized', 'vm', 'online vcpus', 'online vcpus before'),
  define('barrier-arrive', 'Arrives at barrier', 'thread', 'barrier', 'arrived before'),
  define('barrier-open', 'Opens barrier', 'thread', 'barrier', 'waiters'),
  define('iteration-start', 'Iteration starts', 'vm', 'iteration'),
  define('iteration-end', 'Iteration ends', 'vm', 'iteration'),
  define('vm-stop', 'VM departs', 'vm'),
] as const satisfies readonly PointKind[]

/** Key of a point kind. */
export type PointKindKey = (typeof POINT_KINDS)[number]['key']

/** Number of each kind. */
export const POINT = Object.fromEntries(POINT_KINDS.map((kind, i) => [kind.key, i])) as Record<
  PointKindKey,
  number
>
