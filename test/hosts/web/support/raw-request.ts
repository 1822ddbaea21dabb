/** Requests with exactly the headers that a test wants, which fetch does not allow. */
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'

/** A request by hand. Without `host` Node would set the right one, so tests always name it. */
export type RawRequest = {
  readonly port: number
  readonly method?: string
  readonly path?: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

/** What came back. 101 is an accepted WebSocket, which is closed again at once. */
export type RawResponse = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Sends a request to 127.0.0.1 and reads the whole answer. */
export function send(options: RawRequest): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: options.port,
        method: options.method ?? 'GET',
        path: options.path ?? '/',
        // As a flat list, so that a header can stand twice and none is added.
        headers: Object.entries(options.headers).flatMap(([name, value]) =>
          [value].flat().flatMap((one: string) => [name, one]),
        ),
        agent: false,
        setHost: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
        })
      },
    )
    outgoing.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
    })
    outgoing.on('error', reject)
    outgoing.end(options.body)
  })
}

/** The headers of a WebSocket upgrade, to which a test adds what it is about. */
export const UPGRADE_HEADERS = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
