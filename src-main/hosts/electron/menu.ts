/**
 * The menu bar, from the same list as the menu in a browser (core/contract/menu.ts). What concerns
 * the workbench is sent to the page as a command; it knows how.
 */
import type { MenuItemConstructorOptions } from 'electron'
import type { DesktopTexts } from '../../core/contract/desktop-texts.ts'
import { MENU_NAMES, MENUS } from '../../core/contract/menu.ts'
import type { MenuCommand, MenuLine, MenuName } from '../../core/contract/menu.ts'

type Item = MenuItemConstructorOptions

/** What a menu depends on. */
export type MenuOptions = {
  readonly send: (command: MenuCommand) => void
  readonly texts: DesktopTexts
  readonly isMac: boolean
  readonly isPackaged: boolean
}

const SEPARATOR: Item = { type: 'separator' }

/** Only where the app is being worked on. */
const DEVELOPMENT_ROLES = ['reload', 'toggleDevTools']

/** The menu bar's template. */
export function menuTemplate(options: MenuOptions): Item[] {
  const menus = MENU_NAMES.map((name): Item => ({
    label: `&${options.texts.menus[name]}`,
    ...(name === 'help' ? { role: 'help' } : {}),
    submenu: submenu(name, options),
  }))
  return [...(options.isMac ? [{ role: 'appMenu' } as const] : []), ...menus]
}

function submenu(name: MenuName, options: MenuOptions): Item[] {
  const items = MENUS[name].filter((line) => isShown(line, options)).map((l) => itemOf(l, options))
  if (name !== 'file') return items
  return [...items, SEPARATOR, options.isMac ? { role: 'close' } : { role: 'quit' }]
}

function isShown(line: MenuLine, { isPackaged }: MenuOptions): boolean {
  const isDevelopment = typeof line === 'object' && 'role' in line
  return !isPackaged || !isDevelopment || !DEVELOPMENT_ROLES.includes(line.role)
}

function itemOf(line: MenuLine, { send, texts }: MenuOptions): Item {
  if (line === 'separator') return SEPARATOR
  if ('role' in line) return { role: line.role }
  const { command, accelerator } = line
  return {
    label: texts.commands[command].replaceAll('&', '&&'),
    click: () => send(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  }
}
