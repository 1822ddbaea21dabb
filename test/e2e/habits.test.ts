// The habits of a desktop app: menu, palette, undo, dropped files, unsaved work, settings, another
// language; and every screen and dialog held to WCAG AA in both themes.
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCREENS } from '../../src-main/core/contract/screens.ts'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import {
  liveStatus,
  openWorkbench,
  SMALL_CAMPAIGN,
  startCampaign,
} from './support/workbench-page.ts'

let browser: Browser
let context: BrowserContext
let lab: ServedLab
let page: Page
const complaints: string[] = []

const title = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

const go = (hash: string) =>
  page.evaluate((to) => {
    location.hash = to
  }, hash)

/** Drops a file on the window, as a file manager does. */
async function drop(name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer()
      data.items.add(new File([text], fileName))
      return data
    },
    [name, content] as const,
  )
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer })
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
}

const banner = (role: 'status' | 'alert') => page.locator(`.banner[role="${role}"]`)

describe.runIf(requiresTool('chromium'))('the habits of the workbench', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    context = await browser.newContext({ locale: 'en-GB' })
    page = await openWorkbench(context, lab, complaints)
    await startCampaign(page, SMALL_CAMPAIGN)
    await liveStatus(page, 'finished')
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('the menu is the desktop’s, moves by arrows and greys out what cannot be', async () => {
    await page.keyboard.press('F10')
    const menu = page.getByRole('menu', { name: 'Menu' })
    await menu.getByRole('menuitem', { name: 'New campaign' }).waitFor()
    expect(await menu.getByRole('group').count()).toBe(5)
    const save = menu.getByRole('menuitem', { name: 'Save campaign file' })
    expect(await save.getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await title('Campaign')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('the palette finds things by a few letters, and puts the recent ones first', async () => {
    const option = page.getByRole('dialog').getByRole('option')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('swapt flexc')
    await option.filter({ hasText: 'Run' }).first().waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('smal cmp')
    await option.filter({ hasText: 'Small' }).first().waitFor()
    await page.keyboard.press('Enter')
    await title('Compare')
    await page.keyboard.press('Control+k')
    await expect.poll(() => option.first().innerText()).toMatch(/Small[\s\S]*Compare/)
    await page.keyboard.press('Escape')
  })

  test('Ctrl+Z takes back what was done last, and Ctrl+Y does it again', async () => {
    await go('#/library')
    await title('Library')
    await page.getByText('16 runs', { exact: true }).waitFor()
    await page.locator('#run-row-0').click()
    await page.getByRole('complementary').getByRole('button', { name: 'Move to trash' }).click()
    await page.getByText('15 runs', { exact: true }).waitFor()
    await page.locator('body').press('Control+z')
    await page.getByText('16 runs', { exact: true }).waitFor()
    await page.locator('body').press('Control+y')
    await page.getByText('15 runs', { exact: true }).waitFor()
    await page.locator('body').press('Control+z')
    await page.getByText('16 runs', { exact: true }).waitFor()
  })

  test('a dropped campaign opens in the builder, and Undo brings the draft back', async () => {
    await go('#/library')
    await title('Library')
    await drop('mine.yaml', SMALL_CAMPAIGN.replace('Small', 'Dropped'))
    await title('Campaign')
    const file = page.getByRole('textbox', { name: 'Campaign file' })
    await expect.poll(() => file.inputValue()).toContain('name: Dropped')
    await page.getByText('2 schemes × 8 seeds').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => file.inputValue()).toContain('name: Small')
  })

  test('what cannot be opened by dropping says what it is and what to do', async () => {
    const cases = [
      ['lottery.ts', 'export const scheme = {}', /is a scheme/],
      ['my.yaml', 'kind: workload\nversion: 1\n', /is a workload/],
      ['other.sqlite', 'SQLite format 3\0', /--db other\.sqlite/],
      ['a.flexlab', 'PK\u0003\u0004', /archive/],
      ['cat.png', '\u0089PNG', /nothing that can be opened/],
    ] as const
    for (const [name, content, words] of cases) {
      await drop(name, content)
      await banner('status').filter({ hasText: words }).waitFor()
    }
    await page.getByRole('button', { name: 'Dismiss' }).click()
  })

  test('a changed draft asks before the page is closed; a saved one does not', async () => {
    await go('#/campaign')
    await title('Campaign')
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.accept()
    })
    const file = page.getByRole('textbox', { name: 'Campaign file' })
    await file.fill(SMALL_CAMPAIGN.replace('Small', 'Changed'))
    await page.reload()
    await title('Campaign')
    expect(asked).toEqual(['beforeunload'])
    expect(await file.inputValue()).toContain('Changed')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Control+s'),
    ])
    expect(download.suggestedFilename()).toBe('changed.yaml')
    await file.click()
    await page.reload()
    await title('Campaign')
    expect(asked).toHaveLength(1)
  })

  test('a reload shows every screen as it was', async () => {
    for (const hash of ['#/library?q=swaptions', '#/compare?baseline=flexcore', '#/settings']) {
      await go(hash)
      await page.waitForLoadState('networkidle')
      const before = await page.evaluate(() => location.hash)
      await page.reload()
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.evaluate(() => location.hash)).toBe(before)
    }
  })

  test('the width of the inspector is kept, and moved by keys', async () => {
    await go('#/library')
    await title('Library')
    const width = () => page.getByRole('complementary').evaluate((e) => e.clientWidth)
    const before = await width()
    await page.getByRole('separator', { name: /inspector/ }).press('ArrowLeft')
    await page.reload()
    await page.getByRole('complementary').waitFor()
    expect(await width()).toBe(before + 16)
    await page.getByRole('separator', { name: /inspector/ }).dblclick()
    expect(await width()).toBe(before)
  })

  test('Settings makes a backup that is a library of its own', async () => {
    await go('#/settings?section=library')
    await title('Settings')
    await page.getByRole('button', { name: 'Back up now' }).click()
    const row = page.getByRole('row', { name: /by you/ })
    const file = await row.getByRole('cell').last().innerText()
    expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3')
    await page.getByText('Nothing. There is no account').waitFor()
    await page.getByRole('button', { name: 'Check this installation' }).click()
    await page.locator('[data-status="ok"]').first().waitFor()
  })

  test('the screens speak Chinese when it is chosen, and the view stays', async () => {
    await page.getByRole('radio', { name: '简体中文' }).click()
    await page.getByRole('heading', { level: 1, name: '设置' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    await page.getByRole('radio', { name: 'English' }).click()
    await title('Settings')
  })

  test.each(['light', 'dark'] as const)(
    'every screen and dialog holds WCAG AA in the %s theme',
    async (theme) => {
      const found: Record<string, string[]> = {}
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      for (const screen of [...SCREENS, 'library?tab=campaigns']) {
        await go(`#/${screen}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForLoadState('networkidle')
        found[screen] = await auditPage(page)
      }
      for (const [name, key] of [
        ['palette', 'Control+k'],
        ['shortcuts', '?'],
        ['menu', 'F10'],
      ] as const) {
        await page.keyboard.press(key)
        await page.getByRole('dialog').waitFor()
        found[name] = await auditPage(page)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      expect(Object.entries(found).filter(([, problems]) => problems.length > 0)).toEqual([])
    },
  )

  test('with the system’s high contrast what is chosen is told by an edge', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    const current = page.getByRole('navigation').first().locator('[aria-current]')
    const edge = await current.evaluate((e) => getComputedStyle(e).outlineStyle)
    expect(edge).toBe('solid')
    await page.emulateMedia({ forcedColors: 'none' })
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
