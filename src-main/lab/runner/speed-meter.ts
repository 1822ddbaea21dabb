/** How long a campaign has run in this process, and how many events a second it simulates. */

const WINDOW_MS = 3000

type Sample = { readonly atMs: number; readonly events: number }

/** A stopwatch with a rate over the last seconds. `now` is a monotonic clock in ms. */
export class SpeedMeter {
  readonly #now: () => number
  #samples: Sample[] = []
  #first: Sample | null = null
  #restedMs = 0
  #eventsAtRest = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Runs from now on. */
  start(events: number): void {
    if (this.#first !== null) return
    this.#first = { atMs: this.#now(), events }
    this.#samples = [this.#first]
  }

  /** Stands still from now on. */
  stop(events: number): void {
    if (this.#first === null) return
    this.#restedMs = this.elapsedMs
    this.#eventsAtRest += events - this.#first.events
    this.#first = null
  }

  /** Time spent running, ms. */
  get elapsedMs(): number {
    return this.#restedMs + (this.#first === null ? 0 : this.#now() - this.#first.atMs)
  }

  /** Events a second: over the last three seconds while it runs, over all its time at rest. */
  rate(events: number): number {
    if (this.#first === null) return perSecond(this.#eventsAtRest, this.#restedMs)
    const sample = { atMs: this.#now(), events }
    this.#samples.push(sample)
    while (this.#samples.length > 2 && sample.atMs - this.#samples[1]!.atMs > WINDOW_MS) {
      this.#samples.shift()
    }
    const oldest = this.#samples[0]!
    return perSecond(Math.max(0, sample.events - oldest.events), sample.atMs - oldest.atMs)
  }
}

const perSecond = (events: number, ms: number): number => (ms > 0 ? (events / ms) * 1000 : 0)
