/**
 * Recorder: who listens to a run. Without one the model pays a predictable branch at each of the
 * few places that tell it something. A recorder only reads: a run with one is the same run.
 *
 * What pCPUs and vCPUs do is not told: it can be read off the machine after every event.
 */

/** Told of what cannot be read off the machine afterwards. Numbers are indices of entities. */
export interface Recorder {
  /** `ns` more of the thread's time, in order and without gaps, were spent in a class. */
  readonly charged: (thread: number, timeClass: number, ns: number) => void
  /** A point event happens now; see base/point-kind.ts for the meaning of the numbers. */
  readonly point: (kind: number, subject: number, object: number, detail: number) => void
}
