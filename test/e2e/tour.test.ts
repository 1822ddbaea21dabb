// A person who has never seen the app: `npm start`, then the tour alone, to a PDF that compares two
// schemes. The test reads the steps that the tour itself shows, and does exactly those.
import type { Browser, Download, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TEMPLATES } from '../../src-main/core/simulate/templates/index.ts'
import { TOUR_TEMPLATE, tourSteps } from '../../src-renderer/state/tour-steps.ts'
import type { TourAction } from '../../src-renderer/state/tour-steps.ts'
import { english } from '../../src-renderer/strings/en/index.ts'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { startLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { CAMPAIGN_MS, goTo, openWorkbench, pdfText } from './support/workbench-page.ts'

const TEMPLATE = TEMPLATES.find(({ id }) => id === TOUR_TEMPLATE)!
const STEPS = tourSteps(english, TEMPLATE.title)

let browser: Browser
let lab: ServedLab
let page: Page
const complaints: string[] = []
const downloads: Download[] = []

const card = () => page.getByRole('complementary', { name: english.tour.label })

/** The control that the tour rings, found by what the tour calls it. */
function controlOf(action: Exclude<TourAction, { kind: 'wait' }>): Locator {
  const screen = page.locator('.screen')
  switch (action.kind) {
    case 'open':
      return page.getByRole('navigation').getByRole('link', { name: action.name, exact: true })
    case 'choose':
      return screen.getByRole('button', { name: action.name })
    case 'press':
      return screen.getByRole(action.role, { name: action.name, exact: true })
  }
}

async function perform(action: TourAction): Promise<void> {
  if (action.kind === 'wait') {
    const seen = page.locator(action.selector, { hasText: action.name }).first()
    await seen.waitFor({ timeout: CAMPAIGN_MS })
    return
  }
  const control = controlOf(action).first()
  await control.and(page.locator('[data-tour-target]')).waitFor()
  await control.click()
}

const stepIs = (key: string) =>
  card()
    .and(page.locator(`[data-step="${key}"]`))
    .waitFor()
const stepIsDone = () => card().and(page.locator('[data-done="true"]')).waitFor()

describe.runIf(requiresTool('chromium', 'pdftotext'))('the tour of the main job', () => {
  beforeAll(async () => {
    lab = await startLab()
    browser = await launchChromium()
    const context = await browser.newContext({ acceptDownloads: true })
    page = await openWorkbench(context, lab, complaints)
    page.on('download', (download) => downloads.push(download))
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('has five steps and is offered on the empty library', async () => {
    expect(STEPS).toHaveLength(5)
    await page.getByRole('button', { name: english.tour.start }).click()
    await stepIs(STEPS[0]!.key)
  })

  for (const [index, step] of STEPS.entries()) {
    test(`step ${index + 1}: ${step.title}`, async () => {
      await stepIs(step.key)
      for (const action of step.actions) await perform(action)
      await stepIsDone()
      expect(await auditPage(page)).toEqual([])
      const isLast = index === STEPS.length - 1
      await card()
        .getByRole('button', { name: isLast ? english.tour.finish : english.tour.next })
        .click()
    })
  }

  test('ends with a PDF that compares the two schemes, and is then out of the way', async () => {
    await card().waitFor({ state: 'detached' })
    expect(downloads).toHaveLength(1)
    const text = await pdfText(downloads[0]!, lab.folder)
    expect(text).toContain(TEMPLATE.title)
    expect(text).toContain('SIMULATED')
    for (const what of ['cfs', 'flexcore', 'streamcluster', 'dedup', 'swaptions', 'Verdict'])
      expect(text).toContain(what)
    expect(text).toMatch(/flexcore has the lowest geometric mean|No scheme has a lower/)
  })

  test('stands in nobody’s way, and waits where it was left, also after a reload', async () => {
    await page.evaluate(() => {
      localStorage.setItem('flexlab.tour', JSON.stringify({ isOpen: true, step: 2, done: 0 }))
      location.reload()
    })
    await stepIs('watch')
    await goTo(page, 'Settings')
    await page.getByRole('radio', { name: 'Dark' }).click()
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true)
    await card().getByText(english.tour.notHere('Live')).waitFor()
    await card().getByRole('button', { name: english.tour.close }).press('Enter')
    await card().waitFor({ state: 'detached' })
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
