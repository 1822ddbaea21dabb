/**
 * Harms: what scheduling twice does to a run, each of which a counterfactual run can switch off
 * (`without` of a scenario). Beside the accounting, which says where threads spent their time, this
 * says what would change: a wait that goes away may only make room for another.
 */
import type { TimeClassKey } from './time-class.ts'

/** One harm: what is done away with, and the classes in which the accounting shows it. */
export type Harm = {
  readonly key: string
  readonly label: string
  readonly off: string
  readonly classes: readonly TimeClassKey[]
}

const define = <K extends string>(
  key: K,
  label: string,
  off: string,
  classes: readonly TimeClassKey[],
) => Object.freeze({ key, label, off, classes })

/** All harms, in the order in which they are shown. */
export const HARMS = [
  define('overhead', 'Switches and exits', 'exits, IPIs, host switches and ticks take no time', [
    'switch',
    'ipi',
    'barrier-overhead',
  ]),
  define('refill', 'Cache refill', 'caches refill at infinite speed', ['refill']),
  define('memory', 'Slower memory', 'each thread has its LLC and its memory to itself', ['memory']),
  define('wake', 'Wake-up latency', 'blocking and kicking a vCPU take no time', ['wake']),
  define('stacking', 'vCPU stacking', 'siblings are never queued on the same pCPU', ['stacking']),
  define(
    'locks',
    'Lock-holder preemption',
    'the host preempts no lock holder; who waits and runs gets a lock first',
    ['lhp', 'barrier-lock'],
  ),
  define('ipis', 'IPI target preempted', 'a preempted vCPU acknowledges at once', [
    'ipi-preempted',
  ]),
  define(
    'coordination',
    'Uncoordinated preemption',
    "oracle co-scheduling: one VM's vCPUs take the pCPUs together, others fill the gaps",
    ['fair-share', 'inversion', 'barrier-host'],
  ),
  define('fragmentation', 'CPU fragmentation', 'who is held back may use a pCPU that idles', [
    'fragmentation',
    'costop',
  ]),
] as const satisfies readonly Harm[]

/** Key of a harm. */
export type HarmKey = (typeof HARMS)[number]['key']

/** Keys in order. */
export const HARM_KEYS: readonly HarmKey[] = HARMS.map((harm) => harm.key)
