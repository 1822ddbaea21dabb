// The statistics on the screens: a stopping rule in Live, a run excluded with its reason and taken
// in again, and the power planner with that campaign as its pilot. All of it really runs.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import {
  goTo,
  liveStatus,
  openWorkbench,
  SMALL_CAMPAIGN,
  startCampaign,
} from './support/workbench-page.ts'

const STOPPING = `${SMALL_CAMPAIGN}stop: { ciWidth: 10, min: 6 }\n`
const REASON = 'a backup ran'

describe.runIf(requiresTool('chromium'))('statistics on the screens', () => {
  let browser: Browser
  let lab: ServedLab
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    page = await openWorkbench(await browser.newContext(), lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('the planner asks for a pilot where there is none', async () => {
    await page.evaluate(() => {
      location.hash = '#/campaign?template=demo'
    })
    await page.getByText('Power planner').click()
    await page.getByText('No campaign has finished runs yet').waitFor()
  })

  test('Live says the stopping rule, and how many cells it did without', async () => {
    await startCampaign(page, STOPPING)
    await liveStatus(page, 'finished')
    await page.getByText('1 of 1 groups have ended.').waitFor()
    expect(await page.getByText('Not needed', { exact: true }).locator('..').innerText()).toMatch(
      /4/,
    )
  })

  test('a run is excluded with a reason, which the comparison shows, and taken in', async () => {
    await page.getByRole('link', { name: 'Compare', exact: true }).last().click()
    await page.getByText('12 runs compared, 0 failed, 0 missing, 0 excluded.').waitFor()
    await page.getByText('The stopping rule did without 4 more.').waitFor()
    await page
      .getByRole('row', { name: /flexcore/ })
      .last()
      .click()
    await page.getByRole('complementary').getByRole('link', { name: '3', exact: true }).click()
    const exclude = page.getByRole('button', { name: 'Exclude' })
    expect(await exclude.isDisabled()).toBe(true)
    await page.getByRole('textbox', { name: 'Reason for the exclusion' }).fill(REASON)
    await exclude.click()
    await page.getByText('⊘ Excluded from comparisons').waitFor()
    await page.getByText('Scheme against the baseline').waitFor({ state: 'detached' })
    expect(await auditPage(page)).toEqual([])

    await page.getByRole('link', { name: 'Compare campaign' }).click()
    await page.getByText('One run is excluded from these figures').waitFor()
    await page.getByText('11 runs compared, 0 failed, 0 missing, 1 excluded.').waitFor()
    expect(await page.getByRole('row', { name: new RegExp(REASON) }).innerText()).toContain('3')
    expect(await auditPage(page)).toEqual([])
    await page.getByRole('button', { name: 'Take in again' }).click()
    await page.getByText('12 runs compared, 0 failed, 0 missing, 0 excluded.').waitFor()
  })

  test('the planner says how many repetitions the campaign needs, and fills them in', async () => {
    await goTo(page, 'Campaign')
    const panel = page.locator('details', { hasText: 'Power planner' })
    if ((await panel.getAttribute('open')) === null) await panel.locator('summary').click()
    await panel.getByText(/comparisons, which take at least/).waitFor()
    await panel.getByRole('spinbutton', { name: 'Find a change of' }).fill('1')
    await panel.getByRole('spinbutton', { name: 'Find a change of' }).press('Enter')
    const use = panel.getByRole('button', { name: /Use \d+ repetitions/ })
    await expect.poll(() => use.isEnabled()).toBe(true)
    expect(await auditPage(page)).toEqual([])
    const count = /\d+/.exec(await use.innerText())![0]
    await use.click()
    const file = page.getByRole('textbox', { name: 'Campaign file' })
    await expect.poll(() => file.inputValue()).toMatch(new RegExp(`count: ${count}\\b`))
    expect(complaints).toEqual([])
  })
})
