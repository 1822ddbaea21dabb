// The builder's matrix and hosts, and the queue of Live, in a real browser.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { fillMeasuredLibrary } from './support/measured-library.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import {
  liveStatus,
  openWorkbench,
  SMALL_CAMPAIGN,
  startCampaign,
} from './support/workbench-page.ts'

let browser: Browser
let folder = ''
let lab: ServedLab
let page: Page
const complaints: string[] = []

const fileText = () => page.getByRole('textbox', { name: 'Campaign file' }).inputValue()

describe.runIf(requiresTool('chromium'))('the builder and the queue', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'flexlab-measured-'))
    const library = path.join(folder, 'library.sqlite')
    await fillMeasuredLibrary(library)
    lab = await serveLab(library)
    browser = await launchChromium()
    page = await openWorkbench(await browser.newContext(), lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('a cell of the matrix is left out by a press, and taken in again', async () => {
    await page.evaluate(() => {
      location.hash = '#/campaign?template=demo'
    })
    const cell = page.getByRole('button', { name: 'dedup, gang' })
    expect(await cell.getAttribute('aria-pressed')).toBe('true')
    await page.getByText('780 cells').waitFor()
    await cell.click()
    await page.getByText('768 cells').waitFor()
    expect(await fileText()).toMatch(/except:\n\s+- app: dedup\n\s+scheme: gang/)
    expect(await cell.getAttribute('aria-pressed')).toBe('false')
    expect(await auditPage(page)).toEqual([])
    await cell.click()
    await page.getByText('780 cells').waitFor()
    expect(await fileText()).not.toContain('except')
  })

  test('a real host in place of a preset makes the campaign a measured one', async () => {
    const host = page.getByRole('combobox', { name: 'Host' })
    await host.selectOption({ label: 'bed' })
    expect(await fileText()).toMatch(/measured:\n\s+host: bed/)
    await page.getByRole('region', { name: 'Schemes' }).getByTitle('stock').first().waitFor()
    await host.selectOption('simulated intel-2x6-2014')
    expect(await fileText()).not.toContain('measured')
  })

  test('a measured campaign can be tried on its host before it is run', async () => {
    await page.evaluate(() => {
      location.hash = '#/campaign?template=bed'
    })
    const dry = page.getByRole('button', { name: 'Dry run on the host' })
    await expect.poll(() => dry.isEnabled()).toBe(true)
  })

  test('a started campaign is in the queue, with what it does now', async () => {
    await startCampaign(page, SMALL_CAMPAIGN.replace('count: 8', 'count: 20000'))
    const queue = page.getByRole('complementary').getByRole('list').first()
    await page.getByRole('heading', { name: 'Queue' }).waitFor()
    expect(await queue.innerText()).toMatch(/Small\s+\d+ running/)
    expect(await auditPage(page)).toEqual([])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await liveStatus(page, 'cancelled')
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
