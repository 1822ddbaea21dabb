// The main job without a pointing device, and what screen readers are told on every screen.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { SMALL_CAMPAIGN, liveStatus, openWorkbench } from './support/workbench-page.ts'

let browser: Browser
let lab: ServedLab
let page: Page
const complaints: string[] = []

const TABS_MAX = 250

/** Presses Tab until the focus is on an element with this name; says how often. */
async function tabTo(name: string): Promise<number> {
  for (let pressed = 1; pressed <= TABS_MAX; pressed += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? ''
    })
    if (focused === name) return pressed
  }
  throw new Error(`Tab never came to “${name}”`)
}

const title = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

/** Whether the focused element shows that it is. */
const isFocusDrawn = () =>
  page.evaluate(() => {
    const style = getComputedStyle(document.activeElement ?? document.body)
    return style.outlineStyle !== 'none' && style.outlineWidth !== '0px'
  })

describe.runIf(requiresTool('chromium'))('the workbench by keyboard alone', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    page = await openWorkbench(await browser.newContext(), lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('the first Tab offers to skip to the content', async () => {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/Skip/)
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  })

  test('? lists the shortcuts, Escape closes them', async () => {
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('arrow keys move along the rail', async () => {
    await tabTo('Library')
    expect(await isFocusDrawn()).toBe(true)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await title('Campaign')
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await title('Library')
  })

  test('the palette opens a template, and the file is written by typing', async () => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('demo temp')
    await page.keyboard.press('Enter')
    await title('Campaign')
    await tabTo('Campaign file')
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(SMALL_CAMPAIGN)
    await page.getByText('2 schemes × 8 seeds').waitFor()
  })

  test('the campaign is started, watched and compared', async () => {
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    })
    await tabTo('Run campaign')
    await page.keyboard.press('Enter')
    await title('Live')
    await liveStatus(page, 'finished')
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await title('Compare')
    await page
      .getByRole('row', { name: /flexcore/ })
      .first()
      .waitFor()
  })

  test('a row of the comparison is chosen with arrows, and the report exported', async () => {
    await tabTo('Per app and scheme')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const inspector = page.getByRole('complementary')
    await inspector.getByText('flexcore').waitFor()
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    })
    await tabTo('Export PDF')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ])
    expect(download.suggestedFilename()).toMatch(/\.pdf$/)
  })

  test('runs are chosen with arrows and opened with Enter', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await title('Library')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search')
    await tabTo('Runs')
    const grid = page.getByRole('grid', { name: 'Runs' })
    await grid.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    expect(await grid.getByRole('row', { selected: true }).count()).toBe(2)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await title('Run')
  })

  test('every screen is reached by g and the letter that the sheet names', async () => {
    await page.locator('body').press('?')
    const lines = await page.getByRole('dialog').getByRole('listitem').allInnerTexts()
    await page.keyboard.press('Escape')
    const ways = lines.map((line) => line.split('\n')).filter(([, key]) => key === 'g')
    expect(ways.length).toBeGreaterThanOrEqual(10)
    for (const [name = '', , letter = ''] of ways) {
      await page.locator('body').press('g')
      await page.locator('body').press(letter)
      await title(name)
    }
  })

  test('every screen names its controls', async () => {
    const found: Record<string, string[]> = {}
    const screens = ['library', 'library?tab=campaigns', 'campaign', 'live', 'run', 'compare']
    for (const screen of [...screens, 'settings']) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, `#/${screen}`)
      await title(screen.split('?')[0] ?? '')
      await page.waitForLoadState('networkidle')
      found[screen] = await auditPage(page)
    }
    expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([])
    expect(complaints).toEqual([])
  })
})
