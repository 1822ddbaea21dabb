/** The fonts that every report embeds; nothing is taken from the machine's own fonts. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { readFontMetrics } from './font-metrics.ts'
import type { FontMetrics } from './font-metrics.ts'

const FILES = {
  regular: 'source-sans/TTF/SourceSans3-Regular.ttf',
  semibold: 'source-sans/TTF/SourceSans3-Semibold.ttf',
  italic: 'source-sans/TTF/SourceSans3-It.ttf',
  mono: 'source-code-pro/TTF/SourceCodePro-Regular.ttf',
} as const

/** Font files by role, and the metrics of each. */
export type ReportFonts = {
  readonly blobs: readonly Buffer[]
  readonly regular: FontMetrics
  readonly semibold: FontMetrics
  readonly mono: FontMetrics
}

let loaded: ReportFonts | null = null

/** The fonts, read once per process. */
export function reportFonts(): ReportFonts {
  if (loaded !== null) return loaded
  const { resolve } = createRequire(import.meta.url)
  const read = (file: string): Buffer => readFileSync(resolve(file))
  const regular = read(FILES.regular)
  const semibold = read(FILES.semibold)
  const mono = read(FILES.mono)
  loaded = {
    blobs: [regular, semibold, read(FILES.italic), mono],
    regular: readFontMetrics(regular),
    semibold: readFontMetrics(semibold),
    mono: readFontMetrics(mono),
  }
  return loaded
}

/** Whether both the text face and the mono face can draw a character. */
export function hasGlyph(codePoint: number): boolean {
  const { regular, mono } = reportFonts()
  return regular.hasGlyph(codePoint) && mono.hasGlyph(codePoint)
}
