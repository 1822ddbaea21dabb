/** What a comparison is narrowed to, as link parameters and back. */
import type { Comparison } from '../../src-main/core/contract/comparison.ts'
import { overcommitLevel } from '../../src-main/core/stats/narrow.ts'
import type { Narrowing } from '../../src-main/core/stats/narrow.ts'

/** What can be chosen from, in the order of the screen. */
export const NARROWINGS = ['schemes', 'apps', 'mixes', 'overcommits'] as const
/** One list of what can be chosen from. */
export type NarrowingName = (typeof NARROWINGS)[number]

type Params = Readonly<Record<string, string>>

// Scheme labels hold commas, so lists are joined with a character that no label has.
const SEPARATOR = '|'

const listOf = (params: Params, name: NarrowingName): string[] =>
  (params[name] ?? '').split(SEPARATOR).filter((value) => value !== '')

/** The narrowing that a link asks for. */
export function narrowingOf(params: Params): Narrowing {
  const [schemes, apps, mixes, overcommits] = NARROWINGS.map((name) => listOf(params, name))
  return { schemes: schemes!, apps: apps!, mixes: mixes!, overcommits: overcommits! }
}

/** What there is to choose from; the baseline is always shown, so it is not among it. */
export function choicesOf({
  situations,
  schemes,
  baseline,
}: Comparison): Readonly<Record<NarrowingName, readonly string[]>> {
  const unique = (values: readonly string[]) => [...new Set(values)]
  return {
    schemes: schemes.filter((scheme) => scheme !== baseline),
    apps: unique(situations.map(({ app }) => app)),
    mixes: unique(situations.map(({ mix }) => mix)),
    overcommits: unique(situations.map(({ overcommit }) => overcommitLevel(overcommit))),
  }
}

/** Parameters after a choice was switched: all chosen, or none, is the same as no narrowing. */
export function toggleChoice(
  params: Params,
  name: NarrowingName,
  choices: readonly string[],
  value: string,
): Record<string, string> {
  const listed = listOf(params, name)
  const now = listed.length === 0 ? choices : listed
  const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value]
  const isAll = next.length === 0 || choices.every((choice) => next.includes(choice))
  return { [name]: isAll ? '' : choices.filter((one) => next.includes(one)).join(SEPARATOR) }
}

/** Parameters with one choice alone. */
export const onlyChoice = (name: NarrowingName, value: string): Record<string, string> => ({
  [name]: value,
})

/** Parameters that take all narrowing away. */
export const clearedNarrowing = (): Record<string, string> =>
  Object.fromEntries(NARROWINGS.map((name) => [name, '']))
