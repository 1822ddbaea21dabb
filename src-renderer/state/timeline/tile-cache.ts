/** Keeps what was fetched, and forgets what was wanted longest ago. */

/** A map of limited size; reading a key for use (`touch`) makes it the newest. */
export class TileCache<T> {
  readonly #limit: number
  readonly #tiles = new Map<string, T>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): T | undefined {
    return this.#tiles.get(key)
  }

  /** Whether it is there; if so, it is kept longest from now on. */
  touch(key: string): boolean {
    const tile = this.#tiles.get(key)
    if (tile === undefined) return false
    this.#tiles.delete(key)
    this.#tiles.set(key, tile)
    return true
  }

  /** Keeps a tile; the one that was wanted longest ago goes when there are too many. */
  set(key: string, tile: T): void {
    this.#tiles.set(key, tile)
    if (this.#tiles.size <= this.#limit) return
    const [oldest] = this.#tiles.keys()
    if (oldest !== undefined) this.#tiles.delete(oldest)
  }
}
