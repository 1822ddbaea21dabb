// The Compare screen against a real lab: baseline, filter, two campaigns, every export. The
// campaigns are small and run once for all tests.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Download, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { Workplace } from '../hosts/cli/flexlab.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { goTo, liveStatus, openWorkbench, startCampaign } from './support/workbench-page.ts'

/** Programs beside others and alone, under three schemes, on a host of two cores. */
const MIXED = `kind: campaign
version: 1
name: Mixed
axes:
  app: [ep, barrier]
  scheme: [cfs, balance, { id: flexcore, params: { resize: hotplug } }]
  mix:
    - name: pair
      vms:
        - { name: left, vcpus: 2, workload: { app: $app, params: { scale: 0.05 } } }
        - { name: right, vcpus: 2, workload: { app: ep, params: { scale: 0.05 } } }
    - name: alone
      schemes: [cfs]
      vms:
        - { name: left, vcpus: 2, workload: { app: $app, params: { scale: 0.05 } } }
host: { preset: bed-2 }
seeds: { count: 8 }
baseline: cfs
`

const OTHER = MIXED.replace('name: Mixed', 'name: Other').replace(
  /scheme: .*/,
  'scheme: [cfs, flexcore]',
)

let browser: Browser
let lab: ServedLab
let page: Page
const complaints: string[] = []

const main = () => page.getByRole('main')
const figure = (name: string | RegExp): Locator => page.getByRole('figure', { name })
const param = (name: string) =>
  page.evaluate((key) => new URLSearchParams(location.hash.split('?')[1]).get(key), name)

async function download(press: () => Promise<void>): Promise<Download> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()])
  return file
}

async function saved(file: Download): Promise<string> {
  const target = path.join(lab.folder, file.suggestedFilename())
  await file.saveAs(target)
  return target
}

const exported = async (of: Locator, kind: string): Promise<string> =>
  saved(await download(() => of.getByRole('button', { name: kind, exact: true }).click()))

/** The schemes of the summary table, in order. */
const summarised = () =>
  main().getByRole('table').first().locator('tbody td:first-child').allInnerTexts()

async function run(text: string): Promise<void> {
  await startCampaign(page, text)
  await liveStatus(page, 'finished')
}

async function settled(): Promise<void> {
  await page.getByRole('table', { name: 'Fairness by scheme' }).first().waitFor()
  await page
    .getByText(/settings differ|settings are equal/)
    .first()
    .waitFor()
}

describe.runIf(requiresTool('chromium'))('the Compare screen', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    const context = await browser.newContext({
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    page = await openWorkbench(context, lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('says what to do where there is nothing to compare', async () => {
    await goTo(page, 'Compare')
    await page.getByText('Pick a campaign with finished runs').waitFor()
    expect(await auditPage(page)).toEqual([])
  })

  test('shows a campaign with one scheme nothing but what is missing', async () => {
    await run(MIXED.replace(/scheme: \[cfs, .*/, 'scheme: [cfs]').replace('Mixed', 'Lonely'))
    await page.locator('header').getByRole('link', { name: 'Compare' }).click()
    await page.getByText('Pick a baseline and one scheme').waitFor()
  })

  test('shows every scheme against the baseline, with the mean of costs', async () => {
    await run(MIXED)
    await page.locator('header').getByRole('link', { name: 'Compare' }).click()
    await settled()
    expect(await summarised()).toEqual(['balance', 'flexcore(resize=hotplug)'])
    await main().getByRole('columnheader', { name: 'Mean of costs' }).waitFor()
    for (const name of [/Normalised/, /Heatmap/, /From cfs/, /Distributions/, /Interference/]) {
      await figure(name).getByRole('img').waitFor()
    }
  })

  test('compares with another baseline, which the link keeps', async () => {
    const baseline = page.getByRole('combobox', { name: 'Baseline' })
    await baseline.selectOption('balance')
    await expect.poll(summarised).toEqual(['cfs', 'flexcore(resize=hotplug)'])
    expect(await param('baseline')).toBe('balance')
    await page.reload()
    await expect.poll(summarised).toEqual(['cfs', 'flexcore(resize=hotplug)'])
    await baseline.selectOption('cfs')
    await expect.poll(summarised).toEqual(['balance', 'flexcore(resize=hotplug)'])
  })

  test('is narrowed by scheme and mix; tests stay those of the whole', async () => {
    await main().getByText('Filter', { exact: true }).click()
    const schemes = page.getByRole('group', { name: 'Schemes' })
    await schemes.getByRole('button', { name: 'balance' }).click()
    await expect.poll(summarised).toEqual(['flexcore(resize=hotplug)'])
    await page
      .getByRole('group', { name: 'VM mixes' })
      .getByRole('button', { name: 'alone' })
      .click()
    const rows = page.getByRole('group', { name: 'Per app and scheme' })
    await expect.poll(() => rows.getByRole('rowheader').allInnerTexts()).toHaveLength(2)
    expect(await param('schemes')).toBe('flexcore(resize=hotplug)')
    expect(await page.getByRole('complementary').innerText()).toContain('Shown: 2 of 4 groups')
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(summarised).toHaveLength(2)
  })

  test('lists the settings that differ, and only those', async () => {
    const settings = page.getByRole('region', { name: 'Settings that differ' })
    const text = await settings.innerText()
    expect(text).toMatch(/resize\s+–\s+–\s+hotplug/)
    expect(text).not.toContain('host.preset')
  })

  test('says who suffers beside whom, against runs alone', async () => {
    await main()
      .getByText(/the same VM alone on the host/)
      .waitFor()
    const fairness = page.getByRole('table', { name: 'Fairness by scheme' })
    expect(await fairness.getByRole('row').count()).toBe(4)
    expect(await fairness.innerText()).toMatch(/\d\s%/)
  })

  test('exports each chart as CSV, SVG, PNG and figure pack', async () => {
    const bars = figure(/Normalised/)
    expect(readFileSync(await exported(bars, 'CSV'), 'utf8')).toMatch(/^Group,Scheme/)
    expect(readFileSync(await exported(bars, 'SVG'), 'utf8')).toContain('SIMULATED')
    const png = readFileSync(await exported(bars, 'PNG'))
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const pack = await exported(bars, 'Pack')
    const told = JSON.parse(readFileSync(pack, 'utf8')) as { svg: string; query: unknown }
    expect(told.query).toMatchObject({ handler: 'compare.get' })
    // The command line draws the browser's figure again, to the same bytes.
    const place = new Workplace()
    const svg = path.join(place.folder, 'again.svg')
    const ended = await place.flexlab('figure', 'render', pack, '-o', svg)
    expect(ended.stdout).toMatch(/^the same as in the pack/)
    expect(readFileSync(svg, 'utf8')).toBe(told.svg)
    place.remove()
  })

  test.each([
    ['csv', /\.csv$/, /^kind,campaign,record/],
    ['md', /\.md$/, /\*\*Simulated\*\*/],
    ['latex', /\.tex$/, /\\begin\{tabular\}/],
    ['json', /\.json$/, /"campaignName": "Mixed"/],
  ])('exports the comparison as %s', async (form, ending, contents) => {
    await page.getByRole('combobox', { name: 'Format' }).selectOption(form)
    const file = await download(() =>
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    )
    expect(file.suggestedFilename()).toMatch(ending)
    expect(readFileSync(await saved(file), 'utf8')).toMatch(contents)
  })

  test('has no accessibility fault', async () => {
    expect(await auditPage(page)).toEqual([])
  })

  test('sets a second campaign beside it, each with its own kind and baseline', async () => {
    await run(OTHER)
    await page.locator('header').getByRole('link', { name: 'Compare' }).click()
    await settled()
    await page.getByRole('combobox', { name: 'Beside' }).selectOption('Mixed')
    await figure('Side by side').getByRole('img').waitFor()
    await figure('Side by side').getByRole('button', { name: 'Data' }).click()
    expect(await figure('Side by side').innerText()).toContain('Simulated (Mixed): ratio')
    await page.getByRole('region', { name: 'Mixed', exact: true }).waitFor()
    await page.getByRole('region', { name: 'Other', exact: true }).waitFor()
    await page.getByText(/Only Simulated \(Mixed\): .*balance/).waitFor()
    expect(await param('with')).not.toBeNull()
    await settled()
    expect(await auditPage(page)).toEqual([])
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
