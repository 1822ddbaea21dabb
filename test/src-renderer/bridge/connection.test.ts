// The bridge's connection over transports that a test opens and breaks: states, retries, errors.
import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { Connection } from '../../../src-renderer/bridge/connection.ts'
import type { ConnectionState, Transport } from '../../../src-renderer/bridge/connection.ts'

type Attempt = Transport | Error

/** A connection whose attempts to open come to what is in the list; then it never opens. */
function connection(...attempts: Attempt[]) {
  const waitsMs: number[] = []
  const states: ConnectionState[] = []
  const open = () => {
    const attempt = attempts.shift() ?? new Error('no more attempts')
    return attempt instanceof Error ? Promise.reject(attempt) : Promise.resolve(attempt)
  }
  const wait = (ms: number) => {
    waitsMs.push(ms)
    return attempts.length === 0 ? new Promise<void>(() => {}) : Promise.resolve()
  }
  const link = new Connection(open, wait)
  link.subscribe((state) => states.push(state))
  const call = () => link.call(['library', 'run'], {}, { context: {} })
  return { link, call, states, waitsMs }
}

function transport(answer: () => Promise<unknown>) {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  let isOpen = true
  const close = () => {
    isOpen = false
    resolve()
  }
  return { link: { call: answer }, isOpen: () => isOpen, closed, close }
}

const REFUSED = new LabError('unavailable', 'no valid session', 'Open the address.')
const NO_SERVER = new TypeError('Failed to fetch')

test('a call waits for the first opening, however many attempts it takes', async () => {
  const { call, states, waitsMs } = connection(
    NO_SERVER,
    NO_SERVER,
    transport(() => Promise.resolve('answer')),
  )
  expect(await call()).toBe('answer')
  expect(states).toEqual(['connecting', 'open'])
  expect(waitsMs).toEqual([250, 500])
})

test('the wait between attempts grows to five seconds and no further', async () => {
  const failures = Array.from({ length: 7 }, () => NO_SERVER)
  const { call, waitsMs } = connection(
    ...failures,
    transport(() => Promise.resolve(1)),
  )
  await call()
  expect(waitsMs).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
})

test('a lost transport is opened again and the same link goes on', async () => {
  const first = transport(() => Promise.resolve('first'))
  const second = transport(() => Promise.resolve('second'))
  const { call, states } = connection(first, NO_SERVER, second)
  expect(await call()).toBe('first')
  first.close()
  await expect.poll(() => states).toEqual(['connecting', 'open', 'lost', 'open'])
  expect(await call()).toBe('second')
})

test('a call while the connection is lost fails at once instead of hanging', async () => {
  const first = transport(() => Promise.resolve('first'))
  const { call, states } = connection(first)
  await call()
  first.close()
  await expect.poll(() => states.at(-1)).toBe('lost')
  await expect(call()).rejects.toMatchObject({
    name: 'LabError',
    code: 'unavailable',
    message: 'the connection to the lab was lost',
  })
})

test('a refusal ends the attempts, is what every call fails with, and can be retried', async () => {
  const later = transport(() => Promise.resolve('after all'))
  const { link, call, states, waitsMs } = connection(REFUSED, later)
  await expect(link.opened()).rejects.toBe(REFUSED)
  await expect(call()).rejects.toBe(REFUSED)
  expect(states).toEqual(['connecting', 'lost'])
  expect(waitsMs).toEqual([])
  link.retryNow()
  await expect.poll(() => states.at(-1)).toBe('open')
  expect(await call()).toBe('after all')
})

test('an attempt can be brought forward while waiting', async () => {
  const attempts: Attempt[] = [NO_SERVER]
  const open = () => {
    const attempt = attempts.shift() ?? transport(() => Promise.resolve('now'))
    return attempt instanceof Error ? Promise.reject(attempt) : Promise.resolve(attempt)
  }
  let isWaiting = false
  const link = new Connection(open, () => {
    isWaiting = true
    return new Promise(() => {})
  })
  const answer = link.call([], {}, { context: {} })
  await expect.poll(() => isWaiting).toBe(true)
  link.retryNow()
  expect(await answer).toBe('now')
})

test('what the host threw arrives as a LabError', async () => {
  const data = { hint: 'Look elsewhere.' }
  const error = new ORPCError('not-found', { status: 404, message: 'no such run', data })
  const { call } = connection(transport(() => Promise.reject(error)))
  const expected = { name: 'LabError', code: 'not-found', message: 'no such run', ...data }
  await expect(call()).rejects.toMatchObject(expected)
})

test('a call that its transport ends is unavailable, one that we end is cancelled', async () => {
  const abort = new DOMException('aborted', 'AbortError')
  const broken = transport(() => {
    broken.close()
    return Promise.reject(abort)
  })
  const whole = transport(() => Promise.reject(abort))
  const { link, call, states } = connection(broken, whole)
  await expect(call()).rejects.toMatchObject({ code: 'unavailable' })
  await expect.poll(() => states).toEqual(['connecting', 'open', 'lost', 'open'])
  const signal = AbortSignal.abort()
  await expect(link.call([], {}, { context: {}, signal })).rejects.toMatchObject({
    code: 'cancelled',
  })
})

test('an error in the middle of a stream arrives as a LabError', async () => {
  const error = new ORPCError('store', { status: 500, message: 'disk full', data: { hint: '' } })

  async function* stream() {
    yield 1
    throw error
  }
  const { call } = connection(transport(() => Promise.resolve(stream())))
  const values = (await call()) as AsyncIterator<number>
  expect(await values.next()).toEqual({ done: false, value: 1 })
  await expect(values.next()).rejects.toMatchObject({ name: 'LabError', code: 'store' })
})

test('a listener hears the present state at once and nothing after it has left', async () => {
  const first = transport(() => Promise.resolve(1))
  const { link, call, states } = connection(first)
  await call()
  const heard: ConnectionState[] = []
  const leave = link.subscribe((state) => heard.push(state))
  leave()
  first.close()
  await expect.poll(() => states.at(-1)).toBe('lost')
  expect(heard).toEqual(['open'])
})
