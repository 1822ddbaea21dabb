// QEMU's monitor, from a server that says what QEMU 7.2 said on the bed.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QmpClient } from '../../../src-main/agent/backend/qmp.ts'

const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, ' +
  '"package": "Debian 1:7.2+dfsg-7+deb12u18+b3"}, "capabilities": ["oob"]}}\r\n'

const STOP_EVENT =
  '{"timestamp": {"seconds": 1795514208, "microseconds": 608053}, "event": "STOP"}\r\n'

const CPUS =
  '[{"thread-id": 16414, "props": {"core-id": 1, "thread-id": 0, "socket-id": 0}, "qom-path": ' +
  '"/machine/unattached/device[2]", "cpu-index": 1, "target": "x86_64"}, {"thread-id": 16413, ' +
  '"props": {"core-id": 0, "thread-id": 0, "socket-id": 0}, "qom-path": ' +
  '"/machine/unattached/device[0]", "cpu-index": 0, "target": "x86_64"}]'

const ANSWERS: Readonly<Record<string, string>> = {
  qmp_capabilities: '"return": {}',
  'query-cpus-fast': `"return": ${CPUS}`,
  'query-status': '"return": {"status": "paused", "singlestep": false, "running": false}',
  'query-kvm': '"return": {"enabled": false, "present": true}',
}
const REFUSAL =
  '"error": {"class": "CommandNotFound", "desc": "The command nope has not been found"}'

let folder: string
let server: net.Server
let connections: net.Socket[]

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-qmp-'))
  connections = []
})

afterEach(() => {
  for (const connection of connections) connection.destroy()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Serves one client, as QEMU does: a second one connects and hears nothing. */
async function listen(answers = ANSWERS, greeting = GREETING): Promise<QmpClient> {
  const file = path.join(folder, 'qmp')
  server = net.createServer((connection) => {
    connection.on('error', () => undefined)
    connections.push(connection)
    if (connections.length > 1) return
    connection.write(greeting)
    connection.on('data', (chunk) => {
      const { execute, id } = JSON.parse(chunk.toString()) as { execute: string; id: number }
      const answer = `{${answers[execute] ?? REFUSAL}, "id": ${id}}\r\n`
      // In pieces, and behind an event.
      connection.write(STOP_EVENT + answer.slice(0, 9))
      setTimeout(() => connection.write(answer.slice(9)), 5)
    })
  })
  server.listen(file)
  await once(server, 'listening')
  return new QmpClient(file)
}

describe("QEMU's monitor", () => {
  it('tells threads, state and accelerator, whatever events come between', async () => {
    const qmp = await listen()
    const [threads, isRunning, usesKvm] = await Promise.all([
      qmp.vcpuThreads(),
      qmp.isRunning(),
      qmp.usesKvm(),
    ])
    expect(threads).toEqual([
      { index: 1, tid: 16414 },
      { index: 0, tid: 16413 },
    ])
    expect([isRunning, usesKvm]).toEqual([false, false])
    expect(connections).toHaveLength(1)
    qmp.close()
  })

  it('that serves another client is given up, and asked again later', async () => {
    const qmp = await listen()
    const other = net.connect(path.join(folder, 'qmp'))
    await once(other, 'data')
    await expect(qmp.isRunning()).rejects.toThrow('serves another client')
    other.destroy()
    connections = []
    await expect(qmp.isRunning()).resolves.toBe(false)
    qmp.close()
  })

  it('that refuses is told apart from one that says something else', async () => {
    const qmp = await listen({ qmp_capabilities: '"return": {}', 'query-kvm': '"return": 7' })
    await expect(qmp.vcpuThreads()).rejects.toMatchObject({ code: 'conflict' })
    await expect(qmp.usesKvm()).rejects.toMatchObject({ code: 'unavailable' })
    qmp.close()
  })

  it('is not taken for one when it greets as something else', async () => {
    const qmp = await listen(ANSWERS, '220 smtp.example ESMTP\r\n')
    await expect(qmp.isRunning()).rejects.toMatchObject({ code: 'unavailable' })
  })
})
