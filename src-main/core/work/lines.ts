/** Lines of a program's output, which may be long: only the line at hand is copied and held. */

/** Characters of a line beyond which the rest is not looked at: no line that is read is longer. */
export const LINE_LENGTH_MAX = 10_000

/** The lines in order, each without its end (`\n` or `\r\n`) and cut to LINE_LENGTH_MAX. */
export function* linesOf(text: string): Generator<string, void> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    yield lineAt(text, start, end)
    start = end + 1
  }
}

/** The lines from the last to the first, of the last `lengthMax` characters. */
export function* linesFromEnd(text: string, lengthMax: number): Generator<string, void> {
  const first = Math.max(0, text.length - lengthMax)
  for (let end = text.length; end > first;) {
    const start = Math.max(first, text.lastIndexOf('\n', end - 1) + 1)
    yield lineAt(text, start, end)
    end = start - 1
  }
}

function lineAt(text: string, start: number, end: number): string {
  const isCrLf = end > start && text.charCodeAt(end - 1) === 0x0d
  return text.slice(start, Math.min(isCrLf ? end - 1 : end, start + LINE_LENGTH_MAX))
}
