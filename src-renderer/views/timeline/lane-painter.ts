/**
 * Paints the lanes into pixels: each column of a lane is stacked by the shares of its states, so
 * that a pixel that holds a thousand intervals shows how they add up. Pixels are written directly,
 * which costs the same whether the window holds a hundred intervals or ten million.
 */
import {
  pcpuColors,
  threadColors,
  vcpuColors,
} from '../../../src-main/core/charts/timeline-palette.ts'
import type { ChartTheme } from '../../../src-main/core/charts/chart-theme.ts'
import { stateCount, THREAD_STATES, VCPU_STATE } from '../../../src-main/core/trace/layout.ts'
import type { Pane } from '../../state/timeline/pane.svelte.ts'
import { GAP_PX } from '../../state/timeline/rows.ts'
import type { Group, Row } from '../../state/timeline/rows.ts'
import { addShares, newShares } from '../../state/timeline/shares.ts'
import type { Shares } from '../../state/timeline/shares.ts'

/** Size of a canvas, and px of the device for one of the page. */
export type Canvas = { readonly widthPx: number; readonly heightPx: number; readonly scale: number }

const WHOLE = 0.999

/** `#rrggbb` as a pixel: bytes r, g, b, 255 in memory. */
const pixelOf = (color: string): number => {
  const rgb = Number.parseInt(color.slice(1), 16)
  return ((0xff << 24) | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0
}

/** Paints one pane's lanes; keeps what it painted while nothing changed. */
export class LanePainter {
  #image: ImageData | null = null
  #pixels = new Uint32Array(0)
  #painted = ''
  #sharesOf = ''
  readonly #shares = new Map<number, Shares>()
  readonly #colors = new Map<string, Uint32Array>()
  #theme: ChartTheme | null = null

  /** Puts the visible rows onto a canvas. */
  paint(
    context: CanvasRenderingContext2D,
    pane: Pane,
    { widthPx, heightPx, scale }: Canvas,
    theme: ChartTheme,
  ): void {
    const [width, height] = [Math.round(widthPx * scale), Math.round(heightPx * scale)]
    if (width === 0 || height === 0) return
    const { fromNs, toNs } = pane.view
    const lanes = `${fromNs} ${toNs} ${width} ${pane.data.version}`
    const rows = pane.visibleRows
    const painted = `${lanes} ${height} ${pane.scrollTop} ${pane.rows.length} ${theme.mode}`
    if (painted !== this.#painted || this.#image === null) {
      if (lanes !== this.#sharesOf) this.#shares.clear()
      this.#sharesOf = lanes
      this.#prepare(width, height, theme)
      for (const row of rows) this.#paintRow(pane, row, width, scale)
      this.#painted = painted
    }
    context.putImageData(this.#image!, 0, 0)
  }

  /** Shares of a row's columns, as they were painted. */
  sharesOf(pane: Pane, row: Row, width: number): Shares {
    if (row.track !== null) return this.#laneShares(pane, row.track, width)
    const { tracks } = row.group
    const sum = newShares(width, stateCount(pane.data.layout, tracks[0] ?? 0))
    for (const track of tracks)
      addShares(sum, this.#laneShares(pane, track, width), 1 / tracks.length)
    return sum
  }

  #prepare(width: number, height: number, theme: ChartTheme): void {
    if (this.#image === null || this.#image.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height)
      this.#pixels = new Uint32Array(this.#image.data.buffer)
    }
    if (this.#theme !== theme) this.#colors.clear()
    this.#theme = theme
    this.#pixels.fill(pixelOf(theme.surface))
  }

  #laneShares(pane: Pane, track: number, width: number): Shares {
    let shares = this.#shares.get(track)
    if (shares === undefined) {
      shares = pane.data.shares(track, pane.view, width)
      this.#shares.set(track, shares)
    }
    return shares
  }

  #paintRow(pane: Pane, row: Row, width: number, scale: number): void {
    const shares = this.sharesOf(pane, row, width)
    const colors = this.#colorsOf(pane, row.group)
    const top = Math.round((row.topPx - pane.scrollTop) * scale)
    const height = Math.round((row.heightPx - GAP_PX) * scale)
    const visibleTop = Math.max(0, top)
    const bottom = Math.min(top + height, Math.floor(this.#pixels.length / width))
    const used = usedStates(shares, row.group.of)
    for (let x = 0; x < width;) {
      const whole = wholeState(shares, used, x)
      if (whole < 0) {
        this.#paintColumn(shares, used, colors, { x, top, bottom, height, width })
        x++
        continue
      }
      let end = x + 1
      while (end < width && shares.values[end * shares.states + whole]! > WHOLE) end++
      for (let y = visibleTop; y < bottom; y++)
        this.#pixels.fill(colors[whole]!, y * width + x, y * width + end)
      x = end
    }
  }

  /** Stacks a column from the bottom up. */
  #paintColumn(
    { states, values }: Shares,
    used: readonly number[],
    colors: Uint32Array,
    at: { x: number; top: number; bottom: number; height: number; width: number },
  ): void {
    const { x, top, bottom, height, width } = at
    let sum = 0
    let y = top + height - 1
    for (const state of used) {
      sum += values[x * states + state]!
      const until = top + height - 1 - Math.round(sum * height)
      for (; y > until; y--) if (y >= 0 && y < bottom) this.#pixels[y * width + x] = colors[state]!
    }
  }

  #colorsOf(pane: Pane, { of, vm }: Group): Uint32Array {
    const key = `${of} ${vm}`
    const known = this.#colors.get(key)
    if (known !== undefined) return known
    const theme = this.#theme!
    const { vms } = pane.data.layout
    const named =
      of === 'pcpus'
        ? pcpuColors(theme, vms.length)
        : of === 'vcpus'
          ? vcpuColors(theme, vm)
          : threadColors(theme)
    const colors = Uint32Array.from(named.map(pixelOf))
    this.#colors.set(key, colors)
    return colors
  }
}

/** What is drawn from the bottom up first, by kind of tracks; the other states follow in order. */
const FIRST: Readonly<Record<Group['of'], readonly number[]>> = {
  pcpus: [],
  vcpus: [VCPU_STATE.running, VCPU_STATE.preempted, VCPU_STATE.held],
  threads: [],
}
/** What is drawn on top. */
const LAST: Readonly<Record<Group['of'], readonly number[]>> = {
  pcpus: [0],
  vcpus: [VCPU_STATE.halted, VCPU_STATE.offline],
  threads: ['io', 'idle'].map((key) => THREAD_STATES.indexOf(key)),
}

/** States with some share anywhere, from the bottom of the stack to its top. */
function usedStates({ states, values }: Shares, of: Group['of']): number[] {
  const isUsed = new Uint8Array(states)
  for (let i = 0, s = 0; i < values.length; i++, s = s + 1 === states ? 0 : s + 1)
    if (values[i]! > 0) isUsed[s] = 1
  const rest = [...isUsed.keys()].filter((s) => !FIRST[of].includes(s) && !LAST[of].includes(s))
  return [...FIRST[of], ...rest, ...LAST[of]].filter((s) => isUsed[s] === 1)
}

/** The state that has the whole column, or −1. */
function wholeState({ states, values }: Shares, used: readonly number[], x: number): number {
  for (const state of used) if (values[x * states + state]! > WHOLE) return state
  return -1
}
