/**
 * What the Electron host and the page agree on: the names of the few messages that are not handlers
 * of the contract, and the commands of the menu bar.
 */

/** Scheme of the page in Electron. */
export const APP_SCHEME = 'app'

/** Host of the page in Electron. */
export const APP_HOST = 'flexlab'

/** Origin of the page in Electron; `app://flexlab/` is its start. */
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`

/** `data` of the one window message by which the page hands a MessagePort to the preload. */
export const PORT_MESSAGE = 'flexlab:port'

/** Channel from the preload to the main process that carries that port. */
export const PORT_CHANNEL = 'flexlab:port'

/** Channel from the main process to the preload that carries menu commands. */
export const COMMAND_CHANNEL = 'flexlab:command'

/** Name under which the preload shows its API to the page. */
export const DESKTOP_GLOBAL = 'flexlabDesktop'

/** Every command that a menu can send to the page. */
export const MENU_COMMANDS = [
  'file.new-campaign',
  'file.open',
  'file.export-report',
  'edit.find',
  'view.library',
  'view.builder',
  'view.live',
  'view.run',
  'view.compare',
  'view.palette',
  'view.theme',
  'run.start',
  'run.pause',
  'run.cancel',
  'run.retry',
  'help.shortcuts',
  'help.about',
] as const

/** A command that a menu can send to the page. */
export type MenuCommand = (typeof MENU_COMMANDS)[number]

/** Whether a value that came over a channel is a menu command. */
export function isMenuCommand(value: unknown): value is MenuCommand {
  return (MENU_COMMANDS as readonly unknown[]).includes(value)
}

/** What the preload shows to the page; everything else goes over the MessagePort. */
export type DesktopApi = {
  /** Calls back for each menu command until the returned function is called. */
  readonly onCommand: (listener: (command: MenuCommand) => void) => () => void
}
