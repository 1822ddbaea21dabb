// No output makes a parser crash or hold on to more memory than it was given.
import fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseMicroOutput } from '../../../src-main/core/work/micro-output.ts'
import { linesFromEnd, linesOf } from '../../../src-main/core/work/lines.ts'
import { parseParsecOutput } from '../../../src-main/core/work/parsec-output.ts'
import { readTimeNs, type PrintedFormat } from '../../../src-main/core/work/read-time.ts'
import { parseTimeOutput } from '../../../src-main/core/work/time-output.ts'

const RECORDED = ['parsec', 'time'].flatMap((folder) => {
  const url = new URL(`fixtures/${folder}/`, import.meta.url)
  return readdirSync(url).map((name) => readFileSync(new URL(name, url), 'utf8'))
})
const LINES = [...new Set(RECORDED.flatMap((text) => text.split('\n')))]

const FORMATS: PrintedFormat[] = [
  { kind: 'parsec', measure: 'roi' },
  { kind: 'parsec', measure: 'real' },
  { kind: 'time' },
  { kind: 'pattern', pattern: '(?<value>[0-9.]+)s?$', unit: 's' },
]

/** Recorded lines in any order, mutilated, among any other text. */
const anyOutput = fc
  .array(
    fc.oneof(
      fc.constantFrom(...LINES),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.tuple(fc.constantFrom(...LINES), fc.nat(100)).map(([line, at]) => line.slice(at)),
      fc.tuple(fc.constantFrom(...LINES), fc.nat(100)).map(([line, at]) => line.slice(0, at)),
    ),
    { maxLength: 40 },
  )
  .map((lines) => lines.join('\n'))

function isTime(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}

describe('any output', () => {
  it('gives a time or a reason', () => {
    fc.assert(
      fc.property(anyOutput, fc.constantFrom(...FORMATS), (text, format) => {
        const read = readTimeNs(format, text)
        return read.ok ? isTime(read.value) : read.error.length > 0 && read.error.length < 1000
      }),
      { numRuns: 3000 },
    )
  })

  it('gives runs whose times are times', () => {
    fc.assert(
      fc.property(anyOutput, (text) => {
        const runs = parseParsecOutput(text)
        const times = runs.ok ? runs.value.flatMap(({ roiNs, realNs }) => [roiNs, realNs]) : []
        return times.every((time) => time === null || isTime(time))
      }),
      { numRuns: 2000 },
    )
  })

  it('of the micro-benchmark, cut anywhere, is refused or read as it was', () => {
    const line =
      '{"version":"flexlab-micro 1","mode":"ep","threads":2,"iterations":1,"workNs":0,"holdNs":1,' +
      '"pages":1,"loopsPerUs":9.5,"loopsGiven":false,"startedUs":1,"elapsedNs":7,' +
      '"perIterationNs":7,"windowNs":[7],"cpusSeen":[0],"cpusAtStart":1,"cpusAtEnd":1,"cpuNs":9,' +
      '"voluntarySwitches":1,"involuntarySwitches":0}'
    for (let length = 0; length < line.length; length++) {
      expect(parseMicroOutput(`noise\n${line.slice(0, length)}`).ok).toBe(false)
    }
    expect(parseMicroOutput(`noise\n${line}`).ok).toBe(true)
  })
})

describe('lines', () => {
  it('are those of split, from either end', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 10 })), (parts) => {
        const text = parts.join('\n')
        const wanted = text.split('\n').map((line) => line.replace(/\r$/, ''))
        const last = wanted.at(-1) === '' ? wanted.slice(0, -1) : wanted
        expect([...linesOf(text)]).toEqual(last)
        const backwards = [...linesFromEnd(text, Infinity)].filter((line) => line !== '')
        expect(backwards).toEqual(wanted.filter((line) => line !== '').reverse())
      }),
    )
  })
})

describe('an output of 10 MB', () => {
  const noise = 'Swaption 0: [SwaptionPrice: 6.9321719668 StdError: 0.0012757149] \n'
  const long = noise.repeat(Math.ceil(10e6 / noise.length))
  const oneLine = 'x'.repeat(10e6)

  it.each([
    ['short lines', long],
    ['one line', oneLine],
    ['nothing but line ends', '\n'.repeat(10e6)],
    ['nothing but tabs', '\t'.repeat(10e6)],
  ])('is read in little memory: %s', (_name, text) => {
    const before = process.memoryUsage().heapUsed
    for (const format of FORMATS) readTimeNs(format, text)
    parseMicroOutput(text)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6)
  })

  it('of nothing but times is refused instead of being kept', () => {
    const times = 'real 1\n'.repeat(1.4e6)
    expect(parseTimeOutput(times)).toEqual({ ok: false, error: 'the output holds too many times' })
    const runs = '[HOOKS] PARSEC Hooks Version 1.2\n'.repeat(3e5)
    expect(parseParsecOutput(runs)).toMatchObject({ ok: false })
  })

  it('gives the time that stands behind it', () => {
    const text = `${long}real 1.5\nuser 1\nsys 0\n`
    expect(readTimeNs({ kind: 'time' }, text)).toEqual({ ok: true, value: 1.5e9 })
  })
})
