/** Reads a PDF back with poppler's tools, for tests. */
import { spawnSync } from 'node:child_process'

function run(tool: string, args: readonly string[], pdf: Uint8Array): string {
  const done = spawnSync(tool, args, { input: pdf, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
  if (done.status !== 0) throw new Error(`${tool}: ${done.stderr}`)
  return done.stdout
}

/** The text in reading order, white space and break opportunities made single spaces. */
export const pdfText = (pdf: Uint8Array): string =>
  run('pdftotext', ['-', '-'], pdf).replaceAll('\u200b', '').replaceAll(/\s+/g, ' ')

/** The text laid out as it is printed, a line of the page as a line, runs of spaces made one. */
export const pdfLines = (pdf: Uint8Array): string =>
  run('pdftotext', ['-layout', '-', '-'], pdf).replaceAll(/[ \u00a0]+/g, ' ')

/** The text of each page. */
export const pdfPages = (pdf: Uint8Array): readonly string[] =>
  run('pdftotext', ['-', '-'], pdf)
    .split('\f')
    .slice(0, -1)
    .map((page) => page.replaceAll('\u200b', '').replaceAll(/\s+/g, ' '))

/** What pdfinfo says, by field. */
export function pdfFields(pdf: Uint8Array): ReadonlyMap<string, string> {
  const lines = run('pdfinfo', ['-'], pdf).split('\n')
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const]
    }),
  )
}

/** Words with their right edge beyond the page's margin, pt; empty where nothing runs off. */
export function wordsBeyond(pdf: Uint8Array, marginPt: number): readonly string[] {
  const xml = run('pdftotext', ['-bbox', '-', '-'], pdf)
  let width = 0
  return xml.split('\n').flatMap((line) => {
    width = Number(/<page width="([\d.]+)"/.exec(line)?.[1] ?? width)
    const word = /xMax="([\d.]+)"[^>]*>(.*)<\/word>/.exec(line)
    return word !== null && Number(word[1]) > width - marginPt ? [word[2] ?? ''] : []
  })
}
