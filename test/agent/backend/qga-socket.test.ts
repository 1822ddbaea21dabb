// The guest agent's socket, against a server that plays what real guest agents did on the bed.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeadlineError } from '../../../src-main/agent/backend/deadline.ts'
import { QgaSocket } from '../../../src-main/agent/backend/qga-socket.ts'

type Request = { execute: string; arguments: { id?: number } }
type Play = (request: Request, send: (bytes: string | Buffer) => void) => void

let folder: string
let server: net.Server
let socketPath: string
let requests: Request[]
let connections: net.Socket[]

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-qga-'))
  socketPath = path.join(folder, 'qga')
  requests = []
  connections = []
})

afterEach(() => {
  for (const connection of connections) connection.destroy()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function listen(play: Play): Promise<QgaSocket> {
  server = net.createServer((connection) => {
    connections.push(connection)
    connection.on('error', () => undefined)
    let text = ''
    connection.on('data', (chunk) => {
      text += chunk.toString('latin1').replaceAll('\xff', '')
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) {
        const request = JSON.parse(line) as Request
        requests.push(request)
        play(request, (bytes) => connection.write(bytes))
      }
    })
  })
  server.listen(socketPath)
  await once(server, 'listening')
  return new QgaSocket(socketPath)
}

/** As qemu-ga answers: a sentinel before the answer to a sync, none before others. */
function answer(request: Request, send: (bytes: string | Buffer) => void, value: unknown): void {
  const text = `${JSON.stringify({ return: value })}\n`
  const isSync = request.execute === 'guest-sync-delimited'
  send(isSync ? Buffer.concat([Buffer.of(0xff), Buffer.from(text)]) : text)
}

const isSync = (request: Request): boolean => request.execute === 'guest-sync-delimited'

describe("the guest agent's socket", () => {
  it('is synchronised once, then asked', async () => {
    const qga = await listen((request, send) => {
      answer(request, send, isSync(request) ? request.arguments.id : { pong: true })
    })
    expect(await qga.call('guest-ping', {}, 1000)).toEqual({ pong: true })
    expect(await qga.call('guest-ping', {}, 1000)).toEqual({ pong: true })
    expect(requests.map(({ execute }) => execute)).toEqual([
      'guest-sync-delimited',
      'guest-ping',
      'guest-ping',
    ])
  })

  it('passes over what others left in it, up to its own sentinel', async () => {
    const qga = await listen((request, send) => {
      if (!isSync(request)) return answer(request, send, 'mine')
      send('{"return": "of another client"}\n{"half": ')
      send(Buffer.concat([Buffer.of(0xff), Buffer.from('{"return": 1}\n')]))
      return answer(request, send, request.arguments.id)
    })
    expect(await qga.call('guest-ping', {}, 1000)).toBe('mine')
  })

  it('synchronises anew after a time-out, with a fresh id, and drops the late answer', async () => {
    let late: (() => void) | undefined
    const qga = await listen((request, send) => {
      if (request.execute === 'guest-set-vcpus') late = () => answer(request, send, 'late')
      else if (isSync(request)) {
        late?.()
        answer(request, send, request.arguments.id)
      } else answer(request, send, 'in time')
    })
    await expect(qga.call('guest-set-vcpus', {}, 100)).rejects.toBeInstanceOf(DeadlineError)
    expect(await qga.call('guest-ping', {}, 1000)).toBe('in time')
    const ids = requests.filter(isSync).map((request) => request.arguments.id)
    expect(new Set(ids).size).toBe(2)
  })

  it('asks one thing at a time, and does not send what waited too long', async () => {
    const qga = await listen((request, send) => {
      if (isSync(request)) answer(request, send, request.arguments.id)
      else setTimeout(() => answer(request, send, request.execute), 150)
    })
    const slow = qga.call('guest-info', {}, 1000)
    const impatient = qga.call('guest-ping', {}, 50)
    const patient = qga.call('guest-get-vcpus', {}, 1000)
    await expect(impatient).rejects.toBeInstanceOf(DeadlineError)
    expect(await slow).toBe('guest-info')
    expect(await patient).toBe('guest-get-vcpus')
    expect(requests.map(({ execute }) => execute)).not.toContain('guest-ping')
  })

  it('tells a refusal from an absence', async () => {
    const qga = await listen((request, send) => {
      if (isSync(request)) return answer(request, send, request.arguments.id)
      return send('{"error": {"class": "CommandNotFound", "desc": "no such command"}}\n')
    })
    await expect(qga.call('guest-x', {}, 1000)).rejects.toMatchObject({
      code: 'conflict',
      message: 'guest-x: no such command',
    })
    server.close()
    for (const connection of connections) connection.destroy()
    await sleep(20)
    await expect(qga.call('guest-ping', {}, 1000)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('connects again after the other side closed', async () => {
    const qga = await listen((request, send) => {
      answer(request, send, isSync(request) ? request.arguments.id : connections.length)
    })
    expect(await qga.call('guest-ping', {}, 1000)).toBe(1)
    connections[0]?.destroy()
    await sleep(20)
    expect(await qga.call('guest-ping', {}, 1000)).toBe(2)
  })

  it('gives an answer without end up, and goes on', async () => {
    const qga = await listen((request, send) => {
      if (isSync(request)) answer(request, send, request.arguments.id)
      else if (request.execute === 'guest-exec-status') send(Buffer.alloc(5 * 2 ** 20, 'x'))
      else answer(request, send, 'well')
    })
    const endless = qga.call('guest-exec-status', {}, 5000)
    await expect(endless).rejects.toMatchObject({ code: 'budget' })
    expect(await qga.call('guest-ping', {}, 2000)).toBe('well')
  })
})
