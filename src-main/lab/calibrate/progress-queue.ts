/** progress-queue: what a callback tells, read as a stream; a slow reader gets the latest only. */

/** Told by one, read by one. */
export class ProgressQueue<T> implements AsyncIterable<T> {
  #latest: T | undefined
  #isClosed = false
  #wake = Promise.withResolvers<void>()

  /** Keeps what is told, in place of what was not read yet. */
  put(value: T): void {
    this.#latest = value
    this.#wake.resolve()
  }

  /** Ends the stream after what is still unread. */
  close(): void {
    this.#isClosed = true
    this.#wake.resolve()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const value = this.#latest
      if (value !== undefined) {
        this.#latest = undefined
        yield value
        continue
      }
      if (this.#isClosed) return
      await this.#wake.promise
      this.#wake = Promise.withResolvers<void>()
    }
  }
}
