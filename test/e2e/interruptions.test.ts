// What goes wrong or is stopped on purpose: a cancelled campaign, a bad address, a lab that ends.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import {
  SMALL_CAMPAIGN,
  liveStatus,
  openWorkbench,
  startCampaign,
} from './support/workbench-page.ts'

let browser: Browser
let context: BrowserContext
let lab: ServedLab
let page: Page

const button = (name: string) => page.locator('header').getByRole('button', { name })

describe.runIf(requiresTool('chromium'))('the workbench when things are interrupted', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    context = await browser.newContext({ colorScheme: 'dark' })
    page = await openWorkbench(context, lab, [])
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('the system’s dark theme is taken', async () => {
    const theme = await page.evaluate(() => document.documentElement.dataset['resolved'])
    expect(theme).toBe('dark')
  })

  test('a campaign is paused, resumed, cancelled and resumed to its end', async () => {
    await startCampaign(page, SMALL_CAMPAIGN.replace('count: 8', 'count: 150'))
    await button('Pause').click()
    await liveStatus(page, 'paused')
    await button('Resume').click()
    await liveStatus(page, 'running')
    await button('Cancel').click()
    await liveStatus(page, 'cancelled')
    const main = page.getByRole('main')
    const finished = async () => Number(/^([\d,]+)/.exec(await main.innerText())?.[1] ?? Number.NaN)
    const before = await finished()
    expect(before).toBeLessThan(300)
    await button('Resume').click()
    await liveStatus(page, 'finished')
    expect(await finished()).toBe(300)
  })

  test('a link to a run that does not exist says so', async () => {
    await page.evaluate(() => {
      location.hash = '#/run/no-such-run'
    })
    await page.getByRole('heading', { level: 2, name: /no run/i }).waitFor()
    await page.getByRole('link', { name: 'Go to the library' }).click()
    await page.getByRole('heading', { level: 1, name: 'Library' }).waitFor()
  })

  test('a page without the token says what to open', async () => {
    const stranger = await browser.newContext()
    const other = await stranger.newPage()
    await other.goto(lab.url.split('#')[0] ?? '')
    await other.getByText(/address/).waitFor()
    await stranger.close()
  })

  test('a lab that ends is noticed', async () => {
    await lab.stop()
    await page.getByText(/Connection to the lab lost/).waitFor()
    await page.getByRole('button', { name: 'Reconnect' }).click()
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  })
})
