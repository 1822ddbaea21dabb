/**
 * Text from users made ready for paper: no control characters, nothing without a glyph in the
 * embedded fonts (a PDF must not depend on the fonts of the machine that makes it), long words
 * allowed to break.
 */

/** Stands in for a character that the embedded fonts lack. */
export const MISSING_GLYPH = '□'

const ZERO_WIDTH_SPACE = '\u200b'
const CHUNK = 10

/** Lets words longer than `max` characters break every 10 characters. */
export const breakLongWords = (text: string, max: number): string =>
  text.replace(/[^\s\u200b]+/gu, (word) => {
    const characters = Array.from(word)
    if (characters.length <= max) return word
    const chunks = Math.ceil(characters.length / CHUNK)
    return Array.from({ length: chunks }, (_, i) =>
      characters.slice(i * CHUNK, (i + 1) * CHUNK).join(''),
    ).join(ZERO_WIDTH_SPACE)
  })

/** A shell command cut at spaces into lines of at most `max` characters that run as they stand. */
export function wrapCommand(command: string, max = 88): string {
  const lines: string[] = []
  for (const word of command.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < max) lines[lines.length - 1] += ` ${word}`
    else lines.push(lines.length === 0 ? word : `  ${word}`)
  }
  return lines.join(' \\\n')
}

const isControl = (codePoint: number): boolean =>
  (codePoint < 0x20 && codePoint !== 0x0a) || (codePoint >= 0x7f && codePoint < 0xa0)

// Direction overrides could make a title read as another; they have no place in a name.
const isInvisible = (codePoint: number): boolean =>
  (codePoint >= 0x200b && codePoint <= 0x200f) ||
  (codePoint >= 0x202a && codePoint <= 0x202e) ||
  (codePoint >= 0x2066 && codePoint <= 0x2069) ||
  codePoint === 0xfeff

/** Makes texts printable, and remembers what could not be printed. */
export class TextCleaner {
  readonly #hasGlyph: (codePoint: number) => boolean
  readonly #missing = new Set<number>()

  /** `hasGlyph`: whether every embedded font can draw the character. */
  constructor(hasGlyph: (codePoint: number) => boolean) {
    this.#hasGlyph = hasGlyph
  }

  /** Code points met so far that have no glyph, ascending. */
  get missing(): readonly number[] {
    return [...this.#missing].sort((a, b) => a - b)
  }

  /** The text with everything replaced that cannot be printed. */
  clean(text: string): string {
    const characters = Array.from(text.normalize('NFC'), (c) => this.#character(c))
    return characters.join('')
  }

  /** All texts within a JSON-like value, cleaned; its shape stays. */
  cleanAll<T>(value: T): T {
    if (typeof value === 'string') return this.clean(value) as T
    if (Array.isArray(value)) return value.map((v: unknown) => this.cleanAll(v)) as T
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([k, v]) => [k, this.cleanAll<unknown>(v)])
    return Object.fromEntries(entries) as T
  }

  #character(character: string): string {
    const codePoint = character.codePointAt(0) ?? 0
    if (codePoint === 0x0a || this.#hasGlyph(codePoint)) return character
    if (isControl(codePoint)) return ' '
    if (isInvisible(codePoint)) return ''
    this.#missing.add(codePoint)
    return MISSING_GLYPH
  }
}

/** `U+4F60, U+597D`, at most `max` of them. */
export function codePointList(codePoints: readonly number[], max = 24): string {
  const shown = codePoints
    .slice(0, max)
    .map((c) => `U+${c.toString(16).toUpperCase().padStart(4, '0')}`)
  return codePoints.length > max ? `${shown.join(', ')}, …` : shown.join(', ')
}
