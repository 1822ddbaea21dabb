/**
 * The connection of a page in a browser: exchanges the token of the URL's fragment for a session,
 * then opens the WebSocket. See SECURITY.md, "Browser mode", for why a session has two halves.
 */
import { RPCLink } from '@orpc/client/websocket'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import {
  KEY_PROTOCOL_PREFIX,
  RPC_PATH,
  RPC_PROTOCOL,
  SESSION_PATH,
  TOKEN_FRAGMENT_KEY,
  WRITE_HEADER,
  WRITE_HEADER_VALUE,
} from '../../src-main/core/contract/browser-session.ts'
import type { SessionAnswer, SessionRequest } from '../../src-main/core/contract/browser-session.ts'
import type { Transport } from './connection.ts'

const KEY_STORAGE = 'flexlab.key'
const UNAUTHORIZED = 401

/** Opens the connection; a LabError when the host does not accept this page's token or session. */
export async function openBrowserTransport(): Promise<Transport> {
  const key = await openSession()
  const protocols = [RPC_PROTOCOL, `${KEY_PROTOCOL_PREFIX}${key}`]
  const socket = new WebSocket(`ws://${location.host}${RPC_PATH}`, protocols)
  socket.binaryType = 'arraybuffer'
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('close', () => reject(new Error('no WebSocket')), { once: true })
  })
  return {
    link: new RPCLink({ websocket: socket }),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    closed: new Promise((resolve) => socket.addEventListener('close', () => resolve())),
  }
}

/** The page's half of the session: a fresh one for the URL's token, else the one it kept. */
async function openSession(): Promise<string> {
  const token = takeToken()
  if (token !== null) {
    const answer = await postSession({ token })
    if (answer.ok) {
      const { key } = (await answer.json()) as SessionAnswer
      localStorage.setItem(KEY_STORAGE, key)
      return key
    }
  }
  const key = localStorage.getItem(KEY_STORAGE)
  if (key === null) throw refused()
  const answer = await postSession({ key })
  if (answer.status === UNAUTHORIZED) throw refused()
  if (!answer.ok) throw new Error(`the session check answered ${answer.status}`)
  return key
}

/** Takes the token out of the URL, so that it is in no bookmark, history entry or screenshot. */
function takeToken(): string | null {
  const fragment = new URLSearchParams(location.hash.replace(/^#/, ''))
  const token = fragment.get(TOKEN_FRAGMENT_KEY)
  if (token === null) return null
  history.replaceState(history.state, '', `${location.pathname}${location.search}`)
  return token
}

function postSession(body: SessionRequest): Promise<Response> {
  return fetch(SESSION_PATH, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', [WRITE_HEADER]: WRITE_HEADER_VALUE },
    body: JSON.stringify(body),
  })
}

function refused(): LabError {
  return new LabError(
    'unavailable',
    'this page has no valid session with the lab',
    'Open the address that `npm start` or `flexlab serve` printed, with all that follows the #.',
  )
}
