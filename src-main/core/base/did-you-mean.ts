/** did-you-mean: turns a mistyped name into a hint, so that an error says what to do about it. */

/** Levenshtein distance of two names, case ignored. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const substitute = (previous[j - 1] ?? 0) + change
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitute))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}

/** The known name nearest to `name`, or null when none is near enough to be a slip. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const wanted = name.slice(0, 60).toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length * 0.4))
  let best: string | null = null
  let bestDistance = limit + 1
  for (const candidate of known) {
    const found = distance(wanted, candidate.toLowerCase())
    if (found < bestDistance) {
      best = candidate
      bestDistance = found
    }
  }
  return best
}

/** A hint: `did you mean "cfs"?`, or the list of known names where no name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== null) return `did you mean "${nearest}"?`
  if (known.length === 0) return ''
  const shown = known.slice(0, 12).join(', ')
  return known.length > 12 ? `known: ${shown}, …` : `known: ${shown}`
}
