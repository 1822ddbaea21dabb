/**
 * The part of Electron that the desktop app uses, in memory. Every member is typed by electron.d.ts
 * through ElectronApi, so a new Electron that changes one breaks this file at type check. Nothing
 * here shows that the app runs in the real Electron; it shows what the app asks of it.
 */
import { EventEmitter } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  Display,
  MessageBoxOptions,
  MenuItemConstructorOptions,
  MessagePortMain,
  Protocol,
  Rectangle,
  Session,
} from 'electron'
import type { AppWindow, ElectronApi } from '../../../../src-main/hosts/electron/desktop-app.ts'

/** A window that records what is asked of it. */
export class WindowDouble extends EventEmitter implements Omit<AppWindow, 'on' | 'once'> {
  readonly calls: string[] = []
  readonly sent: unknown[][] = []
  readonly page = new EventEmitter()
  readonly webContents = Object.assign(this.page, {
    id: 7,
    send: (channel: string, ...args: unknown[]) => this.sent.push([channel, ...args]),
  }) as unknown as AppWindow['webContents']
  readonly options: BrowserWindowConstructorOptions
  url = ''
  bounds: Rectangle = { x: 10, y: 20, width: 1000, height: 700 }
  maximized = false
  minimized = false
  visible = true

  constructor(options: BrowserWindowConstructorOptions) {
    super()
    this.options = options
  }

  show = () => {
    this.visible = true
    this.calls.push('show')
  }
  hide = () => {
    this.visible = false
    this.calls.push('hide')
  }
  close = () => void this.calls.push('close')
  isVisible = () => this.visible
  focus = () => void this.calls.push('focus')
  restore = () => void this.calls.push('restore')
  maximize = () => void this.calls.push('maximize')
  isMinimized = () => this.minimized
  isMaximized = () => this.maximized
  getNormalBounds = () => this.bounds
  loadURL = (url: string) => {
    this.url = url
    return Promise.resolve()
  }
}

/** What a test sees of the app and may do to it. */
export type ElectronDouble = ElectronApi & {
  readonly order: string[]
  readonly windows: WindowDouble[]
  readonly schemes: CustomScheme[]
  readonly errors: string[][]
  readonly app: ElectronApi['app'] & EventEmitter
  readonly ipc: EventEmitter
  /** Questions that were asked; each is answered with `answer`, the number of a button. */
  readonly asked: MessageBoxOptions[]
  answer: number
  readonly downloads: EventEmitter
  menu: MenuItemConstructorOptions[]
  handler: Parameters<Protocol['handle']>[1] | null
}

/** Electron with a profile folder; `hasLock` false: another instance runs already. */
export function electronDouble(profile: string, hasLock = true): ElectronDouble {
  const order: string[] = []
  const windows: WindowDouble[] = []
  const schemes: CustomScheme[] = []
  const errors: string[][] = []
  const asked: MessageBoxOptions[] = []
  const ipc = new EventEmitter()
  const downloads = new EventEmitter()
  const display = { workArea: { x: 0, y: 0, width: 1920, height: 1040 } } as Display
  const double: ElectronDouble = {
    order,
    windows,
    schemes,
    errors,
    ipc,
    downloads,
    asked,
    answer: 0,
    menu: [],
    handler: null,
    app: appDouble(order, profile, hasLock),
    createWindow: (options) => {
      const window = new WindowDouble(options)
      windows.push(window)
      return window as WindowDouble & Pick<AppWindow, 'on' | 'once'>
    },
    dialog: dialogDouble(errors, asked, () => double.answer),
    ipcMain: ipc as unknown as ElectronApi['ipcMain'],
    setMenu: (template) => {
      double.menu = template
    },
    nativeTheme: { shouldUseDarkColors: true },
    protocol: {
      registerSchemesAsPrivileged: (added) => {
        order.push('register')
        schemes.push(...added)
      },
      handle: (_scheme, handler) => {
        double.handler = handler
      },
    },
    screen: () => ({ getAllDisplays: () => [display] }),
    session: () => Object.assign(downloads, sessionDouble()) as unknown as Session,
  }
  return double
}

function dialogDouble(
  errors: string[][],
  asked: MessageBoxOptions[],
  answer: () => number,
): ElectronApi['dialog'] {
  const ask = (options: MessageBoxOptions) => {
    asked.push(options)
    return answer()
  }
  return {
    showErrorBox: (title: string, content: string) => void errors.push([title, content]),
    showMessageBox: (options: MessageBoxOptions) =>
      Promise.resolve({ response: ask(options), checkboxChecked: false }),
    showMessageBoxSync: ask,
    showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: ['/chosen.sqlite'] }),
  } as unknown as ElectronApi['dialog']
}

function appDouble(order: string[], profile: string, hasLock: boolean): ElectronDouble['app'] {
  const app = {
    isPackaged: false,
    requestSingleInstanceLock: () => hasLock,
    enableSandbox: () => void order.push('sandbox'),
    whenReady: () => {
      order.push('ready')
      return Promise.resolve()
    },
    quit: () => void order.push('quit'),
    setAsDefaultProtocolClient: (scheme) => order.push(`links ${scheme}`) > 0,
    relaunch: (options) => void order.push(`relaunch ${options?.args?.join(' ')}`),
    exit: (code) => void order.push(`exit ${code ?? 0}`),
    getPath: () => profile,
    getVersion: () => '1.2.3',
  } satisfies Partial<ElectronApi['app']>
  return Object.assign(new EventEmitter(), app) as unknown as ElectronDouble['app']
}

type PermissionRequest = Parameters<
  ReturnType<ElectronApi['session']>['setPermissionRequestHandler']
>[0]

/** What a session was told to answer, for the test of the confinement. */
export type SessionDouble = Omit<ReturnType<ElectronApi['session']>, 'on'> & {
  request: PermissionRequest
  check: Parameters<SessionDouble['setPermissionCheckHandler']>[0]
  device: Parameters<SessionDouble['setDevicePermissionHandler']>[0]
  beforeRequest: ((url: string) => boolean) | null
}

/** A session that keeps the handlers it is given. */
export function sessionDouble(): SessionDouble {
  const session: SessionDouble = {
    request: null,
    check: null,
    device: null,
    beforeRequest: null,
    setPermissionRequestHandler: (handler) => {
      session.request = handler
    },
    setPermissionCheckHandler: (handler) => {
      session.check = handler
    },
    setDevicePermissionHandler: (handler) => {
      session.device = handler
    },
    setDisplayMediaRequestHandler: () => {},
    webRequest: webRequestDouble((isAllowed) => {
      session.beforeRequest = isAllowed
    }),
  }
  return session
}

function webRequestDouble(
  keep: (isAllowed: (url: string) => boolean) => void,
): SessionDouble['webRequest'] {
  type Listener = (details: { url: string }, answer: (r: { cancel?: boolean }) => void) => void
  const onBeforeRequest = (listener: Listener) => {
    keep((url) => {
      let isCancelled = true
      listener({ url }, ({ cancel }) => {
        isCancelled = cancel === true
      })
      return !isCancelled
    })
  }
  return { onBeforeRequest } as unknown as SessionDouble['webRequest']
}

/** One end of a real channel as Electron's main process sees it, and the page's end. */
export function portPair(): { readonly main: MessagePortMain; readonly page: MessagePort } {
  const { port1, port2 } = new MessageChannel()
  const main = new EventEmitter()
  port1.on('message', (data: unknown) => main.emit('message', { data, ports: [] }))
  port1.on('close', () => main.emit('close'))
  // Like Electron's, this end is silent until start().
  port1.unref()
  return {
    main: Object.assign(main, {
      start: () => port1.ref(),
      close: () => port1.close(),
      postMessage: (message: unknown) => port1.postMessage(message),
    }),
    page: port2,
  }
}
