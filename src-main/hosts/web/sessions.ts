/**
 * Who may talk to the lab in browser mode. A token from the URL's fragment is exchanged for a
 * session of two halves, an HttpOnly cookie and a key that the page keeps for its origin: cookies
 * are shared by all ports of 127.0.0.1, so the cookie alone would also be sent to a server that
 * another user of this machine runs on another port.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const SESSIONS_MAX = 64
const TICKET_VALID_MS = 2 * 60_000

/** A new session: `id` for the cookie, `key` for the page. */
export type Session = { readonly id: string; readonly key: string }

type Ticket = { readonly hash: Buffer; readonly validUntilMs: number; sessionId: string | null }

/** What a token was good for. `reused`: a ticket came twice, so its session was ended. */
export type Exchange =
  { readonly kind: 'session'; readonly session: Session } | { readonly kind: 'wrong' | 'reused' }

/** Token, tickets and live sessions of one server. Only hashes of secrets are kept. */
export class Sessions {
  /** The token of the printed URL; good as often as it is used, while the server runs. */
  readonly token = newSecret()
  readonly #tokenHash = hash(this.token)
  readonly #tickets: Ticket[] = []
  readonly #keyHashes = new Map<string, Buffer>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /**
   * A token for one use within two minutes, for the browser that we start ourselves: its command
   * line can be read by other users of the machine. Whoever uses it second ends the session.
   */
  issueTicket(): string {
    const ticket = newSecret()
    const validUntilMs = this.#nowMs() + TICKET_VALID_MS
    this.#tickets.push({ hash: hash(ticket), validUntilMs, sessionId: null })
    return ticket
  }

  /** Exchanges a token or ticket for a session. */
  exchange(token: string): Exchange {
    const given = hash(token)
    if (timingSafeEqual(given, this.#tokenHash)) return this.#open()
    const ticket = this.#tickets.find((one) => timingSafeEqual(given, one.hash))
    if (ticket === undefined || this.#nowMs() > ticket.validUntilMs) return { kind: 'wrong' }
    if (ticket.sessionId !== null) {
      this.#keyHashes.delete(ticket.sessionId)
      return { kind: 'reused' }
    }
    const opened = this.#open()
    ticket.sessionId = hash(opened.session.id).toString('base64url')
    return opened
  }

  /** Whether both halves belong to one live session. */
  isLive(id: string, key: string): boolean {
    const keyHash = this.#keyHashes.get(hash(id).toString('base64url'))
    return keyHash !== undefined && timingSafeEqual(hash(key), keyHash)
  }

  #open(): { readonly kind: 'session'; readonly session: Session } {
    const session = { id: newSecret(), key: newSecret() }
    const oldest = this.#keyHashes.keys().next()
    if (this.#keyHashes.size >= SESSIONS_MAX && oldest.done !== true) {
      this.#keyHashes.delete(oldest.value)
    }
    this.#keyHashes.set(hash(session.id).toString('base64url'), hash(session.key))
    return { kind: 'session', session }
  }
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** Equal lengths for timingSafeEqual, and a map key that says nothing of the secret. */
function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
