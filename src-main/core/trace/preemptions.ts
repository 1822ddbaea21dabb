/** Query: who preempted whom, by VMs and by vCPUs. */
import type { Preemptions } from '../contract/trace.ts'
import { VCPU_STATE, vcpuName, vcpuTrack } from './layout.ts'
import { isWaiting, visitRunners } from './overlap.ts'
import type { Trace } from './trace.ts'

type Pair = {
  readonly victim: number
  readonly by: number
  ns: number
  times: number
  /** Longest time that `by` ran at a stretch, and the wait in which it did. */
  stretchNs: number
  longest: { readonly startNs: number; readonly ns: number }
}

/** Over all waits of runnable vCPUs in the trace; `top`: how many pairs are listed. */
export function preemptions(trace: Trace, top: number): Preemptions {
  const { layout } = trace
  const { vms, vmOfVcpu } = layout
  const vmNs = vms.map(() => Array<number>(vms.length + 1).fill(0))
  const pairs = new Map<number, Pair>()
  let totalNs = 0
  for (let victim = 0; victim < layout.vcpus; victim++) {
    visitWaits(trace, victim, (span, wasRunning) => {
      let isFirst = wasRunning
      visitRunners(trace, victim, span, (by, ns) => {
        totalNs += ns
        vmNs[vmOfVcpu[victim]!]![by < 0 ? vms.length : vmOfVcpu[by]!]! += ns
        const pair = pairOf(pairs, victim, by, layout.vcpus)
        pair.ns += ns
        pair.times += Number(isFirst)
        isFirst = false
        if (ns > pair.stretchNs) {
          pair.stretchNs = ns
          pair.longest = { startNs: span.fromNs, ns: span.toNs - span.fromNs }
        }
      })
    })
  }
  const listed = [...pairs.values()].sort((a, b) => b.ns - a.ns).slice(0, top)
  return {
    totalNs,
    vmNs,
    pairs: listed.map(({ victim, by, ns, times, longest }) => ({
      victim: vcpuName(layout, victim),
      by: vcpuName(layout, by),
      ns,
      times,
      longest,
    })),
  }
}

function pairOf(pairs: Map<number, Pair>, victim: number, by: number, vcpus: number): Pair {
  const key = victim * (vcpus + 1) + by + 1
  const known = pairs.get(key)
  if (known !== undefined) return known
  const pair = { victim, by, ns: 0, times: 0, stretchNs: 0, longest: { startNs: 0, ns: 0 } }
  pairs.set(key, pair)
  return pair
}

/**
 * Visits a vCPU's waits, each from when it could run until it ran or went away; and whether it had
 * run just before, that is, lost its pCPU.
 */
export function visitWaits(
  { layout, tracks }: Trace,
  vcpu: number,
  visit: (
    span: { readonly fromNs: number; readonly toNs: number },
    wasRunning: boolean,
    runsThen: boolean,
  ) => void,
): void {
  const { count, startNs, state } = tracks[vcpuTrack(layout, vcpu)]!
  const ns = tracks[vcpuTrack(layout, vcpu)]!.ns
  for (let i = 0; i < count; i++) {
    if (!isWaiting(state[i]!)) continue
    const wasRunning = i > 0 && state[i - 1] === VCPU_STATE.running
    const fromNs = startNs[i]!
    while (i + 1 < count && isWaiting(state[i + 1]!)) i++
    const runsThen = i + 1 < count && state[i + 1] === VCPU_STATE.running
    visit({ fromNs, toNs: startNs[i]! + ns[i]! }, wasRunning, runsThen)
  }
}
