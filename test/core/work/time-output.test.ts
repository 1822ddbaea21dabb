// What the dialects of time print, as recorded; see fixtures/README.md.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readDuration } from '../../../src-main/core/work/duration.ts'
import { readTimeNs } from '../../../src-main/core/work/read-time.ts'
import { parseTimeOutput } from '../../../src-main/core/work/time-output.ts'

const TIME = { kind: 'time' } as const

function recorded(name: string): string {
  return readFileSync(new URL(`fixtures/time/${name}.txt`, import.meta.url), 'utf8')
}

describe('the output of time', () => {
  it.each([
    ['gnu-time-sleep', 210e6],
    ['busybox-time-verbose', 200e6],
    ['busybox-time-sleep', 200e6],
    ['posix-time-sleep', 200e6],
    ['gnu-time-hour', 3601e9],
    ['busybox-time-verbose-hour', 3602e9],
    ['busybox-time-hour', 3603e9],
    ['bash-time-hour', 3_604_065e6],
  ])('gives the elapsed time: %s', (name, value) =>
    expect(readTimeNs(TIME, recorded(name))).toEqual({ ok: true, value }),
  )

  it('gives context switches where it is verbose', () => {
    expect(parseTimeOutput(recorded('busybox-time-verbose'))).toMatchObject({
      value: [{ realNs: 200e6, userNs: 0, sysNs: 0, voluntary: 2, involuntary: 1, problem: null }],
    })
    expect(parseTimeOutput(recorded('posix-time-sleep'))).toMatchObject({
      value: [{ realNs: 200e6, userNs: 0, voluntary: null, involuntary: null }],
    })
  })

  it.each([
    ['gnu-time-exit-3', 'Command exited with non-zero status 3'],
    ['gnu-time-killed', 'Command terminated by signal 9'],
    ['gnu-time-not-found', 'Command exited with non-zero status 127'],
    ['busybox-exit-3', 'Command exited with non-zero status 3'],
    ['busybox-killed', 'Command terminated by signal 9'],
    ['busybox-not-found', 'Command exited with non-zero status 127'],
  ])('is an error where the program failed: %s', (name, error) => {
    expect(readTimeNs(TIME, recorded(name))).toEqual({ ok: false, error })
  })

  it('of several programs adds up, and one failure counts for all', () => {
    const good = recorded('gnu-time-sleep')
    expect(readTimeNs(TIME, good + good)).toEqual({ ok: true, value: 420e6 })
    expect(readTimeNs(TIME, recorded('gnu-time-killed') + good).ok).toBe(false)
    expect(readTimeNs(TIME, good + recorded('gnu-time-killed')).ok).toBe(false)
  })

  it('is refused where there is none', () => {
    expect(readTimeNs(TIME, 'really 3 times\nreal fast\n')).toEqual({
      ok: false,
      error: 'the output holds no line of time',
    })
  })
})

describe('a duration', () => {
  it.each([
    ['0.15', 150e6],
    ['0m0.012s', 12e6],
    ['0m 3.50s', 3500e6],
    ['60m4.001s', 3_604_001e6],
    ['0m0,012s', 12e6],
    ['0:00.17', 170e6],
    ['1:00:01', 3_601_000e6],
    ['1h 0m 02s', 3_602_000e6],
  ])('reads %s', (text, ns) => expect(readDuration(text)).toBe(ns))

  it.each(['', 's', 'm', '1m', '0m', '-1', '1e3', '1:', ':1', '1:2:3:4', '1.2.3', 'NaN', ' 1'])(
    'is not %j',
    (text) => expect(readDuration(text)).toBeUndefined(),
  )
})
