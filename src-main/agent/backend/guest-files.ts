/** Files of a guest through its agent, in chunks that every channel takes. */
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import type { Guest } from './guest.ts'

/** Base64 of it is below the 128 KiB that Linux allows one argument (of virsh). */
const CHUNK_BYTES = 48 * 1024

const HandleSchema = v.number()
const ReadSchema = v.object({ 'buf-b64': v.string(), eof: v.boolean() })
const WriteSchema = v.object({ count: v.number() })
const SeekSchema = v.object({ position: v.number() })

/** A file's bytes, or its last `bytesMax`. @throws LabError `conflict` when it is not there */
export function readGuestFile(guest: Guest, path: string, bytesMax: number): Promise<Buffer> {
  return withFile(guest, path, 'r', async (handle) => {
    await seekToTail(guest, handle, bytesMax)
    const chunks: Buffer[] = []
    let left = bytesMax
    while (left > 0) {
      const count = Math.min(left, CHUNK_BYTES)
      const answer = await guest.ask(ReadSchema, 'guest-file-read', { handle, count })
      const chunk = Buffer.from(answer['buf-b64'], 'base64')
      chunks.push(chunk)
      left -= chunk.length
      if (answer.eof || chunk.length === 0) break
    }
    return Buffer.concat(chunks)
  })
}

/** Makes a file hold these bytes; its mode is the guest agent's own default. */
export async function writeGuestFile(guest: Guest, path: string, bytes: Uint8Array): Promise<void> {
  await withFile(guest, path, 'w', async (handle) => {
    for (let from = 0; from < bytes.length;) {
      const part = Buffer.from(bytes.subarray(from, from + CHUNK_BYTES))
      const args = { handle, 'buf-b64': part.toString('base64') }
      const { count } = await guest.ask(WriteSchema, 'guest-file-write', args)
      if (!(count > 0)) throw new LabError('unavailable', `${path}: the guest's disk is full`)
      from += count
    }
  })
}

/** Files of /proc say they are empty and cannot seek from their end; those are read as they are. */
async function seekToTail(guest: Guest, handle: number, bytesMax: number): Promise<void> {
  const seek = (offset: number, whence: string) =>
    guest.ask(SeekSchema, 'guest-file-seek', { handle, offset, whence })
  const end = await seek(0, 'end').catch(() => null)
  if (end === null) return
  await seek(Math.max(0, end.position - bytesMax), 'set')
}

async function withFile<T>(
  guest: Guest,
  path: string,
  mode: 'r' | 'w',
  use: (handle: number) => Promise<T>,
): Promise<T> {
  const handle = await guest.ask(HandleSchema, 'guest-file-open', { path, mode })
  try {
    return await use(handle)
  } finally {
    // A handle that cannot be closed is the guest agent's to free when it ends.
    await guest.call('guest-file-close', { handle }).catch(() => undefined)
  }
}
