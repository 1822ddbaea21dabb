// The real bridge in a real browser against the real browser host, with the tests' own router.
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type * as Bridge from '../../src-renderer/bridge/index.ts'
import { writeBridgePage } from '../hosts/web/support/bridge-bundle.ts'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { startServer } from '../hosts/web/support/served.ts'
import type { TestServer } from '../hosts/web/support/served.ts'
import { requiresTool } from '../support/requires.ts'
import { TEST_PDF } from '../support/test-router.ts'

type PageGlobals = typeof globalThis & typeof Bridge & { states: string[] }

let browser: Browser
let server: TestServer
let context: BrowserContext
let violations: string[]

describe.runIf(requiresTool('chromium'))('the bridge in a browser', () => {
  beforeAll(async () => {
    browser = await launchChromium()
  })

  afterAll(() => browser.close())

  beforeEach(async () => {
    server = await startServer({ prepare: writeBridgePage })
    context = await browser.newContext()
    violations = []
    context.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text())
    })
  })

  afterEach(async () => {
    await context.close()
    await server.stop()
    expect(violations).toEqual([])
  })

  test('connects with the token of the URL and takes it out of the address', async () => {
    const page = await openPage(server.url)
    expect(await version(page)).toBe('0.0.0-test')
    expect(page.url()).toBe(`${server.origin}/`)
    expect(await states(page)).toEqual(['connecting', 'open'])
  })

  test('connects again after a reload and in a new tab, without the token', async () => {
    const page = await openPage(server.url)
    await version(page)
    await page.reload()
    expect(await version(page)).toBe('0.0.0-test')
    expect(await version(await openPage(`${server.origin}/`))).toBe('0.0.0-test')
  })

  test('says what to open when the page has no token, or a wrong one', async () => {
    for (const url of [`${server.origin}/`, `${server.origin}/#token=wrong`]) {
      const page = await openPage(url)
      const failure = await page.evaluate(() =>
        (globalThis as PageGlobals).connect().catch((error: unknown) => ({ ...(error as object) })),
      )
      expect(failure).toMatchObject({
        code: 'unavailable',
        hint: expect.stringContaining('#') as string,
      })
      expect(await states(page)).toEqual(['connecting', 'lost'])
    }
  })

  test('a page with a session ignores a wrong token', async () => {
    await version(await openPage(server.url))
    expect(await version(await openPage(`${server.origin}/#token=wrong`))).toBe('0.0.0-test')
  })

  test('receives progress and errors of the lab', async () => {
    const page = await openPage(server.url)
    const seen = await page.evaluate(async () => {
      const lab = await (globalThis as PageGlobals).connect()
      const finished: number[] = []
      for await (const progress of await lab.campaign.watch({ id: 'c' })) {
        finished.push(progress.finished)
      }
      const error = await lab.library.run({ id: 'x' }).catch((thrown: unknown) => thrown)
      return { finished, error: { ...(error as object) } }
    })
    expect(seen).toEqual({
      finished: [0, 1, 2, 3],
      error: { code: 'not-found', hint: 'Look elsewhere.', name: 'LabError' },
    })
  })

  test('notices that the lab is gone, ends what was running, and fails further calls', async () => {
    const page = await openPage(server.url)
    const codes = page.evaluate(async () => {
      const lab = await (globalThis as PageGlobals).connect()
      const codeOf = (error: unknown) => (error as { code: string }).code
      const progress = await lab.campaign.watch({ id: 'endless' })
      await progress.next()
      document.title = 'watching'
      const read = async () => {
        for await (const _ of progress);
        return 'ended'
      }
      const first = await read().catch(codeOf)
      return [first, await lab.campaign.list().then(() => 'answered', codeOf)]
    })
    await page.waitForFunction(() => document.title === 'watching')
    await server.close()
    expect(await codes).toEqual(['unavailable', 'unavailable'])
    expect(await states(page)).toEqual(['connecting', 'open', 'lost'])
  })

  test('saves a report as the file it is', async () => {
    const page = await openPage(server.url)
    const downloaded = page.waitForEvent('download')
    await page.evaluate(async () => {
      const { connect, saveFile } = globalThis as PageGlobals
      const lab = await connect()
      const { fileName, base64 } = await lab.report.pdf({ campaignId: 'c' })
      saveFile({ fileName, mediaType: 'application/pdf', contents: { base64 } })
    })
    const download = await downloaded
    expect(download.suggestedFilename()).toBe('test.pdf')
    expect(await readFile(await download.path())).toEqual(TEST_PDF)
  })
})

async function openPage(url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'states' in globalThis)
  return page
}

function version(page: Page): Promise<string> {
  return page.evaluate(async () => {
    await new Promise<void>((resolve) => {
      const wait = () => ('connect' in globalThis ? resolve() : setTimeout(wait, 5))
      wait()
    })
    const lab = await (globalThis as PageGlobals).connect()
    return (await lab.system.info()).appVersion
  })
}

const states = (page: Page) => page.evaluate(() => (globalThis as PageGlobals).states)
