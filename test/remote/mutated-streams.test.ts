// What an agent sends is as foreign as anything from outside: whatever bytes come, every request
// ends, with its result or with a LabError, and nothing hangs.
import fc from 'fast-check'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { AGENT_MAGIC, encodeFrame } from '../../src-main/core/contract/agent/frame.ts'
import { AgentSession } from '../../src-main/remote/agent-session.ts'
import type { Exit, Transport } from '../../src-main/remote/start-program.ts'
import { parseHost } from './support/parse-host.ts'

/** FLEXLAB_STREAMS=100000 for the full count. */
const STREAMS = Number(process.env['FLEXLAB_STREAMS'] ?? 1000)
const shell = {
  target: parseHost('bed'),
  start: () => Promise.reject(new Error('nothing is started')),
  explain: () => null,
}

const hello = {
  protocol: 1,
  agentSha256: 'a'.repeat(64),
  appVersion: '0.1.0',
  node: '24.0.0',
  pid: 1,
  recovered: null,
}
const GOOD = Buffer.concat([
  Buffer.from(`Welcome\n${AGENT_MAGIC}`),
  ...[
    { hello },
    { beat: 1 },
    { id: 1, event: { sample: { atNs: 1, vms: [], pcpuBusyNs: [] } } },
    { id: 2, result: [] },
    { id: null, error: { code: 'unavailable', message: 'lease', hint: '' } },
    { id: 1, error: { code: 'cancelled', message: 'stopped', hint: '' } },
  ].map((frame) => Buffer.from(encodeFrame(frame))),
])

const mutation = fc.record({
  at: fc.nat(GOOD.length - 1),
  drop: fc.nat(12),
  bytes: fc.uint8Array({ maxLength: 6 }),
})
const stream = fc.record({
  mutations: fc.array(mutation, { maxLength: 4 }),
  chunkBytes: fc.integer({ min: 1, max: 400 }),
})

describe('a stream of an agent', () => {
  it('is read to its end as it was sent', async () => {
    const { opened, stopped, vms } = await serve(GOOD, 7)
    expect(opened).toMatchObject({ pid: 1 })
    expect(stopped).toMatchObject({ code: 'cancelled', message: 'stopped' })
    expect(vms).toEqual([])
  })

  it(`ends every request however it is mutated (${STREAMS} streams)`, { timeout: 600_000 }, () =>
    fc.assert(
      fc.asyncProperty(stream, async ({ mutations, chunkBytes }) => {
        const { opened, stopped, vms } = await serve(mutated(mutations), chunkBytes)
        const failures = [opened, stopped, vms].filter((value) => value instanceof Error)
        expect(failures.filter((error) => !(error instanceof LabError))).toEqual([])
      }),
      { numRuns: STREAMS },
    ),
  )
})

function mutated(mutations: readonly { at: number; drop: number; bytes: Uint8Array }[]): Buffer {
  return mutations.reduce<Buffer>((bytes, { at, drop, bytes: inserted }) => {
    return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + drop)])
  }, GOOD)
}

/** Feeds a session; what became of it, of a stream and of a request. */
async function serve(bytes: Buffer, chunkBytes: number) {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const exited = Promise.withResolvers<Exit>()
  const end = () => exited.resolve({ code: 0, signal: null, stderr: '' })
  const transport: Transport = {
    input: input.resume(),
    output,
    exited: exited.promise,
    stderr: () => '',
    kill: end,
  }
  const onNotice = () => undefined
  const agentSha256 = 'a'.repeat(64)
  const session = new AgentSession({ shell, transport, agentSha256, onNotice })
  const settled = Promise.all(
    [session.opened, session.stream('sample', { vms: [] }).result, session.call('vms', {})].map(
      (promise) => (promise as Promise<unknown>).catch((error: unknown) => error),
    ),
  )
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    output.write(bytes.subarray(at, at + chunkBytes))
  }
  output.end()
  output.once('end', end)
  const [opened, stopped, vms] = await settled
  await session.ended
  return { opened, stopped, vms }
}
