/**
 * Requests: open arrivals by a schedule of their own, and the latency from a request's scheduled
 * arrival to its response. A server that lags behind finds its requests waiting, and their wait
 * counts (no coordinated omission).
 */
import type { Machine } from './machine.ts'
import { sleep } from './sync.ts'
import type { VmState } from './vm-state.ts'

/**
 * The thread's next request arrives `gapNs` after its last one, whatever the thread did since;
 * until then it sleeps. Returns whether the request is there already.
 */
export function awaitArrival(m: Machine, t: number, gapNs: number): boolean {
  const at = m.tNextArrival[t]! + gapNs
  m.tNextArrival[t] = at
  m.tRequestAt[t] = at
  if (at <= m.now) return true
  sleep(m, t, at - m.now)
  return false
}

/** The request that the thread has in hand is answered. */
export function respond(m: Machine, t: number, vm: VmState): void {
  vm.latency?.add(m.now - m.tRequestAt[t]!)
}
