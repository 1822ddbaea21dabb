// Tokens, tickets and sessions by themselves.
import { expect, test } from 'vitest'
import { Sessions } from '../../../src-main/hosts/web/sessions.ts'
import type { Exchange } from '../../../src-main/hosts/web/sessions.ts'

function sessionOf(exchange: Exchange) {
  if (exchange.kind !== 'session') throw new Error(`expected a session, got ${exchange.kind}`)
  return exchange.session
}

test('the token is good any number of times, each with a session of its own', () => {
  const sessions = new Sessions()
  const first = sessionOf(sessions.exchange(sessions.token))
  const second = sessionOf(sessions.exchange(sessions.token))
  expect(first.id).not.toBe(second.id)
  expect(sessions.isLive(first.id, first.key)).toBe(true)
  expect(sessions.isLive(second.id, second.key)).toBe(true)
  expect(sessions.isLive(first.id, second.key)).toBe(false)
})

test('a ticket is good once; its second use ends the session that it gave', () => {
  const sessions = new Sessions()
  const ticket = sessions.issueTicket()
  const thief = sessionOf(sessions.exchange(ticket))
  expect(sessions.isLive(thief.id, thief.key)).toBe(true)
  expect(sessions.exchange(ticket).kind).toBe('reused')
  expect(sessions.isLive(thief.id, thief.key)).toBe(false)
})

test('a ticket is good for two minutes', () => {
  let nowMs = 0
  const sessions = new Sessions(() => nowMs)
  const [early, late] = [sessions.issueTicket(), sessions.issueTicket()]
  nowMs = 120_000
  expect(sessions.exchange(early).kind).toBe('session')
  nowMs = 120_001
  expect(sessions.exchange(late).kind).toBe('wrong')
})

test('the oldest of too many sessions is forgotten', () => {
  const sessions = new Sessions()
  const all = Array.from({ length: 65 }, () => sessionOf(sessions.exchange(sessions.token)))
  const live = all.filter(({ id, key }) => sessions.isLive(id, key))
  expect(live).toEqual(all.slice(1))
})
