// The micro-benchmark, compiled and run on this machine: what the agent runs in guests.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MicroResult } from '../../src-main/core/contract/agent/micro.ts'
import { MICRO_MODES } from '../../src-main/core/contract/agent/program.ts'
import { parseMicroOutput } from '../../src-main/core/work/micro-output.ts'
import { requiresTool } from '../support/requires.ts'

const SOURCE = 'src-main/agent/micro/flexlab-micro.c'
const STRICT = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wshadow', '-Werror', '-pthread', '-static']

/** Small work: tested is that it ends and says what it did, not how fast this machine is. */
const QUICK = ['--iterations', '40', '--work', '1000', '--timeout', '50']
const ALONE = ['switch', 'ipi', 'tlb-latency', 'calib']

describe.runIf(requiresTool('gcc'))('the micro-benchmark', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flexlab-micro-'))
  const program = path.join(folder, 'flexlab-micro')

  beforeAll(() => {
    const built = spawnSync('gcc', [...STRICT, '-o', program, SOURCE], { encoding: 'utf8' })
    expect(built.stderr).toBe('')
    expect(built.status).toBe(0)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function run(...args: string[]) {
    return spawnSync(program, args, { encoding: 'utf8' })
  }

  function result(...args: string[]): MicroResult {
    const { stdout, stderr, status } = run(...args, '--json')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const parsed = parseMicroOutput(stdout)
    if (!parsed.ok) throw new Error(parsed.error)
    expect(parsed.value).toHaveLength(1)
    return parsed.value[0]!
  }

  it.each([...MICRO_MODES, ...ALONE])('%s does the asked iterations and says so', (mode) => {
    const found = result(mode, ...QUICK)
    expect(found).toMatchObject({ mode, iterations: 40, workNs: 1000 })
    expect(found.cpusSeen.length).toBeGreaterThan(0)
    expect(found.elapsedNs).toBeGreaterThan(0)
  })

  it.each(['spin-barrier', 'spin', 'ticket', 'ring', 'tlb', 'tlb-latency'])(
    '%s ends with more threads than CPUs',
    (mode) => {
      const found = result(mode, '--threads', '9', '--iterations', '8', '--timeout', '50')
      expect(found.threads).toBe(9)
    },
  )

  it('two threads on one CPU stay there', () => {
    const { cpusSeen } = result('wake', '--cpus', '0,0', '--iterations', '100')
    expect(cpusSeen).toEqual([0])
  })

  it('the refill curve grows with the working set and says how much was walked over', () => {
    const { curve = [], llcKib } = result('refill', '--iterations', '3', '--llc', '2048')
    expect(llcKib).toBe(2048)
    expect(curve.map((point) => point.kib)).toEqual([16, 32, 64, 128, 256, 512, 1024, 2048, 4096])
    expect(curve.at(-1)!.coldNs).toBeGreaterThan(curve[0]!.coldNs)
  })

  it('windows share the iterations and add up to the elapsed time', () => {
    const found = result('ep', '--iterations', '10', '--windows', '4', '--work', '100000')
    expect(found.windowNs).toHaveLength(4)
    expect(found.windowNs.reduce((a, b) => a + b)).toBe(found.elapsedNs)
    expect(found.iterations).toBe(10)
  })

  it('computes at the speed it is told, so that compared runs do the same work', () => {
    const found = result('ep', '--iterations', '1', '--loops-per-us', '123.5')
    expect(found).toMatchObject({ loopsPerUs: 123.5, loopsGiven: true })
  })

  it('runs for a time instead, and counts what it did', () => {
    const found = result('ep', '--seconds', '0.05', '--work', '10000')
    expect(found.elapsedNs).toBeGreaterThanOrEqual(50_000_000)
    expect(found.iterations).toBeGreaterThan(1)
  })

  it('gives up when its time-out is over', () => {
    const { status, stderr } = run('ep', '--iterations', '100000', '--timeout', '0.1')
    expect(status).toBe(4)
    expect(stderr).toContain('time-out')
  })

  it.each([
    [],
    ['nonsense'],
    ['ep', '--threads', '0'],
    ['ep', '--threads', '99999999999999999999'],
    ['ep', '--threads', '-1'],
    ['ep', '--threads'],
    ['ep', '--thread', '1'],
    ['ep', '--seconds', 'nan'],
    ['ep', '--seconds', '1', '--iterations', '1'],
    ['ep', '--windows', '3', '--iterations', '2'],
    ['ep', '--cpus', '0,x'],
    ['wake', '--cpus', '0'],
    ['wake', '--threads', '3'],
    ['refill', '--iterations', '100000'],
  ])('refuses bad arguments: %j', (...args) => {
    const { status, stdout, stderr } = run(...args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^flexlab-micro: /)
  })

  it('says its version, and what it lacks', () => {
    expect(run('--version').stdout).toMatch(/^flexlab-micro \d+\n$/)
    expect(run('ep', '--cpus', '1023').status).toBe(3)
  })
})
