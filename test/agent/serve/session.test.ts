// Sessions over streams in this process, with handlers of the test's own.
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import {
  AGENT_MAGIC,
  encodeFrame,
  FrameReader,
} from '../../../src-main/core/contract/agent/frame.ts'
import type { Agent, EndReason, Handlers } from '../../../src-main/agent/serve/handlers.ts'
import { Lease } from '../../../src-main/agent/serve/lease.ts'
import { Session } from '../../../src-main/agent/serve/session.ts'

const INTRODUCTION = {
  protocol: 1,
  agentSha256: '0'.repeat(64),
  appVersion: '0',
  node: '24',
  pid: 1,
}

const SAMPLE = { sample: { atNs: 1, vms: [], pcpuBusyNs: [] } }

type Frame = { id?: number | null; result?: unknown; event?: unknown; error?: { code: string } }

function startSession(handlers: Handlers, parts: Partial<Agent> = {}) {
  const input = new PassThrough()
  const output = new PassThrough({ highWaterMark: 1024 })
  const lease = new Lease()
  const ends: EndReason[] = []
  const agent: Agent = {
    handlers,
    lease,
    recover: () => Promise.resolve(null),
    end: (reason) => {
      ends.push(reason)
      return Promise.resolve()
    },
    ...parts,
  }
  const session = new Session(agent, input, output)
  const served = session.serve(INTRODUCTION)
  return { session, input, output, lease, ends, served }
}

/** Reads frames as they come, the hello left out. */
function collect(output: PassThrough): Frame[] {
  const reader = new FrameReader()
  const found: Frame[] = []
  let isOpening = true
  output.on('data', (chunk: Buffer) => {
    const read = reader.push(isOpening ? chunk.subarray(AGENT_MAGIC.length) : chunk)
    isOpening = false
    if (read.ok) found.push(...(read.value as Frame[]).filter((frame) => !('hello' in frame)))
  })
  return found
}

describe('a session', () => {
  it('answers requests as they end, not as they came', async () => {
    const { input, output } = startSession({
      journal: async ({ limit }) => {
        await sleep(limit)
        return []
      },
    })
    const frames = collect(output)
    input.write(encodeFrame({ id: 1, method: 'journal', params: { limit: 60 } }))
    input.write(encodeFrame({ id: 2, method: 'journal', params: { limit: 0 } }))
    await vi.waitUntil(() => frames.length === 2)
    expect(frames.map(({ id }) => id)).toEqual([2, 1])
  })

  it('gives a LabError as it is, a bug as internal, and goes on', async () => {
    const { input, output } = startSession({
      vms: () => Promise.reject(new LabError('unavailable', 'no libvirt', 'install it')),
      facts: () => Promise.reject(new TypeError('x is undefined')),
      journal: () => Promise.resolve([{ wrong: true } as never]),
    })
    const frames = collect(output)
    for (const [id, method] of ['vms', 'facts', 'journal', 'restore'].entries()) {
      input.write(encodeFrame({ id: id + 1, method, params: {} }))
    }
    await vi.waitUntil(() => frames.length === 4)
    const codes = Object.fromEntries(frames.map((frame) => [frame.id, frame.error?.code]))
    expect(codes).toEqual({ 1: 'unavailable', 2: 'internal', 3: 'internal', 4: 'unavailable' })
  })

  it('refuses an id that is in use, and a request too many', async () => {
    const { input, output } = startSession({ vms: () => new Promise(() => undefined) })
    const frames = collect(output)
    for (let id = 1; id <= 65; id++) input.write(encodeFrame({ id, method: 'vms', params: {} }))
    input.write(encodeFrame({ id: 1, method: 'vms', params: {} }))
    await vi.waitUntil(() => frames.length === 2)
    expect(frames.map(({ id, error }) => [id, error?.code])).toEqual([
      [65, 'budget'],
      [null, 'bad-input'],
    ])
  })

  it('holds a stream back while the lab does not read, and ends it on cancel', async () => {
    let emitted = 0
    const { input, output } = startSession({
      sample: async (_params, call) => {
        for (;;) {
          await call.emit(SAMPLE)
          emitted++
          await nextTurn()
        }
      },
    })
    input.write(encodeFrame({ id: 1, method: 'sample', params: { vms: [] } }))
    await sleep(50)
    const held = emitted
    await sleep(50)
    expect(emitted).toBe(held)
    const frames = collect(output)
    await vi.waitUntil(() => emitted > held + 10)
    input.write(encodeFrame({ cancel: 1 }))
    await vi.waitUntil(() => frames.some(({ error }) => error?.code === 'cancelled'))
    const last = emitted
    await sleep(20)
    expect(emitted).toBe(last)
  })

  it('aborts what runs and puts the host back once the lab is gone', async () => {
    const aborted = vi.fn()
    const { input, output, ends, served } = startSession({
      vms: (_params, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted()
            reject(new LabError('cancelled', 'stopped'))
          })
        }),
    })
    collect(output)
    input.write(encodeFrame({ id: 1, method: 'vms', params: {} }))
    input.end()
    expect(await served).toBe('eof')
    expect(aborted).toHaveBeenCalledOnce()
    expect(ends).toEqual(['eof'])
  })

  it('puts the host back although the lab does not read', async () => {
    const { session, input, ends, served } = startSession({
      sample: async (_params, call) => {
        for (;;) await call.emit(SAMPLE)
      },
    })
    input.write(encodeFrame({ id: 1, method: 'sample', params: { vms: [] } }))
    await sleep(20)
    session.stop('signal')
    await vi.waitUntil(() => ends.length === 1)
    expect(ends).toEqual(['signal'])
    expect(await served).toBe('signal')
  })

  it('renews an armed lease with each frame and tells the lab when it ran out', async () => {
    const { input, output, lease } = startSession({})
    const frames = collect(output)
    const [renewed, expired] = [vi.fn(), vi.fn()]
    lease.on('renewed', renewed)
    lease.on('expired', expired)
    input.write(encodeFrame({ beat: 1 }))
    await sleep(20)
    expect(renewed).not.toHaveBeenCalled()
    lease.arm(200)
    for (let beat = 2; beat < 8; beat++) {
      input.write(encodeFrame({ beat }))
      await sleep(60)
    }
    expect(renewed).toHaveBeenCalledTimes(6)
    expect(expired).not.toHaveBeenCalled()
    await vi.waitUntil(() => expired.mock.calls.length === 1)
    expect(lease.isArmed).toBe(false)
    await vi.waitUntil(() => frames.some(({ id, error }) => id === null && error !== undefined))
  })

  it('answers each beat, so that the lab sees that it lives', async () => {
    const { input, output } = startSession({})
    const frames = collect(output)
    for (const beat of [1, 2, 3]) input.write(encodeFrame({ beat }))
    await vi.waitUntil(() => frames.length === 3)
    expect(frames).toEqual([{ beat: 1 }, { beat: 2 }, { beat: 3 }])
  })

  it('greets before it reads, and says so when it could not recover', async () => {
    const { input, output } = startSession(
      { journal: () => Promise.resolve([]) },
      { recover: () => Promise.reject(new LabError('internal', 'journal is damaged')) },
    )
    const frames = collect(output)
    input.write(encodeFrame({ id: 1, method: 'journal', params: {} }))
    await vi.waitUntil(() => frames.length === 2)
    expect(frames.map(({ id, error }) => [id, error?.code])).toEqual([
      [null, 'internal'],
      [1, undefined],
    ])
  })
})
