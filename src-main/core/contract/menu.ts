/**
 * The menus, as data: the desktop's menu bar, the menu in a browser, the palette and the sheet of
 * shortcuts are all made from this one list. What a command does is known to the page.
 */
import { SCREENS } from './screens.ts'
import type { Screen } from './screens.ts'

/** Commands of the menus, besides one `view.<screen>` for each screen. */
const COMMANDS = [
  'file.new-campaign',
  'file.open',
  'file.save-campaign',
  'file.libraries',
  'file.export-report',
  'edit.undo',
  'edit.redo',
  'edit.find',
  'view.palette',
  'view.inspector',
  'view.theme',
  'run.start',
  'run.pause',
  'run.cancel',
  'run.retry',
  'help.contents',
  'help.tour',
  'help.shortcuts',
  'help.doctor',
  'help.about',
] as const

/** A command that has a text of its own. */
export type NamedCommand = (typeof COMMANDS)[number]
/** A command of the menus. */
export type MenuCommand = NamedCommand | `view.${Screen}`

/** Every command of the menus. */
export const MENU_COMMANDS: readonly MenuCommand[] = [
  ...COMMANDS,
  ...SCREENS.map((screen) => `view.${screen}` as const),
]

/** Whether a value that came over a channel is a menu command. */
export function isMenuCommand(value: unknown): value is MenuCommand {
  return (MENU_COMMANDS as readonly unknown[]).includes(value)
}

/** The menus by name. */
export const MENU_NAMES = ['file', 'edit', 'view', 'run', 'window', 'help'] as const
/** One menu. */
export type MenuName = (typeof MENU_NAMES)[number]

/** What only a window of the desktop can do; the names are Electron's roles. */
type DesktopRole =
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'reload'
  | 'toggleDevTools'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'
  | 'minimize'
  | 'zoom'

/** A line of a menu. `accelerator`: the desktop's key, in Electron's words. */
export type MenuLine =
  | { readonly command: MenuCommand; readonly accelerator?: string }
  | { readonly role: DesktopRole }
  | 'separator'

const SCREEN_LINES: readonly MenuLine[] = SCREENS.map((screen, index) => ({
  command: `view.${screen}` as const,
  ...(index < 9 ? { accelerator: `CmdOrCtrl+${index + 1}` } : {}),
}))

/** The lines of each menu. Closing and quitting are added by the host, by platform. */
export const MENUS: Readonly<Record<MenuName, readonly MenuLine[]>> = {
  file: [
    { command: 'file.new-campaign', accelerator: 'CmdOrCtrl+N' },
    { command: 'file.open', accelerator: 'CmdOrCtrl+O' },
    { command: 'file.save-campaign', accelerator: 'CmdOrCtrl+S' },
    'separator',
    { command: 'file.libraries' },
    'separator',
    { command: 'file.export-report', accelerator: 'CmdOrCtrl+P' },
  ],
  edit: [
    { command: 'edit.undo', accelerator: 'CmdOrCtrl+Z' },
    { command: 'edit.redo', accelerator: 'CmdOrCtrl+Shift+Z' },
    'separator',
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    'separator',
    { command: 'edit.find', accelerator: 'CmdOrCtrl+F' },
  ],
  view: [
    ...SCREEN_LINES,
    'separator',
    { command: 'view.palette', accelerator: 'CmdOrCtrl+K' },
    { command: 'view.inspector', accelerator: 'CmdOrCtrl+I' },
    { command: 'view.theme' },
    'separator',
    { role: 'reload' },
    { role: 'toggleDevTools' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    'separator',
    { role: 'togglefullscreen' },
  ],
  run: [
    { command: 'run.start', accelerator: 'CmdOrCtrl+Enter' },
    { command: 'run.pause' },
    { command: 'run.cancel' },
    'separator',
    { command: 'run.retry' },
  ],
  window: [{ role: 'minimize' }, { role: 'zoom' }],
  help: [
    { command: 'help.contents' },
    { command: 'help.tour' },
    { command: 'help.shortcuts', accelerator: 'F1' },
    'separator',
    { command: 'help.doctor' },
    { command: 'help.about' },
  ],
}
