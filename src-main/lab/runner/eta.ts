/**
 * How long a campaign will still take, as a range. Simple and honest: cells of one app × scheme are
 * taken to cost what the finished ones cost; that mean is uncertain, the more the fewer finished.
 * Groups err independently; within a group the cells err together, which is the careful side.
 */

/** Time left in ms: 10 % and 90 % quantiles. */
export type EtaMs = { readonly lo: number; readonly hi: number }

/** Work that is not done, in cells (a half-done cell counts half), by cost group. */
export type OpenWork = ReadonlyMap<string, number>

type Cost = { readonly meanMs: number; readonly sdMs: number }

const FINISHED_MIN = 3
/** The standard normal distribution's 90 % quantile. */
const Z_90 = 1.2815515655446004
/** Relative spread within a group while no group has two finished cells: an assumption. */
const SPREAD_DEFAULT = 0.3
/** Equal costs so far do not promise equal costs. */
const SPREAD_MIN = 0.05

/** Wall times of finished cells, by app × scheme. */
export class WallTimes {
  readonly #byGroup = new Map<string, number[]>()
  #count = 0

  /** Adds a finished cell's wall time. */
  add(group: string, wallMs: number): void {
    this.#count++
    const times = this.#byGroup.get(group)
    if (times === undefined) this.#byGroup.set(group, [wallMs])
    else times.push(wallMs)
  }

  /** Time that open work takes on `workers` workers; null until three cells have finished. */
  eta(open: OpenWork, workers: number): EtaMs | null {
    if (this.#count < FINISHED_MIN) return null
    let work = 0
    let meanMs = 0
    let variance = 0
    for (const [group, cells] of open) {
      const cost = this.#cost(group)
      work += cells
      meanMs += cells * cost.meanMs
      variance += (cells * cost.sdMs) ** 2
    }
    const halfMs = Z_90 * Math.sqrt(variance)
    const lanes = Math.max(1, Math.min(workers, Math.ceil(work)))
    return { lo: Math.max(0, meanMs - halfMs) / lanes, hi: (meanMs + halfMs) / lanes }
  }

  #cost(group: string): Cost {
    const times = this.#byGroup.get(group)
    if (times === undefined) return this.#costOfUnknown()
    const meanMs = mean(times)
    return { meanMs, sdMs: meanMs * this.#spread() * Math.sqrt(1 + 1 / times.length) }
  }

  /** A group without a finished cell costs like one of the groups that have any. */
  #costOfUnknown(): Cost {
    const means = [...this.#byGroup.values()].map(mean)
    const meanMs = mean(means)
    return { meanMs, sdMs: means.length > 1 ? deviation(means, meanMs) : meanMs }
  }

  /** Relative standard deviation within groups, pooled over the groups with at least two cells. */
  #spread(): number {
    let squares = 0
    let freedom = 0
    for (const times of this.#byGroup.values()) {
      const meanMs = mean(times)
      if (times.length < 2 || meanMs === 0) continue
      for (const time of times) squares += (time / meanMs - 1) ** 2
      freedom += times.length - 1
    }
    return freedom === 0 ? SPREAD_DEFAULT : Math.max(SPREAD_MIN, Math.sqrt(squares / freedom))
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

function deviation(values: readonly number[], around: number): number {
  const squares = values.reduce((sum, value) => sum + (value - around) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}
