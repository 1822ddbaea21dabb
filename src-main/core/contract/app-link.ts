/**
 * Links from outside: `flexlab://compare/<campaign>?baseline=cfs`. One opens a screen and sets what
 * it shows, and that is all it can do; nothing is started, sent or changed by following one.
 */
import { SCREENS } from './screens.ts'

/** Scheme of the links that the system hands to the app. */
export const LINK_SCHEME = 'flexlab'

/** Longest link that is looked at, characters. */
export const LINK_MAX = 2000

// What percent-encoding leaves: no quotes, spaces, controls, backslashes or second slashes.
const LINK = /^flexlab:\/\/([a-z]+)\/?(?:(?<=\/)([\w.~%!*'()-]{1,300}))?(?:\?([\w.~%!*'()&=+-]*))?$/

/**
 * The location hash that a link means, e.g. `#/compare/0c4f?baseline=cfs`; null for anything that
 * is not a link of ours.
 */
export function hashOfLink(link: unknown): string | null {
  if (typeof link !== 'string' || link.length > LINK_MAX) return null
  const match = LINK.exec(link)
  const screen = SCREENS.find((known) => known === match?.[1])
  if (match === null || screen === undefined) return null
  const [, , id, query] = match
  const path = id === undefined ? '' : `/${id}`
  return `#/${screen}${path}${query === undefined || query === '' ? '' : `?${query}`}`
}
