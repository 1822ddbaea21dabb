/** The WebSocket of the contract: checked like a page, then limited in size, number and silence. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { KEY_PROTOCOL_PREFIX, RPC_PATH, RPC_PROTOCOL } from '../../core/contract/browser-session.ts'
import type { GuardedRequest, Refusal, Site } from './request-guard.ts'
import { guardOrigin } from './request-guard.ts'
import type { createRpcHandler } from './rpc-handler.ts'
import { readCookie } from './session-route.ts'
import type { Sessions } from './sessions.ts'

/** Largest frame that is taken, bytes: a campaign text of 1,000,000 escaped characters fits. */
export const FRAME_MAX_BYTES = 8 * 1024 * 1024

/** Most pages that are connected at once. */
export const SOCKETS_MAX = 32

const PING_EVERY_MS = 30_000
const TOO_SLOW_BYTES = 256 * 1024 * 1024
const TRY_AGAIN_LATER = 1013

/** Refuses an upgrade request; null when it may become a WebSocket. */
export function guardUpgrade(
  request: GuardedRequest,
  site: Site,
  sessions: Sessions,
): Refusal | null {
  const { headers, path, method } = request
  const refusal = guardOrigin(request, site)
  if (refusal !== null) return refusal
  if (headers.origin === undefined) return { status: 403, reason: 'a socket must name its origin' }
  if (path !== RPC_PATH) return { status: 404, reason: 'there is nothing at this address' }
  if (method !== 'GET') {
    return { status: 405, reason: `${method} is not possible here`, headers: { allow: 'GET' } }
  }
  if (headers.upgrade?.toLowerCase() !== 'websocket') {
    return { status: 400, reason: 'only a WebSocket is possible here' }
  }
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
  if (!protocols.includes(RPC_PROTOCOL)) {
    return { status: 403, reason: `the socket must offer the protocol ${RPC_PROTOCOL}` }
  }
  const key = protocols.find((one) => one.startsWith(KEY_PROTOCOL_PREFIX)) ?? ''
  const isLive = sessions.isLive(readCookie(headers, site), key.slice(KEY_PROTOCOL_PREFIX.length))
  return isLive ? null : { status: 401, reason: 'no valid session' }
}

/** The open sockets of one server. */
export class RpcSockets {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_MAX_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => RPC_PROTOCOL,
  })
  readonly #handler: ReturnType<typeof createRpcHandler>
  readonly #answered = new WeakSet<WebSocket>()
  readonly #ping: NodeJS.Timeout

  constructor(handler: ReturnType<typeof createRpcHandler>) {
    this.#handler = handler
    this.#ping = setInterval(() => this.#pingAll(), PING_EVERY_MS)
    this.#ping.unref()
  }

  /** Whether one more socket would be too many. */
  get isFull(): boolean {
    return this.#server.clients.size >= SOCKETS_MAX
  }

  /** Makes an already checked request a socket that is answered by the lab. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#answered.add(webSocket)
      webSocket.on('pong', () => this.#answered.add(webSocket))
      // ws reports a protocol error here and then closes the socket; there is nothing left to do.
      webSocket.on('error', () => webSocket.terminate())
      void this.#handler.upgrade(limitBacklog(webSocket))
    })
  }

  /** Ends every socket. */
  close(): void {
    clearInterval(this.#ping)
    for (const webSocket of this.#server.clients) webSocket.terminate()
    this.#server.close()
  }

  /** A page that did not answer the ping before is gone: its laptop sleeps or its tab crashed. */
  #pingAll(): void {
    for (const webSocket of this.#server.clients) {
      if (this.#answered.delete(webSocket)) webSocket.ping()
      else webSocket.terminate()
    }
  }
}

/** Drops a page that asks for more than it reads, before it fills the memory. */
function limitBacklog(webSocket: WebSocket): Pick<WebSocket, 'addEventListener' | 'send'> {
  return {
    addEventListener: webSocket.addEventListener.bind(webSocket),
    send: (data: Parameters<WebSocket['send']>[0]) => {
      if (webSocket.bufferedAmount > TOO_SLOW_BYTES) webSocket.close(TRY_AGAIN_LATER, 'too slow')
      else webSocket.send(data)
    },
  }
}
