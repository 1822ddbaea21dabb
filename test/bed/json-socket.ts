// A conversation with QMP or the guest agent: JSON objects, one a line, over a Unix socket.
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import { createInterface, type Interface } from 'node:readline'

/** The byte 0xFF, after which an agent's answer begins anew, as UTF-8 decoders show it. */
const SENTINEL = '\uFFFD'

/** One connection. QEMU serves one at a time on each of its sockets. */
export class JsonSocket {
  readonly #socket: net.Socket
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface

  /** @param socket connected already; `connect` makes one */
  constructor(socket: net.Socket) {
    this.#socket = socket
    this.#reader = createInterface(socket)
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  /** @throws Error (ENOENT, ECONNREFUSED) when nobody listens at `file` */
  static async connect(file: string): Promise<JsonSocket> {
    const socket = net.connect(file)
    await once(socket, 'connect')
    // What a broken connection means is told by its end, to whoever waits for an answer.
    socket.on('error', () => undefined)
    return new JsonSocket(socket)
  }

  /**
   * Sends a command and waits for what it returns. Greetings and events are passed over.
   *
   * @throws Error with the other side's words when it refuses, or when the connection ends
   */
  async request(execute: string, args: object = {}): Promise<unknown> {
    this.#send(execute, args)
    for (;;) {
      const reply = await this.#next()
      if ('return' in reply) return reply['return']
      if ('error' in reply) throw new Error(`${execute}: ${JSON.stringify(reply['error'])}`)
    }
  }

  /**
   * Waits until the guest agent answers this connection, past what it had to say to others: its
   * channel is one stream whoever is connected.
   */
  async syncAgent(): Promise<void> {
    const id = randomInt(2 ** 31)
    this.#send('guest-sync-delimited', { id })
    while ((await this.#next())['return'] !== id);
  }

  #send(execute: string, args: object): void {
    this.#socket.write(`${JSON.stringify({ execute, arguments: args })}\n`)
  }

  async #next(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('the connection has ended')
    return JSON.parse(value.slice(value.lastIndexOf(SENTINEL) + 1)) as Record<string, unknown>
  }

  /** Closes the connection; a request that waits is refused. */
  close(): void {
    this.#reader.close()
    this.#socket.destroy()
  }
}
