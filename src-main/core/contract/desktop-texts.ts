/**
 * What the desktop's own windows say: menu bar and the question at closing. The page sends these in
 * its language; the English ones are here because the main process needs some before that.
 */
import * as v from 'valibot'
import { MENU_COMMANDS, MENU_NAMES } from './menu.ts'
import type { MenuCommand, MenuName, NamedCommand } from './menu.ts'
import { SCREENS } from './screens.ts'

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(300))

/** The texts, as they come from the page. */
export const DesktopTextsSchema = v.strictObject({
  menus: v.strictObject(record(MENU_NAMES)),
  commands: v.strictObject(record(MENU_COMMANDS)),
  closing: v.strictObject(
    record(['message', 'detail', 'keep', 'stop', 'cancel', 'unsaved', 'leave'] as const),
  ),
})

/** The texts of the desktop's own windows. */
export type DesktopTexts = {
  readonly menus: Readonly<Record<MenuName, string>>
  readonly commands: Readonly<Record<MenuCommand, string>>
  readonly closing: ClosingTexts
}

/** What is asked when the window is closed while a remote run goes on. */
export type ClosingTexts = {
  readonly message: string
  readonly detail: string
  readonly keep: string
  readonly stop: string
  readonly cancel: string
  /** Asked when only a draft would be lost; answered with `leave` or `cancel`. */
  readonly unsaved: string
  readonly leave: string
}

/** The names of the menus. */
export const ENGLISH_MENUS: Readonly<Record<MenuName, string>> = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  run: 'Run',
  window: 'Window',
  help: 'Help',
}

/** The commands that have a text of their own. */
export const ENGLISH_COMMANDS: Readonly<Record<NamedCommand, string>> = {
  'file.new-campaign': 'New campaign',
  'file.open': 'Open file…',
  'file.save-campaign': 'Save campaign file',
  'file.libraries': 'Libraries and backups',
  'file.export-report': 'Export report',
  'edit.undo': 'Undo',
  'edit.redo': 'Redo',
  'edit.find': 'Find',
  'view.palette': 'Command palette',
  'view.inspector': 'Inspector',
  'view.theme': 'Light or dark',
  'run.start': 'Start or resume',
  'run.pause': 'Pause',
  'run.cancel': 'Cancel',
  'run.retry': 'Retry failed cells',
  'help.contents': 'Help pages',
  'help.tour': 'Tour',
  'help.shortcuts': 'Keyboard shortcuts',
  'help.doctor': 'Check this installation',
  'help.about': 'About FlexCore Lab',
}

/** The question at closing. */
export const ENGLISH_CLOSING: ClosingTexts = {
  message: 'A campaign is being measured on a host.',
  detail:
    'Keep running: the window closes, the lab ends when the campaign has ended. Stop and ' +
    'restore: the campaign stops, to be resumed, and the host is put back as it was found.',
  keep: 'Keep running',
  stop: 'Stop and restore',
  cancel: 'Cancel',
  unsaved: 'Something is not saved. Close anyway?',
  leave: 'Close without saving',
}

/** All of it in English. */
export const ENGLISH_TEXTS: DesktopTexts = {
  menus: ENGLISH_MENUS,
  commands: {
    ...ENGLISH_COMMANDS,
    ...(Object.fromEntries(
      SCREENS.map((screen) => [`view.${screen}`, screen.charAt(0).toUpperCase() + screen.slice(1)]),
    ) as Record<MenuCommand, string>),
  },
  closing: ENGLISH_CLOSING,
}

function record<Key extends string>(keys: readonly Key[]): Record<Key, typeof text> {
  return Object.fromEntries(keys.map((key) => [key, text])) as Record<Key, typeof text>
}
