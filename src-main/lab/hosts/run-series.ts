/** The series of a measured run: from counters that only grow to means over intervals, capped. */
import type { Sample, VmSample } from '../../core/contract/agent/work.ts'
import { SERIES_MAX } from '../../core/contract/result.ts'
import type { RunSeries } from '../../core/contract/result.ts'

/**
 * vCPU counts and load of the VMs between samples, in at most SERIES_MAX intervals; undefined
 * without two samples. VMs that some sample does not have are left out.
 */
export function seriesOf(
  samples: readonly Sample[],
  names: readonly string[],
): RunSeries | undefined {
  const kept = thinned(samples)
  if (kept.length < 2) return undefined
  const pairs = kept.slice(1).map((sample, i) => [kept[i]!, sample] as const)
  return {
    endNs: pairs.map(([, end]) => end.atNs),
    vms: names
      .filter((name) => kept.every((sample) => vmOf(sample, name) !== undefined))
      .map((name) => vmSeries(pairs, name)),
  }
}

/** Every n-th sample, so that few enough remain; the last one always. Later ones are later. */
function thinned(samples: readonly Sample[]): readonly Sample[] {
  const rising = samples.filter((sample, i) => i === 0 || sample.atNs > samples[i - 1]!.atNs)
  const step = Math.ceil((rising.length - 1) / SERIES_MAX)
  if (step <= 1) return rising
  return rising.filter((_, i) => i % step === 0 || i === rising.length - 1).slice(-SERIES_MAX - 1)
}

const vmOf = (sample: Sample, name: string): VmSample | undefined =>
  sample.vms.find(({ vm }) => vm === name)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function vmSeries(pairs: readonly (readonly [Sample, Sample])[], name: string) {
  const mean = (of: (vm: VmSample) => readonly number[]): number[] =>
    pairs.map(([from, to]) => {
      const grown = sum(of(vmOf(to, name)!)) - sum(of(vmOf(from, name)!))
      // A VM that was started anew begins its counters again.
      return Math.max(0, grown) / (to.atNs - from.atNs)
    })
  return {
    name,
    online: pairs.map(([, to]) => vmOf(to, name)!.online),
    used: mean((vm) => vm.runNs),
    waiting: mean((vm) => vm.runDelayNs),
  }
}
