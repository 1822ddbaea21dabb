/** What the shell says: rail, menu, palette, notices, files, questions. */
import type { SomeTexts, Texts } from '../texts.ts'

/** In Chinese. */
export const app: SomeTexts<Texts['app']> = {
  skip: '跳到主要内容',
}
