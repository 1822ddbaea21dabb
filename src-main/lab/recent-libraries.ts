/** The libraries that were opened last on this machine, so that they are found again. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import type { RecentLibrary } from '../core/contract/system.ts'

const KEPT_MAX = 10

const FileSchema = v.array(
  v.object({ file: v.pipe(v.string(), v.maxLength(4096)), openedAt: v.string() }),
)

const listFile = (folder: string): string => path.join(folder, 'recent-libraries.json')

/** Newest first; what is missing is listed too, since a disk may only be unplugged. */
export function recentLibraries(folder: string): RecentLibrary[] {
  return read(folder).map((one) => ({ ...one, isThere: existsSync(one.file) }))
}

/** Puts a library in front. A list that cannot be written is no reason not to work. */
export function rememberLibrary(folder: string, file: string): void {
  if (file === ':memory:') return
  const others = read(folder).filter((one) => one.file !== file)
  try {
    const openedAt = new Date().toISOString()
    const list = [{ file, openedAt }, ...others].slice(0, KEPT_MAX)
    mkdirSync(folder, { recursive: true })
    writeFileSync(listFile(folder), `${JSON.stringify(list, null, 2)}\n`)
  } catch {
    return
  }
}

function read(folder: string): v.InferOutput<typeof FileSchema> {
  try {
    const parsed = v.safeParse(FileSchema, JSON.parse(readFileSync(listFile(folder), 'utf8')))
    return parsed.success ? parsed.output : []
  } catch {
    // None was kept yet, or somebody broke the file: then there is nothing recent.
    return []
  }
}
