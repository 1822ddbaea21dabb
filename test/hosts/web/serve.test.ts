// The running server: its files, headers, token exchange and limits.
import { connect as connectTcp } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../../../src-main/hosts/web/index.ts'
import { SESSION_BODY_MAX_BYTES } from '../../../src-main/hosts/web/session-route.ts'
import { createTestRouter } from '../../support/test-router.ts'
import { send } from './support/raw-request.ts'
import { openSession, startServer, writeHeaders } from './support/served.ts'
import type { TestServer } from './support/served.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  send({ port: server.port, path, headers: { host: server.host, ...headers } })

const post = (body: string, headers: Record<string, string> = {}) =>
  send({
    port: server.port,
    method: 'POST',
    path: '/session',
    headers: {
      ...writeHeaders(server),
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
    body,
  })

describe('the renderer', () => {
  test('is served with its media types; only hashed assets may be cached', async () => {
    const page = await get('/')
    expect(page).toMatchObject({ status: 200, body: '<!doctype html><title>test</title>' })
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
    const script = await get('/assets/index-Bx3k.js?v=1')
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    })
  })

  test('answers HEAD with the length and no body', async () => {
    const headers = { host: server.host }
    const answer = await send({ port: server.port, method: 'HEAD', headers })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toBe('34')
  })

  test.each([
    '/nothing',
    '/secret.txt',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '/%00',
    '//secret.txt',
    '/assets',
    '/assets/',
    '/assets/index-Bx3k.js.map',
    '/assets/index-Bx3k.js/',
    'http://evil.example/',
    '*',
  ])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })

  test('cannot be framed, scripted or fetched by another site, only linked to', async () => {
    const from = (site: string, mode: string, dest: string) =>
      get('/', { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest })
    expect((await from('cross-site', 'navigate', 'iframe')).status).toBe(403)
    expect((await from('cross-site', 'no-cors', 'script')).status).toBe(403)
    expect((await from('same-site', 'no-cors', 'image')).status).toBe(403)
    expect((await from('cross-site', 'navigate', 'document')).status).toBe(200)
    expect((await from('same-origin', 'no-cors', 'script')).status).toBe(200)
    expect((await from('none', 'navigate', 'document')).status).toBe(200)
  })
})

describe('every answer', () => {
  test.each(['/', '/nothing', '/rpc'])(
    'at %s carries the headers that confine it',
    async (path) => {
      const { headers } = await get(path)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  test('has a content security policy without any unsafe source', async () => {
    const policy = (await get('/')).headers['content-security-policy']
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
        "img-src 'self' data: blob:; worker-src 'self'; manifest-src 'self'; " +
        `connect-src 'self' ws://127.0.0.1:${server.port}; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  })
})

describe('the token exchange', () => {
  test('gives a cookie that no script or other site can use, and a key for the page', async () => {
    const answer = await post(JSON.stringify({ token: server.token }))
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^flexlab-${server.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    )
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(JSON.parse(answer.body)).toEqual({ key: expect.stringMatching(/^[\w-]{43}$/) as string })
  })

  test('the token is 32 random bytes and stands only in the fragment of the URL', async () => {
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32)
    expect(new URL(server.url).search).toBe('')
    const second = await startServer()
    expect(second.token).not.toBe(server.token)
    await second.stop()
  })

  test('a kept session is confirmed by its two halves together and by nothing less', async () => {
    const { cookie, key } = await openSession(server)
    const other = await openSession(server)
    const body = JSON.stringify({ key })
    expect((await post(body, { cookie })).status).toBe(204)
    expect((await post(body, { cookie: `a=b; ${cookie}; c=d` })).status).toBe(204)
    expect((await post(body)).status).toBe(401)
    expect((await post(body, { cookie: other.cookie })).status).toBe(401)
    expect((await post(JSON.stringify({ key: '' }), { cookie })).status).toBe(400)
  })

  test('is refused without the header that only our page can set, and as a form', async () => {
    const body = JSON.stringify({ token: server.token })
    expect((await post(body, { 'x-flexlab': '' })).status).toBe(403)
    expect((await post(body, { 'x-flexlab': '2' })).status).toBe(403)
    expect((await post(body, { 'content-type': 'text/plain' })).status).toBe(415)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await post(body, form)).status).toBe(415)
  })

  test.each([
    '',
    'no json',
    '[]',
    'null',
    '{"token":1}',
    '{"token":"a","key":"b"}',
    '{"token":""}',
  ])('refuses the body %j as malformed', async (body) => {
    expect((await post(body)).status).toBe(400)
  })

  test('refuses a body over the limit, announced or not', async () => {
    const body = JSON.stringify({ token: 'a'.repeat(SESSION_BODY_MAX_BYTES) })
    expect((await post(body)).status).toBe(413)
    const chunked = { ...writeHeaders(server), 'transfer-encoding': 'chunked' }
    const { port } = server
    const sent = { port, method: 'POST', path: '/session', headers: chunked, body }
    expect((await send(sent)).status).toBe(413)
  })
})

describe('the server', () => {
  test('listens on loopback only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find((one) => one.family === 'IPv4' && !one.internal)
    for (const address of [outside?.address, '127.0.0.2', '::1']) {
      if (address === undefined) continue
      expect(await canConnect(address, server.port), address).toBe(false)
    }
    expect(await canConnect('127.0.0.1', server.port)).toBe(true)
  })

  test('says which port is taken and what to do about it', async () => {
    const options = { lab: { router: createTestRouter() }, rendererDir: import.meta.dirname }
    await expect(serve(options)).rejects.toMatchObject({
      code: 'not-found',
      hint: 'Run: npm run build',
    })
    const second = startServer({ port: server.port })
    await expect(second).rejects.toMatchObject({
      code: 'conflict',
      message: `port ${server.port} is in use by another program`,
    })
  })

  test('is gone after close, with its open connections', async () => {
    const short = await startServer()
    await short.stop()
    expect(await canConnect('127.0.0.1', short.port)).toBe(false)
  })
})

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
