// The Library screen with 800 seeded runs: find, narrow, order, choose columns, average, keep a
// view, mark many runs and take it back. A real browser, the real server, one library for all.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedLibrary } from '../../src-main/lab/bench/library/seeded-library.ts'
import { openStore } from '../../src-main/store/index.ts'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { openWorkbench } from './support/workbench-page.ts'

const RUNS = 800
const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-library-'))
const file = path.join(folder, 'library.sqlite')
let browser: Browser
let lab: ServedLab
let page: Page
const complaints: string[] = []

const found = (count: string) => page.getByRole('status').getByText(count, { exact: true })
const grid = () => page.getByRole('grid', { name: 'Runs' })
const headings = () => page.getByRole('columnheader').allInnerTexts()

async function show(hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
}

async function choose(dropdown: string, item: string): Promise<void> {
  await page.getByRole('button', { name: dropdown, exact: true }).click()
  await page.getByRole('group', { name: dropdown }).getByText(item, { exact: true }).click()
  await page.keyboard.press('Escape')
}

describe.runIf(requiresTool('chromium'))('the library of 800 runs', () => {
  beforeAll(async () => {
    const store = await openStore({ file, appVersion: 'seeded', commit: null })
    const never = new AbortController().signal
    await seedLibrary(store, { runs: RUNS, seed: 1 }, never, () => {})
    await store.close()
    lab = await serveLab(file)
    browser = await launchChromium()
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
    page = await openWorkbench(context, lab, complaints)
    await found('800 runs').waitFor()
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('conditions narrow the table, and say what is wrong with them', async () => {
    const where = page.getByRole('textbox', { name: 'Where' })
    await where.fill('timeNs > soon')
    await page.getByText('“soon” is not a number').waitFor()
    await where.fill('app = dedup and seed = 1 and scheme != cfs')
    await where.press('Enter')
    await found('40 runs').waitFor()
    expect(page.url()).toContain('where=')
    await where.fill('')
    await where.press('Enter')
    await found('800 runs').waitFor()
  })

  test('columns are chosen, also metrics and settings, and sorted by', async () => {
    await choose('Columns', 'exits')
    await page.getByRole('button', { name: /^Columns/ }).click()
    await page.getByRole('textbox', { name: 'Find a column' }).fill('SLICE')
    await page.getByRole('group', { name: 'Columns' }).getByText('sliceMs').click()
    await page.keyboard.press('Escape')
    await expect.poll(headings).toEqual(expect.arrayContaining(['exits', 'sliceMs']))
    await page.getByRole('columnheader', { name: 'exits' }).getByRole('button').click()
    const at = (await headings()).findIndex((text) => text.startsWith('exits'))
    const first = grid().getByRole('row').nth(1).getByRole('gridcell').nth(at)
    await expect.poll(() => first.innerText()).toMatch(/^\d{1,3}$/)
  })

  test('only the columns that differ are shown', async () => {
    await show('#/library?app=dedup&scheme=cfs&diff=1&cols=app|scheme|seed|timeNs|metric:exits')
    await expect.poll(async () => (await headings()).length).toBe(4)
    expect((await headings()).map((text) => text.replace(/[↑↓]/, ''))).toEqual([
      'Seed',
      'Time (s)',
      'exits',
      'Tags',
    ])
  })

  test('runs are averaged over their repetitions, and a group leads to its runs', async () => {
    await show('#/library')
    await page.getByRole('button', { name: 'Group by' }).click()
    await page.getByRole('button', { name: 'Average over repetitions' }).click()
    const table = page.getByRole('table', { name: 'Groups' })
    const row = table.getByRole('row', { name: /blackscholes/ }).first()
    expect(await row.innerText()).toMatch(/Simulated/)
    expect(await row.innerText()).toMatch(/± 0\.00\d\d/)
    const runs = await row.getByRole('button').innerText()
    await row.getByRole('button').click()
    await found(`${runs} runs`).waitFor()
    expect(page.url()).toContain('app=blackscholes')
  })

  test('a view is kept under a name, and brings everything back', async () => {
    await show('#/library?app=vips&cols=app|seed|metric:exits&sort=metric:exits&dir=up')
    await found('60 runs').waitFor()
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('textbox', { name: 'Name of the view' }).fill('Exits of vips')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('View “Exits of vips” saved').waitFor()
    await show('#/library')
    await found('800 runs').waitFor()
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('button', { name: 'Exits of vips', exact: true }).click()
    await found('60 runs').waitFor()
    expect(page.url()).toContain('metric%3Aexits')
    await page.reload()
    await found('60 runs').waitFor()
  })

  test('a range and all runs are chosen by keyboard, also those nobody has seen', async () => {
    await show('#/library')
    await found('800 runs').waitFor()
    await grid().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Shift+End')
    await page.getByRole('heading', { level: 2, name: '800 runs' }).waitFor()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByRole('heading', { level: 2, name: '2 runs' }).waitFor()
    await page.keyboard.press('Control+a')
    await page.getByRole('heading', { level: 2, name: '800 runs' }).waitFor()
  })

  test('many runs get a tag and a line in their notes, and it is taken back', async () => {
    const inspector = page.getByRole('complementary')
    await inspector.getByRole('textbox', { name: 'Add a tag' }).fill('all')
    await inspector.getByRole('textbox', { name: 'Add a tag' }).press('Enter')
    await page.getByText('800 runs tagged “all”').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await inspector.getByRole('textbox', { name: 'Add a line' }).fill('seen by all')
    await inspector.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('Line added to 800 runs').waitFor()
    await page.getByRole('searchbox').fill('seen')
    await found('800 runs').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('No run matches').waitFor()
    await page.getByRole('searchbox').fill('')
    await found('800 runs').waitFor()
  })

  test('the trash says when it forgets, and gives runs back', async () => {
    await page.locator('#run-row-0').click()
    await page.getByRole('complementary').getByRole('button', { name: 'Move to trash' }).click()
    await found('799 runs').waitFor()
    await show('#/library?tab=trash')
    await page.getByText(/Runs stay in the trash for 30 days/).waitFor()
    await expect.poll(async () => (await headings())[0]).toBe('Deleted on')
    await page.locator('#run-row-0').click()
    await page.getByRole('complementary').getByRole('button', { name: 'Restore' }).click()
    await page.getByText('The trash is empty').waitFor()
  })

  test('everything has a name, and nothing complained', async () => {
    for (const hash of ['#/library', '#/library?by=app|scheme', '#/library?tab=trash']) {
      await show(hash)
      await page.waitForTimeout(300)
      expect(await auditPage(page), hash).toEqual([])
    }
    expect(complaints).toEqual([])
  })
})
