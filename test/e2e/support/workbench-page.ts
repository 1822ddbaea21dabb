/** The workbench as its user sees it: opens it, and does what the tests do again and again. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import type { BrowserContext, Download, Page } from 'playwright-core'
import type { ServedLab } from './served-lab.ts'

/** How long a small campaign may take on a loaded machine; nothing is asserted about it. */
export const CAMPAIGN_MS = 280_000

/** A campaign that is done in seconds: one app, two schemes, as many seeds as a verdict needs. */
export const SMALL_CAMPAIGN = `kind: campaign
version: 1
name: Small
axes:
  app: [swaptions]
  scheme: [cfs, flexcore]
  mix:
    - name: two VMs
      vms:
        - { name: left, vcpus: 4, workload: { app: $app, params: { scale: 0.1 } } }
        - { name: right, vcpus: 4, workload: { app: $app, params: { scale: 0.1 } } }
host: { preset: bed-2 }
seeds: { count: 8 }
baseline: cfs
`

/** Opens the workbench in a new tab. Whatever the page complains about is put into `complaints`. */
export async function openWorkbench(
  context: BrowserContext,
  lab: Pick<ServedLab, 'url'>,
  complaints: string[],
): Promise<Page> {
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(lab.url)
  await page.getByRole('heading', { level: 1, name: 'Library' }).waitFor()
  return page
}

/** Goes to a screen by its link in the rail. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: screen })
    .click()
  await page.getByRole('heading', { level: 1, name: screen }).waitFor()
}

/** Writes a campaign as text into the builder and starts it; the live screen is open then. */
export async function startCampaign(page: Page, text: string): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/campaign?template=demo'
  })
  await page.getByRole('textbox', { name: 'Campaign file' }).fill(text)
  // The button is off while the new text is being checked.
  await page.getByRole('region', { name: 'Plan' }).and(page.locator('[aria-busy="true"]')).waitFor()
  await page.getByRole('button', { name: 'Run campaign' }).click()
  await page.getByRole('heading', { level: 1, name: 'Live' }).waitFor()
}

/** Waits until the campaign of the live screen has a status. */
export async function liveStatus(page: Page, status: string): Promise<void> {
  const inHeader = page.locator(`header [data-status="${status}"]`)
  await inHeader.waitFor({ timeout: CAMPAIGN_MS })
}

/** The text of a downloaded PDF. */
export async function pdfText(download: Download, folder: string): Promise<string> {
  const file = path.join(folder, download.suggestedFilename())
  await download.saveAs(file)
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
}
