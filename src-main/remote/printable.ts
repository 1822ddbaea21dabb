/**
 * Bytes of other programs in messages of ours: capped, and with nothing in them that a terminal
 * would obey.
 */

/** Kept of a program's error output, bytes: its last lines tell why it ended. */
const TAIL_BYTES_MAX = 16_384

/** Lines of a tail that a message shows. */
const LINES_SHOWN_MAX = 5
const LINE_LENGTH_MAX = 300

// Bidirectional controls could show a line in another order than it is written.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/** Text with control characters shown as U+FFFD, but for newline and tab; CRLF is a newline. */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(UNPRINTABLE, (c) => (c === '\n' || c === '\t' ? c : '\uFFFD'))
}

/** The last lines of a program's output as one line of a message; empty when there are none. */
export function lastLines(text: string): string {
  const lines = printable(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const shown = lines.slice(-LINES_SHOWN_MAX)
  return shown.map((line) => shorten(line)).join(' | ')
}

function shorten(line: string): string {
  return line.length <= LINE_LENGTH_MAX ? line : `${line.slice(0, LINE_LENGTH_MAX)}…`
}

/** Holds the end of a stream of bytes, however long the stream is. */
export class Tail {
  #held: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): void {
    const all = Buffer.concat([this.#held, chunk.subarray(-TAIL_BYTES_MAX)])
    this.#held = all.subarray(-TAIL_BYTES_MAX)
  }

  /** What is held, as printable text. */
  text(): string {
    return printable(this.#held.toString('utf8'))
  }
}
