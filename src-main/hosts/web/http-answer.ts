/** Answers over HTTP: every one, errors too, carries the security headers. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Refusal } from './request-guard.ts'

/** An answer; without bytes the body is empty. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly bytes?: Uint8Array
}

/** What reading a body gave: its bytes, or that there were too many, or that it ended early. */
export type Body =
  { readonly kind: 'bytes'; readonly bytes: Buffer } | { readonly kind: 'too-large' | 'broken' }

/** The answer to a refused request. */
export function answerOf(refusal: Refusal): Answer {
  return {
    status: refusal.status,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'text/plain; charset=utf-8',
      // What is left of a refused request's body is not read.
      connection: 'close',
      ...refusal.headers,
    },
    bytes: new TextEncoder().encode(`${refusal.reason}\n`),
  }
}

/** Sends an answer; to HEAD without its body. */
export function send(
  response: ServerResponse,
  answer: Answer,
  always: Readonly<Record<string, string>>,
): void {
  const bytes = answer.bytes ?? new Uint8Array()
  const length = answer.status === 204 ? {} : { 'content-length': String(bytes.byteLength) }
  response.writeHead(answer.status, { ...always, ...answer.headers, ...length })
  response.end(response.req.method === 'HEAD' ? undefined : bytes)
}

/** Refuses an upgrade request on its raw socket and closes it. */
export function refuseUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  refusal: Refusal,
  always: Readonly<Record<string, string>>,
): void {
  const { status, headers, bytes = new Uint8Array() } = answerOf(refusal)
  const lines = Object.entries({ ...always, ...headers, 'content-length': bytes.byteLength })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
  ]
  const body = request.method === 'HEAD' ? new Uint8Array() : bytes
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
}

/** Reads a body up to a limit in bytes; never rejects. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return { kind: 'too-large' }
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // Without this option, leaving the loop would close the socket before the answer is sent.
    const iterator = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
    for await (const chunk of iterator) {
      bytes += chunk.byteLength
      if (bytes > bytesMax) return { kind: 'too-large' }
      chunks.push(chunk)
    }
  } catch {
    return { kind: 'broken' }
  }
  return { kind: 'bytes', bytes: Buffer.concat(chunks) }
}
