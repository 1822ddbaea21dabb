/**
 * Sets of periodic real-time tasks for the comparison with SimSo, drawn from a seed. Times are
 * ticks of 2^-20 ms, which SimSo's milliseconds (floating point) hold exactly.
 */
import { streamKey, uniformAt } from '../../core/base/random.ts'

/** Ticks of a millisecond. */
export const TICKS_PER_MS = 2 ** 20

/** A periodic task; its deadline is its next release. All in ticks. */
export type EdfTask = {
  readonly period: number
  readonly cost: number
  readonly firstRelease: number
}

/** Tasks on equal processors, for so many ticks, under one of two schedulers. */
export type EdfCase = {
  readonly rule: 'global' | 'partitioned'
  readonly cpus: number
  readonly tasks: readonly EdfTask[]
  readonly duration: number
}

const PERIOD_MIN_MS = 10
/** Periods are log-uniform over one decade, as is usual in the field (Davis and Burns 2009). */
const PERIOD_RANGE = 10
const STREAMS = { utilization: 0, period: 1, release: 2 }

/** `count` tasks whose shares of a processor add up to `utilization`, none above a whole one. */
export function drawTasks(seed: number, count: number, utilization: number): EdfTask[] {
  const periods = streamKey(seed, STREAMS.period)
  const releases = streamKey(seed, STREAMS.release)
  return drawShares(seed, count, utilization).map((share, at) => {
    const periodMs = PERIOD_MIN_MS * PERIOD_RANGE ** uniformAt(periods, at)
    const period = Math.round(periodMs * TICKS_PER_MS)
    const cost = Math.max(1, Math.floor(share * period))
    return { period, cost, firstRelease: Math.floor(uniformAt(releases, at) * period) }
  })
}

/** UUniFast-Discard (Davis and Burns 2009): uniform over all shares with this sum. */
function drawShares(seed: number, count: number, utilization: number): number[] {
  for (let attempt = 0; ; attempt++) {
    const key = streamKey(seed, STREAMS.utilization, attempt)
    let left = utilization
    const shares = Array.from({ length: count }, (_, at) => {
      const next = at === count - 1 ? 0 : left * uniformAt(key, at) ** (1 / (count - 1 - at))
      const share = left - next
      left = next
      return share
    })
    if (Math.max(...shares) <= 1) return shares
  }
}

/**
 * Processor of each task by decreasing first fit, as SimSo packs them.
 * @throws Error when they do not fit
 */
export function packTasks(tasks: readonly EdfTask[], cpus: number): number[] {
  const load = new Array<number>(cpus).fill(0)
  const place = new Array<number>(tasks.length).fill(-1)
  const heaviestFirst = [...tasks.keys()].sort((a, b) => shareOf(tasks[b]!) - shareOf(tasks[a]!))
  for (const at of heaviestFirst) {
    const { period, cost } = tasks[at]!
    const cpu = load.findIndex((used) => used * period + cost <= period)
    if (cpu < 0) throw new Error(`the tasks do not fit on ${cpus} processors`)
    place[at] = cpu
    load[cpu]! += shareOf(tasks[at]!)
  }
  return place
}

const shareOf = ({ cost, period }: EdfTask): number => cost / period
