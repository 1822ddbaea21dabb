/**
 * Latency histogram: counts of durations in log-linear buckets (as HdrHistogram's): exact below
 * 256 ns, then 128 buckets for each doubling. A bucket is at most 1/128 of its value wide and
 * answers with its middle, so a percentile is off by at most 0.4 %. Count, mean and maximum are
 * exact.
 */

/** What a histogram tells, ns. */
export type LatencySummary = {
  readonly count: number
  readonly meanNs: number
  readonly p50Ns: number
  readonly p95Ns: number
  readonly p99Ns: number
  readonly p999Ns: number
  readonly maxNs: number
}

const SUB_BITS = 7
const PER_DOUBLING = 2 ** SUB_BITS
/** Longest duration that has a bucket of its own: 13 days. */
const NS_MAX = 2 ** 50 - 1
const TWO_32 = 2 ** 32

const bitsOf = (ns: number): number =>
  ns < TWO_32 ? 32 - Math.clz32(ns) : 64 - Math.clz32(ns / TWO_32)

function bucketOf(ns: number): number {
  if (ns < 2 * PER_DOUBLING) return ns
  const shift = bitsOf(ns) - SUB_BITS - 1
  return shift * PER_DOUBLING + Math.floor(ns / 2 ** shift)
}

function middleOf(bucket: number): number {
  if (bucket < 2 * PER_DOUBLING) return bucket
  const shift = Math.floor(bucket / PER_DOUBLING) - 1
  return (bucket - shift * PER_DOUBLING + 0.5) * 2 ** shift
}

/** Counts durations of whole ns; adding one allocates nothing. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(bucketOf(NS_MAX) + 1)
  #count = 0
  #sumNs = 0
  #maxNs = 0

  /** Adds a duration, ≥ 0 ns. */
  add(ns: number): void {
    this.#counts[bucketOf(Math.min(ns, NS_MAX))]!++
    this.#count++
    this.#sumNs += ns
    if (ns > this.#maxNs) this.#maxNs = ns
  }

  /** Percentiles by nearest rank; undefined when nothing was added. */
  summary(): LatencySummary | undefined {
    if (this.#count === 0) return undefined
    return {
      count: this.#count,
      meanNs: this.#sumNs / this.#count,
      p50Ns: this.#percentile(0.5),
      p95Ns: this.#percentile(0.95),
      p99Ns: this.#percentile(0.99),
      p999Ns: this.#percentile(0.999),
      maxNs: this.#maxNs,
    }
  }

  #percentile(fraction: number): number {
    let left = Math.ceil(fraction * this.#count)
    let bucket = 0
    while ((left -= this.#counts[bucket]!) > 0) bucket++
    return Math.min(middleOf(bucket), this.#maxNs)
  }
}
