/**
 * The drawings of the help, as data: lanes of pCPUs or vCPUs over a schematic time of 0 … 100.
 * Drawn by `views/help/LaneFigure.svelte` in the colours of the theme; nothing in them is measured.
 */

/** What a bar stands for. VM `a` is the one that the page is about, `b` the other. */
export type BarKind = 'a' | 'b' | 'spin' | 'wait' | 'idle' | 'lock'

/** A bar of a lane, from and to in per cent of the drawing. */
export type Bar = {
  readonly from: number
  readonly to: number
  readonly kind: BarKind
  readonly text: string
}

/** A lane with its bars. */
export type Lane = { readonly label: string; readonly bars: readonly Bar[] }

/** A vertical line at a moment, with its words. */
export type Moment = { readonly at: number; readonly text: string }

/** A drawing; `alt` says in words what it shows. */
export type Figure = {
  readonly alt: string
  readonly lanes: readonly Lane[]
  readonly moments: readonly Moment[]
}

const bar = (kind: BarKind, from: number, to: number, text = ''): Bar => ({ from, to, kind, text })
const lane = (label: string, ...bars: readonly Bar[]): Lane => ({ label, bars })
const moment = (at: number, text: string): Moment => ({ at, text })

/** Every drawing by its key. */
export const FIGURES = {
  'lock-holder': {
    alt:
      'Two pCPUs. On the first, vCPU A0 holds a lock when VM B takes its pCPU. On the second, A1 ' +
      'spins for the lock until A0 has run again and let go.',
    lanes: [
      lane(
        'pCPU 0',
        bar('a', 0, 14, 'A0'),
        bar('lock', 14, 26, 'holds'),
        bar('b', 26, 72, 'VM B'),
        bar('lock', 72, 82, 'holds'),
        bar('a', 82, 100, 'A0'),
      ),
      lane(
        'pCPU 1',
        bar('a', 0, 32, 'A1'),
        bar('spin', 32, 82, 'A1 spins for the lock'),
        bar('a', 82, 100, 'A1'),
      ),
    ],
    moments: [moment(26, 'preempted'), moment(82, 'let go')],
  },
  'lock-waiter': {
    alt:
      'Three pCPUs and a ticket lock. A0 lets go, but the next in line, A1, has been preempted; ' +
      'A2 behind it spins although the lock is free.',
    lanes: [
      lane('pCPU 0', bar('lock', 0, 30, 'A0 holds'), bar('a', 30, 100, 'A0')),
      lane(
        'pCPU 1',
        bar('spin', 0, 18, 'A1'),
        bar('b', 18, 74, 'VM B'),
        bar('lock', 74, 88, 'A1'),
        bar('a', 88, 100),
      ),
      lane(
        'pCPU 2',
        bar('spin', 0, 88, 'A2 spins: it is not its turn'),
        bar('lock', 88, 100, 'A2'),
      ),
    ],
    moments: [moment(30, 'lock is free'), moment(74, 'next in line runs')],
  },
  stacking: {
    alt:
      'Two pCPUs. Both vCPUs of VM A are queued on the first, one after the other, while the ' +
      'second runs VM B only: A’s threads take turns where they could run at the same time.',
    lanes: [
      lane(
        'pCPU 0',
        bar('a', 0, 25, 'A0'),
        bar('a', 25, 50, 'A1'),
        bar('a', 50, 75, 'A0'),
        bar('a', 75, 100, 'A1'),
      ),
      lane('pCPU 1', bar('b', 0, 50, 'B0'), bar('b', 50, 100, 'B0')),
      lane('A1 wants', bar('wait', 0, 25, 'waits'), bar('a', 25, 50), bar('wait', 50, 75, 'waits')),
    ],
    moments: [],
  },
  fragmentation: {
    alt:
      'Four pCPUs under gang scheduling. VM B has three vCPUs, one of which halts: two pCPUs ' +
      'idle in its turn although VM A is ready to run.',
    lanes: [
      lane('pCPU 0', bar('a', 0, 45, 'A0'), bar('b', 45, 100, 'B0')),
      lane('pCPU 1', bar('a', 0, 45, 'A1'), bar('b', 45, 100, 'B1')),
      lane('pCPU 2', bar('a', 0, 45, 'A2'), bar('b', 45, 60, 'B2'), bar('idle', 60, 100, 'idle')),
      lane('pCPU 3', bar('a', 0, 45, 'A3'), bar('idle', 45, 100, 'idle, A3 is held back')),
    ],
    moments: [moment(45, 'turn of VM B')],
  },
  inversion: {
    alt:
      'One pCPU. A0 belongs to a VM of high weight. It wakes while B0 of low weight runs, and ' +
      'waits to the end of that slice.',
    lanes: [
      lane(
        'pCPU 0',
        bar('a', 0, 20, 'A0 (weight 2048)'),
        bar('b', 20, 70, 'B0 (weight 512)'),
        bar('a', 70, 100, 'A0'),
      ),
      lane('A0', bar('a', 0, 20), bar('idle', 20, 38, 'halted'), bar('wait', 38, 70, 'waits')),
    ],
    moments: [moment(38, 'A0 wakes')],
  },
  barrier: {
    alt:
      'Three pCPUs and a barrier. A0 and A1 arrive and wait; A2 was preempted before it arrived, ' +
      'and all three go on only when it has run again.',
    lanes: [
      lane(
        'pCPU 0',
        bar('a', 0, 30, 'A0'),
        bar('spin', 30, 84, 'at the barrier'),
        bar('a', 84, 100),
      ),
      lane(
        'pCPU 1',
        bar('a', 0, 36, 'A1'),
        bar('spin', 36, 84, 'at the barrier'),
        bar('a', 84, 100),
      ),
      lane(
        'pCPU 2',
        bar('a', 0, 22, 'A2'),
        bar('b', 22, 70, 'VM B'),
        bar('a', 70, 84, 'A2'),
        bar('a', 84, 100),
      ),
    ],
    moments: [moment(22, 'preempted'), moment(84, 'barrier opens')],
  },
  ipi: {
    alt:
      'Three pCPUs. A0 sends a TLB shootdown to its siblings. A1 answers at once; A2 is ' +
      'preempted, and A0 spins until it has run and answered.',
    lanes: [
      lane(
        'pCPU 0',
        bar('a', 0, 26, 'A0'),
        bar('spin', 26, 78, 'waits for answers'),
        bar('a', 78, 100),
      ),
      lane('pCPU 1', bar('a', 0, 30, 'A1'), bar('lock', 30, 34), bar('a', 34, 100, 'A1')),
      lane(
        'pCPU 2',
        bar('a', 0, 14, 'A2'),
        bar('b', 14, 72, 'VM B'),
        bar('lock', 72, 78),
        bar('a', 78, 100),
      ),
    ],
    moments: [moment(26, 'IPIs'), moment(78, 'last answer')],
  },
  steal: {
    alt:
      'One vCPU as its guest and as the host see it: the guest counts the time in which VM B had ' +
      'the pCPU as stolen.',
    lanes: [
      lane('pCPU 0', bar('a', 0, 30, 'A0'), bar('b', 30, 64, 'VM B'), bar('a', 64, 100, 'A0')),
      lane(
        'A0 says',
        bar('a', 0, 30, 'busy'),
        bar('wait', 30, 64, 'steal'),
        bar('a', 64, 100, 'busy'),
      ),
    ],
    moments: [],
  },
  ple: {
    alt:
      'Two pCPUs. A1 spins for a lock; the processor notices the pauses, the VM exits, and the ' +
      'host runs the preempted holder A0 in its place.',
    lanes: [
      lane('pCPU 0', bar('lock', 0, 16, 'A0 holds'), bar('b', 16, 100, 'VM B')),
      lane(
        'pCPU 1',
        bar('a', 0, 24, 'A1'),
        bar('spin', 24, 46, 'A1 spins'),
        bar('lock', 46, 62, 'A0 holds'),
        bar('a', 62, 100, 'A1'),
      ),
    ],
    moments: [moment(46, 'pause-loop exit')],
  },
  ballooning: {
    alt:
      'Above: two VMs of four vCPUs share four pCPUs, each vCPU for half the time. Below: each ' +
      'VM is left with two vCPUs, one for each of its pCPUs, and nobody takes turns.',
    lanes: [
      lane(
        'before, 0',
        bar('a', 0, 25, 'A0'),
        bar('b', 25, 50, 'B0'),
        bar('a', 50, 75, 'A0'),
        bar('b', 75, 100, 'B0'),
      ),
      lane(
        'before, 1',
        bar('b', 0, 35, 'B1'),
        bar('a', 35, 60, 'A1'),
        bar('b', 60, 85, 'B1'),
        bar('a', 85, 100, 'A1'),
      ),
      lane('after, 0', bar('a', 0, 100, 'A0')),
      lane('after, 1', bar('b', 0, 100, 'B0')),
    ],
    moments: [],
  },
} as const satisfies Readonly<Record<string, Figure>>

/** Key of a drawing. */
export type FigureKey = keyof typeof FIGURES
