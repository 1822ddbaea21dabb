/** Where a command writes: results to stdout, everything said about them to stderr. */
import { styleText } from 'node:util'
import { tableLines } from './table.ts'
import type { Column } from './table.ts'

/** A text style. */
export type Style = Parameters<typeof styleText>[0]

/** A stream that is written to. */
export type Sink = {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const COLUMNS_DEFAULT = 100

/** What a terminal is made of; NO_COLOR and FORCE_COLOR follow no-color.org. */
export type TerminalOptions = {
  readonly out: Sink
  readonly err: Sink
  readonly quiet: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Prints for people or for programs, with colour only where it is seen. */
export class Terminal {
  readonly #options: TerminalOptions
  #statusShown = false

  constructor(options: TerminalOptions) {
    this.#options = options
  }

  /** Whether stderr is a terminal that a status line can live on. */
  get live(): boolean {
    return this.#options.err.isTTY === true && !this.#options.quiet
  }

  /** Whether messages are suppressed. */
  get quiet(): boolean {
    return this.#options.quiet
  }

  /** Width of stdout in characters. */
  get columns(): number {
    return this.#options.out.columns ?? COLUMNS_DEFAULT
  }

  /** A line of the result. */
  print(text = ''): void {
    this.clearStatus()
    this.#options.out.write(`${text}\n`)
  }

  /** A table of the result, broken to fit where stdout is a terminal. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const width = this.#options.out.columns ?? Infinity
    for (const line of tableLines(columns, rows, width)) this.print(line)
  }

  /** The result as JSON, for --json. */
  json(value: unknown): void {
    this.print(JSON.stringify(value, null, 2))
  }

  /** A message beside the result; silent with --quiet. */
  say(text: string): void {
    if (this.#options.quiet) return
    this.clearStatus()
    this.#options.err.write(`${text}\n`)
  }

  /** An error; never silent. */
  complain(text: string): void {
    this.clearStatus()
    this.#options.err.write(`${text}\n`)
  }

  /** Replaces the status line; nothing where stderr is no terminal. */
  status(text: string): void {
    if (!this.live) return
    const width = (this.#options.err.columns ?? COLUMNS_DEFAULT) - 1
    this.#options.err.write(`\r\x1b[2K${text.slice(0, width)}`)
    this.#statusShown = true
  }

  /** Removes the status line. */
  clearStatus(): void {
    if (!this.#statusShown) return
    this.#options.err.write('\r\x1b[2K')
    this.#statusShown = false
  }

  /** Text of the result in a style, plain where stdout shows none. */
  paint(style: Style, text: string): string {
    return this.#hasColour(this.#options.out)
      ? styleText(style, text, { validateStream: false })
      : text
  }

  /** Text of a message in a style, plain where stderr shows none. */
  paintMessage(style: Style, text: string): string {
    return this.#hasColour(this.#options.err)
      ? styleText(style, text, { validateStream: false })
      : text
  }

  #hasColour(sink: Sink): boolean {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.#options.environment
    if (NO_COLOR !== undefined && NO_COLOR !== '') return false
    if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') return true
    return sink.isTTY === true && TERM !== 'dumb'
  }
}
