/** CPU time of this thread: what the bench's figures are divided by, to the microsecond. */

const SLEEP_MS = 0.05
const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/**
 * CPU time of this thread since it began, seconds. Linux adds to a thread's account at a timer tick
 * and when the thread leaves its CPU; read in between, the account is up to 4 ms old. So this
 * leaves the CPU first, for a moment.
 */
export function cpuSeconds(): number {
  Atomics.wait(cell, 0, 0, SLEEP_MS)
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}
