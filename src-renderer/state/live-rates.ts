/** Rates of a host's VMs from the totals that its samples hold. Pure. */
import type { Sample, VmSample } from '../../src-main/core/contract/agent/work.ts'

/** One VM between two samples. Use and delay are in pCPUs: ns a ns, over all its vCPUs. */
export type VmRate = {
  readonly vm: string
  readonly use: number
  readonly runDelay: number
  /** Switches of its vCPU threads a second: gave the pCPU up, and had it taken. */
  readonly voluntary: number
  readonly involuntary: number
  readonly online: number | null
}

/** A moment of the live view. */
export type Rates = { readonly atNs: number; readonly vms: readonly VmRate[] }

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** Rates between two samples; null when they are not in order. VMs must be in both. */
export function ratesBetween(from: Sample, to: Sample): Rates | null {
  const spanNs = to.atNs - from.atNs
  if (spanNs <= 0) return null
  const vms = to.vms.flatMap((now) => {
    const before = from.vms.find((vm) => vm.vm === now.vm)
    return before === undefined ? [] : [rateOf(before, now, spanNs)]
  })
  return { atNs: to.atNs, vms }
}

function rateOf(before: VmSample, now: VmSample, spanNs: number): VmRate {
  // A restarted VM's totals begin again: no negative rate is shown.
  const grown = (key: 'runNs' | 'runDelayNs' | 'voluntary' | 'involuntary'): number =>
    Math.max(0, sum(now[key]) - sum(before[key])) / spanNs
  return {
    vm: now.vm,
    use: grown('runNs'),
    runDelay: grown('runDelayNs'),
    voluntary: grown('voluntary') * 1e9,
    involuntary: grown('involuntary') * 1e9,
    online: now.online,
  }
}

/** Points of a polyline in a box of 100 × 100: newest at the right, the largest at the top. */
export function sparkline(values: readonly number[], most: number, capacity: number): string {
  const step = 100 / Math.max(1, capacity - 1)
  const first = 100 - (values.length - 1) * step
  return values
    .map((value, i) => {
      const y = most > 0 ? 100 - (Math.min(value, most) / most) * 100 : 100
      return `${(first + i * step).toFixed(2)},${y.toFixed(2)}`
    })
    .join(' ')
}
