/** Row 7: yields of spinning vCPUs that go to the right sibling, and last. */
import { CFS_HOST } from '../../core/model/host-cfs.ts'
import { requestReschedule } from '../../core/model/events.ts'
import type { Machine } from '../../core/model/machine.ts'
import type { Policy } from '../../core/model/policy.ts'
import { VCPU } from '../../core/model/vocabulary.ts'
import type { SignedEstimate } from '../../core/stats/order-averaged.ts'
import { speedUp } from './estimates.ts'
import { beside, change, judged, MORE } from './row.ts'
import type { Figure, Row } from './row.ts'
import { oneSocket } from './situation.ts'
import type { Situation } from './situation.ts'
import type { Trials } from './trials.ts'

const PCPUS = 16
const VMS = [1, 2, 3, 4] as const
const SCALE = 0.1

/** A preempted sibling that has yet to answer an IPI of the spinner's thread; −1: none. */
function awaited(m: Machine, v: number): number {
  const { firstV, vcpus } = m.vms[m.vVm[v]!]!
  const sender = m.vCur[v]!
  for (let w = firstV; w < firstV + vcpus; w++) {
    if (m.vState[w] !== VCPU.runnable || m.vHeld[w] !== 0) continue
    if (m.vIpi[w]!.includes(sender)) return w
  }
  return -1
}

/** Moves a spinner behind whom it yields to, by so much that it does not preempt it at once. */
function setBack(m: Machine, v: number, target: number): void {
  const ahead = m.vVr[target]! - m.pMinVr[m.vP[target]!]!
  const behind = m.pMinVr[m.vP[v]!]! + ahead + m.hostCfs.wakeupGranularityNs
  m.vVr[v] = Math.max(m.vVr[v]!, behind)
}

/** A directed yield that prefers whose answer the spinner waits for. */
function aim(m: Machine, v: number, offered: number): number {
  const waitedFor = awaited(m, v)
  const target = waitedFor >= 0 ? waitedFor : offered
  if (target < 0) return -1
  const [from, to] = [m.vP[v]!, m.vP[target]!]
  m.counters.directedYields++
  m.pBoost[to] = target
  requestReschedule(m, to)
  if (from === to) return target
  m.pSkip[from] = v
  requestReschedule(m, from)
  return target
}

/** Stock KVM whose yields are aimed. */
const AIMED: Policy = { host: { ...CFS_HOST, yields: (m, v, offered) => void aim(m, v, offered) } }

/** And last: the whole series. */
const LASTING: Policy = {
  host: {
    ...CFS_HOST,
    yields: (m, v, offered) => {
      const target = aim(m, v, offered)
      if (target >= 0) setBack(m, v, target)
    },
  },
}

function situationOf(count: number, trials: Trials): Situation {
  const params = { scale: SCALE * Math.max(0.1, trials.scale) }
  const vm = { vcpus: PCPUS, workload: { app: 'dedup', params } }
  return { host: oneSocket(PCPUS), vms: Array.from({ length: count }, () => vm) }
}

const timeOf = (m: Machine) => ({
  timeNs: m.vms.reduce((sum, vm) => sum + vm.iterationNs[0]!, 0) / m.vms.length,
})

async function gainOf(count: number, trials: Trials, policy: Policy): Promise<SignedEstimate> {
  const situation = situationOf(count, trials)
  const [stock, aimed] = await Promise.all([
    trials.run(situation),
    trials.runHere(situation, () => policy),
  ])
  return speedUp(stock, aimed.map(timeOf))
}

/** What the gain at `more` VMs lacks to that at the better of two and three. */
const difference = (peak: SignedEstimate, other: SignedEstimate): SignedEstimate => ({
  value: peak.value - other.value,
  lo: peak.lo! - other.hi!,
  hi: peak.hi! - other.lo!,
})

/** Yields. */
export const wastedYields: Row = {
  id: 7,
  behaviour: 'Gains from avoiding wasted yields peak at 2–3 VMs and fade at 4',
  source:
    'W. Li, sched/kvm: Semantics-aware vCPU scheduling for oversubscribed KVM, Linux patch ' +
    'series, 2025, cover letter: dedup +47.1 % at 2 VMs; at 4 VMs “gains diminish as general CPU ' +
    'contention dominates”',
  setup: [
    'KVM on 16 pCPUs (assumed), 1 to 4 VMs of 16 vCPUs that run dedup. Before: pause-loop ' +
      'exits that yield to preempted siblings in turn. After: a policy of this row after the ' +
      'cover letter: they go first to a sibling whose answer to an IPI the spinner waits for, ' +
      'and the spinner stays behind it by a wake-up granularity.',
    'The series’ host has EEVDF and cgroups; here it is CFS with a fair share for each vCPU.',
  ],
  rule:
    'Speed-up at 2 VMs: a single figure. Fading: the gain at the better of 2 and 3 VMs less that ' +
    'at 4, and less that at 1: more (intervals added up, so wider than needed).',
  found: [
    'dedup as modelled is bound by its queues: waiting for preempted IPI targets is 4 % of its ' +
      'threads’ time at 2 VMs and 5 % at 4, so that even targets that always answer at once (the ' +
      'last figure beside) bring a fraction of the source’s gain, at 2 VMs and at 4. Its ' +
      'shootdowns (of memory given back by the allocator) are a prior; the source calls it heavy ' +
      'in IPIs.',
    'Setting the spinner back costs more than it saves: when the answer has come it stands ' +
      'behind others for the rest of a slice. The series limits that in ways that its cover ' +
      'letter does not say.',
  ],
  async measure(trials) {
    const gains: SignedEstimate[] = []
    for (const count of VMS) gains.push(await gainOf(count, trials, LASTING))
    const [one, two, three, four] = gains as [SignedEstimate, ...SignedEstimate[]]
    const peak = three!.value > two!.value ? three! : two!
    const aimed = await gainOf(2, trials, AIMED)
    const both = situationOf(2, trials)
    const [stock, ideal] = await Promise.all([
      trials.run(both),
      trials.run({ ...both, without: ['ipis'] }),
    ])
    const figures: readonly Figure[] = [
      judged('dedup, 2 VMs', change(0.471), 'change', two!),
      judged('peak over 4 VMs', MORE, 'change', difference(peak, four!)),
      judged('peak over 1 VM', MORE, 'change', difference(peak, one)),
      ...[one, three!, four!].map((gain, i) =>
        beside(`dedup, ${[1, 3, 4][i]!} VM${i === 0 ? '' : 's'}`, 'change', gain),
      ),
      beside('dedup, 2 VMs, aimed, not set back', 'change', aimed),
      beside('dedup, 2 VMs, all answer at once', 'change', speedUp(stock, ideal)),
    ]
    return figures
  },
}
