/** Files of /proc that are read again and again: opened once, read at position 0. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { HostFiles } from '../proc/host-files.ts'

/** A thread's files are far smaller. */
const SIZE_BYTES = 16_384

/** One file of /proc, kept open. The text is the file's first so many bytes. */
export class ProcReader {
  readonly #fd: number
  readonly #buffer: Buffer

  /** @throws Error when it cannot be opened: the thread has ended */
  constructor(files: HostFiles, file: string, sizeBytes: number = SIZE_BYTES) {
    this.#buffer = Buffer.allocUnsafe(sizeBytes)
    this.#fd = openSync(files.at(file), 'r')
  }

  /** Its text now. @throws Error when the thread has ended since */
  read(): string {
    const length = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, 0)
    return this.#buffer.toString('latin1', 0, length)
  }

  close(): void {
    closeSync(this.#fd)
  }
}
