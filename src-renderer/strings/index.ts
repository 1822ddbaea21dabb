/** Every sentence that a screen says, in one place: for one voice, and for a translation. */
import { english } from './en/index.ts'
import { languageChoice, spokenLanguage } from './language.ts'
import type { Texts } from './texts.ts'
import { chinese } from './zh/index.ts'

/** The language that the screens speak. */
export const language = spokenLanguage(languageChoice())

/** The catalogue of texts in that language, by screen. */
export const strings: Texts = language === 'zh-CN' ? chinese : english
