// The main job in a real browser against the real server: build a campaign from a template, watch
// it, compare, export the PDF, open a run. Nothing is faked; the campaign is small.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { goTo, liveStatus, openWorkbench, pdfText } from './support/workbench-page.ts'

let browser: Browser
let context: BrowserContext
let lab: ServedLab
let page: Page
const complaints: string[] = []

const fileText = () => page.getByRole('textbox', { name: 'Campaign file' }).inputValue()

const pressed = (axis: string) =>
  page.getByRole('region', { name: axis }).getByRole('button', { pressed: true }).allInnerTexts()

// The tests are the steps of one user's morning and build on each other.
describe.runIf(requiresTool('chromium', 'pdftotext'))('the workbench, from template to PDF', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    context = await browser.newContext({
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    page = await openWorkbench(context, lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('an empty library leads to the builder with the demo filled in', async () => {
    await page.getByText('No runs yet').waitFor()
    await page.getByRole('link', { name: 'Demo', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Campaign' }).waitFor()
    expect(await fileText()).toContain('kind: campaign')
    expect(await pressed('Apps')).toHaveLength(13)
    expect(await pressed('Schemes')).toHaveLength(5)
  })

  test('the form edits the text, and the plan follows', async () => {
    const apps = page.getByRole('region', { name: 'Apps' })
    await apps.getByRole('button', { name: 'None' }).click()
    await apps.getByRole('button', { name: 'streamcluster' }).click()
    await apps.getByRole('button', { name: 'swaptions' }).click()
    for (const scheme of ['gang', 'balance', 'vcpu-bal']) {
      await page.getByRole('region', { name: 'Schemes' }).getByTitle(scheme).first().click()
    }
    const seeds = page.getByRole('region', { name: 'Seeds' })
    await seeds.getByRole('spinbutton', { name: 'Number' }).fill('8')
    await seeds.getByRole('spinbutton', { name: 'Number' }).press('Enter')
    await page.getByText('2 apps × 2 schemes × 8 seeds').waitFor()
    const text = await fileText()
    expect(text).toContain('app: [streamcluster, swaptions]')
    expect(text).toContain('scheme: [cfs, flexcore]')
    expect(text).toContain('# Demo')
  })

  test('the text edits the form', async () => {
    const file = page.getByRole('textbox', { name: 'Campaign file' })
    await file.fill((await fileText()).replace(/^name: .*$/m, 'name: Morning'))
    const name = page.getByRole('region', { name: 'Name' }).getByRole('textbox', { name: 'Name' })
    expect(await name.inputValue()).toBe('Morning')
  })

  test('a mistake is named with its place and a hint, and nothing can be run', async () => {
    const good = await fileText()
    const file = page.getByRole('textbox', { name: 'Campaign file' })
    await file.fill(good.replace('baseline: cfs', 'baseline: cfss'))
    const issue = page.getByRole('region', { name: 'Plan' }).getByRole('listitem')
    await issue.getByText('baseline').first().waitFor()
    expect(await issue.innerText()).toMatch(/cfs/)
    const run = page.getByRole('button', { name: 'Run campaign' })
    expect(await run.isDisabled()).toBe(true)
    await file.fill(good)
    await page.getByText('2 apps × 2 schemes × 8 seeds').waitFor()
    await expect.poll(() => run.isEnabled()).toBe(true)
  })

  test('a started campaign is watched to its end', async () => {
    await page.getByRole('button', { name: 'Run campaign' }).click()
    await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor()
    await liveStatus(page, 'finished')
    expect(await page.getByRole('main').innerText()).toMatch(/32\s*\/ 32 cells/)
    const grid = page.getByRole('row', { name: /streamcluster/ })
    expect(await grid.innerText()).toMatch(/8\/8\s+8\/8/)
  })

  test('the comparison gives a verdict with its interval, as table and as chart', async () => {
    await page.locator('header').getByRole('link', { name: 'Compare' }).click()
    const row = page.getByRole('row', { name: /flexcore/ }).filter({ hasText: 'better' })
    await row.first().waitFor()
    await page
      .getByRole('img', { name: /run time/i })
      .first()
      .waitFor()
    const figure = page.getByRole('figure', { name: 'Normalised run time' })
    await figure.getByRole('button', { name: 'Data' }).click()
    expect(await figure.getByRole('row').count()).toBeGreaterThanOrEqual(5)
    await figure.getByRole('button', { name: 'Chart' }).click()
  })

  test('the copied CSV holds every row with both definitions of improvement', async () => {
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByText('Comparison copied as CSV').waitFor()
    const csv = await page.evaluate(() => navigator.clipboard.readText())
    const [header = '', ...lines] = csv.trim().split('\n')
    const columns = header.split(',')
    const records = lines.map((line) => line.split(','))
    const rows = records.filter((cells) => cells[columns.indexOf('record')] === 'row')
    expect(rows).toHaveLength(4)
    for (const cells of rows) {
      const value = (name: string) => Number(cells[columns.indexOf(name)])
      expect(cells[0]).toBe('Simulated')
      expect(value('speedup')).toBeCloseTo(1 / value('ratio') - 1, 9)
      expect(value('time_saved')).toBeCloseTo(1 - value('ratio'), 9)
    }
  })

  test('the exported PDF says what the screen says', async () => {
    const row = page
      .getByRole('row', { name: /flexcore/ })
      .filter({ hasText: 'better' })
      .first()
    const cells = await row.getByRole('cell').allInnerTexts()
    const ratio = cells.find((cell) => /^0\.\d\d$/.test(cell.trim()))
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export PDF' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.pdf$/)
    const text = await pdfText(download, lab.folder)
    expect(text).toContain('Morning')
    expect(text).toContain('SIMULATED')
    expect(text).toMatch(/page 1 of \d+/)
    expect(text).toMatch(/Runs\s+32 finished, 0 failed, 0 missing/)
    expect(ratio).toBeDefined()
    expect(text).toMatch(new RegExp(`flexcore\\s+8 .* ${ratio?.trim()} \\[.*better`))
  })

  test('a repetition opens its run, whose thread time sums to threads × makespan', async () => {
    await page
      .getByRole('row', { name: /flexcore/ })
      .filter({ hasText: 'better' })
      .first()
      .click()
    await page.getByRole('complementary').getByRole('link', { name: '1', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Run' }).waitFor()
    const figure = page.getByRole('figure', { name: 'Where the time went' })
    await figure.getByRole('button', { name: 'Data' }).click()
    const rows = (await figure.getByRole('row').allInnerTexts()).slice(1)
    const timesNs = rows.map((row) => Number(row.split('\t').at(-1)?.replaceAll(',', '')))
    const totalNs = timesNs.pop()
    expect(timesNs.length).toBeGreaterThan(3)
    expect(timesNs.reduce((sum, ns) => sum + ns, 0)).toBe(totalNs)
    await page.getByText('Simulated', { exact: true }).first().waitFor()
    const facts = await page.getByRole('complementary').innerText()
    expect(facts).toMatch(/Trace hash\s+[0-9a-f]{16}/)
    expect(facts).toMatch(/Content hash\s+[0-9a-f]{64}/)
  })

  test('the theme is switched, drawn and remembered', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const before = await background()
    await page.getByRole('button', { name: /theme/ }).click()
    const after = await background()
    expect(after).not.toBe(before)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Run' }).waitFor()
    expect(await background()).toBe(after)
    await page.getByRole('button', { name: /theme/ }).click()
  })

  test('runs are found, tagged, put into the trash and taken back', async () => {
    await goTo(page, 'Library')
    const search = page.getByRole('searchbox')
    await search.fill('streamcluster')
    await page.getByText('16 runs', { exact: true }).waitFor()
    await page
      .getByRole('row', { name: /streamcluster/ })
      .first()
      .click()
    const inspector = page.getByRole('complementary')
    await inspector.getByRole('textbox', { name: 'Add a tag' }).fill('odd')
    await inspector.getByRole('textbox', { name: 'Add a tag' }).press('Enter')
    await inspector.getByRole('button', { name: 'Remove the tag odd' }).waitFor()
    await inspector.getByRole('button', { name: 'Move to trash' }).click()
    await page.getByText('15 runs', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('16 runs', { exact: true }).waitFor()
    await search.fill('odd')
    await page.getByText('1 run', { exact: true }).waitFor()
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
