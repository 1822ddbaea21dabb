/**
 * The agent's side of the stream. A lab that reads slowly holds its producers back; one that is
 * gone (EPIPE) ends the session, and never the process before the host was put back.
 */
import type { Writable } from 'node:stream'
import { LabError } from '../../core/base/lab-error.ts'
import { AGENT_MAGIC, encodeFrame } from '../../core/contract/agent/frame.ts'

/** Bytes that may wait for the lab; beyond that the agent takes no more of its requests. */
const WAITING_BYTES_MAX = 8 * 1024 * 1024

/** Writes frames in order. */
export class FrameWriter {
  readonly #output: Writable
  readonly #room = new Set<() => void>()
  #broken = false

  /** @param onBroken called once when the lab can no longer be written to */
  constructor(output: Writable, onBroken: () => void) {
    this.#output = output
    const broken = () => {
      if (this.#broken) return
      this.#broken = true
      this.#wake()
      onBroken()
    }
    output.on('error', broken)
    output.on('close', broken)
    output.on('drain', () => {
      this.#wake()
    })
  }

  /** Tells the lab where the host's own noise ends. */
  writeMagic(): void {
    this.#output.write(AGENT_MAGIC)
  }

  /** @throws LabError `budget` when the value is larger than a frame may be */
  write(value: unknown): void {
    const bytes = encode(value)
    if (!this.#broken) this.#output.write(bytes)
  }

  /** Resolves when there is room for another event, or the lab is gone, or the signal aborts. */
  hasRoom(signal?: AbortSignal): Promise<void> {
    return this.#until(() => !this.#output.writableNeedDrain, signal)
  }

  /** Resolves when so little waits that requests may be taken again. */
  isLight(): Promise<void> {
    return this.#until(() => this.#output.writableLength < WAITING_BYTES_MAX)
  }

  /** Resolves when all is with the operating system, or after `withinMs`. */
  async flush(withinMs: number): Promise<void> {
    if (this.#broken || this.#output.writableLength === 0) return
    await new Promise<void>((resolve) => {
      setTimeout(resolve, withinMs)
      this.#output.write('', () => {
        resolve()
      })
    })
  }

  async #until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!this.#broken && !(signal?.aborted ?? false) && !holds()) await this.#next(signal)
  }

  #next(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#room.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      this.#room.add(done)
      signal?.addEventListener('abort', done)
    })
  }

  #wake(): void {
    for (const done of [...this.#room]) done()
  }
}

function encode(value: unknown): Uint8Array {
  try {
    return encodeFrame(value)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new LabError('budget', `the answer is too large: ${error.message}`, 'ask for less')
  }
}
