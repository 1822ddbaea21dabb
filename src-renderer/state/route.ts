/** Where the user is, as a link: `#/compare/<campaign>?baseline=cfs` and back. Pure. */
import { SCREENS } from '../../src-main/core/contract/screens.ts'
import type { Screen } from '../../src-main/core/contract/screens.ts'

export type { Screen } from '../../src-main/core/contract/screens.ts'

/** A screen, what it is open on, and the state of its view. */
export type Route = {
  readonly screen: Screen
  readonly id: string | null
  readonly params: Readonly<Record<string, string>>
}

/** Where the app starts. */
export const HOME: Route = { screen: 'library', id: null, params: {} }

/** Reads a location hash; anything that is not one of ours is the library. */
export function parseRoute(hash: string): Route {
  const body = hash.replace(/^#\/?/, '')
  const [path = '', query = ''] = body.split('?', 2)
  const [name = '', id = ''] = path.split('/', 2)
  const screen = SCREENS.find((known) => known === name)
  if (screen === undefined) return HOME
  const params = Object.fromEntries(new URLSearchParams(query))
  return { screen, id: id === '' ? null : decodeSafely(id), params }
}

/** Writes a route as a location hash; empty parameters are left out. */
export function formatRoute(route: Route): string {
  const path = route.id === null ? '' : `/${encodeURIComponent(route.id)}`
  const filled = Object.entries(route.params).filter(([, value]) => value !== '')
  const query = filled.length === 0 ? '' : `?${new URLSearchParams(filled).toString()}`
  return `#/${route.screen}${path}${query}`
}

/** A link to a screen, for href attributes. */
export function link(
  screen: Screen,
  id: string | null = null,
  params: Record<string, string> = {},
): string {
  return formatRoute({ screen, id, params })
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
