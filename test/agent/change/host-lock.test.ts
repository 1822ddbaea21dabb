/** The lock: one agent changes a host at a time, and a dead one holds nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { HostLock } from '../../../src-main/agent/change/host-lock.ts'

const HOLDER = path.join(import.meta.dirname, 'support/hold-lock.ts')

describe('the host’s lock', () => {
  it('is refused to a second, with the first one’s process, until it is released', async () => {
    const state = `/tmp/of-test-${process.pid}`
    const lock = await HostLock.take(state)
    await expect(HostLock.take(state)).rejects.toMatchObject({
      code: 'conflict',
      message: `another agent changes this host: process ${process.pid}`,
    })
    const waiting = HostLock.take(state, 5000)
    lock.release()
    ;(await waiting).release()
  })

  it('is free again when its holder was killed, and names a frozen one as silent', async () => {
    const state = `/tmp/of-test-killed-${process.pid}`
    const holder = spawn(process.execPath, [HOLDER, state], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    await expect(HostLock.take(state)).rejects.toThrow(`process ${holder.pid}`)
    holder.kill('SIGSTOP')
    await expect(HostLock.take(state)).rejects.toThrow('does not answer')
    holder.kill('SIGKILL')
    ;(await HostLock.take(state, 5000)).release()
  })

  it('of another folder is another lock', async () => {
    const locks = await Promise.all(['/tmp/x-1', '/tmp/x-2'].map((state) => HostLock.take(state)))
    for (const lock of locks) lock.release()
    expect(locks).toHaveLength(2)
  })
})
