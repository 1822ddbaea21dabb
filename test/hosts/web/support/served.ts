/** A running browser host over the test router and a tiny renderer folder, and its sessions. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { serve } from '../../../../src-main/hosts/web/index.ts'
import type { Served } from '../../../../src-main/hosts/web/index.ts'
import { createTestRouter } from '../../../support/test-router.ts'
import type { TestRouterLog } from '../../../support/test-router.ts'
import { send } from './raw-request.ts'

/** A server under test; `secret.txt` lies beside its renderer folder. */
export type TestServer = Served & {
  readonly host: string
  readonly origin: string
  readonly token: string
  readonly log: TestRouterLog
  readonly internalErrors: unknown[]
  readonly warnings: string[]
  readonly stop: () => Promise<void>
}

/** Both halves of a session. */
export type TestSession = { readonly cookie: string; readonly key: string }

/** Starts a server, on a free port unless it is named. */
export async function startServer(
  options: {
    readonly port?: number
    readonly open?: boolean
    /** Fills the renderer folder with more. */
    readonly prepare?: (rendererDir: string) => Promise<void>
  } = {},
): Promise<TestServer> {
  const { prepare, ...rest } = options
  const folder = await mkdtemp(path.join(os.tmpdir(), 'flexlab-serve-'))
  const rendererDir = path.join(folder, 'client')
  await mkdir(path.join(rendererDir, 'assets'), { recursive: true })
  await writeFile(path.join(folder, 'secret.txt'), 'secret')
  await writeFile(path.join(rendererDir, 'index.html'), '<!doctype html><title>test</title>')
  await writeFile(path.join(rendererDir, 'assets', 'index-Bx3k.js'), 'export {}')
  await writeFile(path.join(rendererDir, 'assets', 'index-Bx3k.js.map'), '{}')
  await prepare?.(rendererDir)
  const log = { stoppedWatches: 0 }
  const internalErrors: unknown[] = []
  const warnings: string[] = []
  const served = await serve({
    lab: { router: createTestRouter(log) },
    rendererDir,
    ...rest,
    onInternalError: (error) => internalErrors.push(error),
    warn: (line) => warnings.push(line),
  })
  const { origin, host, hash } = new URL(served.url)
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? ''
  const stop = async () => {
    await served.close()
    await rm(folder, { recursive: true })
  }
  return { ...served, origin, host, token, log, internalErrors, warnings, stop }
}

/** The headers of a good write from our own page. */
export function writeHeaders(server: TestServer): Record<string, string> {
  return {
    host: server.host,
    origin: server.origin,
    'x-flexlab': '1',
    'content-type': 'application/json',
  }
}

/** Exchanges a token for a session, as the page does. */
export async function openSession(server: TestServer, token = server.token): Promise<TestSession> {
  const { status, headers, body } = await send({
    port: server.port,
    method: 'POST',
    path: '/session',
    headers: writeHeaders(server),
    body: JSON.stringify({ token }),
  })
  if (status !== 200) throw new Error(`the session was refused with ${status}`)
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  return { cookie, key: (JSON.parse(body) as { key: string }).key }
}
