/** Row 3: waiters that stop spinning when whom they wait for is preempted. */
import { beside, changes, judged } from './row.ts'
import type { Row } from './row.ts'
import { speedUp } from './estimates.ts'
import { inline, oneSocket, role } from './situation.ts'
import type { Situation, VmInput } from './situation.ts'
import type { Trials } from './trials.ts'

const [PCPUS, VCPUS] = [4, 8]
const SAME = 0.02

const situationOf = (workload: VmInput['workload'], pvLocks: 'none' | 'qspinlock'): Situation => ({
  host: oneSocket(PCPUS),
  switches: { pvLocks },
  vms: [{ vcpus: VCPUS, workload }],
})

/** Each thread writes to and reads from a pipe of its own: a lock that nobody else wants. */
function pipes(trials: Trials): VmInput['workload'] {
  const threads = Array.from({ length: VCPUS }, (_, i) => i)
  const body = (i: number) => [
    { op: 'compute', ns: 10_000, cv: 0.2 },
    { op: 'spin-critical', lock: `pipe${i}`, ns: 2_000 },
  ]
  const times = Math.max(1, Math.round(20_000 * trials.scale))
  return inline({
    spinLocks: threads.map((i) => `pipe${i}`),
    roles: threads.map((i) => role(`copy${i}`, 1, [{ op: 'loop', times, body: body(i) }])),
  })
}

/** The row of the check for preempted vCPUs. */
export const preemptedCheck: Row = {
  id: 3,
  behaviour: 'To stop spinning on preempted vCPUs helps what is bound by locks, and only that',
  source:
    'Linux commit 1885aa7041c9 and its series (vcpu_is_preempted, 2016), UnixBench: execl and ' +
    'file copy +56 … +106 %, pipe throughput ±0',
  setup: [
    'KVM on 4 pCPUs, one guest of 8 vCPUs. Before: queue or ticket locks, whose waiters spin ' +
      'whatever happens; after: PV queue locks, whose waiters halt when they have spun for long ' +
      'or stand behind one that is preempted.',
    'The commit is about optimistic spinning: a mutex’s or semaphore’s waiters spin in an MCS ' +
      'queue while its owner runs; since then they look whether the owner’s, or their ' +
      'predecessor’s, vCPU is preempted, and sleep. Here the waiter of a spin lock halts its ' +
      'vCPU. What is the same is that a pCPU is given up instead of spun on; a sleeping thread ' +
      'also lets another of its guest run, and the fast case of a mutex differs.',
    'Lock-bound: `spin-mcs` against `spin-pv-qspinlock` with their defaults, and kernbench ' +
      '(execs). Pipe throughput: each thread writes to and reads from its own pipe, ten messages ' +
      'at a time.',
  ],
  rule: 'Speed-up of the same work. Pipe throughput: within ± 2 %.',
  found: [
    'One hot lock: pause-loop exits with directed yields rescue queue locks already: without ' +
      'them the same work takes minutes instead of seconds (`switches.ple`). PV queue locks ' +
      'trade those exits (290,000 in a run) for 8,000 halts, but stay a queue: for more than ' +
      'half of their time threads wait for the next in line, whose vCPU is preempted or has yet ' +
      'to wake. A mutex whose spinner gives up is free for whoever runs; the same lock without a ' +
      'queue (beside) gains as much as the source.',
    'kernbench is not bound by locks here: they are held for 0.5 % of its time (see row 2), so ' +
      'there is nothing to gain. UnixBench’s execl and file copy are loops of little else.',
  ],
  async measure(trials) {
    const scaled = (app: string, scale: number): VmInput['workload'] => ({
      ...{ app, params: { scale: Math.max(0.02, scale * trials.scale) } },
    })
    const pair = async (
      before: VmInput['workload'],
      after: VmInput['workload'],
      pvLocks: 'none' | 'qspinlock',
    ) =>
      speedUp(
        ...(await Promise.all([
          trials.run(situationOf(before, 'none')),
          trials.run(situationOf(after, pvLocks)),
        ])),
      )
    const [mcs, qspinlock, make] = [
      scaled('spin-mcs', 1),
      scaled('spin-pv-qspinlock', 1),
      scaled('kernbench', 0.5),
    ]
    const pipe = pipes(trials)
    const [locks, builds, copies, queueless] = await Promise.all([
      pair(mcs, qspinlock, 'none'),
      pair(make, make, 'qspinlock'),
      pair(pipe, pipe, 'qspinlock'),
      pair(mcs, scaled('spin-tas', 1), 'none'),
    ])
    const source = changes(0.56, 1.06)
    const same = ['±0', { lo: -SAME, hi: SAME }] as const
    return [
      judged('one hot lock', source, 'change', locks),
      judged('kernbench', source, 'change', builds),
      judged('pipe throughput', same, 'change', copies),
      beside('the hot lock without a queue (tas)', 'change', queueless),
    ]
  },
}
