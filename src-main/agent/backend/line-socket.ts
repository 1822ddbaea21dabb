/** A Unix socket that speaks in lines, as QEMU's monitor and the guest agent do. */
import { EventEmitter, once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../core/base/lab-error.ts'
import type { Deadline } from './deadline.ts'

/** The longest line; libvirt draws the same limit. Long output goes to a file in the guest. */
const LINE_BYTES_MAX = 4 * 1024 * 1024
const LF = 0x0a
/** QEMU serves one client a socket: whoever else wants it must get it while we have no need. */
const IDLE_MS = 500
const RETRY_MS = 50

/**
 * Emits each line without its end, and `closed` once, with the reason. Closes itself half a
 * second after it was released.
 */
export class LineSocket extends EventEmitter<{ line: [Buffer]; closed: [LabError] }> {
  readonly #socket: net.Socket
  #idle: NodeJS.Timeout | undefined
  #chunks: Buffer[] = []
  #held = 0

  constructor(socket: net.Socket, path: string) {
    super()
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.#take(chunk)
    })
    socket.on('error', (error) => {
      this.#close(new LabError('unavailable', `${path}: ${error.message}`))
    })
    socket.on('close', () => {
      this.#close(new LabError('unavailable', `${path} was closed by the other side`))
    })
  }

  /** @throws LabError `unavailable` when nobody listens, or not for us */
  static async connect(path: string, deadline: Deadline): Promise<LineSocket> {
    for (;;) {
      const socket = net.connect({ path })
      try {
        await deadline.race(`connecting to ${path}`, once(socket, 'connect'))
        return new LineSocket(socket, path)
      } catch (error) {
        socket.destroy()
        if (error instanceof LabError) throw error
        // QEMU serves one client and lets one more wait: this one is the third.
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN' && deadline.leftMs > RETRY_MS) {
          await sleep(RETRY_MS)
          continue
        }
        const why = error instanceof Error ? error.message : String(error)
        throw new LabError('unavailable', `cannot connect to ${path}: ${why}`)
      }
    }
  }

  /** In use until it is released: the other side may be silent for long. */
  hold(): void {
    clearTimeout(this.#idle)
  }

  /** Closes itself unless it is used again soon. */
  release(): void {
    this.#idle = setTimeout(() => {
      this.close()
    }, IDLE_MS)
  }

  /** Sends bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** Lets go of it. */
  close(): void {
    this.#close(new LabError('unavailable', 'closed'))
  }

  #take(chunk: Buffer): void {
    let from = 0
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      this.#hold(chunk.subarray(from, at))
      from = at + 1
      const line = Buffer.concat(this.#chunks)
      this.#chunks = []
      this.#held = 0
      this.emit('line', line)
    }
    this.#hold(chunk.subarray(from))
  }

  #hold(part: Buffer): void {
    if (part.length === 0) return
    this.#chunks.push(part)
    this.#held += part.length
    if (this.#held <= LINE_BYTES_MAX) return
    const hint = 'long output belongs into a file of the guest'
    this.#close(new LabError('budget', `an answer is over ${LINE_BYTES_MAX} bytes`, hint))
  }

  #close(reason: LabError): void {
    clearTimeout(this.#idle)
    this.#chunks = []
    this.#held = 0
    this.#socket.destroy()
    this.emit('closed', reason)
    this.removeAllListeners()
  }
}
