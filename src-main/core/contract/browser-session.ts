/**
 * The names that the browser host and the page agree on: where the token is exchanged, where the
 * WebSocket is, and what proves that a request comes from our own page.
 */

/** POST: exchanges the URL's token, or checks a session that the page still holds. */
export const SESSION_PATH = '/session'

/** WebSocket: the handlers of the contract. */
export const RPC_PATH = '/rpc'

/** Header that every write must carry; a page of another origin cannot set it without preflight. */
export const WRITE_HEADER = 'x-flexlab'

/** The only value of the write header. */
export const WRITE_HEADER_VALUE = '1'

/** Name of the token in the URL's fragment, which a browser never sends to a server. */
export const TOKEN_FRAGMENT_KEY = 'token'

/** Sub-protocol that the WebSocket must offer, and the one that is selected. */
export const RPC_PROTOCOL = 'flexlab-rpc'

/**
 * Prefix of a second offered sub-protocol that carries the page's half of the session. Cookies are
 * shared by all ports of a host, so the cookie alone does not prove that the page is ours.
 */
export const KEY_PROTOCOL_PREFIX = 'key.'

/** Body of a request to SESSION_PATH. */
export type SessionRequest = { readonly token: string } | { readonly key: string }

/** Body of the answer to a good token; to a good key the answer is 204 without a body. */
export type SessionAnswer = { readonly key: string }
