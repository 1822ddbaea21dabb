/** The series that a measured run has, from a level of a trace: online vCPUs and load. */
import type { RunSeries } from '../contract/result.ts'
import type { TraceHeader } from '../contract/trace.ts'
import { layoutTrace, VCPU_STATE, vcpuTrack } from './layout.ts'
import type { PlacedVm } from './layout.ts'
import type { LevelEntries } from './pyramid.ts'

type Sums = { readonly offline: number[]; readonly waiting: number[]; readonly used: number[] }

/** By state of a vCPU: where its time counts. One that the scheme holds back waits, too. */
const SUM_OF: Readonly<Partial<Record<number, keyof Sums>>> = {
  [VCPU_STATE.offline]: 'offline',
  [VCPU_STATE.preempted]: 'waiting',
  [VCPU_STATE.held]: 'waiting',
  [VCPU_STATE.running]: 'used',
}

/** All blocks of one level: of buckets of 2^level ns. */
export type WholeLevel = {
  readonly level: number
  readonly blocks: readonly (LevelEntries & { readonly track: number })[]
}

/**
 * Means over the buckets of a level that holds all of the trace's time. `online` is a mean, too: a
 * VM that had two vCPUs for half of a bucket and one for the rest had 1.5.
 */
export function loadSeries(header: TraceHeader, { level, blocks }: WholeLevel): RunSeries {
  const layout = layoutTrace(header)
  const bucketNs = 2 ** level
  const wholeNs = header.truncatedAtNs ?? header.endNs
  const buckets = Math.max(1, Math.ceil(wholeNs / bucketNs))
  const zeros = () => Array<number>(buckets).fill(0)
  const sums = layout.vms.map((): Sums => ({ offline: zeros(), waiting: zeros(), used: zeros() }))
  for (const { track, bucket, state, ns } of blocks) {
    const vm = layout.vmOfVcpu[track - vcpuTrack(layout, 0)]
    if (vm === undefined) continue
    for (const [i, at] of bucket.entries()) {
      const key = SUM_OF[state[i]!]
      if (key !== undefined && at < buckets) sums[vm]![key][at]! += ns[i]!
    }
  }
  const endNs = zeros().map((_, i) => Math.min(wholeNs, (i + 1) * bucketNs))
  const lengths = endNs.map((end, i) => end - i * bucketNs)
  return { endNs, vms: layout.vms.map((vm, i) => vmSeries(vm, sums[i]!, lengths)) }
}

function vmSeries(vm: PlacedVm, { offline, waiting, used }: Sums, lengths: readonly number[]) {
  const mean = (sum: readonly number[]) => sum.map((ns, i) => ns / lengths[i]!)
  return {
    name: vm.name,
    online: mean(offline).map((off) => Math.max(0, vm.vcpus - off)),
    ...{ used: mean(used), waiting: mean(waiting) },
  }
}
