/**
 * Names cut in their middle: groups of one campaign often begin alike and differ at their end
 * (`… weight=256`, `… weight=1024`), so that cutting the end would make them all the same.
 */

/** Mean width of a character in ems, on the safe side for Source Sans. */
const EM_PER_CHARACTER = 0.56

/** Shares of the room that a name's beginning gets, tried in this order. */
const HEAD_SHARES = [0.5, 0.35, 0.65, 0.2, 0.8] as const

function cut(name: string, characters: number, headShare: number): string {
  const points = Array.from(name)
  if (points.length <= characters) return name
  const kept = Math.max(2, characters - 1)
  const head = Math.max(1, Math.round(kept * headShare))
  return `${points.slice(0, head).join('').trimEnd()}…${points.slice(head - kept).join('')}`
}

/** Names that fit into `roomPx`, as distinct as they were where that is possible; same order. */
export function fitNames(
  names: readonly string[],
  roomPx: number,
  fontSize: number,
): readonly string[] {
  const characters = Math.floor(roomPx / (fontSize * EM_PER_CHARACTER))
  const distinct = [...new Set(names)]
  const attempts = HEAD_SHARES.map((share) => distinct.map((name) => cut(name, characters, share)))
  const best = attempts.find((all) => new Set(all).size === distinct.length) ?? attempts[0]!
  const fitted = new Map(distinct.map((name, i) => [name, best[i]!]))
  return names.map((name) => fitted.get(name)!)
}
