/**
 * The browser host: serves the workbench and the lab's handlers on loopback, to pages that prove
 * that they are ours. What is promised is in SECURITY.md, "Browser mode"; `request-guard` holds it.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RPC_PATH, SESSION_PATH, TOKEN_FRAGMENT_KEY } from '../../core/contract/browser-session.ts'
import { LabError } from '../../core/contract/wire-error.ts'
import type { Answer } from './http-answer.ts'
import { answerOf, refuseUpgrade, send } from './http-answer.ts'
import { openBrowser } from './open-browser.ts'
import type { GuardedRequest, Site } from './request-guard.ts'
import { guardOrigin, guardRoute, siteOf } from './request-guard.ts'
import type { LabRouter, OnInternalError } from './rpc-handler.ts'
import { createRpcHandler } from './rpc-handler.ts'
import { guardUpgrade, RpcSockets } from './rpc-route.ts'
import { securityHeaders } from './security-headers.ts'
import { answerSession } from './session-route.ts'
import { Sessions } from './sessions.ts'
import type { StaticFiles } from './static-files.ts'
import { readStaticFiles } from './static-files.ts'

const LOOPBACK = '127.0.0.1'

/** What to serve. `port` 0 or absent: any free one. */
export type ServeOptions = {
  readonly lab: { readonly router: LabRouter }
  readonly rendererDir: string
  readonly port?: number
  /** Opens the user's browser, where there is one. */
  readonly open?: boolean
  /** Told of what a user should see in the terminal; one line each. */
  readonly warn?: (line: string) => void
  readonly onInternalError?: OnInternalError
}

/** A running server. `url` holds the token: whoever has it may use the lab. */
export type Served = {
  readonly url: string
  readonly port: number
  /** Whether a browser was started. */
  readonly opened: boolean
  /** Ends all connections and the server. */
  readonly close: () => Promise<void>
}

type Parts = {
  readonly site: Site
  readonly files: StaticFiles
  readonly sessions: Sessions
  readonly sockets: RpcSockets
  readonly headers: Readonly<Record<string, string>>
  readonly warn: (line: string) => void
}

/**
 * Starts serving. Throws LabError `not-found` when the renderer is not built, `conflict` when the
 * port is taken.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const report = options.onInternalError ?? ((error) => console.error(error))
  const files = await readStaticFiles(options.rendererDir)
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 5_000,
    // The guard refuses a missing Host itself, like every other wrong one.
    requireHostHeader: false,
  })
  server.maxConnections = 256
  const port = await listen(server, options.port ?? 0)
  const site = siteOf(port)
  const parts: Parts = {
    site,
    files,
    sessions: new Sessions(),
    sockets: new RpcSockets(createRpcHandler(options.lab.router, report)),
    headers: securityHeaders([`ws://${site.host}`]),
    warn: options.warn ?? (() => {}),
  }
  attach(server, parts, report)
  const urlWith = (token: string) => `${site.origin}/#${TOKEN_FRAGMENT_KEY}=${token}`
  const isOpened =
    options.open === true && (await openBrowser(urlWith(parts.sessions.issueTicket())))
  return {
    url: urlWith(parts.sessions.token),
    port,
    opened: isOpened,
    close: () => close(server, parts.sockets),
  }
}

function attach(server: Server, parts: Parts, report: OnInternalError): void {
  server.on('request', (request, response) => {
    handle(request, response, parts).catch((error: unknown) => {
      report(error)
      response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    // A peer that resets the raw socket while it is refused is no error of ours.
    socket.on('error', () => socket.destroy())
    const refusal = guardUpgrade(toGuarded(request), parts.site, parts.sessions)
    if (refusal !== null) refuseUpgrade(request, socket, refusal, parts.headers)
    else if (parts.sockets.isFull) {
      refuseUpgrade(request, socket, { status: 503, reason: 'too many open pages' }, parts.headers)
    } else parts.sockets.accept(request, socket, head)
  })
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  parts: Parts,
): Promise<void> {
  send(response, await answer(request, parts), parts.headers)
}

async function answer(request: IncomingMessage, parts: Parts): Promise<Answer> {
  const guarded = toGuarded(request)
  const refusal =
    guardOrigin(guarded, parts.site) ?? guardRoute(guarded, (path) => parts.files.has(path))
  if (refusal !== null) return answerOf(refusal)
  if (guarded.path === SESSION_PATH) return answerSession(request, parts)
  const file = parts.files.get(guarded.path)
  if (file === undefined || guarded.path === RPC_PATH) {
    const headers = { upgrade: 'websocket' }
    return answerOf({ status: 426, reason: 'only a WebSocket is possible here', headers })
  }
  const headers = { 'content-type': file.mediaType, 'cache-control': file.cacheControl }
  return { status: 200, headers, bytes: file.bytes }
}

function toGuarded(request: IncomingMessage): GuardedRequest {
  return {
    method: request.method ?? '',
    path: (request.url ?? '').split('?', 1)[0] ?? '',
    headers: request.headers,
    hostCount: request.headersDistinct.host?.length ?? 0,
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portTaken(port) : error)
    })
    server.listen({ host: LOOPBACK, port }, () => resolve((server.address() as AddressInfo).port))
  })
}

function portTaken(port: number): LabError {
  const hint = 'Choose another one with --port, or leave --port out to take any free one.'
  return new LabError('conflict', `port ${port} is in use by another program`, hint)
}

function close(server: Server, sockets: RpcSockets): Promise<void> {
  sockets.close()
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
