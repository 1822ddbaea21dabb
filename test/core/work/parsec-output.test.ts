// PARSEC's outputs, as recorded from real runs; see fixtures/README.md.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseParsecOutput } from '../../../src-main/core/work/parsec-output.ts'
import { readTimeNs } from '../../../src-main/core/work/read-time.ts'

const ROI = { kind: 'parsec', measure: 'roi' } as const
const REAL = { kind: 'parsec', measure: 'real' } as const

function recorded(name: string): string {
  return readFileSync(new URL(`fixtures/parsec/${name}.txt`, import.meta.url), 'utf8')
}

function runsOf(name: string) {
  const parsed = parseParsecOutput(recorded(name))
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

describe('an output of PARSEC', () => {
  it('gives each benchmark of one parsecmgmt with its times', () => {
    expect(runsOf('three-apps')).toMatchObject([
      { benchmark: 'parsec.blackscholes', roiNs: 8e6, realNs: 10e6, userNs: 2e6, sysNs: 0 },
      {
        benchmark: 'parsec.streamcluster',
        roiNs: 169e6,
        realNs: 208e6,
        userNs: 103e6,
        sysNs: 27e6,
      },
      { benchmark: 'parsec.fluidanimate', roiNs: 136e6, realNs: 233e6, userNs: 48e6, sysNs: 16e6 },
    ])
    expect(runsOf('three-apps').map((run) => run.problem)).toEqual([null, null, null])
  })

  it('gives several runs one after the other with the commands that tell them apart', () => {
    const commands = runsOf('threads-1-2-4').map((run) => run.command)
    expect(commands.map((command) => command.split(' ').at(-1))).toEqual(['1', '2', '4'])
  })

  it('keeps six decimals of a region of interest', () => {
    const times = runsOf('six-decimals').map((run) => run.roiNs)
    expect(times).toEqual([645_851_000, 680_237_000, 510_887_000])
  })

  it.each([
    ['no-hooks', 203e6],
    ['posix-time', 380e6],
    ['busybox-time', 280e6],
    ['gnu-time-verbose', 170e6],
    ['gnu-time-default', 270e6],
    ['vips', 12e6],
    ['freqmine', 143e6],
  ])('gives the real time by whatever program took it: %s', (name, realNs) => {
    expect(readTimeNs(REAL, recorded(name))).toEqual({ ok: true, value: realNs })
  })

  it('takes all runs of an output as one iteration', () => {
    expect(readTimeNs(ROI, recorded('three-apps'))).toEqual({ ok: true, value: 313e6 })
  })

  it('of a benchmark that was started without parsecmgmt is read the same', () => {
    expect(runsOf('direct')).toMatchObject([{ benchmark: '', roiNs: 29e6, realNs: 31e6 }])
  })

  it('is read with the line ends of a terminal', () => {
    const [run] = runsOf('terminal')
    expect(run).toMatchObject({ benchmark: 'parsec.streamcluster', problem: null })
    expect(run!.roiNs).toBeGreaterThan(0)
    expect(run!.realNs).toBeGreaterThan(0)
  })

  it.each(['vips', 'no-hooks'])('without a region of interest says to measure real: %s', (name) => {
    const read = readTimeNs(ROI, recorded(name))
    expect(!read.ok && read.error).toMatch(/printed no region of interest .*measure "real"/)
  })

  it.each([
    ['failed-too-few-swaptions', 'parsec.swaptions: the program did not come to its end'],
    ['failed-aborted', 'parsec.canneal: the program ended by a signal: Aborted'],
    ['killed', 'parsec.streamcluster: the program ended by a signal: Killed'],
    [
      'error-not-installed',
      /^parsec.x264: Binary '.*' of package 'parsec.x264' cannot be found\.$/,
    ],
    ['error-second', /^parsec.ferret: Binary '.*' of package 'parsec.ferret' cannot be found\.$/],
    ['error-invalid-package', "PARSEC: Invalid package 'parsec.nonesuch'."],
    ['error-invalid-input', "PARSEC: Unknown input set 'huge'."],
  ])('that failed is an error in spite of its times and its "Done.": %s', (name, message) => {
    const read = readTimeNs(REAL, recorded(name))
    expect(!read.ok && read.error).toMatch(message)
  })

  it('that was cut off is an error at every length', () => {
    const whole = recorded('three-apps')
    const end = whole.lastIndexOf('[PARSEC] Done.')
    for (let length = 0; length < end; length += 7) {
      expect(readTimeNs(REAL, whole.slice(0, length)).ok).toBe(false)
    }
    expect(readTimeNs(REAL, recorded('cut-off')).ok).toBe(false)
  })

  it('holds an error of parsecmgmt between two runs against them', () => {
    const text = recorded('error-invalid-package') + recorded('three-apps')
    expect(readTimeNs(REAL, text).ok).toBe(false)
  })

  it('is found behind what the program wrote on the same line', () => {
    const text = recorded('direct').replace('[HOOKS] Total', 'progress 99 %[HOOKS] Total')
    expect(readTimeNs(ROI, text)).toEqual({ ok: true, value: 29e6 })
  })

  it('of another program is not taken for one of PARSEC', () => {
    const read = readTimeNs(REAL, 'real\t0m1.000s\nuser\t0m0.000s\nsys\t0m0.000s\n')
    expect(read).toEqual({
      ok: false,
      error: 'PARSEC: the output holds nothing that PARSEC prints',
    })
  })
})
