// The help: every page opens by its address, is found by its words, and answers where it is asked.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogue } from '../../src-main/core/simulate/catalogue.ts'
import { helpPages } from '../../src-renderer/help/index.ts'
import { english } from '../../src-renderer/strings/en/index.ts'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { goTo, openWorkbench } from './support/workbench-page.ts'

const PAGES = helpPages(catalogue())

let browser: Browser
let lab: ServedLab
let page: Page
const complaints: string[] = []

const article = (title: string) => page.getByRole('article', { name: title, exact: true })
const shelves = () => page.getByRole('navigation', { name: english.help.pages })

async function openTopic(topic: string): Promise<void> {
  await page.evaluate((id) => {
    location.hash = `#/help/${id}`
  }, topic)
}

describe.runIf(requiresTool('chromium'))('the help', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    page = await openWorkbench(await browser.newContext(), lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('opens on its first page and names all others', async () => {
    await goTo(page, 'Help')
    await article('What this is').waitFor()
    expect(await shelves().getByRole('link').count()).toBe(PAGES.length)
    expect(await auditPage(page)).toEqual([])
  })

  test('every page has an address, a drawing where it says so, and no fault', async () => {
    const faults: Record<string, string[]> = {}
    for (const { id, title, figure } of PAGES) {
      await openTopic(id)
      await article(title).waitFor()
      const drawings = await article(title).getByRole('img').count()
      const found = [
        ...(await auditPage(page)),
        ...(figure && drawings === 0 ? ['no drawing'] : []),
      ]
      if (found.length > 0) faults[id] = found
    }
    expect(faults).toEqual({})
  })

  test('a search narrows the shelves and opens the best page', async () => {
    await page.getByRole('searchbox', { name: english.help.search }).fill('lock waiter')
    await article('Lock-waiter preemption').waitFor()
    expect(await shelves().getByRole('link').count()).toBeLessThan(10)
    await page.getByRole('searchbox', { name: english.help.search }).fill('qqqq')
    await page.getByText(english.help.noneText).waitFor()
  })

  test('an unknown topic says so', async () => {
    await openTopic('no-such-page')
    await page.getByText(english.help.unknown('no-such-page')).waitFor()
  })

  test('each screen leads to its own page', async () => {
    await goTo(page, 'Campaign')
    await page.getByRole('link', { name: english.help.about('Campaign') }).click()
    await article('Campaign screen').waitFor()
  })

  test('links lead on, also by keyboard', async () => {
    await openTopic('double-scheduling')
    await article('Scheduling twice').getByRole('link', { name: 'Gang scheduling' }).focus()
    await page.keyboard.press('Enter')
    await article('Gang scheduling').waitFor()
    await article('Gang scheduling').getByText('Ousterhout').first().waitFor()
  })

  test('starts the tour, from the menu’s command too', async () => {
    await page.getByRole('button', { name: english.tour.start }).click()
    const card = page.getByRole('complementary', { name: english.tour.label })
    await card.waitFor()
    await card.getByRole('button', { name: english.tour.close }).click()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('tour')
    await page.keyboard.press('Enter')
    await card.waitFor()
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
