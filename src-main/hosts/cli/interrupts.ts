/** Ctrl-C: the first one asks the command to stop cleanly, the second one ends the process. */
import { EXIT } from './exit-codes.ts'
import type { Terminal } from './output/terminal.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The signals of one command. */
export class Interrupts {
  readonly #abort = new AbortController()
  readonly #terminal: Terminal
  readonly #onSignal = (): void => this.#interrupt()

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    for (const signal of SIGNALS) process.on(signal, this.#onSignal)
  }

  /** Aborts at the first signal. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Signals end the process again. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal)
  }

  #interrupt(): void {
    if (this.#abort.signal.aborted) process.exit(EXIT.cancelled)
    this.#terminal.say('stopping … (once more to stop at once)')
    this.#abort.abort()
  }
}
