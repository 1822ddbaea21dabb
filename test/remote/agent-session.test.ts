// Sessions with peers that behave, and with some that do not: each failure ends every open request
// with its reason, and nothing hangs.
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { openSession, type AgentSession } from '../../src-main/remote/agent-session.ts'
import { hostShell } from '../../src-main/remote/host-shell.ts'
import { openSsh } from '../../src-main/remote/open-ssh.ts'
import type { Transport } from '../../src-main/remote/start-program.ts'
import { parseHost } from './support/parse-host.ts'

const PEER = path.join(import.meta.dirname, 'support', 'peer.ts')

describe('a session', () => {
  const notices: LabError[] = []
  let session: AgentSession
  let transport: Transport

  afterEach(async () => {
    transport.kill()
    await transport.exited
    notices.length = 0
  })

  async function open(mode: string): Promise<AgentSession> {
    const ssh = await openSsh({ knownHostsFile: 'unused' })
    const shell = await hostShell(ssh, parseHost('local:'))
    await ssh.close()
    transport = await shell.start(`exec ${process.execPath} ${PEER} ${mode}`)
    const onNotice = (notice: LabError) => notices.push(notice)
    session = await openSession({ shell, transport, agentSha256: 'a'.repeat(64), onNotice })
    return session
  }

  async function failureOf(promise: Promise<unknown>): Promise<LabError> {
    const error: unknown = await promise.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    if (error instanceof LabError) return error
    throw new Error('it did not fail with a LabError', { cause: error })
  }

  it('answers requests that are under way at the same time', async () => {
    await open('good')
    const all = [session.call('vms', {}), session.call('journal', {}), session.call('vms', {})]
    expect(await Promise.all(all)).toEqual([[], [], []])
    await session.close()
    expect(await session.ended).toBeNull()
  })

  it('passes on what the agent fails with, and what it reports outside of requests', async () => {
    await open('good')
    void session.call('restore', {}).catch(() => undefined)
    const error = await failureOf(session.call('facts', {}))
    expect(error).toMatchObject({ code: 'cancelled', message: 'beats 0' })
    expect(notices.map(({ message }) => message)).toEqual(['the lease was lost'])
  })

  it('keeps the lease by beats, without being asked', async () => {
    await open('good')
    const beats = async () => Number((await failureOf(session.call('facts', {}))).message.slice(6))
    await expect.poll(beats, { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
  })

  it('gives up an agent that leaves beats without an answer, and no other', async () => {
    for (const mode of ['good', 'stuck']) {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
      await open(mode)
      const waiting = session.stream('sample', { vms: [] }).result
      for (let beat = 1; beat <= 16; beat++) {
        vi.advanceTimersByTime(1000)
        await failureOf(session.call('facts', {}))
      }
      vi.useRealTimers()
      if (mode === 'good') expect(await session.call('vms', {})).toEqual([])
      else expect((await failureOf(waiting)).message).toContain('has not answered for 15 s')
      await session.close()
    }
  })

  it('waits for an agent that puts a host back before it says hello', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const opening = open('late')
    await sleep(250)
    vi.advanceTimersByTime(60_000)
    await opening
    vi.useRealTimers()
    expect(await session.call('vms', {})).toEqual([])
  })

  it('streams events until it is cancelled, and waits for the agent to have stopped', async () => {
    await open('good')
    const abort = new AbortController()
    const { events, result } = session.stream('sample', { vms: [] }, abort.signal)
    let count = 0
    const reading = (async () => {
      for await (const { sample } of events) {
        expect(sample.atNs).toBe(1)
        if (++count === 3) abort.abort()
      }
    })()
    expect(await failureOf(result)).toMatchObject({ code: 'cancelled', message: 'stopped' })
    await failureOf(reading)
    expect(count).toBeGreaterThanOrEqual(3)
    expect(await session.call('vms', {})).toEqual([])
  })

  it('cancels a stream whose reader leaves', async () => {
    await open('good')
    const { events, result } = session.stream('sample', { vms: [] })
    for await (const event of events) if (event.sample.atNs === 1) break
    expect(await failureOf(result)).toMatchObject({ message: 'stopped' })
  })

  it('ends a stream that nobody reads instead of keeping it all', async () => {
    await open('flood')
    const { result } = session.stream('sample', { vms: [] })
    expect(await failureOf(result)).toMatchObject({ code: 'budget' })
    expect(await session.call('vms', {})).toEqual([])
  })

  it('finds the agent behind the banner of a login shell', async () => {
    await open('noise')
    expect(await session.call('journal', {})).toEqual([])
  })

  it('gives up a host that prints without end', async () => {
    const error = await failureOf(open('endless'))
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(error.message).toContain('prints without end')
  })

  it('says how an agent ended that did not start, with its last words made harmless', async () => {
    const error = await failureOf(open('mute'))
    expect(error.message).toBe(
      'the agent on local: did not start (exit code 3): no tape in the drive\uFFFD]0;title\uFFFD',
    )
  })

  it.each([
    ['old', 'speaks version 0 of the protocol'],
    ['other', 'is not the one that this lab put there'],
  ])('refuses an agent of another version (%s)', async (mode, message) => {
    const error = await failureOf(open(mode))
    expect(error).toMatchObject({ code: 'conflict' })
    expect(error.message).toContain(message)
    expect(error.hint).toContain('.cache/flexlab')
  })

  it('refuses an agent whose first frame is no hello', async () => {
    expect((await failureOf(open('silent'))).message).toContain('its first frame is no hello')
  })

  it('ends every open request when the agent dies, with its last words', async () => {
    await open('dies')
    const { events, result } = session.stream('sample', { vms: [] })
    const reading = (async () => {
      for await (const event of events) expect(event.sample.vms).toEqual([])
    })()
    const all = [session.call('journal', {}), session.call('vms', {}), result, reading]
    for (const error of await Promise.all(all.map(failureOf))) {
      expect(error.message).toBe('the agent on local: has ended (exit code 7): out of luck')
    }
    expect(await session.ended).toBeInstanceOf(LabError)
    expect((await failureOf(session.call('vms', {}))).message).toContain('has ended')
  })

  it('ends every open request when the agent is killed', async () => {
    await open('good')
    const open1 = session.stream('sample', { vms: [] }).result
    transport.kill()
    expect((await failureOf(open1)).message).toContain('has ended (SIGKILL)')
  })

  it.each([
    ['no-json', 'a frame is not JSON'],
    ['no-frame', 'a frame that is none of the protocol'],
    ['huge', 'a frame of 4294967295 bytes'],
  ])('ends with the reason when the agent sends no frames (%s)', async (mode, message) => {
    await open(mode)
    expect((await failureOf(session.call('journal', {}))).message).toContain(message)
    expect((await session.ended)?.message).toContain(message)
  })

  it('fails only the request whose answer has the wrong form', async () => {
    await open('wrong')
    const error = await failureOf(session.call('journal', {}))
    expect(error).toMatchObject({ code: 'internal' })
    expect(await session.call('vms', {})).toEqual([])
  })

  it('refuses a request that is larger than a frame', async () => {
    await open('good')
    const vms = Array.from({ length: 30_000 }, () => 'v'.repeat(200))
    expect(await failureOf(session.call('sample', { vms }))).toMatchObject({ code: 'bad-input' })
    expect(await session.call('vms', {})).toEqual([])
  })
})
