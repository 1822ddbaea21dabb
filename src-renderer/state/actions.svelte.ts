/** Actions: what menus, palette and keys can do just now; the open screen offers its own. */
import { untrack } from 'svelte'
import type { MenuCommand } from '../../src-main/core/contract/menu.ts'

/** What is done when a menu command is chosen. */
export type MenuHandlers = Partial<Record<MenuCommand, () => void>>

/** A command that is in the palette only. `id` is unique in the app: `timeline:next-barrier`. */
export type Command = {
  readonly id: string
  readonly title: string
  /** A word or two beside the title: the screen, or what kind of thing it is. */
  readonly group: string
  readonly act: () => void
}

/** A shortcut as the sheet lists it. */
export type Shortcut = { readonly keys: readonly string[]; readonly what: string }

/** Shortcuts of one screen under one heading. */
export type ShortcutGroup = { readonly title: string; readonly shortcuts: readonly Shortcut[] }

/**
 * Everything that is offered; of one menu command, the latest offer counts. Offering stands in
 * effects, so it must not depend on what others offer.
 */
export class Actions {
  #handlers = $state.raw<readonly MenuHandlers[]>([])
  #commands = $state.raw<readonly (() => readonly Command[])[]>([])
  #shortcuts = $state.raw<readonly ShortcutGroup[]>([])

  /** Handles menu commands until the returned function is called. */
  offer(handlers: MenuHandlers): () => void {
    this.#handlers = [...untrack(() => this.#handlers), handlers]
    return () => {
      this.#handlers = this.#handlers.filter((one) => one !== handlers)
    }
  }

  /** Adds commands to the palette until the returned function is called. */
  add(commands: () => readonly Command[]): () => void {
    this.#commands = [...untrack(() => this.#commands), commands]
    return () => {
      this.#commands = this.#commands.filter((one) => one !== commands)
    }
  }

  /** Lists a screen's own keys in the sheet of shortcuts until the returned function is called. */
  explainKeys(title: string, shortcuts: readonly Shortcut[]): () => void {
    const group = { title, shortcuts }
    this.#shortcuts = [...untrack(() => this.#shortcuts), group]
    return () => {
      this.#shortcuts = this.#shortcuts.filter((one) => one !== group)
    }
  }

  /** The palette's own commands. */
  get commands(): readonly Command[] {
    return this.#commands.flatMap((commands) => commands())
  }

  get shortcuts(): readonly ShortcutGroup[] {
    return this.#shortcuts
  }

  /** Whether something would happen. */
  can(command: MenuCommand): boolean {
    return this.#handlers.some((handlers) => handlers[command] !== undefined)
  }

  /** Runs a command where it is known; says whether it is. */
  run(command: MenuCommand): boolean {
    const handler = this.#handlers.findLast((handlers) => handlers[command] !== undefined)
    handler?.[command]?.()
    return handler !== undefined
  }
}
