// A real page on another origin, in a real browser that holds a live session, tries everything that
// a page can try: it reaches nothing of the lab. Also with the lab's own port under another name.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { startServer } from '../hosts/web/support/served.ts'
import type { TestServer } from '../hosts/web/support/served.ts'
import { requiresTool } from '../support/requires.ts'

/** What each attempt of the foreign page came to. */
type Attempts = Record<string, string>

let server: TestServer
let foreign: Server
let foreignPort: number
let browser: Browser
let context: BrowserContext

describe.runIf(requiresTool('chromium'))('a page on another origin', () => {
  beforeAll(async () => {
    server = await startServer()
    foreign = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><title>foreign</title>')
    })
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve))
    foreignPort = (foreign.address() as AddressInfo).port
    browser = await launchChromium(['--host-resolver-rules=MAP *.example 127.0.0.1'])
    context = await browser.newContext()
    await signIn()
  })

  afterAll(async () => {
    await browser.close()
    await server.stop()
    foreign.close()
  })

  test.each([
    ['of another site', () => `http://evil.example:${foreignPort}/`],
    ['of the same site on another port', () => `http://127.0.0.1:${foreignPort}/`],
  ])('%s reaches nothing, though the browser has a session', async (_kind, url) => {
    const page = await context.newPage()
    await page.goto(url())
    expect(await tryEverything(page)).toEqual({
      'fetch a page': 'TypeError',
      'fetch opaquely': 'TypeError',
      'fetch with the cookie': 'TypeError',
      'post the token as a form would': 'TypeError',
      'post with our header': 'TypeError',
      'open a WebSocket': 'error',
      'open a WebSocket with our protocol': 'error',
      'load a script': 'error',
      'load an image': 'error',
      'read a frame': 'SecurityError',
    })
    await page.close()
  })

  test('cannot use the lab by resolving its own name to the port of the lab', async () => {
    const page = await context.newPage()
    const response = await page.goto(`http://evil.example:${server.port}/`)
    expect(response?.status()).toBe(421)
    expect(await page.evaluate(() => fetch('/').then(({ status }) => status))).toBe(421)
    expect(
      await page.evaluate(() => fetch('/session', { method: 'POST' }).then((got) => got.status)),
    ).toBe(421)
    await page.close()
  })

  test('cannot post a form into the lab', async () => {
    const page = await context.newPage()
    await page.goto(`http://evil.example:${foreignPort}/`)
    const answered = page.waitForResponse(`${server.origin}/session`)
    await page.evaluate((action) => {
      const form = Object.assign(document.createElement('form'), { action, method: 'post' })
      form.enctype = 'text/plain'
      document.body.append(form)
      form.submit()
    }, `${server.origin}/session`)
    expect((await answered).status()).toBe(403)
    await page.close()
  })

  test('may link to the start page, but keeps no hold of the window it opens', async () => {
    const page = await context.newPage()
    await page.goto(`http://evil.example:${foreignPort}/`)
    const popup = page.waitForEvent('popup')
    await page.evaluate((url) => {
      Object.assign(globalThis, { opened: window.open(url) })
    }, `${server.origin}/`)
    await (await popup).waitForLoadState()
    expect(await (await popup).title()).toBe('test')
    // the opener's process hears of it a moment after the other page is there
    const isClosed = () =>
      page.evaluate(() => (globalThis as unknown as { opened: Window }).opened.closed)
    await expect.poll(isClosed, { timeout: 30_000 }).toBe(true)
    await page.close()
  })

  test('while our own page, with both halves, gets its WebSocket', async () => {
    const page = await context.newPage()
    await page.goto(`${server.origin}/`)
    expect(await openOwnSocket(page)).toBe('open')
    await page.close()
  })
})

/** Exchanges the token as our page does, so that the browser holds the cookie and the key. */
async function signIn(): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${server.origin}/`)
  const status = await page.evaluate(async (token) => {
    const headers = { 'x-flexlab': '1', 'content-type': 'application/json' }
    const body = JSON.stringify({ token })
    const response = await fetch('/session', { method: 'POST', headers, body })
    localStorage.setItem('key', ((await response.json()) as { key: string }).key)
    return response.status
  }, server.token)
  expect(status).toBe(200)
  await page.close()
}

function openOwnSocket(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const protocols = ['flexlab-rpc', `key.${localStorage.getItem('key') ?? ''}`]
        const socket = new WebSocket(`ws://${location.host}/rpc`, protocols)
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('error')
      }),
  )
}

/** Runs in the foreign page. */
function tryEverything(page: Page): Promise<Attempts> {
  return page.evaluate(
    async ({ origin, token }) => {
      const nameOf = (error: unknown) => (error instanceof Error ? error.name : String(error))
      const fetched = (path: string, init: RequestInit) =>
        fetch(origin + path, init).then((response) => `${response.type} ${response.status}`, nameOf)
      const socket = (protocols: string[]) =>
        new Promise<string>((resolve) => {
          const opened = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, protocols)
          opened.onopen = () => resolve('open')
          opened.onerror = () => resolve('error')
        })
      const loaded = (element: HTMLScriptElement | HTMLImageElement, path: string) =>
        new Promise<string>((resolve) => {
          element.onload = () => resolve('loaded')
          element.onerror = () => resolve('error')
          element.src = origin + path
          document.body.append(element)
        })
      const frame = document.createElement('iframe')
      frame.src = `${origin}/`
      const framed = new Promise<string>((resolve) => {
        frame.onload = () => {
          try {
            resolve(String(frame.contentWindow?.document.title))
          } catch (error) {
            resolve(error instanceof DOMException ? error.name : nameOf(error))
          }
        }
      })
      document.body.append(frame)
      const body = JSON.stringify({ token })
      const headers = { 'x-flexlab': '1', 'content-type': 'application/json' }
      return {
        'fetch a page': await fetched('/', {}),
        'fetch opaquely': await fetched('/', { mode: 'no-cors' }),
        'fetch with the cookie': await fetched('/', { mode: 'no-cors', credentials: 'include' }),
        'post the token as a form would': await fetched('/session', {
          method: 'POST',
          mode: 'no-cors',
          body,
        }),
        'post with our header': await fetched('/session', { method: 'POST', headers, body }),
        'open a WebSocket': await socket([]),
        'open a WebSocket with our protocol': await socket(['flexlab-rpc', 'key.guessed']),
        'load a script': await loaded(document.createElement('script'), '/assets/index-Bx3k.js'),
        'load an image': await loaded(new Image(), '/'),
        'read a frame': await framed,
      }
    },
    { origin: server.origin, token: server.token },
  )
}
