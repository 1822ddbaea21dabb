/** Every sentence that a screen says, in one place: for one voice, and for a translation. */
import { english } from './en/index.ts'

/** The catalogue of texts, by screen. */
export const strings = english
