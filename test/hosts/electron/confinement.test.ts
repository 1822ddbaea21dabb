// What the page is denied, rule by rule: the tested items of the checklist in SECURITY.md.
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { answerAppRequest } from '../../../src-main/hosts/electron/app-protocol.ts'
import { confineContents, confineSession } from '../../../src-main/hosts/electron/confinement.ts'
import type { ConfinedContents } from '../../../src-main/hosts/electron/confinement.ts'
import { onDownload } from '../../../src-main/hosts/electron/downloads.ts'
import { openingBounds } from '../../../src-main/hosts/electron/window-bounds.ts'
import { windowOptions } from '../../../src-main/hosts/electron/window-options.ts'
import type { StaticFile } from '../../../src-main/hosts/web/static-files.ts'
import { sessionDouble } from './support/electron-double.ts'

type OpenHandler = Parameters<ConfinedContents['setWindowOpenHandler']>[0]

function confined() {
  const contents = new EventEmitter()
  let handler: OpenHandler | null = null
  const setWindowOpenHandler = (given: OpenHandler) => {
    handler = given
  }
  confineContents(Object.assign(contents, { setWindowOpenHandler }) as unknown as ConfinedContents)
  const isPrevented = (event: string, details: object) => {
    let prevented = false
    contents.emit(event, { ...details, preventDefault: () => (prevented = true) })
    return prevented
  }
  return { isPrevented, open: () => handler?.({} as Parameters<OpenHandler>[0]) }
}

function options(isPackaged = true) {
  const bounds = { width: 1440, height: 900 }
  return windowOptions({ preload: 'preload.cjs', bounds, isDark: false, isPackaged })
}

test('the page has no Node, its own context and the sandbox', () => {
  expect(options().webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
  })
})

test('the web security stays on and nothing experimental is', () => {
  const { webPreferences } = options()
  expect(webPreferences).toMatchObject({
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
  })
  expect(webPreferences).not.toHaveProperty('enableBlinkFeatures')
})

test('the developer tools are only in a development build', () => {
  expect(options(true).webPreferences?.devTools).toBe(false)
  expect(options(false).webPreferences?.devTools).toBe(true)
})

test.each([
  'https://evil.example/',
  'file:///etc/passwd',
  'app://evil/',
  'app://flexlab.evil.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
])('the page cannot navigate to %s', (url) => {
  const { isPrevented } = confined()
  expect(isPrevented('will-navigate', { url })).toBe(true)
  expect(isPrevented('will-frame-navigate', { url, isMainFrame: true })).toBe(true)
})

test('the page may reload itself, but no frame, redirect, window or webview may open', () => {
  const { isPrevented, open } = confined()
  const url = 'app://flexlab/'
  expect(isPrevented('will-navigate', { url })).toBe(false)
  expect(isPrevented('will-frame-navigate', { url, isMainFrame: true })).toBe(false)
  expect(isPrevented('will-frame-navigate', { url, isMainFrame: false })).toBe(true)
  expect(isPrevented('will-redirect', { url })).toBe(true)
  expect(isPrevented('will-attach-webview', {})).toBe(true)
  expect(open()).toEqual({ action: 'deny' })
})

test('every permission is denied but copying, and that only to our page', () => {
  const session = sessionDouble()
  confineSession(session)
  const ask = (permission: string, url: string) => {
    let answer: boolean | null = null
    const details = { requestingUrl: url } as Parameters<NonNullable<typeof session.request>>[3]
    session.request?.(null as never, permission as never, (given) => (answer = given), details)
    const isChecked = session.check?.(null, permission as never, url, null as never)
    return [answer, isChecked]
  }
  expect(ask('clipboard-sanitized-write', 'app://flexlab/')).toEqual([true, true])
  expect(ask('clipboard-sanitized-write', 'https://evil.example/')).toEqual([false, false])
  for (const permission of [
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'fullscreen',
    'hid',
    'usb',
    'fileSystem',
  ]) {
    expect(ask(permission, 'app://flexlab/'), permission).toEqual([false, false])
  }
  expect(session.device?.({} as never)).toBe(false)
})

test('nothing is loaded from the network or the disk', () => {
  const session = sessionDouble()
  confineSession(session)
  const isAllowed = (url: string) => session.beforeRequest?.(url)
  for (const url of [
    'app://flexlab/',
    'blob:app://flexlab/1',
    'data:image/png;base64,',
    'devtools://x/',
  ]) {
    expect(isAllowed(url), url).toBe(true)
  }
  for (const url of [
    'http://a.example/',
    'https://a.example/',
    'ws://a/',
    'wss://a/',
    'file:///x',
    'ftp://a/',
  ]) {
    expect(isAllowed(url), url).toBe(false)
  }
})

const FILES = new Map<string, StaticFile>([
  ['/', { bytes: new TextEncoder().encode('page'), mediaType: 'text/html', cacheControl: '' }],
  ['/assets/a.js', { bytes: new Uint8Array(2), mediaType: 'text/javascript', cacheControl: '' }],
])

test('app:// serves the files of the renderer with the headers that confine them', async () => {
  const answer = answerAppRequest({ method: 'GET', url: 'app://flexlab/?x#y' }, FILES)
  expect([answer.status, await answer.text()]).toEqual([200, 'page'])
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
      "img-src 'self' data: blob:; worker-src 'self'; manifest-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('content-type')).toBe('text/html')
})

test.each([
  'app://flexlab/../package.json',
  'app://flexlab/..%2fpackage.json',
  'app://flexlab/%2e%2e/%2e%2e/etc/passwd',
  'app://flexlab/assets/../../main/main.js',
  'app://flexlab//etc/passwd',
  'app://flexlab/assets',
  'app://other/',
  'app://flexlab.evil/',
  'app:///',
  'file:///etc/passwd',
  'no url',
])('app:// has nothing at %s', (url) => {
  const answer = answerAppRequest({ method: 'GET', url }, FILES)
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('app:// is only read', () => {
  expect(answerAppRequest({ method: 'POST', url: 'app://flexlab/' }, FILES).status).toBe(405)
})

function offered(url: string, name: string) {
  const seen: unknown[] = []
  onDownload(
    {
      getURL: () => url,
      getFilename: () => name,
      setSaveDialogOptions: (given) => seen.push(given),
      cancel: () => seen.push('cancelled'),
    },
    '/downloads',
  )
  return seen
}

test('a report is saved where the user says', () => {
  expect(offered('blob:app://flexlab/1', 'FlexCore 2015.pdf')).toEqual([
    {
      title: 'Save as',
      defaultPath: '/downloads/FlexCore 2015.pdf',
      filters: [
        { name: 'PDF document', extensions: ['pdf'] },
        { name: 'All files', extensions: ['*'] },
      ],
    },
  ])
})

test('a file name cannot aim at another folder, and foreign downloads are cancelled', () => {
  for (const name of ['../../.bashrc', '..\\..\\.bashrc', '/etc/.bashrc']) {
    expect(offered('blob:app://flexlab/1', name)).toMatchObject([
      { defaultPath: '/downloads/.bashrc' },
    ])
  }
  expect(offered('https://evil.example/a.pdf', 'a.pdf')).toEqual(['cancelled'])
  expect(offered('blob:https://evil.example/1', 'a.pdf')).toEqual(['cancelled'])
})

test('the window opens at its old place only where a screen still shows it', () => {
  const screens = [{ x: 0, y: 25, width: 1920, height: 1055 }]
  const saved = { x: 100, y: 100, width: 1200, height: 800, isMaximized: false }
  const place = { x: 100, y: 100, width: 1200, height: 800 }
  expect(openingBounds(saved, screens)).toEqual(place)
  expect(openingBounds(null, screens)).toEqual({ width: 1440, height: 900 })
  const size = { width: 1200, height: 800 }
  expect(openingBounds({ ...saved, x: 5000 }, screens)).toEqual(size)
  expect(openingBounds({ ...saved, y: -40 }, screens)).toEqual(size)
  expect(openingBounds({ ...saved, width: 10, height: 10 }, screens)).toEqual({
    ...place,
    width: 960,
    height: 600,
  })
})
