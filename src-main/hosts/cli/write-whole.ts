/** Writes a file whole or not at all: beside it first, then renamed into its place. */
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../lab/index.ts'

/** Writes a file. @returns its absolute path @throws LabError `bad-input` where it cannot lie */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<string> {
  const target = path.resolve(file)
  const draft = `${target}.${process.pid}.part`
  try {
    const handle = await open(draft, 'w')
    try {
      await handle.writeFile(bytes)
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
