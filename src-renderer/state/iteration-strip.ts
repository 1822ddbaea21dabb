/** The strip of a VM's iterations: where each dot stands. Pure; positions are shares, 0 … 1. */
import type { VmResult } from '../../src-main/core/contract/result.ts'

/** One iteration on the strip. `isAsked`: counted in the run's time, not co-runner load. */
export type StripDot = { readonly x: number; readonly valueNs: number; readonly isAsked: boolean }

/** A VM's line. */
export type Strip = {
  readonly vm: VmResult
  readonly dots: readonly StripDot[]
  /** Mean of the asked iterations, ns; null without any. */
  readonly meanNs: number | null
}

/** At most this many dots a line; longer ones are thinned evenly, both ends kept. */
const DOTS_MAX = 400

/** The lines of all VMs on one axis from zero to the longest iteration. */
export function iterationStrips(vms: readonly VmResult[]): { strips: Strip[]; maxNs: number } {
  const maxNs = vms.reduce((max, vm) => vm.iterationNs.reduce((m, v) => Math.max(m, v), max), 0)
  const strips = vms.map((vm) => {
    const asked = vm.iterationNs.slice(0, vm.iterationsAsked)
    const all = vm.iterationNs.map((valueNs, i) => ({
      valueNs,
      x: maxNs === 0 ? 0 : valueNs / maxNs,
      isAsked: i < vm.iterationsAsked,
    }))
    const sum = asked.reduce((total, value) => total + value, 0)
    return { vm, dots: thin(all), meanNs: asked.length === 0 ? null : sum / asked.length }
  })
  return { strips, maxNs }
}

function thin<T>(items: readonly T[]): T[] {
  if (items.length <= DOTS_MAX) return [...items]
  const step = (items.length - 1) / (DOTS_MAX - 1)
  return Array.from({ length: DOTS_MAX }, (_, i) => items[Math.round(i * step)] as T)
}
