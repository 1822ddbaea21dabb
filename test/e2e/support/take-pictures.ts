/**
 * Takes the pictures of the workbench for the README and for whoever looks the screens over: every
 * screen, in both themes, at two sizes, of a demo campaign that really runs.
 *
 *   node test/e2e/support/take-pictures.ts docs/pictures        README's size only
 *   node test/e2e/support/take-pictures.ts pictures --all       both sizes
 *   node test/e2e/support/take-pictures.ts pictures --timeline  only that screen, without campaigns
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../hosts/web/support/chromium.ts'
import { fillMeasuredLibrary } from './measured-library.ts'
import { serveLab } from './served-lab.ts'
import { liveStatus, openWorkbench } from './workbench-page.ts'

type Picture = {
  readonly name: string
  readonly hash: string
  /** What has to be there before the picture is taken. */
  readonly ready: string
  readonly prepare?: (page: Page) => Promise<void>
  /** The picture is of where `prepare` went, not of the page's top. */
  readonly isScrolled?: boolean
}

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
]

const SETTLE_MS = 700
/** How long the example may take to be recorded. */
const EXAMPLE_MS = 60_000

const chooseRun = (page: Page): Promise<void> => page.locator('#run-row-3').click()

const chooseRow = (page: Page): Promise<void> =>
  page
    .getByRole('row', { name: /flexcore/ })
    .filter({ hasText: 'better' })
    .first()
    .click()

/** The example, both runs at the same barrier, and a wait of the first one selected. */
async function openExample(page: Page): Promise<void> {
  const lanes = page.getByRole('application').first()
  const example = page.getByRole('button', { name: 'Open the example' })
  if (await example.isVisible()) await example.click()
  await lanes.waitFor({ timeout: EXAMPLE_MS })
  await page.getByLabel('Align at').selectOption({ index: 1 })
  await page.getByRole('spinbutton', { name: 'Barrier' }).fill('60')
  await page.getByRole('spinbutton', { name: 'Barrier' }).press('Enter')
  await lanes.focus()
  for (let i = 0; i < 8; i++) await page.keyboard.press('w')
  await lanes.click({ position: { x: 300, y: 135 } })
}

/** Brings a section to the top, once it is there. */
async function scrollTo(page: Page, heading: string): Promise<void> {
  const title = page.locator('main h2', { hasText: heading }).first()
  await title.waitFor()
  await title.evaluate((element) => element.scrollIntoView())
}

const PICTURES: readonly Picture[] = [
  { name: 'library', hash: '#/library', ready: '#run-row-3', prepare: chooseRun },
  {
    name: 'run',
    hash: '#/library?app=streamcluster&scheme=flexcore',
    ready: '#run-row-3',
    prepare: async (page) => {
      await page.locator('#run-row-0').dblclick()
      await page.locator('canvas').first().waitFor()
    },
  },
  { name: 'compare', hash: '#/compare', ready: 'canvas', prepare: chooseRow },
  ...['Distributions', 'From cfs', 'Co-runners and fairness', 'Settings that differ'].map(
    (heading, index) => ({
      name: `compare-${['distributions', 'slopes', 'co-runners', 'settings'][index]}`,
      hash: '#/compare',
      ready: 'canvas',
      prepare: (page: Page) => scrollTo(page, heading),
      isScrolled: true,
    }),
  ),
  { name: 'timeline', hash: '#/timeline', ready: '.empty', prepare: openExample },
  { name: 'live', hash: '#/live', ready: 'h1', prepare: (page) => page.locator('aside a').click() },
  { name: 'campaign', hash: '#/campaign?template=flexcore-2015', ready: '.cells' },
  { name: 'settings', hash: '#/settings', ready: 'fieldset' },
  { name: 'reports', hash: '#/reports', ready: 'canvas[data-drawn="true"]' },
  { name: 'help', hash: '#/help/lock-holder-preemption', ready: 'article svg' },
  {
    name: 'tour',
    hash: '#/help/tour',
    ready: 'article',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Take the tour' }).click()
      await page.evaluate(() => {
        location.hash = '#/campaign?template=two-schemes'
      })
      await page.getByRole('button', { name: 'Next' }).click()
      await page.locator('[data-tour-target]').first().waitFor()
    },
  },
]

const MEASURED_PICTURES: readonly Picture[] = [
  { name: 'calibration', hash: '#/calibration', ready: 'canvas' },
  {
    name: 'run-measured',
    hash: '#/library',
    ready: '#run-row-0',
    prepare: async (page) => {
      await page.locator('#run-row-0').dblclick()
      await page.locator('canvas').first().waitFor()
    },
  },
]

async function take(
  browser: Browser,
  url: string,
  folder: string,
  { all = false, pictures = PICTURES }: { all?: boolean; pictures?: readonly Picture[] },
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of all ? SIZES : SIZES.slice(0, 1)) {
      const context = await browser.newContext({ colorScheme, viewport })
      const page = await openWorkbench(context, { url }, [])
      for (const picture of pictures) {
        const size = all ? `-${viewport.width}` : ''
        await takeOne(page, picture, path.join(folder, `${picture.name}-${colorScheme}${size}.png`))
      }
      await context.close()
    }
  }
}

async function takeOne(page: Page, picture: Picture, file: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, picture.hash)
  await page.locator(picture.ready).first().waitFor()
  await picture.prepare?.(page)
  await page.mouse.move(0, 0)
  await page.waitForTimeout(SETTLE_MS)
  if (!picture.isScrolled) await page.locator('main').evaluate((main) => main.scrollTo(0, 0))
  await page.screenshot({ path: file })
  process.stdout.write(`${file}\n`)
}

/** The heatmap of every scheme, from the campaign that ran last. */
async function takeHeatmap(browser: Browser, url: string, folder: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, viewport: SIZES[0]! })
    const page = await openWorkbench(context, { url }, [])
    await page.evaluate(() => {
      location.hash = '#/compare'
    })
    const figure = page.locator('figure').filter({ hasText: 'Heatmap of ratios' })
    await figure.scrollIntoViewIfNeeded()
    await page.waitForTimeout(SETTLE_MS)
    const file = path.join(folder, `heatmap-${colorScheme}.png`)
    await figure.screenshot({ path: file })
    process.stdout.write(`${file}\n`)
    await context.close()
  }
}

/** Screens of measured runs, to look them over: their host is a simulated one; not for docs. */
async function takeMeasured(browser: Browser, folder: string, all: boolean): Promise<void> {
  const place = await mkdtemp(path.join(os.tmpdir(), 'flexlab-pictures-'))
  const library = path.join(place, 'library.sqlite')
  await fillMeasuredLibrary(library)
  const measured = await serveLab(library)
  try {
    await take(browser, measured.url, folder, { all, pictures: MEASURED_PICTURES })
  } finally {
    await measured.stop()
    await rm(place, { recursive: true, force: true })
  }
}

async function runTemplate(browser: Browser, url: string, id: string): Promise<void> {
  const page = await openWorkbench(await browser.newContext(), { url }, [])
  await page.evaluate((template) => {
    location.hash = `#/campaign?template=${template}`
  }, id)
  await page.getByRole('button', { name: 'Run campaign' }).click()
  await liveStatus(page, 'finished')
}

const [folder = 'pictures', option] = process.argv.slice(2)
await mkdir(folder, { recursive: true })
const lab = await serveLab()
const browser = await launchChromium()
try {
  if (option === '--measured') {
    await takeMeasured(browser, folder, true)
  } else if (option === '--timeline') {
    const pictures = PICTURES.filter((picture) => picture.name === 'timeline')
    await take(browser, lab.url, folder, { pictures })
  } else {
    await runTemplate(browser, lab.url, 'demo')
    await take(browser, lab.url, folder, { all: option === '--all' })
    await runTemplate(browser, lab.url, 'all-schemes')
    await takeHeatmap(browser, lab.url, folder)
  }
} finally {
  await browser.close()
  await lab.stop()
}
