/** Correction for many comparisons at once. */

/**
 * Holm's step-down correction (1979): adjusted p values, in the order given. Controls the chance of
 * one or more false claims in the whole family, whatever the dependence between its members. Each
 * adjusted p never falls when any p rises, so feeding it every member's smallest reachable p gives
 * the smallest adjusted p that each can reach.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, index) => index).sort((a, b) => p[a]! - p[b]! || a - b)
  const adjusted = p.map(() => 0)
  let floor = 0
  order.forEach((index, rank) => {
    floor = Math.max(floor, Math.min(1, p[index]! * (p.length - rank)))
    adjusted[index] = floor
  })
  return adjusted
}
