/** The keyboard of the whole app: `g` and a letter, the palette, the shortcuts sheet, search. */
import type { Workbench } from '../../state/workbench.svelte.ts'
import { SCREEN_ENTRIES } from './screens.ts'

/** A shortcut as the sheet lists it. */
export type Shortcut = { readonly keys: readonly string[]; readonly what: string }

const SEQUENCE_MS = 1200

/** Turns key presses into navigation; leaves typing in fields alone. */
export class Keys {
  readonly #workbench: Workbench
  #pressedGAt = Number.NEGATIVE_INFINITY

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  /** Handles one key press of the window. */
  handle(event: KeyboardEvent): void {
    const { layout } = this.#workbench
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      layout.overlay = layout.overlay === 'palette' ? 'none' : 'palette'
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (layout.overlay !== 'none') return
    if (this.#handlePlain(event)) event.preventDefault()
  }

  #handlePlain(event: KeyboardEvent): boolean {
    const afterG = event.timeStamp - this.#pressedGAt < SEQUENCE_MS
    this.#pressedGAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
    if (afterG) return this.#goTo(event.key)
    if (event.key === '?') this.#workbench.layout.overlay = 'shortcuts'
    else if (event.key === 'i') this.#workbench.layout.toggleInspector()
    else if (event.key === '/') return focusSearch()
    else return false
    return true
  }

  #goTo(key: string): boolean {
    const entry = SCREEN_ENTRIES.find((candidate) => candidate.key === key)
    if (entry !== undefined) this.#workbench.router.go(entry.screen)
    return entry !== undefined
  }
}

/** Puts the caret into the screen's search field; says whether there is one. */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[type="search"]')
  field?.focus()
  field?.select()
  return field !== null
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]')
}
