/** Row 2: what a CPU hog does to a kernel build beside it, by way of its spin locks. */
import type { SimulatedResult } from '../../core/contract/result.ts'
import { signedMean } from '../../core/stats/order-averaged.ts'
import { beside, change, judged } from './row.ts'
import type { Row } from './row.ts'
import { around } from './verdict.ts'
import { meanRatio } from './estimates.ts'
import { oneSocket } from './situation.ts'
import type { Situation, VmInput } from './situation.ts'

const PCPUS = 4
const [ALONE, BESIDE] = [0.002, 0.076]
const [TIME_ALONE, TIME_BESIDE] = [109, 117.3]

/** What a thread does on a CPU besides spinning. */
const WORKING = ['useful', 'memory', 'smt', 'switch', 'refill', 'resize', 'ipi'] as const

/** Part of the guest's CPU time in which it does nothing of that: it spins. */
function spinning({ vms }: SimulatedResult): number {
  const { cpuNs, attributionNs } = vms[0]!
  return 1 - WORKING.reduce((sum, key) => sum + attributionNs[key], 0) / cpuNs
}

/** The lock-holder preemption row. */
export const lockHolder: Row = {
  id: 2,
  behaviour: 'One CPU hog beside an SMP guest: the guest spins for preempted lock holders',
  source:
    'Friebel and Biemüller, How to deal with lock holder preemption, Xen Summit 2008, as in ' +
    'simulator.md §6',
  setup: [
    'Xen credit on 4 pCPUs, without pause-loop exiting (2008); a guest of 4 vCPUs runs ' +
      'kernbench, a VM of one vCPU computes. The slides were not found, so pCPUs and vCPUs are ' +
      'assumed; so is that 109.0 s is without the hog.',
    'Note that 117.3 / 109.0 − 1 = 7.6 %, the part spent spinning: either is the other, or the ' +
      'hog took no CPU time from the guest, as where there are more pCPUs than vCPUs.',
  ],
  rule:
    'Spinning: part of the guest’s CPU time that is neither work nor overhead. Time: beside the ' +
    'hog over alone. Single figures: ± 25 %.',
  found: [
    'Spinning: lock holders are preempted too rarely. kernbench is after a build of Linux ' +
      '4.13, whose locks are held for 0.5 % of the CPU time and are many; its vCPUs are ' +
      'preempted some 30 times a second, so a holder is caught about once in ten seconds, and ' +
      'each time up to three vCPUs spin for up to 30 ms. 7.6 % takes some ten times as many, as ' +
      'with the few global locks of a kernel of 2008 (big kernel lock, dcache_lock). Making all ' +
      'of the model’s page and inode locks one each (`hotLocks`, `memoryLocks`: 1) gives about 1 ' +
      '%. Alone, so many fine locks hardly meet. Domain 0 and interrupts, which preempt vCPUs ' +
      'too, are not modelled.',
    'Time: the hog is due, and takes, up to one of four pCPUs, whatever the locks do; what ' +
      'preempted holders add to that stands beside.',
  ],
  async measure(trials) {
    const params = { scale: Math.max(0.05, 2 * trials.scale) }
    const guest: VmInput = { name: 'guest', vcpus: PCPUS, workload: { app: 'kernbench', params } }
    const hog: VmInput = { name: 'hog', vcpus: 1, workload: { app: 'hog' }, stopNs: 1e15 }
    const base: Situation = {
      ...{ host: oneSocket(PCPUS), scheme: { id: 'credit' }, switches: { ple: false } },
      vms: [guest],
    }
    const both = { ...base, vms: [guest, hog] }
    const [alone, crowded, kept] = await Promise.all([
      trials.run(base),
      trials.run(both),
      trials.run({ ...both, without: ['locks'] }),
    ])
    const slower = (runs: readonly SimulatedResult[], than: readonly SimulatedResult[]) =>
      meanRatio(runs.map((run, i) => run.timeNs / than[i]!.timeNs))
    const share = (runs: readonly SimulatedResult[]) => signedMean(runs.map(spinning))
    const time = change(TIME_BESIDE / TIME_ALONE - 1)
    return [
      judged('spinning, alone', ['0.2 %', around(ALONE)], 'share', share(alone)),
      judged('spinning, beside the hog', ['7.6 %', around(BESIDE)], 'share', share(crowded)),
      judged('time beside the hog', time, 'change', slower(crowded, alone)),
      beside('of it, from preempted lock holders', 'change', slower(crowded, kept)),
    ]
  },
}
