/** The keyboard of the whole app: which keys mean which command; leaves typing in fields alone. */
import type { MenuCommand } from '../../../src-main/core/contract/menu.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { focusSearch, isTyping } from './commands.ts'
import { SCREEN_ENTRIES } from './screens.ts'

const SEQUENCE_MS = 1200

/** Keys that work everywhere, also while a text is being typed. */
const CHORDS: Readonly<Record<string, MenuCommand>> = { k: 'view.palette', o: 'file.open' }

/** Keys of a page that shows its own menu; on the desktop they belong to the menu bar. */
const OUTSIDE_TEXT: Readonly<Record<string, MenuCommand>> = { z: 'edit.undo', y: 'edit.redo' }

/** The keys by which each command can be given on a page, for menus and the sheet. */
export const COMMAND_KEYS: Partial<Record<MenuCommand, readonly string[]>> = {
  ...Object.fromEntries(SCREEN_ENTRIES.map(({ screen, key }) => [`view.${screen}`, ['g', key]])),
  'view.palette': ['Ctrl', 'K'],
  'view.inspector': ['i'],
  'file.open': ['Ctrl', 'O'],
  'file.save-campaign': ['Ctrl', 'S'],
  'edit.undo': ['Ctrl', 'Z'],
  'edit.redo': ['Ctrl', 'Y'],
  'edit.find': ['/'],
  'run.start': ['Ctrl', 'Enter'],
  'help.shortcuts': ['?'],
}

/** Turns key presses into commands. */
export class Keys {
  readonly #workbench: Workbench
  #pressedGAt = Number.NEGATIVE_INFINITY

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  /** Handles one key press of the window. */
  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey) {
      if (this.#handleChord(event)) event.preventDefault()
      return
    }
    if (event.key === 'F10' && !event.shiftKey) {
      this.#workbench.layout.show('menu')
      event.preventDefault()
      return
    }
    if (event.altKey || isTyping(event.target)) return
    if (this.#workbench.layout.overlay !== 'none') return
    if (this.#handlePlain(event)) event.preventDefault()
  }

  #handleChord(event: KeyboardEvent): boolean {
    const { actions, layout } = this.#workbench
    const key = event.key.toLowerCase()
    if (event.altKey) return false
    const always = event.shiftKey ? undefined : CHORDS[key]
    if (always !== undefined) return actions.run(always)
    // Never the browser's "save page": a campaign is saved, or nothing.
    if (key === 's' && !event.shiftKey) return actions.run('file.save-campaign') || true
    if (isTyping(event.target) || layout.overlay !== 'none') return false
    if (key === 'enter') return actions.run('run.start')
    if (key === 'z' && event.shiftKey) return actions.run('edit.redo')
    const outside = event.shiftKey ? undefined : OUTSIDE_TEXT[key]
    return outside !== undefined && actions.run(outside)
  }

  #handlePlain(event: KeyboardEvent): boolean {
    const { actions } = this.#workbench
    const afterG = event.timeStamp - this.#pressedGAt < SEQUENCE_MS
    this.#pressedGAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
    if (afterG) return this.#goTo(event.key)
    if (event.key === '?') return actions.run('help.shortcuts')
    if (event.key === 'i') return actions.run('view.inspector')
    return event.key === '/' && focusSearch()
  }

  #goTo(key: string): boolean {
    const entry = SCREEN_ENTRIES.find((candidate) => candidate.key === key)
    if (entry !== undefined) this.#workbench.router.go(entry.screen)
    return entry !== undefined
  }
}
