// The parts of work in guests that need no guest: arguments, reports, counters, samples, times.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ipiCounts, stealNs } from '../../src-main/agent/observe/guest-kernel.ts'
import { kvmCounters } from '../../src-main/agent/observe/kvm-counters.ts'
import { SampleLog } from '../../src-main/agent/observe/sample-log.ts'
import { HostFiles } from '../../src-main/agent/proc/host-files.ts'
import { growth, merge } from '../../src-main/agent/work/counters.ts'
import { cpuUseBetween } from '../../src-main/agent/work/cpu-use.ts'
import { failureOf, tailOf, timeOf } from '../../src-main/agent/work/iteration-times.ts'
import { parseReport, parseStatus } from '../../src-main/agent/work/launch-report.ts'
import { fromBarrier } from '../../src-main/agent/work/run-report.ts'
import { guestCommand, microArgs } from '../../src-main/agent/work/program-argv.ts'
import type { Program } from '../../src-main/core/contract/agent/program.ts'
import type { Sample } from '../../src-main/core/contract/agent/work.ts'

const ITERATION = {
  ...{ startNs: 5, elapsedNs: 1e9, exit: 0, signal: 0, cpuUs: 3, voluntary: 1, involuntary: 2 },
  ...{ outAt: 0, outBytes: 0, isCut: false },
}

describe('a program of the contract', () => {
  it('of the micro-benchmark gets its options by their names, as digits that C reads', () => {
    const options = { threads: 4, workNs: 1e12, loopsPerUs: 1048.2185, iterations: 1e21 }
    expect(microArgs('ring', options)).toEqual([
      ...['ring', '--json', '--threads', '4', '--work', '1000000000000'],
      ...['--loops-per-us', '1048.218500', '--iterations', '1000000000000000000000'],
    ])
  })

  it.each(['--threads', 'toString', '__proto__', 'cpus'])('has no option %s', (name) => {
    const options = JSON.parse(`{"${name}": 1}`) as Record<string, number>
    expect(() => microArgs('ring', options)).toThrow(`flexlab-micro has no option "${name}"`)
  })

  it('of the micro-benchmark uses a thread for each vCPU unless it is told otherwise', () => {
    const micro = { path: '/run/m', loopsPerUs: 1000 }
    const program = { kind: 'micro', mode: 'ep', options: {} } as const
    expect(guestCommand(program, micro, 4)).toMatchObject({ threads: 4 })
    const more = { ...program, options: { threads: 9, loopsPerUs: 7 } }
    const { threads, argv } = guestCommand(more, micro, 4)
    expect(threads).toBe(9)
    expect(argv.join(' ')).toBe('/run/m ep --json --threads 9 --loops-per-us 7')
  })

  it('that is a command has its number of threads wherever it says $threads', () => {
    const program: Program = {
      ...{ kind: 'command', argv: ['run', '-n', '$threads', '$threadsafe'], stdin: 'x' },
      ...{ env: { OMP: '$threads' }, threads: 8, output: { kind: 'elapsed' } },
    }
    expect(guestCommand(program, null, 4)).toEqual({
      ...{ argv: ['run', '-n', '8', '$threadsafe'], env: { OMP: '8' }, stdin: 'x', threads: 8 },
    })
  })
})

describe('the launcher’s files', () => {
  it('are read as it writes them', () => {
    expect(parseStatus('running 12    \n')).toEqual({
      ok: true,
      value: { state: 'running', done: 12 },
    })
    const text = `{"gateNs":1,"gateUnixUs":2}\n${JSON.stringify(ITERATION)}\n{"startNs":`
    expect(parseReport(text)).toEqual({
      ok: true,
      value: { barrier: { gateNs: 1, gateUnixUs: 2 }, iterations: [ITERATION] },
    })
  })

  it('of a guest that writes anything else are refused, not believed', () => {
    const bytes = fc.oneof(
      fc.string(),
      fc.json().map((json) => `${json}\n`),
    )
    fc.assert(fc.property(bytes, (text) => !parseStatus(text).ok))
    fc.assert(
      fc.property(bytes, (text) => {
        const report = parseReport(text)
        return !report.ok || report.value.iterations.length === 0
      }),
    )
    expect(parseReport('{"gateNs":1,"gateUnixUs":2}\n{"startNs":-1}\n').ok).toBe(false)
    expect(parseStatus('exploded 1\n').ok).toBe(false)
  })
})

describe('the time of an iteration', () => {
  const output = Buffer.from('t=1 s\nt=2 s\n')
  const launched = { barrier: null, iterations: [], output }
  const command = (format: Extract<Program, { kind: 'command' }>['output']): Program => ({
    ...{ kind: 'command', argv: ['x'], env: {}, stdin: '', threads: 1, output: format },
  })
  const pattern = command({ kind: 'pattern', pattern: 't=(?<value>\\d)', unit: 's' })

  it('is read from its own part of the output', () => {
    const time = (outAt: number) =>
      timeOf('vm', pattern, launched, { ...ITERATION, outAt, outBytes: 6 })
    expect([time(0), time(6)]).toEqual([1e9, 2e9])
    expect(timeOf('vm', command({ kind: 'elapsed' }), launched, ITERATION)).toBe(1e9)
  })

  it('is refused when it is a sum and part of the output was lost', () => {
    const cut = { ...ITERATION, outBytes: 12, isCut: true }
    expect(() => timeOf('vm', command({ kind: 'time' }), launched, cut)).toThrow('may be lost')
    expect(timeOf('vm', pattern, launched, cut)).toBe(2e9)
  })

  it('of a program that failed is none', () => {
    expect(failureOf({ ...ITERATION, exit: 3 })).toBe('the program ended with exit code 3')
    expect(failureOf({ ...ITERATION, exit: -1, signal: 9 })).toContain('signal 9')
    expect(() => timeOf('vm', pattern, launched, { ...ITERATION, exit: 1 })).toThrow('exit code 1')
  })

  it('comes with an output whose control characters no terminal acts on', () => {
    const tail = tailOf({ ...launched, output: Buffer.from('a\u001B[2J\u0007b\tc\r\n\u009B') })
    expect(tail).toBe('a\uFFFD[2J\uFFFDb\tc\uFFFD\n\uFFFD')
  })
})

describe('counters', () => {
  it('are what was added, and say so where they were reset or are missing', () => {
    const before = { counters: { a: 5, b: 9 }, notObservable: { c: 'hidden' } }
    const after = { counters: { a: 7, b: 1, d: 3 }, notObservable: { c: 'hidden' } }
    expect(growth(before, after)).toEqual({
      counters: { a: 2 },
      notObservable: {
        ...{ c: 'hidden', b: 'it was reset during the run', d: 'it was reset during the run' },
      },
    })
    expect(merge(before, after).counters).toEqual({ a: 7, b: 1, d: 3 })
  })

  it('of a guest’s interrupts are sums over its CPUs, and null for rows it has not', () => {
    const text =
      '           CPU0       CPU1       \n' +
      '  0:         45          0   IO-APIC   2-edge      timer\n' +
      ' RES:        100         23   Rescheduling interrupts\n' +
      ' CAL:          7          1   Function call interrupts\n'
    expect(ipiCounts(text)).toEqual({
      guestReschedulingIpis: 123,
      guestFunctionCallIpis: 8,
      guestTlbIpis: null,
    })
  })

  it('of steal are ticks of 10 ms, and null where there is no such field', () => {
    expect(stealNs('cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n')).toBe(8e7)
    expect(stealNs('cpu  1 2 3\n')).toBeNull()
    expect(stealNs('')).toBeNull()
  })

  it('of KVM are named as not observable where there is none', () => {
    const vm = { name: 'a', pid: 1, accel: 'tcg' } as Parameters<typeof kvmCounters>[1]
    const none = kvmCounters(new HostFiles(), vm)
    expect(none.counters).toEqual({})
    expect(none.notObservable['exits']).toContain('TCG')
    const hidden = kvmCounters(new HostFiles('/nonexistent'), { ...vm, accel: 'kvm' })
    expect(hidden.notObservable['exits']).toContain('debugfs')
  })

  it('of CPU time leave what is neither the VMs’ nor the agent’s to others, never below 0', () => {
    const before = { hostNs: 100, vmsNs: 10, agentNs: 1 }
    const after = { hostNs: 200, vmsNs: 60, agentNs: 6 }
    expect(cpuUseBetween(before, after)).toEqual({ agentCpuNs: 5, foreignCpuNs: 45 })
    expect(cpuUseBetween(before, { ...after, hostNs: 101 }).foreignCpuNs).toBe(0)
    expect(cpuUseBetween(before, { ...after, vmsNs: null }).foreignCpuNs).toBeNull()
  })
})

describe('samples of a long run', () => {
  const sample = (atNs: number): Sample => ({
    atNs,
    vms: [
      {
        ...{ vm: 'a', runNs: [1], runDelayNs: [1], voluntary: [1], involuntary: [1] },
        ...{ pcpu: [0], online: null },
      },
    ],
    pcpuBusyNs: Array<number>(50).fill(0),
  })

  it('are thinned to what a frame carries, from its first to its last', () => {
    const log = new SampleLog()
    for (let i = 0; i < 50_000; i++) log.add(sample(i))
    const kept = log.all().map(({ atNs }) => atNs)
    expect(kept[0]).toBe(0)
    expect(kept.at(-1)).toBe(49_999)
    expect(JSON.stringify(log.all()).length).toBeLessThan(3 * 1024 * 1024)
    const steps = new Set(kept.slice(1, -1).map((at, i) => at - kept[i]!))
    expect(steps.size).toBe(1)
  })

  it('are all kept while they are few', () => {
    const log = new SampleLog()
    for (let i = 0; i < 20; i++) log.add(sample(i))
    expect(log.all()).toHaveLength(20)
    expect(new SampleLog().all()).toEqual([])
  })
})

describe('samples of a run', () => {
  const sampleOf = (atNs: number, runNs: number): Sample => ({
    atNs,
    vms: [
      {
        ...{ vm: 'a', runNs: [runNs], runDelayNs: [2 * runNs], voluntary: [4], involuntary: [0] },
        ...{ pcpu: [0], online: 1 },
      },
    ],
    pcpuBusyNs: [runNs],
  })

  it('begin at the barrier with the counters carried on to it, so that none is too full', () => {
    const samples = [0, 100, 200, 300].map((at) => sampleOf(at, at * 10))
    const [first, second, ...rest] = fromBarrier(samples, 190)
    expect(first).toMatchObject({ atNs: 0, pcpuBusyNs: [1900] })
    expect(first!.vms[0]).toMatchObject({ runNs: [1900], runDelayNs: [3800], voluntary: [4] })
    expect(second).toMatchObject({ atNs: 10, pcpuBusyNs: [2000] })
    expect(rest.map(({ atNs }) => atNs)).toEqual([110])
  })

  it('that all came before or after the barrier stay as they are', () => {
    expect(fromBarrier([], 5)).toEqual([])
    expect(fromBarrier([sampleOf(3, 7)], 5)).toMatchObject([{ atNs: 0, pcpuBusyNs: [7] }])
    expect(fromBarrier([sampleOf(8, 7), sampleOf(9, 9)], 5)).toMatchObject([
      { atNs: 0, pcpuBusyNs: [7] },
      { atNs: 4, pcpuBusyNs: [9] },
    ])
  })
})
