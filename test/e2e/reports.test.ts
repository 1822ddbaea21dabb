// First run without running anything: the sample with one click, then its report: sections chosen
// and ordered, the PDF itself as preview, exported, and found again in the history.
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { english } from '../../src-renderer/strings/en/index.ts'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { goTo, openWorkbench, pdfText } from './support/workbench-page.ts'

let browser: Browser
let lab: ServedLab
let page: Page
const complaints: string[] = []

const preview = () => page.getByRole('region', { name: 'Preview' })
const history = () => page.getByRole('complementary', { name: english.app.inspector })
const section = (title: string) => page.getByRole('checkbox', { name: title })

/** The preview has rendered what was asked for last, and its first page is drawn. */
async function settled(): Promise<void> {
  await preview().and(page.locator('[aria-busy="false"]')).waitFor()
  await page.locator('canvas[data-drawn="true"]').first().waitFor()
}

async function exportPdf(): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export PDF' }).click(),
  ])
  return download
}

/** How dark the first page is: the share of its pixels that are not white. */
const inkOfFirstPage = () =>
  page
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      let dark = 0
      for (let i = 0; i < data.length; i += 4) if (data[i]! < 200) dark += 1
      return dark / (data.length / 4)
    })

describe.runIf(requiresTool('chromium', 'pdftotext'))('the Reports screen', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    const context = await browser.newContext({ acceptDownloads: true })
    page = await openWorkbench(context, lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('says on an empty library what it is for', async () => {
    await goTo(page, 'Reports')
    await page.getByText(english.reports.empty).waitFor()
    expect(await auditPage(page)).toEqual([])
  })

  test('the sample opens with one click, labelled, and a second time adds nothing', async () => {
    await goTo(page, 'Library')
    await page.getByRole('button', { name: english.library.emptySample }).click()
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor()
    await page.locator('header').getByText('Simulated').waitFor()
    await page.getByText(english.library.sampleOpened(48)).waitFor()
    await goTo(page, 'Library')
    await page.getByText('48 runs', { exact: true }).waitFor()
  })

  test('shows the PDF of the newest comparison as pages', async () => {
    await goTo(page, 'Reports')
    await settled()
    expect(await page.locator('canvas').count()).toBeGreaterThan(5)
    expect(await inkOfFirstPage()).toBeGreaterThan(0.01)
    expect(await auditPage(page)).toEqual([])
  })

  test('leaves out and moves sections, takes a text, another paper and a title', async () => {
    const before = await page.locator('canvas').count()
    const appendices = page.getByRole('region', { name: english.reports.appendices })
    for (const box of await appendices.getByRole('checkbox').all()) await box.uncheck()
    await section('Heatmap').or(section('Overview of ratios')).uncheck()
    await page.getByRole('button', { name: english.reports.down('Verdict') }).click()
    await page.getByRole('button', { name: english.reports.addText }).click()
    await page.getByRole('textbox', { name: english.reports.ownTitle }).fill('What we asked')
    await page
      .getByRole('textbox', { name: english.reports.ownText })
      .fill('Does it help?\n\nIt does.')
    await page.getByRole('radio', { name: 'US Letter' }).check()
    await page.getByRole('textbox', { name: english.reports.titleField }).fill('A small report')
    await page.getByRole('textbox', { name: english.reports.authors }).fill('Ada, Grace')
    await settled()
    await page.waitForFunction((n) => document.querySelectorAll('canvas').length < n, before)
  })

  test('exports exactly that, and the history tells the file', async () => {
    const download = await exportPdf()
    const text = await pdfText(download, lab.folder)
    expect(text).toContain('A small report')
    expect(text).toContain('Ada, Grace')
    expect(text).toContain('SIMULATED')
    expect(text).toMatch(/1 What we asked[^]*2 Scope and limitations[^]*3 Verdict/)
    expect(text).toMatch(/Left out\s+Overview of ratios, Repetitions/)
    const bytes = await readFile(path.join(lab.folder, download.suggestedFilename()))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await history().getByText(sha256).waitFor()
    await history().getByText(english.reports.some(13), { exact: false }).first().waitFor()
  })

  test('makes the same report again from the history, and forgets it', async () => {
    await page.getByRole('button', { name: english.reports.all, exact: true }).click()
    await page.getByRole('radio', { name: 'A4' }).check()
    await history().getByRole('button', { name: english.reports.use }).first().click()
    expect(await page.getByRole('radio', { name: 'US Letter' }).isChecked()).toBe(true)
    expect(await section('Overview of ratios').isChecked()).toBe(false)
    await settled()
    await history().getByRole('button', { name: english.reports.forget }).first().click()
    await history().getByText(english.reports.historyEmpty).waitFor()
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
