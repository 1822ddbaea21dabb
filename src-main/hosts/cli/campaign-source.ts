/** Where a campaign or scenario comes from: a file, standard input, or what ships with the app. */
import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import type { Template } from '../../core/contract/catalogue.ts'
import { LabError } from '../../lab/index.ts'

/** The text of a file; `-` is standard input. @throws LabError `not-found`, `bad-input` */
export async function readInput(file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8')
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

function unreadable(file: string, error: unknown): LabError {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT') return new LabError('not-found', `there is no file ${file}`)
  const reason = error instanceof Error ? error.message : String(error)
  return new LabError('bad-input', `${file} cannot be read: ${reason}`)
}
