/** What the pointer, the wheel and the keys do on a pane's lanes. */
import type { Pane } from '../../state/timeline/pane.svelte.ts'
import { nsAt } from '../../state/timeline/view.ts'

const MOVED_PX = 3
const WHEEL_STEP = 1.0018
const LINE_PX = 16

type Drag = { readonly x: number; readonly y: number; readonly measures: boolean; moved: boolean }

/** Gestures of one pane. */
export class Gestures {
  readonly #pane: Pane
  readonly #report: (work: () => Promise<unknown>) => void
  #drag: Drag | null = null
  #lastX = 0

  constructor(pane: Pane, report: (work: () => Promise<unknown>) => void) {
    this.#pane = pane
    this.#report = report
  }

  /** Begins a pan, or with Shift a measured range. */
  down(event: PointerEvent): void {
    if (event.button !== 0) return
    const { x, y } = this.#placeOf(event)
    this.#drag = { x, y, measures: event.shiftKey, moved: false }
    this.#lastX = x
    const target = event.currentTarget as HTMLElement
    target.setPointerCapture(event.pointerId)
    target.focus({ preventScroll: true })
  }

  move(event: PointerEvent): void {
    const place = this.#placeOf(event)
    this.#pane.pointer = place
    const drag = this.#drag
    if (drag === null) return
    if (Math.abs(place.x - drag.x) > MOVED_PX) drag.moved = true
    if (!drag.moved) return
    if (drag.measures) this.#measure(drag.x, place.x)
    else this.#pane.panPx(this.#lastX - place.x)
    this.#lastX = place.x
  }

  up(event: PointerEvent): void {
    const drag = this.#drag
    this.#drag = null
    if (drag === null || drag.moved) return
    if (!drag.measures) this.#pane.range = null
    this.#report(() => this.#pane.pick(this.#placeOf(event)))
  }

  leave(): void {
    if (this.#drag === null) this.#pane.pointer = null
  }

  /** Zooms at the pointer; sideways pans; with Shift the lanes scroll. */
  wheel(event: WheelEvent): void {
    event.preventDefault()
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit]
    if (event.shiftKey) this.#pane.scrollTop = this.#clampScroll(this.#pane.scrollTop + dx + dy)
    else if (Math.abs(dx) > Math.abs(dy)) this.#pane.panPx(dx)
    else this.#pane.zoom(WHEEL_STEP ** dy, this.#placeOf(event).x)
  }

  /** Handles a key of the focused lanes; says whether it was one of theirs. */
  key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    const act = this.#actOf(event.key)
    if (act === undefined) return false
    act()
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  #actOf(key: string): (() => void) | undefined {
    const pane = this.#pane
    switch (key) {
      case 'w':
      case '+':
      case '=':
        return () => pane.zoomStep(true)
      case 's':
      case '-':
        return () => pane.zoomStep(false)
      case 'a':
      case 'ArrowLeft':
        return () => pane.panStep(false)
      case 'd':
      case 'ArrowRight':
        return () => pane.panStep(true)
      case 'ArrowUp':
        return () => this.#report(() => pane.stepLane(false))
      case 'ArrowDown':
        return () => this.#report(() => pane.stepLane(true))
      case ',':
        return () => this.#report(() => pane.step(false))
      case '.':
        return () => this.#report(() => pane.step(true))
      case 'f':
        return () => pane.fit()
      case '0':
      case 'Home':
        return () => pane.fitAll()
      case 'm':
        return () => this.#measureSelected()
      case 'Escape':
        return () => pane.clear()
      default:
        return undefined
    }
  }

  /** The selected interval, or else what is shown, as the measured range. */
  #measureSelected(): void {
    const { selected, view } = this.#pane
    const interval = selected !== null && 'interval' in selected ? selected.interval : null
    this.#pane.range =
      interval === null ? view : { fromNs: interval.startNs, toNs: interval.startNs + interval.ns }
  }

  #measure(a: number, b: number): void {
    const { view, widthPx } = this.#pane
    const [from, until] = [a, b]
      .sort((one, other) => one - other)
      .map((x) => nsAt(view, widthPx, x))
    this.#pane.range = { fromNs: Math.round(from!), toNs: Math.max(Math.round(until!), from! + 1) }
  }

  #clampScroll(top: number): number {
    const most = Math.max(0, this.#pane.heightOfRows - this.#pane.heightPx)
    return Math.min(most, Math.max(0, top))
  }

  #placeOf(event: MouseEvent): { x: number; y: number } {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top + this.#pane.scrollTop }
  }
}
