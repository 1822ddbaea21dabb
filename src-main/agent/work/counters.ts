/** Counters of a run: what was counted at its end less what was at its start. */
import type { NotObservable } from '../../core/contract/agent/names.ts'
import type { VmSample } from '../../core/contract/agent/work.ts'
import type { Observed } from '../observe/kvm-counters.ts'

/** Several sources' counters as one. */
export function merge(...parts: readonly Observed[]): Observed {
  return {
    counters: Object.assign({}, ...parts.map((part) => part.counters)) as Record<string, number>,
    notObservable: Object.assign({}, ...parts.map((part) => part.notObservable)) as NotObservable,
  }
}

/** Growth from `before` to `after`; a counter that only one of them has is left out with reason. */
export function growth(before: Observed, after: Observed): Observed {
  const counters: Record<string, number> = {}
  const notObservable: Record<string, string> = { ...before.notObservable, ...after.notObservable }
  for (const [key, count] of Object.entries(after.counters)) {
    const from = before.counters[key]
    if (from === undefined || count < from) notObservable[key] ??= 'it was reset during the run'
    else counters[key] = count - from
  }
  return { counters, notObservable }
}

/** Totals over the vCPUs of a sample. */
export function vcpuCounters(sample: VmSample): Observed {
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0)
  const counters = {
    cpuNs: sum(sample.runNs),
    runDelayNs: sum(sample.runDelayNs),
    voluntary: sum(sample.voluntary),
    involuntary: sum(sample.involuntary),
  }
  return { counters, notObservable: {} }
}
