/** Two runs side by side: the n-th barrier of the same VM opens at the same place in both. */
/** How much later the second run is at the n-th barrier (from 0), ns; null when one has fewer. */
export function offsetAt(
  openNs: readonly number[],
  besideOpenNs: readonly number[],
  n: number,
): number | null {
  const [here, there] = [openNs[n], besideOpenNs[n]]
  return here === undefined || there === undefined ? null : there - here
}

/** The last barrier that had opened at a time; 0 before the first. */
export function barrierAt(openNs: readonly number[], ns: number): number {
  let [low, high] = [0, openNs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (openNs[middle]! > ns) high = middle
    else low = middle + 1
  }
  return Math.max(0, low - 1)
}
