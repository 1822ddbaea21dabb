/**
 * The guest agent over its virtio-serial socket. The channel has no framing of its own and answers
 * to calls that were given up may still come, so it is synchronised at the start and after each
 * time-out: guest-sync-delimited with a fresh id, and 0xFF, which UTF-8 never holds, around it.
 */
import { randomInt } from 'node:crypto'
import { LabError } from '../../core/base/lab-error.ts'
import { Deadline } from './deadline.ts'
import { parseJson, replyValue, type GuestChannel } from './guest-channel.ts'
import { LineSocket } from './line-socket.ts'
import { Turns } from './turns.ts'

const SENTINEL = 0xff
const SYNC_MS = 2000

/** A guest agent's socket, connected while it is needed. */
export class QgaSocket implements GuestChannel {
  readonly #path: string
  readonly #turns = new Turns()
  #socket: LineSocket | null = null
  #isSynced = false

  constructor(path: string) {
    this.#path = path
  }

  call(command: string, args: object, deadlineMs: number): Promise<unknown> {
    const deadline = new Deadline(deadlineMs)
    return this.#turns.take(command, deadline, async () => {
      const socket = this.#socket ?? (await this.#connect(deadline))
      socket.hold()
      try {
        await this.#synchronise(socket, deadline)
        const request = JSON.stringify({ execute: command, arguments: args })
        const line = await this.#exchange(socket, command, `${request}\n`, () => true, deadline)
        return replyValue(command, line.toString())
      } finally {
        socket.release()
      }
    })
  }

  close(): void {
    this.#socket?.close()
  }

  async #synchronise(socket: LineSocket, deadline: Deadline): Promise<void> {
    if (this.#isSynced) return
    const id = randomInt(2 ** 47)
    const sync = { execute: 'guest-sync-delimited', arguments: { id } }
    const bytes = Buffer.concat([Buffer.of(SENTINEL), Buffer.from(`${JSON.stringify(sync)}\n`)])
    const isOurs = (line: Buffer) => syncedId(line) === id
    await this.#exchange(socket, 'guest-sync', bytes, isOurs, deadline.within(SYNC_MS))
    this.#isSynced = true
  }

  async #connect(deadline: Deadline): Promise<LineSocket> {
    const socket = await LineSocket.connect(this.#path, deadline)
    this.#isSynced = false
    this.#socket = socket
    socket.once('closed', () => {
      this.#socket = null
    })
    return socket
  }

  /** Sends bytes and gives the first line that fits. Out of step afterwards if none comes. */
  async #exchange(
    socket: LineSocket,
    command: string,
    bytes: Uint8Array | string,
    fits: (line: Buffer) => boolean,
    deadline: Deadline,
  ): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    const onLine = (line: Buffer) => {
      if (fits(line)) resolve(line)
    }
    socket.on('line', onLine)
    socket.once('closed', reject)
    try {
      socket.write(Buffer.from(bytes as Uint8Array))
      return await deadline.race(command, promise)
    } catch (error) {
      this.#isSynced = false
      throw error instanceof LabError ? error : new LabError('unavailable', String(error))
    } finally {
      socket.off('line', onLine)
      socket.off('closed', reject)
    }
  }
}

/** The id that a line answers a sync with, or null: late answers have no sentinel before them. */
function syncedId(line: Buffer): unknown {
  const at = line.lastIndexOf(SENTINEL)
  if (at === -1) return null
  const reply = parseJson(line.subarray(at + 1).toString())
  return typeof reply === 'object' && reply !== null && 'return' in reply ? reply.return : null
}
