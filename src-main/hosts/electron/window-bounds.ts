/** Remembers where the window was; a damaged file or a screen that is gone only loses that. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { BrowserWindow, Rectangle } from 'electron'
import * as v from 'valibot'

const whole = v.pipe(v.number(), v.integer())
const BoundsSchema = v.object({
  x: whole,
  y: whole,
  width: v.pipe(whole, v.minValue(1)),
  height: v.pipe(whole, v.minValue(1)),
  isMaximized: v.boolean(),
})

/** Where a window was, in device-independent pixels. */
export type SavedBounds = v.InferOutput<typeof BoundsSchema>

/** The smallest window whose screens still work, px. */
export const SMALLEST = { width: 960, height: 600 }

const FIRST = { width: 1440, height: 900 }

/** How much of a window must be on a screen to be found and moved, px. */
const VISIBLE_MIN = { width: 200, height: 100 }

/** Reads the saved bounds; null when there are none that make sense. */
export function readBounds(file: string): SavedBounds | null {
  try {
    const read = v.safeParse(BoundsSchema, JSON.parse(readFileSync(file, 'utf8')))
    return read.success ? read.output : null
  } catch {
    return null
  }
}

/** Saves where a window is; where it would be when it is maximised. */
export function saveBounds(
  file: string,
  window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized'>,
): void {
  const bounds: SavedBounds = { ...window.getNormalBounds(), isMaximized: window.isMaximized() }
  writeFileSync(file, JSON.stringify(bounds))
}

/** The bounds to open with: as saved where they still fit, else the screen's choice of place. */
export function openingBounds(
  saved: SavedBounds | null,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { readonly width: number; readonly height: number } {
  if (saved === null) return FIRST
  const size = {
    width: Math.max(saved.width, SMALLEST.width),
    height: Math.max(saved.height, SMALLEST.height),
  }
  const place = { x: saved.x, y: saved.y, ...size }
  return workAreas.some((area) => isVisible(place, area)) ? place : size
}

function isVisible(window: Rectangle, area: Rectangle): boolean {
  const width = overlap(window.x, window.width, area.x, area.width)
  const height = overlap(window.y, window.height, area.y, area.height)
  const isTitleReachable = window.y >= area.y
  return width >= VISIBLE_MIN.width && height >= VISIBLE_MIN.height && isTitleReachable
}

function overlap(startA: number, lengthA: number, startB: number, lengthB: number): number {
  return Math.min(startA + lengthA, startB + lengthB) - Math.max(startA, startB)
}
