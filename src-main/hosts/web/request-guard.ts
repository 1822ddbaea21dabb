/**
 * The checks that come before anything else, for pages and WebSockets alike: the exact Host
 * (against DNS rebinding), then the exact Origin, then the fetch metadata that browsers add. Pure,
 * so that every cell of the matrix in SECURITY.md is tested.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { RPC_PATH, SESSION_PATH } from '../../core/contract/browser-session.ts'

/** The address that the server answers to; `host` is exactly what a browser sends as Host. */
export type Site = { readonly origin: string; readonly host: string }

/** What a request is, as far as the guard looks. */
export type GuardedRequest = {
  readonly method: string
  /** The path alone, as sent. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** How many Host headers there were. */
  readonly hostCount: number
}

/** Why a request is refused: the status, one line for the person who reads it, extra headers. */
export type Refusal = {
  readonly status: number
  readonly reason: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The site of a server on a loopback port. */
export function siteOf(port: number): Site {
  const { origin, host } = new URL(`http://127.0.0.1:${port}`)
  return { origin, host }
}

/** Refuses what does not come from our own page at our own address; null when it does. */
export function guardOrigin(request: GuardedRequest, site: Site): Refusal | null {
  const { headers, hostCount } = request
  if (hostCount !== 1 || headers.host !== site.host) {
    return { status: 421, reason: `this server answers only to the host ${site.host}` }
  }
  if (headers.origin !== undefined && headers.origin !== site.origin) {
    return { status: 403, reason: 'requests from other origins are refused' }
  }
  return isForeignFetch(headers)
    ? { status: 403, reason: 'requests from other sites are refused' }
    : null
}

/** Refuses unknown paths and wrong methods; null when there is something to answer. */
export function guardRoute(
  request: GuardedRequest,
  isFile: (path: string) => boolean,
): Refusal | null {
  const allowed = methodsOf(request.path, isFile)
  if (allowed === null) return { status: 404, reason: 'there is nothing at this address' }
  if (allowed.includes(request.method)) return null
  const reason = `${request.method} is not possible here`
  return { status: 405, reason, headers: { allow: allowed.join(', ') } }
}

function methodsOf(path: string, isFile: (path: string) => boolean): readonly string[] | null {
  if (path === SESSION_PATH) return ['POST']
  if (path === RPC_PATH) return ['GET']
  return isFile(path) ? ['GET', 'HEAD'] : null
}

/**
 * Whether a browser says that another site started this. A link that a user follows is let through
 * (it reaches only the public start page); a frame, script, image or fetch is not.
 */
function isForeignFetch(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  const isLink =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return !isLink
}
