/**
 * How far a guest's wall clock is from the host's monotonic one, so that what guests report can be
 * laid on one time line. The guest is asked a few times; the quickest answer is the best.
 */
import { performance } from 'node:perf_hooks'
import * as v from 'valibot'
import type { Guest } from '../backend/guest.ts'

const ASKED = 5
const NS_PER_MS = 1e6
const TimeSchema = v.pipe(v.number(), v.finite(), v.minValue(0))

/** Host ms = guest's wall clock in ms − `aheadMs`, to within `errorMs`. */
export type GuestClock = { readonly aheadMs: number; readonly errorMs: number }

/** Asks a guest for the time. @throws LabError when it does not tell */
export async function readGuestClock(guest: Guest): Promise<GuestClock> {
  let best: GuestClock = { aheadMs: 0, errorMs: Infinity }
  for (let i = 0; i < ASKED; i++) {
    const askedMs = performance.now()
    const guestNs = await guest.ask(TimeSchema, 'guest-get-time')
    const answeredMs = performance.now()
    const errorMs = (answeredMs - askedMs) / 2
    if (errorMs >= best.errorMs) continue
    best = { aheadMs: guestNs / NS_PER_MS - (askedMs + errorMs), errorMs }
  }
  return best
}
