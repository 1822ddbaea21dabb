// The timeline in a real browser against the real server: from no recorded run to two runs side by
// side, aligned at a barrier. Nothing is faked; the runs are the example's, recorded here.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { requiresTool } from '../support/requires.ts'
import { auditPage } from './support/accessibility.ts'
import { serveLab } from './support/served-lab.ts'
import type { ServedLab } from './support/served-lab.ts'
import { goTo, openWorkbench } from './support/workbench-page.ts'

let browser: Browser
let lab: ServedLab
let page: Page
const complaints: string[] = []

const RECORD_MS = 120_000

const lanes = () => page.getByRole('application').first()
const inspector = () => page.getByRole('complementary')
const search = () => page.getByRole('searchbox', { name: 'Search' })

/** The visible part, ns, from the link; null while the whole run is shown. */
async function view(): Promise<{ fromNs: number; toNs: number } | null> {
  const params = new URLSearchParams((await page.evaluate(() => location.hash)).split('?')[1])
  const [from, to] = [params.get('from'), params.get('to')]
  return from === null ? null : { fromNs: Number(from), toNs: Number(to) }
}

const span = async (): Promise<number> => {
  const now = await view()
  return now === null ? Infinity : now.toNs - now.fromNs
}

/** How many colours the lanes have: one or two while nothing is drawn. */
const colors = (): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[role="application"] canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context || canvas.width === 0) return 0
    const { data } = context.getImageData(0, 0, canvas.width, Math.min(300, canvas.height))
    const found = new Set<number>()
    for (let i = 0; i < data.length; i += 40)
      found.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!)
    return found.size
  })

// The tests are the steps of one user's afternoon and build on each other.
describe.runIf(requiresTool('chromium'))('the timeline', () => {
  beforeAll(async () => {
    lab = await serveLab()
    browser = await launchChromium()
    page = await openWorkbench(await browser.newContext(), lab, complaints)
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
  })

  test('without a run says how one is recorded, and records its example', async () => {
    await goTo(page, 'Timeline')
    await page.getByText('No recorded run is open').waitFor()
    expect(await auditPage(page)).toEqual([])
    await page.getByRole('button', { name: 'Open the example' }).click()
    await lanes().waitFor({ timeout: RECORD_MS })
    await expect.poll(colors).toBeGreaterThan(4)
    expect(await page.getByRole('application').count()).toBe(2)
    expect(await page.getByText('Simulated', { exact: true }).count()).toBeGreaterThanOrEqual(2)
  })

  test('aligns both runs at the same barrier, and moves them together', async () => {
    await page.getByLabel('Align at').selectOption({ label: 'a barrier of barriers' })
    const barrier = page.getByRole('spinbutton', { name: 'Barrier' })
    await barrier.fill('500')
    await barrier.press('Enter')
    await page.getByText(/the run below is .* (earlier|later) there/).waitFor()
    await lanes().focus()
    for (let i = 0; i < 8; i++) await page.keyboard.press('w')
    await expect.poll(span).toBeLessThan(100e6)
    const moved = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.frame')].map((frame) => frame.style.left),
    )
    expect(new Set(moved).size).toBe(2)
  })

  test('shows one run alone, which can be linked to', async () => {
    await page.getByLabel('Beside').selectOption('')
    await expect.poll(() => page.getByRole('application').count()).toBe(1)
    const before = await view()
    await page.reload()
    await lanes().waitFor()
    await expect.poll(colors).toBeGreaterThan(4)
    await expect.poll(view).toEqual(before)
  })

  test('zooms with the wheel and with keys, pans, and shows the whole run again', async () => {
    await lanes().focus()
    await page.keyboard.press('0')
    await expect.poll(view).toBeNull()
    await lanes().hover({ position: { x: 200, y: 100 } })
    await page.mouse.wheel(0, -1500)
    await expect.poll(span).toBeLessThan(200e6)
    const before = (await view())!
    await page.keyboard.press('d')
    await expect.poll(async () => (await view())?.fromNs).toBeGreaterThan(before.fromNs)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(async () => (await view())?.fromNs).toBeLessThan(before.fromNs + 5)
    for (let i = 0; i < 20; i++) await page.keyboard.press('+')
    await expect.poll(span).toBeLessThan(1e6)
  })

  test('does not take keys while something else has the focus', async () => {
    const before = await view()
    await search().focus()
    await page.keyboard.type('wsad')
    await page.waitForTimeout(600)
    expect(await view()).toEqual(before)
    await search().fill('')
  })

  test('finds a thread, then events one after the other, and says when there is none', async () => {
    await search().fill('spinners/t2')
    await search().press('Enter')
    await page.getByText('spinners/t2 (1 of 1)').waitFor()
    await inspector().getByRole('heading', { name: 'spinners/t2' }).waitFor()
    await search().fill('barrier-open')
    await search().press('Enter')
    await page.getByText(/^On barriers\/t\d$/).waitFor()
    const first = (await view())!
    await page.getByRole('button', { name: 'Next hit' }).click()
    await expect.poll(async () => (await view())?.fromNs).toBeGreaterThan(first.fromNs)
    await search().fill('no such thing')
    await search().press('Enter')
    await page.getByText('No track, event or state has this name.').waitFor()
  })

  test('jumps to the longest wait of a pair, and tells who ran instead', async () => {
    await page.getByRole('tab', { name: 'Antagonists' }).click()
    await page.getByRole('button', { name: 'Look for antagonists' }).click()
    const pair = inspector().getByRole('button', { name: /←/ }).first()
    await pair.waitFor()
    expect(await inspector().innerText()).toMatch(/Lock-holder preemptions\s+[\d,]+, /)
    const [victim = ''] = (await pair.innerText()).split(' ')
    await pair.click()
    await page.getByRole('tab', { name: 'Selection' }).click()
    await inspector().getByRole('heading', { name: victim }).waitFor()
    await inspector().getByText('Preempted', { exact: true }).first().waitFor()
    expect(await inspector().innerText()).toMatch(/Ran instead\s+(barriers|spinners)\/v\d/)
  })

  test('steps through a lane and measures an interval by keys', async () => {
    await lanes().focus()
    await page.keyboard.press('.')
    await inspector().getByText('Running', { exact: true }).first().waitFor()
    await page.keyboard.press('m')
    await inspector().getByText('Measured range').waitFor()
    await page.keyboard.press('Escape')
    await inspector().getByText('Measured range').waitFor({ state: 'detached' })
  })

  test('keeps named bookmarks with undo', async () => {
    await lanes().focus()
    await page.keyboard.press('b')
    await page.getByText(/Bookmark “At .*” kept/).waitFor()
    await page.getByRole('tab', { name: 'Bookmarks' }).click()
    const name = inspector().getByRole('textbox', { name: 'Name of the bookmark' })
    await name.fill('Long wait')
    await name.press('Enter')
    await page.getByText('Bookmark is now “Long wait”').waitFor()
    await page.reload()
    await lanes().waitFor()
    await page.getByRole('tab', { name: 'Bookmarks' }).click()
    expect(await name.inputValue()).toBe('Long wait')
    await inspector().getByRole('button', { name: 'Delete the bookmark Long wait' }).click()
    await name.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await name.waitFor()
    const go = inspector().getByRole('button', { name: 'Go to Long wait' })
    await lanes().focus()
    await page.keyboard.press('0')
    await expect.poll(view).toBeNull()
    await go.click()
    await expect.poll(view).not.toBeNull()
  })

  test('has a table of what is visible, and a summary in words', async () => {
    await expect
      .poll(() => page.locator('footer').innerText())
      .toMatch(/From .* Host · 4 pCPUs: .*%/)
    await page.getByRole('button', { name: 'Data' }).click()
    const table = page.getByRole('table', { name: 'Visible intervals' })
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(10)
    expect(await auditPage(page)).toEqual([])
    await page.getByRole('button', { name: 'Lanes', exact: true }).click()
    await lanes().waitFor()
    expect(await auditPage(page)).toEqual([])
  })

  test('is a link away from the run', async () => {
    await page.locator('header a[href^="#/run/"]').click()
    await page.getByRole('heading', { level: 1, name: 'Run' }).waitFor()
    await page.getByRole('link', { name: 'Open timeline' }).click()
    await lanes().waitFor()
  })

  test('nothing broke the content security policy or the console', () => {
    expect(complaints).toEqual([])
  })
})
