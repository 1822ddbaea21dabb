/** Fuzzy search: the typed letters in their order, better where words begin and letters touch. */

const START = 8
const NEXT = 5
const ANY = 1
const SKIPPED = 0.05

/**
 * How well typed text fits a title; higher is better, null when it does not. Words of the typed
 * text may stand in any order.
 */
export function fuzzyScore(typed: string, title: string): number | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const text = title.toLowerCase()
  let sum = 0
  for (const word of words) {
    const score = wordScore(word, text)
    if (score === null) return null
    sum += score
  }
  return sum - text.length * SKIPPED
}

/** The best placement that starts at any place where the first letter stands. */
function wordScore(word: string, text: string): number | null {
  let best: number | null = null
  for (let at = text.indexOf(word[0] ?? ''); at !== -1; at = text.indexOf(word[0] ?? '', at + 1)) {
    const score = scoreFrom(word, text, at)
    if (score !== null && (best === null || score > best)) best = score
  }
  return best
}

// Letters after the first must continue the run or begin a word: “cmp” finds “Compare” by neither,
// so any later place counts too, for less.
function scoreFrom(word: string, text: string, start: number): number | null {
  let sum = 0
  let last = start - 1
  for (const letter of word) {
    const at = text.indexOf(letter, last + 1)
    if (at === -1) return null
    if (isWordStart(text, at)) sum += START
    else sum += at === last + 1 ? NEXT : ANY - (at - last - 1) * SKIPPED
    last = at
  }
  return sum
}

const isWordStart = (text: string, at: number): boolean =>
  at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')
