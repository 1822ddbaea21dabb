// The desktop app's life against a typed double of Electron: what is set up in which order, the
// bridge to the page, and the end. That the real Electron does as asked is not shown here.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Activity } from '../../../src-main/core/contract/system.ts'
import { ENGLISH_TEXTS } from '../../../src-main/core/contract/desktop-texts.ts'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { runDesktopApp } from '../../../src-main/hosts/electron/desktop-app.ts'
import type { DesktopOptions } from '../../../src-main/hosts/electron/desktop-app.ts'
import { saveBounds } from '../../../src-main/hosts/electron/window-bounds.ts'
import type { LabClient } from '../../../src-renderer/bridge/index.ts'
import { createTestRouter } from '../../support/test-router.ts'
import { electronDouble, portPair, WindowDouble } from './support/electron-double.ts'
import type { ElectronDouble } from './support/electron-double.ts'

let profile: string
let closedLabs: number
let activity: Activity

beforeEach(async () => {
  profile = await mkdtemp(path.join(os.tmpdir(), 'flexlab-desktop-'))
  closedLabs = 0
  activity = { running: [], held: [] }
  await mkdir(path.join(profile, 'client'))
  await writeFile(path.join(profile, 'client', 'index.html'), '<!doctype html>')
})

afterEach(() => rm(profile, { recursive: true }))

function options(change: Partial<DesktopOptions> = {}): DesktopOptions {
  return {
    preload: 'preload.cjs',
    rendererDir: path.join(profile, 'client'),
    platform: 'linux',
    args: [],
    argsWithLibrary: (file) => ['app', file],
    lookEveryMs: 1,
    openLab: () =>
      Promise.resolve({
        system: {
          activity: () => Promise.resolve(activity),
          libraries: () => [{ file: '/recent.sqlite', openedAt: '', isThere: true }],
        },
        router: createTestRouter() as Awaited<ReturnType<DesktopOptions['openLab']>>['router'],
        close: () => {
          closedLabs += 1
          return Promise.resolve()
        },
      }),
    ...change,
  }
}

async function opened(change: Partial<DesktopOptions> = {}): Promise<ElectronDouble> {
  const electron = electronDouble(profile)
  await runDesktopApp(electron, options(change))
  return electron
}

const senderOf = (url: string, parent: unknown = null) => ({
  sender: { id: 7 },
  senderFrame: { url, parent },
})

function clientOn(electron: ElectronDouble, sender: object): { lab: LabClient; end: () => void } {
  const { main, page } = portPair()
  electron.ipc.emit('flexlab:port', { ...sender, ports: [main] })
  const link = new RPCLink({ port: page })
  return { lab: createORPCClient(link), end: () => page.close() }
}

test('the scheme and the sandbox are set up before Electron is ready', async () => {
  const electron = await opened()
  expect(electron.order).toEqual(['sandbox', 'register', 'ready'])
  expect(electron.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
})

test('a second instance ends at once and the first one comes to the front', async () => {
  const second = electronDouble(profile, false)
  await runDesktopApp(second, options())
  expect(second.order).toEqual(['quit'])
  const electron = await opened()
  const [window] = electron.windows
  window!.minimized = true
  electron.app.emit('second-instance', {}, ['electron', 'app'], profile)
  expect(window!.calls).toEqual(['restore', 'show', 'focus'])
})

test('the window shows our page once its first frame is there', async () => {
  const electron = await opened()
  const [window] = electron.windows
  expect(window!.url).toBe('app://flexlab/')
  expect(window!.options.show).toBe(false)
  expect(window!.calls).toEqual([])
  window!.emit('ready-to-show')
  expect(window!.calls).toEqual(['show'])
})

test('the window opens where it was closed', async () => {
  const first = await opened()
  const window = first.windows[0]!
  window.bounds = { x: 300, y: 200, width: 1100, height: 800 }
  window.maximized = true
  window.emit('close', { preventDefault: () => {} })
  const second = await opened()
  expect(second.windows[0]!.options).toMatchObject({ x: 300, y: 200, width: 1100, height: 800 })
  expect(second.windows[0]!.calls).toEqual(['maximize'])
})

test('the page talks to the lab through the port it sent', async () => {
  const { lab, end } = clientOn(await opened(), senderOf('app://flexlab/'))
  expect(await lab.system.info()).toMatchObject({ appVersion: '0.0.0-test' })
  const finished: number[] = []
  for await (const progress of await lab.campaign.watch({ id: 'c' })) {
    finished.push(progress.finished)
  }
  expect(finished).toEqual([0, 1, 2, 3])
  end()
})

test.each([
  ['another origin', { ...senderOf('https://evil.example/') }],
  ['a page whose address only begins like ours', { ...senderOf('app://flexlab.evil/') }],
  ['a file', { ...senderOf('file:///app/index.html') }],
  ['a frame inside our page', { ...senderOf('app://flexlab/', {}) }],
  ['another window', { ...senderOf('app://flexlab/'), sender: { id: 8 } }],
  ['a frame that is gone', { sender: { id: 7 }, senderFrame: null }],
])('a port from %s is never answered', async (_who, sender) => {
  const electron = await opened()
  const { main, page } = portPair()
  electron.ipc.emit('flexlab:port', { ...sender, ports: [main] })
  expect(main.listenerCount('message')).toBe(0)
  page.close()
})

test('a message with no port or with two is ignored', async () => {
  const electron = await opened()
  const [one, two] = [portPair(), portPair()]
  const sender = senderOf('app://flexlab/')
  electron.ipc.emit('flexlab:port', { ...sender, ports: [] })
  electron.ipc.emit('flexlab:port', { ...sender, ports: [one.main, two.main] })
  expect(one.main.listenerCount('message') + two.main.listenerCount('message')).toBe(0)
  one.page.close()
  two.page.close()
})

test('a page that is loaded anew replaces its old port', async () => {
  const electron = await opened()
  const first = portPair()
  const closed = new Promise((resolve) => first.page.once('close', resolve))
  electron.ipc.emit('flexlab:port', { ...senderOf('app://flexlab/'), ports: [first.main] })
  const { lab, end } = clientOn(electron, senderOf('app://flexlab/'))
  await closed
  expect(await lab.campaign.list()).toEqual([])
  end()
})

test.each([[{ i: '1' }], [42], [null], ['x'.repeat(8 * 1024 * 1024 + 1)]])(
  'a message that is no frame of the protocol ends the port',
  async (message) => {
    const electron = await opened()
    const { main, page } = portPair()
    electron.ipc.emit('flexlab:port', { ...senderOf('app://flexlab/'), ports: [main] })
    const closed = new Promise((resolve) => page.once('close', resolve))
    page.postMessage(message)
    await closed
  },
)

test('the library is closed once before the app ends', async () => {
  const electron = await opened()
  electron.app.emit('window-all-closed')
  expect(electron.order.at(-1)).toBe('quit')
  let prevented = 0
  const event = { preventDefault: () => (prevented += 1) }
  electron.app.emit('will-quit', event)
  electron.app.emit('will-quit', event)
  await expect.poll(() => electron.order.at(-1)).toBe('exit 0')
  expect({ prevented, closedLabs }).toEqual({ prevented: 2, closedLabs: 1 })
})

test('on macOS the app stays without windows and opens one again', async () => {
  const electron = await opened({ platform: 'darwin' })
  electron.windows[0]!.emit('closed')
  electron.app.emit('window-all-closed')
  expect(electron.order).not.toContain('quit')
  electron.app.emit('activate')
  expect(electron.windows).toHaveLength(2)
})

test('a library that cannot be opened is explained in a dialog, and the app ends', async () => {
  const electron = electronDouble(profile)
  const error = new LabError('store', 'the library is damaged', 'Restore the latest backup.')
  await runDesktopApp(electron, options({ openLab: () => Promise.reject(error) }))
  expect(electron.errors).toEqual([
    ['FlexCore Lab cannot start', 'the library is damaged\n\nRestore the latest backup.'],
  ])
  expect(electron.order.at(-1)).toBe('exit 1')
  expect(electron.windows).toEqual([])
})

test('a menu command reaches the page', async () => {
  const electron = await opened()
  const view = electron.menu.find((one) => one.label === '&View')
  const items = Array.isArray(view?.submenu) ? view.submenu : []
  const click = items.find((one) => one.label === 'Compare')?.click as (() => void) | undefined
  click?.()
  expect(electron.windows[0]!.sent).toEqual([['flexlab:command', 'view.compare']])
})

test('a damaged bounds file is ignored', async () => {
  saveBounds(path.join(profile, 'window.json'), new WindowDouble({}))
  await writeFile(path.join(profile, 'window.json'), '{"x": "left"}')
  const electron = await opened()
  expect(electron.windows[0]!.options).toMatchObject({ width: 1440, height: 900 })
})

const speak = (electron: ElectronDouble, texts: unknown, url = 'app://flexlab/') =>
  electron.ipc.emit('flexlab:texts', senderOf(url), texts)

test('the menu bar speaks the language of the page, and of no other sender', async () => {
  const electron = await opened()
  const texts = { ...ENGLISH_TEXTS, menus: { ...ENGLISH_TEXTS.menus, file: '文件' } }
  speak(electron, texts, 'https://evil.example/')
  speak(electron, { ...texts, extra: 1 })
  speak(electron, { ...texts, menus: { ...texts.menus, file: 'x'.repeat(301) } })
  expect(electron.menu[0]?.label).toBe('&File')
  speak(electron, texts)
  expect(electron.menu[0]?.label).toBe('&文件')
})

test('links and files wait for the page, then open screens and nothing more', async () => {
  const file = path.join(profile, 'a.yaml')
  await writeFile(file, 'kind: campaign')
  const electron = await opened({ args: ['flexlab://compare/0c4f?baseline=cfs', file, '--flag'] })
  const [window] = electron.windows
  expect(window!.sent).toEqual([])
  speak(electron, ENGLISH_TEXTS)
  expect(window!.sent).toEqual([
    ['flexlab:link', '#/compare/0c4f?baseline=cfs'],
    ['flexlab:file', expect.objectContaining({ name: 'a.yaml', text: 'kind: campaign' })],
  ])
})

test('a second start hands its files and links on, relative to where it was started', async () => {
  await writeFile(path.join(profile, 'b.yaml'), 'kind: campaign')
  const electron = await opened()
  speak(electron, ENGLISH_TEXTS)
  const argv = ['electron', 'app', 'b.yaml', 'flexlab://live', 'flexlab://evil', '/dev/null', '.']
  electron.app.emit('second-instance', {}, argv, profile)
  expect(electron.windows[0]!.sent).toEqual([
    ['flexlab:link', '#/live'],
    ['flexlab:file', expect.objectContaining({ name: 'b.yaml' })],
  ])
  expect(electron.windows[0]!.calls).toEqual(['show', 'focus'])
})

test('what is opened while no window is there waits for the next page', async () => {
  const electron = await opened({ platform: 'darwin' })
  speak(electron, ENGLISH_TEXTS)
  electron.windows[0]!.emit('closed')
  electron.app.emit('open-url', {}, 'flexlab://hosts')
  expect(electron.windows).toHaveLength(2)
  speak(electron, ENGLISH_TEXTS)
  expect(electron.windows[1]!.sent).toEqual([['flexlab:link', '#/hosts']])
})

const MEASURING: Activity = {
  running: [{ campaignId: 'c', name: 'bed', host: 'lab' }],
  held: [],
}

/** Closes the window as its user would; says whether the app let it happen at once. */
function closeWindow(electron: ElectronDouble): boolean {
  let isPrevented = false
  electron.windows[0]!.emit('close', { preventDefault: () => (isPrevented = true) })
  return !isPrevented
}

test('a window is closed without a question while only simulations run', async () => {
  activity = { running: [{ campaignId: 'c', name: 'sim', host: null }], held: [] }
  const electron = await opened()
  expect(closeWindow(electron)).toBe(false)
  await expect.poll(() => electron.windows[0]!.calls).toEqual(['close'])
  expect(closeWindow(electron)).toBe(true)
  expect(electron.asked).toEqual([])
})

test('closing while a host is measured asks, and cancelling stays', async () => {
  activity = MEASURING
  const electron = await opened()
  electron.answer = 2
  closeWindow(electron)
  closeWindow(electron)
  await expect.poll(() => electron.asked.length).toBe(1)
  expect(electron.asked[0]?.buttons).toEqual(['Keep running', 'Stop and restore', 'Cancel'])
  expect(electron.windows[0]!.calls).toEqual([])
  await expect.poll(() => (closeWindow(electron), electron.asked.length)).toBe(2)
})

test('stop and restore ends the app, whose lab puts the host back', async () => {
  activity = { running: [], held: [{ host: 'lab', scheme: 'flexcore' }] }
  const electron = await opened()
  electron.answer = 1
  electron.app.emit('before-quit')
  closeWindow(electron)
  await expect.poll(() => electron.order.at(-1)).toBe('quit')
})

test('keep running hides the window until the campaign has ended', async () => {
  activity = MEASURING
  const electron = await opened()
  closeWindow(electron)
  await expect.poll(() => electron.windows[0]!.calls).toEqual(['hide'])
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(electron.windows[0]!.calls).toEqual(['hide'])
  activity = { running: [], held: [] }
  await expect.poll(() => electron.windows[0]!.calls).toEqual(['hide', 'close'])
})

test('a window that is opened again while it keeps running stays', async () => {
  activity = MEASURING
  const electron = await opened()
  closeWindow(electron)
  await expect.poll(() => electron.windows[0]!.calls).toEqual(['hide'])
  electron.app.emit('second-instance', {}, ['electron', 'app'], profile)
  activity = { running: [], held: [] }
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(electron.windows[0]!.calls).toEqual(['hide', 'show', 'focus'])
})

test('a page with something unsaved is closed only when the user says so', async () => {
  const electron = await opened()
  let left = 0
  const event = { preventDefault: () => (left += 1) }
  electron.answer = 1
  electron.windows[0]!.page.emit('will-prevent-unload', event)
  expect(left).toBe(0)
  electron.answer = 0
  electron.windows[0]!.page.emit('will-prevent-unload', event)
  expect(left).toBe(1)
})

test('another library is a recent one or a chosen one, never any that the page names', async () => {
  const electron = await opened()
  const ask = (file: unknown, url = 'app://flexlab/') =>
    electron.ipc.emit('flexlab:library', senderOf(url), file)
  ask('/etc/passwd')
  ask(null, 'https://evil.example/')
  ask('/recent.sqlite')
  await expect.poll(() => electron.order.at(-1)).toBe('quit')
  ask(null)
  await expect
    .poll(() => electron.order.filter((one) => one.startsWith('relaunch')))
    .toEqual(['relaunch app /recent.sqlite', 'relaunch app /chosen.sqlite'])
})
