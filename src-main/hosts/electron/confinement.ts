/**
 * What no page may do, whatever it holds: navigate away, open windows, embed others, ask for
 * permissions, or reach the network. See SECURITY.md, items 1, 5 and 11 to 14.
 */
import type { Session, WebContents } from 'electron'
import { APP_SCHEME } from '../../core/contract/desktop.ts'
import { isAppUrl } from './app-protocol.ts'

/** The part of a page's contents that is confined. */
export type ConfinedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>

/** The part of a session that is confined. */
export type ConfinedSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'webRequest'
>

/** Copying text that the user selected a command for; everything else is denied. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write'

/** What a page may load: its own files, what it made itself, and the developer tools. */
const ALLOWED_PROTOCOLS = [`${APP_SCHEME}:`, 'blob:', 'data:', 'devtools:']

/** Denies navigation, new windows and embedded pages to any contents, also to later ones. */
export function confineContents(contents: ConfinedContents): void {
  contents.on('will-navigate', (details) => {
    if (!isAppUrl(details.url)) details.preventDefault()
  })
  contents.on('will-frame-navigate', (details) => {
    if (!details.isMainFrame || !isAppUrl(details.url)) details.preventDefault()
  })
  contents.on('will-redirect', (details) => details.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** Denies permissions, devices and the network to every page of a session. */
export function confineSession(session: ConfinedSession): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(isPermitted(permission, details.requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    isPermitted(permission, origin),
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.webRequest.onBeforeRequest((details, answer) => {
    const protocol = URL.parse(details.url)?.protocol ?? ''
    answer({ cancel: !ALLOWED_PROTOCOLS.includes(protocol) })
  })
}

function isPermitted(permission: string, origin: string): boolean {
  return permission === ALLOWED_PERMISSION && isAppUrl(origin)
}
