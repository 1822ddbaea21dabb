/**
 * The kernel's files, below a root: `/` on a host, a recorded tree in tests. A file that is not
 * there, or that may not be read, is null: what a kernel does not show is never guessed.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'

/** A host's /proc, /sys and /etc. */
export class HostFiles {
  readonly root: string

  constructor(root = '/') {
    this.root = root
  }

  /** Where a file of the host is. */
  at(file: string): string {
    return path.join(this.root, file)
  }

  /** Text without the end of its last line, or null. */
  text(file: string): string | null {
    return attempt(() => readFileSync(this.at(file), 'utf8').replace(/\n$/, ''))
  }

  /** Names in a folder, sorted; none when there is no such folder. */
  names(folder: string): string[] {
    return attempt(() => readdirSync(this.at(folder)).sort()) ?? []
  }

  /** Where a link points, or null. */
  link(file: string): string | null {
    return attempt(() => readlinkSync(this.at(file)))
  }

  /** A whole number that a file holds alone, or null. */
  number(file: string): number | null {
    const text = this.text(file)
    return text !== null && /^-?\d+$/.test(text) ? Number(text) : null
  }
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    // Processes end while they are looked at, and much of /sys is for root only.
    return null
  }
}
