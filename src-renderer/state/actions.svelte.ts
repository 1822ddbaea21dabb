/** Actions: what the menu bar and the palette can do on the screen that is open just now. */
import type { MenuCommand } from '../bridge/index.ts'

/** Menu commands that a screen, not the shell, carries out. */
export type ScreenCommand = Extract<
  MenuCommand,
  'file.export-report' | 'run.start' | 'run.pause' | 'run.cancel' | 'run.retry'
>

/** The open screen's handlers; a screen offers them while it is mounted. */
export class Actions {
  #handlers = $state.raw<Partial<Record<ScreenCommand, () => void>>>({})

  /** Offers handlers until the returned function is called. */
  offer(handlers: Partial<Record<ScreenCommand, () => void>>): () => void {
    this.#handlers = handlers
    return () => {
      if (this.#handlers === handlers) this.#handlers = {}
    }
  }

  /** Runs a command where the screen knows it; says whether it did. */
  run(command: ScreenCommand): boolean {
    const handler = this.#handlers[command]
    handler?.()
    return handler !== undefined
  }
}
