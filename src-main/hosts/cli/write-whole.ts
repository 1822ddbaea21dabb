/** Writes a file whole or not at all: beside it first, then renamed into its place. */
import { open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../lab/index.ts'

/** Refuses a path before the work for it is done. @throws LabError `bad-input` */
export async function requireWritable(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file))
  const found = await stat(folder).catch(() => null)
  if (found === null) throw new LabError('bad-input', `there is no folder ${folder}`)
  const there = await stat(file).catch(() => null)
  if (there?.isDirectory()) throw new LabError('bad-input', `${file} is a folder, not a file`)
}

/** Writes a file. @returns its absolute path @throws LabError `bad-input` where it cannot lie */
export function writeWhole(file: string, bytes: Uint8Array): Promise<string> {
  return writePieces(file, [bytes])
}

/** Writes a file piece by piece. @returns and @throws as `writeWhole` */
export async function writePieces(
  file: string,
  pieces: Iterable<Uint8Array | string>,
): Promise<string> {
  const target = path.resolve(file)
  const draft = `${target}.${process.pid}.part`
  try {
    const handle = await open(draft, 'w')
    try {
      for (const piece of pieces) await handle.appendFile(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, target)
    return target
  } catch (error) {
    await rm(draft, { force: true })
    const reason = error instanceof Error ? error.message : String(error)
    throw new LabError('bad-input', `${file} cannot be written: ${reason}`)
  }
}
