/** Every sentence that a screen says, in Simplified Chinese: a file a screen, as in English. */
import type { SomeTexts } from '../texts.ts'
import { app } from './app.ts'
import { settings } from './settings.ts'

/** The Chinese catalogue of texts. What is not here yet is said in English. */
export const chinese: SomeTexts = { app, settings }
