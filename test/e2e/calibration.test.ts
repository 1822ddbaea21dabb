// Calibrations in a real browser: none yet, then one held against measured runs, and a replay.
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
import { goTo, openWorkbench } from './support/workbench-page.ts'

let browser: Browser
let folder = ''
let lab: ServedLab
let page: Page
const complaints: string[] = []

const heading = (name: string) => page.getByRole('heading', { name })

describe.runIf(requiresTool('chromium'))('the Calibration and Run screens of measured runs', () => {
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

  test('the only calibration opens, and predicts the measured campaign of its host', async () => {
    await goTo(page, 'Calibration')
    await page.getByRole('figure', { name: 'Predicted and measured' }).waitFor()
    const errors = page.getByRole('row', { name: /Held out/ })
    expect(await errors.innerText()).toMatch(/Held out\s+2\s+[\d.]+\s%/)
    const residual = page.getByRole('row', { name: /^tlb in the fit/ })
    expect(await residual.innerText()).toMatch(/tlb\s+in the fit\s+2\s+1\.\d\d/)
    expect(await page.getByRole('row', { name: /ipiNs/ }).innerText()).toMatch(/14\.\d+\sµs/)
    expect(await page.getByRole('complementary').innerText()).toMatch(/Guest kernel\s+6\.1\.0/)
    expect(await auditPage(page)).toEqual([])
  })

  test('a measured cell is replayed under another scheme, with its band', async () => {
    await page.getByLabel('Scheme').selectOption('gang')
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('It is no confidence interval').waitFor()
    const figure = page.getByRole('figure', { name: 'ring, both: gang' })
    await figure.getByRole('button', { name: 'Data' }).click()
    const row = figure.getByRole('row', { name: /Counterfactual/ })
    expect(await row.innerText()).toMatch(/gang(?:\s[\d,.e+]+){3}\serror of the calibration/)
  })

  test('a calibration says what it does to the host before it begins', async () => {
    await page.getByRole('button', { name: 'Calibrate a host' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.innerText()).toContain('put back')
    expect(await dialog.getByLabel('Host').inputValue()).toBe('bed')
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  test('a measured run shows online vCPUs against load over its time', async () => {
    await page.evaluate(() => {
      location.hash = '#/library'
    })
    await page.locator('#run-row-0').dblclick()
    const figure = page.getByRole('figure', { name: 'Online vCPUs and load over time' })
    await figure.getByRole('button', { name: 'Data' }).click()
    expect(await figure.getByRole('row').count()).toBe(1 + 2 * 28)
    expect(await auditPage(page)).toEqual([])
  })

  test('a forgotten calibration leaves the way to a new one', async () => {
    await goTo(page, 'Calibration')
    await page.getByRole('button', { name: 'Forget calibration' }).click()
    await heading('No calibration yet').waitFor()
    expect(await page.getByRole('main').innerText()).toContain('Calibrate a host')
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
