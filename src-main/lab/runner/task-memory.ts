/**
 * Memory that a simulation worker shares with the thread that steers it: a stop flag that is seen
 * while the simulation computes (a message would wait for its end), and how far it has come.
 */

/** How far a task is. `fraction` 0 … 1 of the work; simulated time in ns. */
export type TaskProgress = {
  readonly fraction: number
  readonly events: number
  readonly simulatedNs: number
}

const FLAG_BYTES = 8
const FIGURES = 3

/** A view on the shared memory; either side makes one over the same buffer. */
export class TaskMemory {
  readonly buffer: SharedArrayBuffer
  readonly #flags: Int32Array
  readonly #figures: Float64Array

  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(
      FLAG_BYTES + FIGURES * Float64Array.BYTES_PER_ELEMENT,
    ),
  ) {
    this.buffer = buffer
    this.#flags = new Int32Array(buffer, 0, 1)
    this.#figures = new Float64Array(buffer, FLAG_BYTES, FIGURES)
  }

  /** Forgets the last task: no stop asked, nothing done. */
  reset(): void {
    Atomics.store(this.#flags, 0, 0)
    this.#figures.fill(0)
  }

  /** Asks the worker to stop. */
  stop(): void {
    Atomics.store(this.#flags, 0, 1)
  }

  /** Whether a stop was asked. */
  shouldStop(): boolean {
    return Atomics.load(this.#flags, 0) !== 0
  }

  /** Written by the worker. */
  report(progress: TaskProgress): void {
    this.#figures[0] = progress.fraction
    this.#figures[1] = progress.events
    this.#figures[2] = progress.simulatedNs
  }

  /** Read by the steering thread; the figures may be of two instants, which a display bears. */
  progress(): TaskProgress {
    const [fraction = 0, events = 0, simulatedNs = 0] = this.#figures
    return { fraction, events, simulatedNs }
  }
}
