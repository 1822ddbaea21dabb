/** POST /session: exchanges a token for a session, or says whether a session is still good. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { WRITE_HEADER, WRITE_HEADER_VALUE } from '../../core/contract/browser-session.ts'
import type { SessionAnswer } from '../../core/contract/browser-session.ts'
import { answerOf, readBody } from './http-answer.ts'
import type { Answer } from './http-answer.ts'
import type { Refusal, Site } from './request-guard.ts'
import type { Session, Sessions } from './sessions.ts'

/** Largest body that is read, bytes. */
export const SESSION_BODY_MAX_BYTES = 4096

const Secret = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const SessionRequestSchema = v.union([
  v.strictObject({ token: Secret }),
  v.strictObject({ key: Secret }),
])

/** Where sessions are kept, for which site, and whom to tell of a stolen ticket. */
export type SessionRoute = {
  readonly sessions: Sessions
  readonly site: Site
  readonly warn: (line: string) => void
}

/** Answers one request; never rejects. */
export async function answerSession(
  request: IncomingMessage,
  route: SessionRoute,
): Promise<Answer> {
  const refusal = refuseWrite(request.headers)
  if (refusal !== null) return answerOf(refusal)
  const body = await readBody(request, SESSION_BODY_MAX_BYTES)
  if (body.kind !== 'bytes') {
    const isLarge = body.kind === 'too-large'
    return answerOf({ status: isLarge ? 413 : 400, reason: `the body is ${body.kind}` })
  }
  const asked = parse(body.bytes)
  if (asked === null) return answerOf({ status: 400, reason: 'expected {"token": "…"}' })
  if ('token' in asked) return answerToken(asked.token, route)
  const isLive = route.sessions.isLive(readCookie(request.headers, route.site), asked.key)
  return isLive ? { status: 204, headers: { 'cache-control': 'no-store' } } : unauthorized()
}

/** The session cookie's value, '' without one. */
export function readCookie(headers: IncomingHttpHeaders, site: Site): string {
  const prefix = `${cookieName(site)}=`
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length) ?? ''
}

/** Writes must name their origin and carry our header, and a form cannot send this media type. */
function refuseWrite(headers: IncomingHttpHeaders): Refusal | null {
  if (headers.origin === undefined) return { status: 403, reason: 'a write must name its origin' }
  if (headers[WRITE_HEADER] !== WRITE_HEADER_VALUE) {
    return { status: 403, reason: `a write must carry the header ${WRITE_HEADER}` }
  }
  const isJson = headers['content-type']?.split(';')[0]?.trim() === 'application/json'
  return isJson ? null : { status: 415, reason: 'expected application/json' }
}

function parse(bytes: Buffer): v.InferOutput<typeof SessionRequestSchema> | null {
  try {
    const read = v.safeParse(SessionRequestSchema, JSON.parse(bytes.toString('utf8')))
    return read.success ? read.output : null
  } catch {
    return null
  }
}

function answerToken(token: string, { sessions, site, warn }: SessionRoute): Answer {
  const exchange = sessions.exchange(token)
  if (exchange.kind === 'session') return granted(exchange.session, site)
  if (exchange.kind === 'reused') {
    warn('A link for one use was used twice, so its session was ended. Open the address above.')
  }
  return unauthorized()
}

function granted({ id, key }: Session, site: Site): Answer {
  const answer: SessionAnswer = { key }
  return {
    status: 200,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'set-cookie': `${cookieName(site)}=${id}; HttpOnly; SameSite=Strict; Path=/`,
    },
    bytes: new TextEncoder().encode(JSON.stringify(answer)),
  }
}

function unauthorized(): Answer {
  return answerOf({ status: 401, reason: 'no valid token or session' })
}

/** The port is part of the name, since two labs on one machine share 127.0.0.1's cookies. */
function cookieName(site: Site): string {
  return `flexlab-${new URL(site.origin).port}`
}
