/**
 * How fast the timeline is with ten million intervals: the built workbench in a real Chromium, the
 * real server and a real library. Writes docs/figures/timeline.md.
 *
 *   node test/e2e/support/timeline-speed.ts docs/figures/timeline.md [library.sqlite]
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openLab } from '../../../src-main/lab/index.ts'
import { launchChromium } from '../../hosts/web/support/chromium.ts'
import { recordBigTrace } from './big-trace.ts'
import { serveLab } from './served-lab.ts'
import { openWorkbench } from './workbench-page.ts'

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]
const OPENINGS = 5
const GESTURE_MS = 4000
const FPS_ASKED = 50
const PAINT_ASKED_MS = 3000

type Frames = { readonly fps: number; readonly p95Ms: number; readonly longestMs: number }
type Measured = { readonly paintsMs: number[]; readonly rows: Row[]; readonly size: string }
type Row = { readonly what: string; readonly size: string; readonly frames: Frames }

/** From the change of the link until lanes with data are on the screen, ms. */
async function firstPaint(page: Page, runId: string): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/library'
  })
  await page.getByRole('heading', { level: 1, name: 'Library' }).waitFor()
  return page.evaluate(async (hash) => {
    const startedMs = performance.now()
    location.hash = hash
    const isDrawn = (): boolean => {
      const canvas = document.querySelector<HTMLCanvasElement>('[role="application"] canvas')
      if (canvas === null || canvas.width < 400 || canvas.height < 200) return false
      const context = canvas.getContext('2d')
      const { data } = context!.getImageData(0, 30, canvas.width, 100)
      const colors = new Set<number>()
      for (let i = 0; i < data.length; i += 400)
        colors.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!)
      return colors.size > 2
    }
    while (!isDrawn()) await new Promise(requestAnimationFrame)
    return performance.now() - startedMs
  }, `#/timeline/${runId}`)
}

/** Frames of the page while a gesture goes on. */
async function measureFrames(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const state = { times: [] as number[], on: true }
    Object.assign(window, { frameLog: state })
    const tick = (ms: number): void => {
      state.times.push(ms)
      if (state.on) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await act()
  const times = await page.evaluate(() => {
    const { frameLog } = window as unknown as { frameLog: { times: number[]; on: boolean } }
    frameLog.on = false
    return frameLog.times
  })
  const gaps = times.slice(1).map((ms, i) => ms - times[i]!)
  const sorted = gaps.toSorted((a, b) => a - b)
  const totalMs = times.at(-1)! - times[0]!
  return {
    fps: (1000 * gaps.length) / totalMs,
    p95Ms: sorted[Math.floor(sorted.length * 0.95)]!,
    longestMs: sorted.at(-1)!,
  }
}

/** Wheel or drag, an event each frame, inside the page, so that no protocol slows it down. */
function gesture(page: Page, kind: 'zoom' | 'pan'): Promise<void> {
  return page.evaluate(
    async ({ what, lastMs }) => {
      const lanes = document.querySelector<HTMLElement>('[role="application"]')!
      const box = lanes.getBoundingClientRect()
      const at = { clientX: box.left + box.width * 0.6, clientY: box.top + 120 }
      const startedMs = performance.now()
      for (let i = 0; performance.now() - startedMs < lastMs; i++) {
        const shares = (performance.now() - startedMs) / lastMs
        if (what === 'zoom') {
          const deltaY = shares < 0.5 ? -90 : 90
          lanes.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY, cancelable: true }))
        } else {
          const deltaX = shares < 0.5 ? 25 : -25
          lanes.dispatchEvent(new WheelEvent('wheel', { ...at, deltaX, cancelable: true }))
        }
        await new Promise(requestAnimationFrame)
      }
    },
    { what: kind, lastMs: GESTURE_MS },
  )
}

/** All that is measured at one size. */
async function measureAt(
  browser: Browser,
  url: string,
  runId: string,
  viewport: (typeof SIZES)[number],
): Promise<{ readonly paintsMs: number[]; readonly rows: Row[] }> {
  const context = await browser.newContext({ viewport })
  const page = await openWorkbench(context, { url }, [])
  const paintsMs: number[] = []
  for (let i = 0; i < OPENINGS; i++) paintsMs.push(await firstPaint(page, runId))
  const size = `${viewport.width} × ${viewport.height}`
  const rows: Row[] = []
  const go = async (hash: string): Promise<void> => {
    await page.goto(url.replace(/#.*/, `#/library`))
    await page.reload()
    await page.evaluate((to) => {
      location.hash = to
    }, hash)
    await page.locator('[role="application"] canvas').waitFor()
    await page.waitForTimeout(1500)
  }
  const add = async (what: string, kind: 'zoom' | 'pan'): Promise<void> => {
    rows.push({ what, size, frames: await measureFrames(page, () => gesture(page, kind)) })
  }
  await go(`#/timeline/${runId}`)
  await add('zoom from the whole run to ns and back', 'zoom')
  await add('the same again, parts kept', 'zoom')
  await go(`#/timeline/${runId}?from=2000000000&to=6000000000`)
  await add('pan, 4 s on the screen', 'pan')
  await go(`#/timeline/${runId}?from=5000000000&to=5100000000`)
  await add('pan, 0.1 s on the screen (intervals)', 'pan')
  await context.close()
  return { paintsMs, rows }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

function figuresText(
  entry: { readonly intervals: number; readonly points: number; readonly endNs: number },
  measured: readonly Measured[],
): string {
  const count = (value: number): string => value.toLocaleString('en-US').replaceAll(',', ' ')
  const paints = measured.map(
    ({ size, paintsMs }) =>
      `| ${size} | ${Math.round(paintsMs[0]!)} ms | ${Math.round(median(paintsMs))} ms | ` +
      `${Math.round(Math.max(...paintsMs))} ms |`,
  )
  const frames = measured.flatMap(({ rows }) =>
    rows.map(
      ({ what, size, frames: f }) =>
        `| ${what} | ${size} | ${f.fps.toFixed(1)} | ${f.p95Ms.toFixed(1)} ms | ` +
        `${f.longestMs.toFixed(0)} ms |`,
    ),
  )
  return `# How fast the timeline is

Written by \`node test/e2e/support/timeline-speed.ts docs/figures/timeline.md\`: the built workbench
in Chromium (software rendering, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}), the real
server and a real library on disk. Of wall time, so whatever else the machine did is in it.

The trace comes from \`test/e2e/support/big-trace.ts\`: ${count(entry.intervals)} intervals and
${count(entry.points)} events, ${(entry.endNs / 1e9).toFixed(2)} s of 12 pCPUs, 24 vCPUs and their
threads.

## First paint

From the click to lanes with data. Asked: < ${PAINT_ASKED_MS / 1000} s.

| size | first opening | median of ${OPENINGS} | slowest |
| --- | --: | --: | --: |
${paints.join('\n')}

## Frames while zooming and panning

An event in every frame for ${GESTURE_MS / 1000} s; frames as \`requestAnimationFrame\` gives them,
at most 60 a second. Parts of the trace are fetched and decoded meanwhile.
Asked: ≥ ${FPS_ASKED} fps.

| gesture | size | fps | 95 % of frames within | longest frame |
| --- | --- | --: | --: | --: |
${frames.join('\n')}
`
}

const [output, given] = process.argv.slice(2)
if (output === undefined) throw new Error('name the file to write')
const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-speed-'))
const file = given ?? path.join(folder, 'library.sqlite')
if (!existsSync(file)) await recordBigTrace(file)
const reader = await openLab({ databaseFile: file, host: 'cli', appVersion: 'bench', workers: 1 })
const [run] = await reader.trace.list(null)
const { header } = await reader.trace.entry(run!.runId)
await reader.close()
const lab = await serveLab(file)
const browser = await launchChromium()
try {
  const measured = []
  for (const size of SIZES) {
    const found = await measureAt(browser, lab.url, run!.runId, size)
    measured.push({ ...found, size: `${size.width} × ${size.height}` })
  }
  const text = figuresText(header, measured)
  writeFileSync(output, text)
  process.stdout.write(text)
} finally {
  await browser.close()
  await lab.stop()
  rmSync(folder, { recursive: true, force: true })
}
