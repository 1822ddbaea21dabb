/** Where a campaign or scenario comes from: a file, standard input, or what ships with the app. */
import { CALIBRATED } from '../../core/contract/calibration.ts'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Template } from '../../core/contract/catalogue.ts'
import { LabError } from '../../lab/index.ts'

/** More than any file that the lab accepts; a device that never ends is not read to its end. */
const BYTES_MAX = 8 * 1024 * 1024

const HINT = 'a scenario or campaign is a text file, YAML or JSON, in UTF-8'

/** The text of a file; `-` is standard input. @throws LabError `not-found`, `bad-input` */
export async function readInput(file: string): Promise<string> {
  try {
    if (file === '-') return await readText('standard input', process.stdin)
    if ((await stat(file)).isDirectory()) {
      throw new LabError('bad-input', `${file} is a folder, not a file`)
    }
    return await readText(file, createReadStream(file))
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** The text of a campaign: a shipped one by its id, else a file. */
export async function readCampaignSource(
  source: string,
  templates: readonly Template[],
): Promise<string> {
  const template = templates.find((candidate) => candidate.id === source)
  if (template !== undefined) return template.text
  try {
    return await readInput(source)
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'not-found') throw error
    const ids = templates.map(({ id }) => id).join(', ')
    throw new LabError('not-found', `"${source}" is no file and no template`, `templates: ${ids}`)
  }
}

async function readText(name: string, stream: Readable): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > BYTES_MAX) throw new LabError('bad-input', `${name} is too large`, HINT)
    chunks.push(chunk)
  }
  const text = decode(Buffer.concat(chunks))
  if (text === null) throw new LabError('bad-input', `${name} is not a text file`, HINT)
  return text
}

/** UTF-8 text; null for anything else, and for text with NUL, which only binary files have. */
function decode(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function unreadable(file: string, error: unknown): LabError {
  if (error instanceof LabError) return error
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT') return new LabError('not-found', `there is no file ${file}`)
  const reason = error instanceof Error ? error.message : String(error)
  return new LabError('bad-input', `${file} cannot be read: ${reason}`)
}

/** Whether a scenario file means something of the library: a calibration, as its host. */
export const needsLibrary = (text: string): boolean => text.includes(CALIBRATED)
