// The preload against doubles of the three things it may use: what passes through it and what not.
import type { EventEmitter } from 'node:events'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { DesktopApi } from '../../../src-main/core/contract/desktop.ts'

const doubles = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  posted: [] as unknown[][],
  ipc: null as EventEmitter | null,
}))

vi.mock('electron', async () => {
  const events = await import('node:events')
  doubles.ipc = new events.EventEmitter()
  return {
    contextBridge: {
      exposeInMainWorld: (name: string, api: unknown) => doubles.exposed.set(name, api),
    },
    ipcRenderer: Object.assign(doubles.ipc, {
      postMessage: (...args: unknown[]) => doubles.posted.push(args),
      send: (...args: unknown[]) => doubles.posted.push(args),
    }),
  }
})

const page = new EventTarget()

beforeAll(async () => {
  vi.stubGlobal('window', page)
  await import('../../../src-main/hosts/electron/preload.ts')
})

beforeEach(() => {
  doubles.posted.length = 0
})

afterAll(() => {
  vi.unstubAllGlobals()
})

type Fields = { data?: unknown; origin?: string; source?: unknown; ports?: unknown[] }

function post(change: Fields): unknown[][] {
  const good = { data: 'flexlab:port', origin: 'app://flexlab', source: page, ports: ['a port'] }
  page.dispatchEvent(Object.assign(new Event('message'), good, change))
  return doubles.posted
}

test('the page sees five functions and nothing of Electron', () => {
  expect([...doubles.exposed.keys()]).toEqual(['flexlabDesktop'])
  expect(Object.keys(doubles.exposed.get('flexlabDesktop') as object)).toEqual([
    'onCommand',
    'onLink',
    'onFile',
    'setTexts',
    'openLibrary',
  ])
})

test("the page's own port is passed on, with nothing else of the message", () => {
  expect(post({})).toEqual([['flexlab:port', null, ['a port']]])
})

test.each<[string, Fields]>([
  ['another origin', { origin: 'https://evil.example' }],
  ['another window', { source: {} }],
  ['another message', { data: { type: 'flexlab:port' } }],
  ['no port', { ports: [] }],
  ['two ports', { ports: ['a port', 'another'] }],
])('a message with %s is not passed on', (_what, change) => {
  expect(post(change)).toEqual([])
})

test('menu commands reach the page until it stops listening; anything else does not', () => {
  const { onCommand } = doubles.exposed.get('flexlabDesktop') as DesktopApi
  const seen: string[] = []
  const stop = onCommand((command) => seen.push(command))
  doubles.ipc?.emit('flexlab:command', {}, 'view.library')
  doubles.ipc?.emit('flexlab:command', {}, 'constructor')
  doubles.ipc?.emit('flexlab:command', {}, { command: 'view.live' })
  stop()
  doubles.ipc?.emit('flexlab:command', {}, 'view.run')
  expect(seen).toEqual(['view.library'])
})

test('links and files reach the page in their own form only', () => {
  const { onLink, onFile } = doubles.exposed.get('flexlabDesktop') as DesktopApi
  const seen: unknown[] = []
  const ends = [onLink((hash) => seen.push(hash)), onFile((file) => seen.push(file))]
  const file = { name: 'a.yaml', head: new Uint8Array(2), text: null }
  for (const hash of ['#/run/1', 'https://evil.example/', 7]) {
    doubles.ipc?.emit('flexlab:link', {}, hash)
  }
  for (const one of [file, { ...file, text: 3 }, { name: 'a' }, null]) {
    doubles.ipc?.emit('flexlab:file', {}, one)
  }
  ends.forEach((end) => end())
  doubles.ipc?.emit('flexlab:link', {}, '#/library')
  expect(seen).toEqual(['#/run/1', file])
})
