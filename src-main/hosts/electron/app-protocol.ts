/**
 * `app://flexlab/`: serves the renderer to the window, with the same headers as in a browser. A
 * custom scheme instead of file://, so that the page has an origin and no access to the disk.
 */
import type { CustomScheme } from 'electron'
import { APP_ORIGIN, APP_SCHEME } from '../../core/contract/desktop.ts'
import { securityHeaders } from '../web/security-headers.ts'
import type { StaticFiles } from '../web/static-files.ts'

/** How the scheme is registered, before the app is ready. */
export const APP_SCHEME_PRIVILEGES: CustomScheme = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
}

/** The page that the window shows. */
export const START_URL = `${APP_ORIGIN}/`

/** Answers one request of the window; the path can only name a file that was read at start. */
export function answerAppRequest(
  request: { readonly method: string; readonly url: string },
  files: StaticFiles,
): Response {
  const headers = securityHeaders([])
  const url = URL.parse(request.url)
  // `origin` of a non-standard scheme is "null" in Node, so the parts are compared.
  const isOurs = url !== null && `${url.protocol}//${url.host}` === APP_ORIGIN
  const file = isOurs ? files.get(url.pathname) : undefined
  if (file === undefined) return new Response(null, { status: 404, headers })
  if (request.method !== 'GET') return new Response(null, { status: 405, headers })
  return new Response(file.bytes, {
    status: 200,
    headers: { ...headers, 'content-type': file.mediaType, 'cache-control': 'no-store' },
  })
}

/** Whether a URL is a page of ours. */
export function isAppUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && `${url.protocol}//${url.host}` === APP_ORIGIN
}
