/** What a catalogue of texts is: the English one's keys, with any text and the same arguments. */
import type { english } from './en/index.ts'

type Widened<T> = T extends string
  ? string
  : T extends (...args: infer Args) => string
    ? (...args: Args) => string
    : { readonly [Key in keyof T]: Widened<T[Key]> }

/** A whole catalogue. A language whose catalogue has this type lacks nothing. */
export type Texts = Widened<typeof english>

/** The paths of what a catalogue lacks, e.g. `app.files.drop`. */
export function missingTexts(texts: unknown, whole: object, under = ''): string[] {
  return Object.entries(whole).flatMap(([key, value]: [string, unknown]) => {
    const own = (texts as Readonly<Record<string, unknown>> | undefined)?.[key]
    const path = `${under}${key}`
    if (own === undefined) return [path]
    return typeof value === 'object' && value !== null ? missingTexts(own, value, `${path}.`) : []
  })
}
