/**
 * Durations as `time` prints them, in each of its dialects. All of them were recorded; see
 * test/core/work/fixtures/README.md.
 */

const NS_PER_SECOND = 1e9

/** Fractions come with the locale's decimal point. */
const NUMBER = String.raw`\d{1,9}(?:[.,]\d{1,9})?`

const DIALECTS: readonly RegExp[] = [
  // `real 0.38`: POSIX, `time -p`.
  new RegExp(`^()()(${NUMBER})$`),
  // `0m0.203s` of bash, `0m 0.28s` and `1h 0m 02s` of busybox.
  new RegExp(`^(?:(\\d{1,6})h ?)?(?:(\\d{1,9})m ?)?(${NUMBER})s$`),
  // `0:00.17` and `1:00:01` of GNU time.
  new RegExp(`^(?:(\\d{1,6}):)?(\\d{1,9}):(${NUMBER})$`),
]

/** ns of a duration; undefined when it is none. */
export function readDuration(text: string): number | undefined {
  for (const dialect of DIALECTS) {
    const match = dialect.exec(text)
    if (match === null) continue
    const [, hours = '', minutes = '', seconds = ''] = match
    const whole = Number(hours) * 3600 + Number(minutes) * 60
    return Math.round((whole + Number(seconds.replace(',', '.'))) * NS_PER_SECOND)
  }
  return undefined
}
