// The contract over a real WebSocket, as the page uses it, and what a hostile or broken peer gets.
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { FRAME_MAX_BYTES, SOCKETS_MAX } from '../../../src-main/hosts/web/rpc-route.ts'
import { fromWireError } from '../../../src-main/core/contract/wire-error.ts'
import type { LabClient } from '../../../src-renderer/bridge/index.ts'
import { TEST_PDF } from '../../support/test-router.ts'
import { openSession, startServer } from './support/served.ts'
import type { TestServer, TestSession } from './support/served.ts'

let server: TestServer
let session: TestSession
let sockets: WebSocket[]

beforeEach(async () => {
  server = await startServer()
  session = await openSession(server)
  sockets = []
})

afterEach(async () => {
  vi.restoreAllMocks()
  for (const socket of sockets) socket.terminate()
  await server.stop()
})

function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${server.host}/rpc`, ['flexlab-rpc', `key.${session.key}`], {
    headers: { origin: server.origin, cookie: session.cookie },
  })
  sockets.push(socket)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

const clientOf = (socket: WebSocket): LabClient =>
  createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))

const connect = async () => clientOf(await openSocket())

const closeCode = (socket: WebSocket) =>
  new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => fromWireError(error),
  )

test('a handler answers through the socket', async () => {
  const lab = await connect()
  expect(await lab.system.info()).toMatchObject({ appVersion: '0.0.0-test', host: 'browser' })
})

test('a report arrives as the bytes that the handler gave', async () => {
  const lab = await connect()
  const { base64, fileName } = await lab.report.pdf({ campaignId: 'c' })
  expect(fileName).toBe('test.pdf')
  expect(Buffer.from(base64, 'base64')).toEqual(TEST_PDF)
})

test('a LabError crosses with its code, message and hint', async () => {
  const lab = await connect()
  expect(await failureOf(lab.library.run({ id: 'x' }))).toMatchObject({
    name: 'LabError',
    code: 'not-found',
    message: 'no such thing',
    hint: 'Look elsewhere.',
  })
  expect(server.internalErrors).toEqual([])
})

test('our own bug crosses as internal, without its stack, and the host is told', async () => {
  const lab = await connect()
  const failure = await failureOf(lab.library.note({ id: 'x', note: 'bug' }))
  expect(failure).toMatchObject({ code: 'internal', message: 'undefined is not a function' })
  expect(server.internalErrors).toMatchObject([{ name: 'TypeError' }])
})

test('input that breaks the contract is refused by name of the field', async () => {
  const lab = await connect()
  const failure = await failureOf(lab.library.tag({ ids: [], tag: '', on: true }))
  expect(failure?.code).toBe('bad-input')
  expect(failure?.message).toMatch(/^ids: .*; tag: /)
})

test('a handler that does not exist is refused', async () => {
  const lab = (await connect()) as unknown as { no: { such: () => Promise<unknown> } }
  expect(await failureOf(lab.no.such())).toMatchObject({ code: 'not-found' })
})

test('progress arrives value by value and ends when the campaign rests', async () => {
  const lab = await connect()
  const finished: number[] = []
  for await (const progress of await lab.campaign.watch({ id: 'c' })) {
    finished.push(progress.finished)
  }
  expect(finished).toEqual([0, 1, 2, 3])
})

test('an error in the middle of progress crosses as a LabError too', async () => {
  const lab = await connect()
  const progress = await lab.campaign.watch({ id: 'broken' })
  expect((await progress.next()).value).toMatchObject({ finished: 0 })
  expect(await failureOf(progress.next())).toMatchObject({ code: 'store', hint: 'Free some.' })
})

test('a page that goes away, or stops listening, stops its watch in the lab', async () => {
  const socket = await openSocket()
  const leaving = await clientOf(socket).campaign.watch({ id: 'endless' })
  await leaving.next()
  socket.terminate()
  await expect.poll(() => server.log.stoppedWatches).toBe(1)
  const controller = new AbortController()
  const lab = await connect()
  const stopping = await lab.campaign.watch({ id: 'endless' }, { signal: controller.signal })
  await stopping.next()
  controller.abort()
  await expect.poll(() => server.log.stoppedWatches).toBe(2)
})

test('the longest text that the contract allows fits, a larger frame does not', async () => {
  const socket = await openSocket()
  const text = '"\\\n☃'.repeat(250_000)
  expect((await clientOf(socket).campaign.plan({ text })).issues[0]?.message).toBe(
    '1000000 characters',
  )
  const closed = closeCode(socket)
  socket.send('x'.repeat(FRAME_MAX_BYTES + 1))
  expect(await closed).toBe(1009)
})

test.each([
  '',
  'no json',
  '[]',
  'null',
  '{"i":"1"}',
  '{"i":"1","p":{}}',
  '{"i":"x","p":{"u":"//"}}',
])('the malformed frame %j does no harm to the connection or the host', async (frame) => {
  // oRPC writes what it caught to the console; a test run need not show it.
  vi.spyOn(console, 'error').mockReturnValue(undefined)
  const socket = await openSocket()
  socket.send(frame)
  socket.send(Buffer.from(frame))
  expect(await clientOf(socket).campaign.list()).toEqual([])
})

test('compression is never negotiated', async () => {
  const socket = await openSocket()
  expect(socket.extensions).toBe('')
  expect(socket.protocol).toBe('flexlab-rpc')
})

test('no more than so many pages are connected at once', async () => {
  for (let i = 0; i < SOCKETS_MAX; i += 1) await openSocket()
  await expect(openSocket()).rejects.toThrow('503')
})
