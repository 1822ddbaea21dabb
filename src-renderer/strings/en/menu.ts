/** Menus and the desktop’s own dialogs; the texts are in the core, for the main process’s sake. */
import {
  ENGLISH_CLOSING,
  ENGLISH_COMMANDS,
  ENGLISH_MENUS,
} from '../../../src-main/core/contract/desktop-texts.ts'

/** In English. */
export const menu = {
  menus: ENGLISH_MENUS,
  commands: ENGLISH_COMMANDS,
  closing: ENGLISH_CLOSING,
} as const
