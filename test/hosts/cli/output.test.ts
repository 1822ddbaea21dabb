// How the command line writes numbers, tables and files.
import { describe, expect, it } from 'vitest'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { printResult } from '../../../src-main/hosts/cli/output/result.ts'
import { compute, hog, inline, loop, role, scenarioOf } from '../../core/model/support/scenarios.ts'
import {
  changeText,
  clockText,
  countText,
  durationText,
  rateText,
} from '../../../src-main/hosts/cli/output/quantities.ts'
import { markdownLines, tableLines } from '../../../src-main/hosts/cli/output/table.ts'
import { Terminal } from '../../../src-main/hosts/cli/output/terminal.ts'

describe('a number', () => {
  it('that is a duration has four figures and its unit', () => {
    expect([1, 999, 12_345, 1.5e6, 9.87654e9, 123.4e9, 0].map(durationText)).toEqual([
      ...['1.000 ns', '999.0 ns', '12.35 µs', '1.500 ms', '9.877 s', '123.4 s', '0 ns'],
    ])
  })

  it('that is a wall time is read like a clock', () => {
    expect([400, 8_000, 125_000, 11_400_000].map(clockText)).toEqual([
      ...['0 s', '8 s', '2 min 05 s', '3 h 10 min'],
    ])
  })

  it('that is a change has a sign', () => {
    expect([0.354, -0.0123, 0, -0.0001].map((change) => changeText(change))).toEqual([
      ...['+35.4 %', '−1.2 %', '0.0 %', '0.0 %'],
    ])
  })

  it('that is large is grouped, or has a prefix', () => {
    expect([12, 1234, 12_345_678].map(countText)).toEqual(['12', '1 234', '12 345 678'])
    expect([4_210_000, 53_800, 12].map(rateText)).toEqual(['4.21 M', '53.8 k', '12.0'])
  })
})

const COLUMNS = [{ title: 'app' }, { title: 'n', align: 'right' as const }, { title: 'what' }]

describe('a table', () => {
  it('has columns as wide as what they hold', () => {
    const rows = [
      ['x264', '10', 'video'],
      ['ep', '3', 'nothing'],
    ]
    expect(tableLines(COLUMNS, rows)).toEqual([
      'app    n  what',
      '────  ──  ───────',
      'x264  10  video',
      'ep     3  nothing',
    ])
  })

  it('breaks a last column of prose that does not fit', () => {
    const prose = 'threads compute and then meet at a barrier'
    expect(tableLines(COLUMNS, [['ep', '3', prose]], 30).slice(2)).toEqual([
      'ep   3  threads compute and then',
      '        meet at a barrier',
    ])
  })

  it('is a Markdown table in which a bar survives', () => {
    expect(markdownLines(COLUMNS, [['a|b', '1', 'c']])).toEqual([
      ...['| app | n | what |', '| --- | --: | --- |', '| a\\|b | 1 | c |'],
    ])
  })
})

describe('a terminal', () => {
  function open(environment: Record<string, string>, isTTY: boolean, quiet = false) {
    const written = { out: '', err: '' }
    const sink = (name: 'out' | 'err') => ({
      isTTY,
      columns: 20,
      write: (text: string) => (written[name] += text),
    })
    const terminal = new Terminal({ out: sink('out'), err: sink('err'), quiet, environment })
    return { terminal, written }
  }

  it('has colours only where they are seen and not refused', () => {
    const red = (environment: Record<string, string>, isTTY: boolean): boolean =>
      open(environment, isTTY).terminal.paint('red', 'x') !== 'x'
    expect(red({}, true)).toBe(true)
    expect(red({}, false)).toBe(false)
    expect(red({ NO_COLOR: '1' }, true)).toBe(false)
    expect(red({ TERM: 'dumb' }, true)).toBe(false)
    expect(red({ FORCE_COLOR: '1' }, false)).toBe(true)
  })

  it('replaces its status line, cut to its width, and clears it before a result', () => {
    const { terminal, written } = open({}, true)
    terminal.status('x'.repeat(50))
    terminal.print('done')
    expect(written.err).toBe(`\r\x1b[2K${'x'.repeat(19)}\r\x1b[2K`)
    expect(written.out).toBe('done\n')
  })

  it('has no status line where nobody looks', () => {
    const { terminal, written } = open({}, false)
    terminal.status('working')
    expect(written.err).toBe('')
  })

  it('says nothing but errors when it is quiet', () => {
    const { terminal, written } = open({}, true, true)
    terminal.say('a message')
    terminal.complain('an error')
    expect(written.err).toBe('an error\n')
  })
})

describe('the result of a run', () => {
  function printed(stopNs?: number): string {
    let text = ''
    const out = { isTTY: false, columns: 80, write: (more: string) => (text += more) }
    const environment = {}
    const terminal = new Terminal({
      out,
      err: { ...out, write: () => '' },
      quiet: false,
      environment,
    })
    const steps = [{ op: 'arrive', ns: 1e6 }, compute(1e5), { op: 'respond' }]
    const workload = inline({ roles: [role(1, [loop(50, steps)])] })
    const server = { name: 'server', vcpus: 1, workload, ...(stopNs ? { stopNs } : {}) }
    const scenario = scenarioOf(2, [server, hog(20e6, { name: 'batch' })])
    printResult(scenario, simulate(scenario), terminal)
    return text
  }

  it('shows the latencies of VMs that answer requests, and of those only', () => {
    const lines = printed().split('\n')
    const at = lines.findIndex((line) => line.startsWith('VM      requests'))
    expect(lines[at]).toMatch(/mean +p50 +p95 +p99 +p99.9 +max$/)
    expect(lines[at + 2]).toMatch(/^server +50( +[\d.]+ µs){6}$/)
    expect(lines[at + 3]).not.toMatch(/batch/)
  })

  it('has no mean time of a VM that departed before it finished an iteration', () => {
    expect(printed(5e6)).toMatch(/server +inline +1 +1 +0 +– /)
  })
})
