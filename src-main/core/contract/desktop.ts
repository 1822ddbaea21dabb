/**
 * What the Electron host and the page agree on: the names of the few messages that are not handlers
 * of the contract.
 */
import type { DesktopTexts } from './desktop-texts.ts'
import type { MenuCommand } from './menu.ts'

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

/** Channel from the main process to the preload: a location hash to open, read from a link. */
export const LINK_CHANNEL = 'flexlab:link'

/** Channel from the main process to the preload: a file that the system opened with the app. */
export const FILE_CHANNEL = 'flexlab:file'

/** Channel from the preload to the main process: texts of menu bar and dialogs. */
export const TEXTS_CHANNEL = 'flexlab:texts'

/** Channel from the preload to the main process: a recent library to open, or null to choose. */
export const LIBRARY_CHANNEL = 'flexlab:library'

/** Name under which the preload shows its API to the page. */
export const DESKTOP_GLOBAL = 'flexlabDesktop'

/** A file that was opened with the app; `text` is null when only its kind can be told. */
export type OpenedFile = {
  readonly name: string
  readonly head: Uint8Array
  readonly text: string | null
}

/** What the preload shows to the page; everything else goes over the MessagePort. */
export type DesktopApi = {
  /** Calls back for each menu command until the returned function is called. */
  readonly onCommand: (listener: (command: MenuCommand) => void) => () => void
  /** Calls back with the location hash of each link that was followed. */
  readonly onLink: (listener: (hash: string) => void) => () => void
  /** Calls back with each file that was opened. */
  readonly onFile: (listener: (file: OpenedFile) => void) => () => void
  /** Tells the main process what its menu bar and dialogs say. */
  readonly setTexts: (texts: DesktopTexts) => void
  /** Starts the app again with a recent library, or with one that the user is asked for. */
  readonly openLibrary: (file: string | null) => void
}
