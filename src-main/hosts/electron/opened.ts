/**
 * Files and links that the system opens the app with, by its command line or, from a second start,
 * by that one's. A link is read by its grammar, a file only as far as its kind and text; neither
 * runs anything.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { hashOfLink, LINK_SCHEME } from '../../core/contract/app-link.ts'
import type { OpenedFile } from '../../core/contract/desktop.ts'

/** What was opened, to be shown by the page. */
export type Opened = { readonly hashes: readonly string[]; readonly files: readonly OpenedFile[] }

/** How many files or links of one command line are looked at. */
const OPENED_MAX = 8

const HEAD_BYTES = 64

/** As much as a campaign file may have, bytes. */
const TEXT_MAX_BYTES = 1_000_000

/** What a command line opens; `args` without the program. Relative paths start at `folder`. */
export function openedOf(args: readonly string[], folder: string): Opened {
  const named = args.filter((arg) => arg !== '' && !arg.startsWith('-')).slice(0, OPENED_MAX)
  const isLink = (arg: string) => arg.toLowerCase().startsWith(`${LINK_SCHEME}:`)
  const hashes = named.filter(isLink).flatMap((link) => hashOfLink(link) ?? [])
  const files = named
    .filter((arg) => !isLink(arg))
    .flatMap((file) => readOpened(path.resolve(folder, file)) ?? [])
  return { hashes, files }
}

/** A file as the page sees it; null for what is no plain file or cannot be read. */
export function readOpened(file: string): OpenedFile | null {
  let descriptor: number | null = null
  try {
    // Not blocking, so that a pipe of somebody else's cannot hold the app up.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) return null
    const isSmall = stats.size <= TEXT_MAX_BYTES
    const bytes = Buffer.alloc(isSmall ? stats.size : HEAD_BYTES)
    const count = readSync(descriptor, bytes, 0, bytes.length, 0)
    const read = bytes.subarray(0, count)
    return {
      name: path.basename(file),
      head: Uint8Array.from(read.subarray(0, HEAD_BYTES)),
      text: isSmall ? textOf(read) : null,
    }
  } catch {
    // What cannot be read is not opened; the command line may name anything.
    return null
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
