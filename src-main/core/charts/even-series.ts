/**
 * A run's series made fit to draw: an interval much shorter than the others holds few of the
 * counters' ticks and would show as a spike that nobody could have used, so it joins its neighbour.
 */
import type { RunSeries } from '../contract/result.ts'

/** Shorter than this part of the median interval is too short. */
const SHORT = 0.5

/** One interval with means over it; `online` is what it was at its end. */
export type LoadInterval = {
  readonly startNs: number
  readonly endNs: number
  readonly online: number | null
  readonly used: number
  readonly waiting: number
}

/** Intervals of each VM of a series, in order, without gaps from 0 on. */
export type VmLoad = { readonly name: string; readonly intervals: readonly LoadInterval[] }

/** The series by VM, its short intervals joined with the ones after them (the last: before it). */
export function evenSeries({ endNs, vms }: RunSeries): readonly VmLoad[] {
  const ends = groupEnds(endNs)
  return vms.map(({ name, online, used, waiting }) => ({
    name,
    intervals: ends.map((last, i): LoadInterval => {
      const first = i === 0 ? 0 : ends[i - 1]! + 1
      const mean = (values: readonly number[]) => weightedMean(endNs, values, first, last)
      return {
        ...{ startNs: startOf(endNs, first), endNs: endNs[last]! },
        ...{ online: online[last] ?? null, used: mean(used), waiting: mean(waiting) },
      }
    }),
  }))
}

const startOf = (endNs: readonly number[], i: number): number => (i === 0 ? 0 : endNs[i - 1]!)

/** Index of the last interval of each group. */
function groupEnds(endNs: readonly number[]): readonly number[] {
  const lengths = endNs.map((end, i) => end - startOf(endNs, i))
  const leastNs = SHORT * (lengths.toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0)
  const ends: number[] = []
  let fromNs = 0
  for (const [i, end] of endNs.entries()) {
    if (end - fromNs < leastNs) continue
    ends.push(i)
    fromNs = end
  }
  const last = endNs.length - 1
  return last < 0 || ends.at(-1) === last ? ends : [...ends.slice(0, -1), last]
}

function weightedMean(
  endNs: readonly number[],
  values: readonly number[],
  first: number,
  last: number,
): number {
  const wholeNs = endNs[last]! - startOf(endNs, first)
  let sum = 0
  for (let i = first; i <= last; i++) sum += values[i]! * (endNs[i]! - startOf(endNs, i))
  return wholeNs > 0 ? sum / wholeNs : 0
}
