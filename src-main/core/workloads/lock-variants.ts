/**
 * lock-variants: the micro-workloads of locks once more for each other kind of lock, so that a
 * campaign's axis of apps compares kinds.
 */
import type { KernelLockKind } from '../model/program.ts'
import type { WorkloadFile } from './workload-file.ts'

type Text = { readonly title: string; readonly summary: string }

const TEXTS: Readonly<Record<Exclude<KernelLockKind, 'ticket'>, Text>> = {
  tas: {
    title: 'Test-and-set spin lock',
    summary:
      'The same under test-and-set with exponential back-off: not fair, so it does not wait for ' +
      'preempted waiters.',
  },
  mcs: {
    title: 'MCS queue lock',
    summary:
      'The same under a queue lock: FIFO like tickets, but the cost of a hand-over does not grow ' +
      'with the waiters.',
  },
  'pv-ticket': {
    title: 'Paravirtual ticket lock',
    summary: 'The same under ticket locks whose waiters halt their vCPU after a while.',
  },
  'pv-qspinlock': {
    title: 'Paravirtual queue lock',
    summary: 'The same under queue locks whose waiters halt and which may be stolen.',
  },
}

/** `spin` with each kind of lock but tickets; ids `spin-tas`, `spin-mcs`, … */
const spinVariants = (spin: WorkloadFile): readonly WorkloadFile[] =>
  Object.entries(TEXTS).map(([kind, text]) => ({
    ...spin,
    ...text,
    id: `spin-${kind}`,
    spinLocks: spin.spinLocks.map(({ name }) => ({ name, kind: kind as KernelLockKind })),
  }))

const passiveVariant = (rwlock: WorkloadFile): WorkloadFile => ({
  ...rwlock,
  id: 'prwlock',
  title: 'Passive reader-writer lock',
  summary: 'The same under a passive lock: readers share no word, writers wait for every vCPU.',
  rwLocks: rwlock.rwLocks.map(({ name }) => ({ name, kind: 'passive' })),
})

/** The variants of a shipped workload; most have none. */
export function lockVariants(file: WorkloadFile): readonly WorkloadFile[] {
  if (file.id === 'spin') return spinVariants(file)
  return file.id === 'rwlock' ? [passiveVariant(file)] : []
}
