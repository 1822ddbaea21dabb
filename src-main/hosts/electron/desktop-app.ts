/**
 * The desktop app's life, from the single-instance lock to closing the library. Electron comes in
 * as a parameter, exactly the part that is used, so that tests hold it without running Electron.
 */
import path from 'node:path'
import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Dialog,
  IpcMain,
  Menu,
  MenuItemConstructorOptions,
  NativeTheme,
  Protocol,
  Screen,
  Session,
} from 'electron'
import * as v from 'valibot'
import { LINK_SCHEME } from '../../core/contract/app-link.ts'
import {
  COMMAND_CHANNEL,
  LIBRARY_CHANNEL,
  PORT_CHANNEL,
  TEXTS_CHANNEL,
} from '../../core/contract/desktop.ts'
import { DesktopTextsSchema, ENGLISH_TEXTS } from '../../core/contract/desktop-texts.ts'
import type { DesktopTexts } from '../../core/contract/desktop-texts.ts'
import { fromWireError } from '../../core/contract/wire-error.ts'
import type { Lab } from '../../lab/index.ts'
import { createRpcHandler } from '../web/rpc-handler.ts'
import { readStaticFiles } from '../web/static-files.ts'
import { answerAppRequest, APP_SCHEME_PRIVILEGES, START_URL } from './app-protocol.ts'
import { Closing } from './closing.ts'
import { confineContents, confineSession } from './confinement.ts'
import type { ConfinedSession } from './confinement.ts'
import { handleDownloads } from './downloads.ts'
import { menuTemplate } from './menu.ts'
import { openedOf } from './opened.ts'
import { PageMail } from './page-mail.ts'
import { isFromOurPage, PortBridge, portOf } from './port-bridge.ts'
import type { PageEvent } from './port-bridge.ts'
import { openingBounds, readBounds, saveBounds } from './window-bounds.ts'
import { windowOptions } from './window-options.ts'

/** The window, as far as it is used. */
export type AppWindow = Pick<
  BrowserWindow,
  | 'on'
  | 'once'
  | 'show'
  | 'focus'
  | 'restore'
  | 'isMinimized'
  | 'maximize'
  | 'loadURL'
  | 'getNormalBounds'
  | 'isMaximized'
  | 'isVisible'
  | 'hide'
  | 'close'
> & { readonly webContents: Pick<BrowserWindow['webContents'], 'id' | 'send' | 'on'> }

/** Electron, as far as it is used. */
export type ElectronApi = {
  readonly app: Pick<
    App,
    | 'on'
    | 'whenReady'
    | 'quit'
    | 'relaunch'
    | 'setAsDefaultProtocolClient'
    | 'exit'
    | 'getPath'
    | 'getVersion'
    | 'isPackaged'
    | 'requestSingleInstanceLock'
    | 'enableSandbox'
  >
  readonly createWindow: (options: BrowserWindowConstructorOptions) => AppWindow
  readonly dialog: Pick<
    Dialog,
    'showErrorBox' | 'showMessageBox' | 'showMessageBoxSync' | 'showOpenDialog'
  >
  readonly ipcMain: Pick<IpcMain, 'on'>
  readonly setMenu: (template: MenuItemConstructorOptions[]) => Menu | void
  readonly nativeTheme: Pick<NativeTheme, 'shouldUseDarkColors'>
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>
  readonly screen: () => Pick<Screen, 'getAllDisplays'>
  readonly session: () => ConfinedSession & Pick<Session, 'on'>
}

/** The lab, as far as the desktop needs it itself. */
export type OpenLab = Pick<Lab, 'router' | 'close'> & {
  readonly system: Pick<Lab['system'], 'activity' | 'libraries'>
}

/** Where the app's parts are and how its lab is opened. */
export type DesktopOptions = {
  readonly preload: string
  readonly rendererDir: string
  readonly platform: NodeJS.Platform
  /** Files and links that the app was started with. */
  readonly args: readonly string[]
  /** The arguments of a start with another library. */
  readonly argsWithLibrary: (file: string) => string[]
  /** How often a campaign that runs without a window is looked at, ms. */
  readonly lookEveryMs?: number
  readonly openLab: () => Promise<OpenLab>
}

/** Runs the app; resolves when its window is open, or when another instance has taken over. */
export async function runDesktopApp(electron: ElectronApi, options: DesktopOptions): Promise<void> {
  const { app, protocol } = electron
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([APP_SCHEME_PRIVILEGES])
  app.on('web-contents-created', (_event, contents) => confineContents(contents))
  await app.whenReady()
  // From source it would be Electron's own binary that the system starts for a link.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)
  try {
    await new DesktopApp(electron, options).open()
  } catch (error) {
    const { message, hint } = fromWireError(error)
    electron.dialog.showErrorBox('FlexCore Lab cannot start', `${message}\n\n${hint}`)
    app.exit(1)
  }
}

class DesktopApp {
  readonly #electron: ElectronApi
  readonly #options: DesktopOptions
  readonly #mail = new PageMail()
  #texts: DesktopTexts = ENGLISH_TEXTS
  #window: AppWindow | null = null
  #isQuitting = false

  constructor(electron: ElectronApi, options: DesktopOptions) {
    this.#electron = electron
    this.#options = options
  }

  async open(): Promise<void> {
    const { app, protocol, session, ipcMain } = this.#electron
    confineSession(session())
    handleDownloads(session(), () => app.getPath('downloads'))
    const files = await readStaticFiles(this.#options.rendererDir)
    protocol.handle(APP_SCHEME_PRIVILEGES.scheme, (request) => answerAppRequest(request, files))
    const lab = await this.#options.openLab()
    const bridge = new PortBridge(createRpcHandler(lab.router, (error) => console.error(error)))
    ipcMain.on(PORT_CHANNEL, (event) => {
      const port = this.#window === null ? null : portOf(event, this.#window.webContents.id)
      if (port !== null) bridge.adopt(port)
    })
    this.#endWith(lab, bridge)
    app.on('before-quit', () => {
      this.#isQuitting = true
    })
    ipcMain.on(TEXTS_CHANNEL, (event, texts: unknown) => this.#hear(event, texts))
    this.#receive(lab)
    ipcMain.on(LIBRARY_CHANNEL, (event, file: unknown) => {
      this.#reopen(event, file, lab).catch((error: unknown) => console.error(error))
    })
    this.#setMenu()
    this.#openWindow(lab)
    app.on('activate', () => this.#comeToFront(lab))
  }

  /** Links and files: of this start, of a second one, and as macOS hands them over. */
  #receive(lab: OpenLab): void {
    const { app } = this.#electron
    const open = (args: readonly string[], folder: string) => {
      this.#mail.add(openedOf(args, folder))
      this.#comeToFront(lab)
    }
    this.#mail.add(openedOf(this.#options.args, process.cwd()))
    app.on('second-instance', (_event, argv, folder) => open(this.#named(argv), folder))
    app.on('open-url', (_event, url) => open([url], '/'))
    app.on('open-file', (_event, file) => open([file], '/'))
  }

  /** The arguments after the program; from source the second one is the app's folder. */
  #named(argv: readonly string[]): readonly string[] {
    return argv.slice(this.#electron.app.isPackaged ? 1 : 2)
  }

  /** The page is there, and says what menu bar and dialogs say. */
  #hear(event: PageEvent, texts: unknown): void {
    const window = this.#window
    if (window === null || !isFromOurPage(event, window.webContents.id)) return
    const read = v.safeParse(DesktopTextsSchema, texts)
    if (!read.success) return
    this.#texts = read.output
    this.#setMenu()
    this.#mail.open((channel, content) => window.webContents.send(channel, content))
  }

  #setMenu(): void {
    const { app, setMenu } = this.#electron
    const send = (command: string) => this.#window?.webContents.send(COMMAND_CHANNEL, command)
    const isMac = this.#options.platform === 'darwin'
    setMenu(menuTemplate({ send, texts: this.#texts, isMac, isPackaged: app.isPackaged }))
  }

  /** Starts again with another library: a recent one by its name, or what the user chooses. */
  async #reopen(event: PageEvent, wanted: unknown, lab: OpenLab): Promise<void> {
    const { app } = this.#electron
    if (this.#window === null || !isFromOurPage(event, this.#window.webContents.id)) return
    const recent = lab.system.libraries().find(({ file }) => file === wanted)
    const file = wanted === null ? await this.#chooseLibrary() : recent?.file
    if (file === undefined) return
    app.relaunch({ args: this.#options.argsWithLibrary(file) })
    app.quit()
  }

  async #chooseLibrary(): Promise<string | undefined> {
    const { filePaths } = await this.#electron.dialog.showOpenDialog({
      properties: ['openFile'],
      filters: [{ name: 'SQLite', extensions: ['sqlite', 'db'] }],
    })
    return filePaths[0]
  }

  #openWindow(lab: OpenLab): void {
    const { app, createWindow, screen, nativeTheme } = this.#electron
    const boundsFile = path.join(app.getPath('userData'), 'window.json')
    const saved = readBounds(boundsFile)
    const workAreas = screen()
      .getAllDisplays()
      .map((display) => display.workArea)
    const window = createWindow(
      windowOptions({
        preload: this.#options.preload,
        bounds: openingBounds(saved, workAreas),
        isDark: nativeTheme.shouldUseDarkColors,
        isPackaged: app.isPackaged,
      }),
    )
    this.#window = window
    if (saved?.isMaximized === true) window.maximize()
    window.once('ready-to-show', () => window.show())
    const closing = this.#closing(lab, window)
    window.on('close', (event) => {
      saveBounds(boundsFile, window)
      closing.handle(event, window)
    })
    window.webContents.on('will-prevent-unload', (event) => this.#askUnsaved(event, closing))
    window.on('closed', () => {
      this.#mail.close()
      this.#window = null
    })
    window.loadURL(START_URL).catch((error: unknown) => console.error(error))
  }

  #closing(lab: OpenLab, window: AppWindow): Closing {
    const { app, dialog } = this.#electron
    return new Closing({
      dialog,
      activity: () => lab.system.activity(),
      texts: () => this.#texts.closing,
      leave: () => (this.#isQuitting ? app.quit() : window.close()),
      lookEveryMs: this.#options.lookEveryMs ?? 2000,
    })
  }

  /** The page has something unsaved; Electron itself would only refuse to close. */
  #askUnsaved(event: { preventDefault: () => void }, closing: Closing): void {
    const { unsaved, leave, cancel } = this.#texts.closing
    const answer = this.#electron.dialog.showMessageBoxSync({
      type: 'question',
      message: unsaved,
      buttons: [leave, cancel],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    })
    // Preventing the prevention lets the page go.
    if (answer === 0) return event.preventDefault()
    this.#isQuitting = false
    closing.stay()
  }

  #comeToFront(lab: OpenLab): void {
    if (this.#window === null) {
      this.#openWindow(lab)
      return
    }
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  /** Closes the library before the process ends; what runs can be resumed at the next start. */
  #endWith(lab: Pick<Lab, 'close'>, bridge: PortBridge): void {
    const { app } = this.#electron
    app.on('window-all-closed', () => {
      if (this.#options.platform !== 'darwin') app.quit()
    })
    let isClosing = false
    app.on('will-quit', (event) => {
      event.preventDefault()
      if (isClosing) return
      isClosing = true
      bridge.close()
      lab.close().then(
        () => app.exit(0),
        (error: unknown) => {
          console.error(error)
          app.exit(1)
        },
      )
    })
  }
}
