/**
 * How the Library behaves with 100,000 rows in a real Chromium: from the page's start until the
 * table answers, and how long rows in sight stay without their text while it is scrolled. Not a
 * test, because it is about time; what it printed last is in docs/figures/library.md.
 *
 *   node test/e2e/support/library-scroll.ts [library.sqlite]     writes one of 100,000 runs if none
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { seedLibrary } from '../../../src-main/lab/bench/library/seeded-library.ts'
import { openStore } from '../../../src-main/store/index.ts'
import { launchChromium } from '../../hosts/web/support/chromium.ts'
import { serveLab } from './served-lab.ts'

const RUNS = 100_000
const STARTS = 5

/** One way of scrolling. Blank: a frame in which a row in sight has no text. Times in ms. */
type Scrolled = {
  readonly frames: number
  readonly frameMedianMs: number
  readonly frameMaxMs: number
  readonly blankFrames: number
  /** Of the stretches without text: how many, and how long. */
  readonly blanks: number
  readonly blankMedianMs: number
  readonly blankLongestMs: number
}

/** Scrolls inside the page, frame by frame, and watches the rows in sight. */
function scroll(page: Page, how: 'wheel' | 'pages' | 'jumps'): Promise<Scrolled> {
  return page.evaluate(async (way) => {
    const grid = document.querySelector<HTMLElement>('[role="grid"]')!
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
    const isBlank = () => {
      const box = grid.getBoundingClientRect()
      const rows = [...grid.querySelectorAll<HTMLElement>('.rows .row')].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return bottom > box.top + 28 && top < box.bottom
      })
      // One row less may be in sight than there is room for, where the last one is cut.
      const room = Math.floor((box.height - 28) / 28) - 1
      return rows.length < room || rows.some((row) => row.textContent.trim() === '…')
    }
    const longestPx = grid.scrollHeight - grid.clientHeight
    const steps = {
      wheel: { count: 600, at: (i: number) => i * 240 },
      pages: { count: 300, at: (i: number) => i * grid.clientHeight },
      jumps: { count: 120, at: (i: number) => ((i * 0.618_034) % 1) * longestPx },
    }[way]
    grid.scrollTop = 0
    for (let i = 0; i < 30; i += 1) await frame()
    const timesMs: number[] = []
    let last = await frame()
    let blankFrames = 0
    let blankMs = 0
    const blanksMs: number[] = []
    for (let i = 1; i <= steps.count; i += 1) {
      grid.scrollTop = Math.min(longestPx, steps.at(i))
      // A jump is looked at for as long as a hand rests on the scrollbar.
      const looks = way === 'jumps' ? 12 : 1
      for (let look = 0; look < looks; look += 1) {
        const now = await frame()
        timesMs.push(now - last)
        const blank = isBlank()
        if (!blank && blankMs > 0) blanksMs.push(blankMs)
        if (blank) blankFrames += 1
        blankMs = blank ? blankMs + now - last : 0
        last = now
      }
    }
    timesMs.sort((a, b) => a - b)
    const frameMedianMs = timesMs[Math.floor(timesMs.length / 2)]!
    const frameMaxMs = timesMs.at(-1)!
    blanksMs.sort((a, b) => a - b)
    return {
      ...{ frames: timesMs.length, frameMedianMs, frameMaxMs, blankFrames },
      blanks: blanksMs.length,
      blankMedianMs: blanksMs[Math.floor(blanksMs.length / 2)] ?? 0,
      blankLongestMs: Math.max(blankMs, blanksMs.at(-1) ?? 0),
    }
  }, how)
}

/** From the navigation's start until rows are there and the table takes a key, ms. */
async function startMs(page: Page, url: string): Promise<number> {
  await page.goto('about:blank')
  await page.goto(url)
  await page.locator('#run-row-0 [role="gridcell"]').first().waitFor()
  await page.getByRole('grid').focus()
  await page.keyboard.press('ArrowDown')
  await page.locator('[aria-selected="true"]').waitFor()
  return page.evaluate(() => performance.now())
}

async function makeLibrary(file: string): Promise<void> {
  const store = await openStore({ file, appVersion: 'seeded', commit: null })
  const say = (runs: number) => {
    if (runs % 20_000 < 250) process.stderr.write(`${runs} runs\n`)
  }
  await seedLibrary(store, { runs: RUNS, seed: 1 }, new AbortController().signal, say)
  await store.close()
}

async function measure(url: string): Promise<void> {
  const browser = await launchChromium()
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
    const page = await context.newPage()
    await page.goto(url)
    await page.locator('#run-row-0').waitFor()
    const address = `${new URL(url).origin}/#/library`
    const starts: number[] = []
    for (let i = 0; i < STARTS; i += 1) starts.push(Math.round(await startMs(page, address)))
    const rows = await page.getByRole('grid').getAttribute('aria-rowcount')
    process.stdout.write(`${Number(rows) - 1} runs, ${browser.version()}\n`)
    process.stdout.write(`start to interactive, ms: ${starts.sort((a, b) => a - b).join(' ')}\n`)
    for (const how of ['wheel', 'pages', 'jumps'] as const) {
      process.stdout.write(`${how}: ${JSON.stringify(await scroll(page, how))}\n`)
    }
  } finally {
    await browser.close()
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-scroll-'))
const file = process.argv[2] ?? path.join(folder, 'library.sqlite')
if (!existsSync(file)) await makeLibrary(file)
const lab = await serveLab(file)
try {
  await measure(lab.url)
} finally {
  await lab.stop()
  rmSync(folder, { recursive: true, force: true })
}
