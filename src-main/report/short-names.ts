/**
 * Names of up to 200 characters would fill a page each; the report shows them shortened and lists
 * them in full once.
 */
import type { Comparison } from '../core/contract/comparison.ts'
import { cell, row, table, wide } from './document.ts'
import type { Block } from './document.ts'

/** Longest name that is shown as it is. */
export const NAME_MAX = 48

/** A comparison with short names of groups and schemes, and the full name of each that changed. */
export type ShortNamed = {
  readonly comparison: Comparison
  readonly shortened: readonly { readonly short: string; readonly full: string }[]
}

/** The first two thirds and the last third of a long name. */
export function cutName(name: string, charactersMax = NAME_MAX): string {
  const characters = Array.from(name)
  if (characters.length <= charactersMax) return name
  const tail = Math.floor(charactersMax / 3) - 1
  const head = charactersMax - 1 - tail
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`
}

/** Short names that stay as distinct as the full ones are. */
function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string>()
  const taken = new Set<string>(names)
  for (const name of names) {
    const short = cutName(name)
    let free = short
    for (let n = 2; free !== name && taken.has(free); n++) free = `${short} (${n})`
    taken.add(free)
    byName.set(name, free)
  }
  return byName
}

/** Shortens the names of groups and schemes throughout a comparison. */
export function withShortNames(comparison: Comparison): ShortNamed {
  const groups = shortNames(comparison.groups)
  const schemes = shortNames([...new Set([comparison.baseline, ...comparison.schemes])])
  const group = (name: string) => groups.get(name) ?? cutName(name)
  const scheme = (name: string) => schemes.get(name) ?? cutName(name)
  const renamed = <T extends { group: string; scheme: string }>(r: T): T => ({
    ...r,
    group: group(r.group),
    scheme: scheme(r.scheme),
  })
  const shortened = [...groups, ...schemes].flatMap(([full, short]) =>
    full === short ? [] : [{ short, full }],
  )
  return {
    comparison: {
      ...comparison,
      baseline: scheme(comparison.baseline),
      groups: comparison.groups.map(group),
      schemes: comparison.schemes.map(scheme),
      rows: comparison.rows.map(renamed),
      omitted: comparison.omitted.map(renamed),
      summaries: comparison.summaries.map((s) => ({ ...s, scheme: scheme(s.scheme) })),
    },
    shortened,
  }
}

/** The table of full names; nothing where no name was shortened. */
export function fullNamesTable(shortened: ShortNamed['shortened']): readonly Block[] {
  if (shortened.length === 0) return []
  const rows = shortened.map((s) => row([cell(s.short, 'strong'), s.full], true))
  return [table('Names in full.', [wide('Name'), wide('In full', 2.4)], rows)]
}
