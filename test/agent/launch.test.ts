// The launcher, compiled and run on this machine: what stands next to each program in a guest.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseReport, parseStatus } from '../../src-main/agent/work/launch-report.ts'
import { requiresTool } from '../support/requires.ts'

const SOURCE = 'src-main/agent/micro/flexlab-launch.c'
const STRICT = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wshadow', '-Werror', '-pthread', '-static']

describe.runIf(requiresTool('gcc'))('the launcher', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'flexlab-launch-'))
  const program = path.join(root, 'flexlab-launch')
  let folders = 0

  beforeAll(() => {
    const built = spawnSync('gcc', [...STRICT, '-o', program, SOURCE], { encoding: 'utf8' })
    expect(built.stderr).toBe('')
    expect(built.status).toBe(0)
  })
  afterAll(() => rmSync(root, { recursive: true }))

  /** At its barrier, in a folder of its own. */
  function launch(args: string[], argv: string[], input = '') {
    folders += 1
    const folder = path.join(root, `launch-${folders}`)
    const all = ['--folder', folder, '--lease-ms', '20000', ...args, '--', ...argv]
    const { status, stderr } = spawnSync(program, all, { encoding: 'utf8', input })
    const read = (name: string) => readFileSync(path.join(folder, name), 'utf8')
    return {
      ...{ status, stderr, folder, read },
      say: (name: string, text = '') => writeFileSync(path.join(folder, name), text),
      state: () => {
        const parsed = parseStatus(read('status'))
        return parsed.ok ? `${parsed.value.state} ${parsed.value.done}` : parsed.error
      },
      report: () => {
        const parsed = parseReport(read('report'))
        if (!parsed.ok) throw new Error(parsed.error)
        return parsed.value
      },
    }
  }

  it('waits at its barrier, then runs the program as often as asked', async () => {
    const one = launch(['--iterations', '3'], ['sh', '-c', 'cat; echo done'], 'given\n')
    expect(one.status).toBe(0)
    expect(one.state()).toBe('waiting 0')
    expect(one.report()).toEqual({ barrier: null, iterations: [] })
    one.say('go')
    await expect.poll(one.state).toBe('done 3')
    expect(one.read('out')).toBe('given\ndone\n'.repeat(3))
    const { iterations } = one.report()
    expect(iterations.map(({ outAt, outBytes, exit }) => [outAt, outBytes, exit])).toEqual([
      [0, 11, 0],
      [11, 11, 0],
      [22, 11, 0],
    ])
  })

  it('opens its barrier at the moment it is told, not before', async () => {
    const one = launch(['--iterations', '1'], ['true'])
    const momentUs = (Date.now() + 300) * 1000
    one.say('go', String(momentUs))
    await expect.poll(one.state).toBe('done 1')
    expect(one.report().barrier!.gateUnixUs).toBeGreaterThanOrEqual(momentUs)
  })

  it('does not wait for a moment that is past or beyond reason', async () => {
    for (const moment of ['1', String((Date.now() + 3_600_000) * 1000), 'nonsense']) {
      const one = launch(['--iterations', '1'], ['true'])
      one.say('go', moment)
      await expect.poll(one.state).toBe('done 1')
    }
  })

  it('loops until it is stopped, and leaves no process of the program', async () => {
    const mark = `1234.${process.pid}1`
    const argv = ['sh', '-c', `setsid sleep ${mark} & sleep 0.05`]
    const one = launch(['--iterations', '2', '--loop'], argv)
    one.say('go')
    await expect.poll(() => Number(one.state().split(' ')[1])).toBeGreaterThan(3)
    one.say('stop')
    await expect.poll(one.state).toMatch(/^stopped/)
    expect(processesOf(mark)).toEqual([])
  })

  it('when it is stopped early, does its own iterations first', async () => {
    const one = launch(['--iterations', '3', '--loop'], ['sleep', '0.1'])
    one.say('stop')
    one.say('go')
    await expect.poll(one.state).toBe('stopped 3')
  })

  it('ends everything at once when it is cancelled, also at its barrier', async () => {
    const mark = `1234.${process.pid}2`
    const one = launch(['--iterations', '1'], ['sh', '-c', `setsid sleep ${mark} & sleep ${mark}`])
    one.say('go')
    await expect.poll(() => processesOf(mark).length).toBe(2)
    one.say('cancel')
    await expect.poll(one.state).toBe('cancelled 0')
    expect(processesOf(mark)).toEqual([])
    const other = launch(['--iterations', '1'], ['true'])
    other.say('cancel')
    await expect.poll(other.state).toBe('cancelled 0')
  })

  it.each([
    [['sh', '-c', 'exit 7'], { exit: 7, signal: 0 }],
    [['sh', '-c', 'kill -9 $$'], { exit: -1, signal: 9 }],
    [['nonesuch'], { exit: 127, signal: 0 }],
  ])('ends as failed with how the program ended: %j', async (argv, how) => {
    const one = launch(['--iterations', '5'], argv)
    one.say('go')
    await expect.poll(one.state).toBe('failed 0')
    expect(one.report().iterations).toMatchObject([how])
  })

  it('ends by itself and takes its folder away when nobody asks for its state', async () => {
    const mark = `1234.${process.pid}3`
    const one = launch(['--iterations', '1', '--lease-ms', '400'], ['sleep', mark])
    one.say('go')
    // Looking at the status would be asking.
    await expect.poll(() => processesOf(mark).length).toBe(1)
    await expect.poll(() => processesOf(mark).length, { timeout: 10_000 }).toBe(0)
    await expect.poll(() => existsSync(one.folder)).toBe(false)
  })

  it('ends when its time is over', async () => {
    const one = launch(['--iterations', '1', '--timeout-ms', '200'], ['sleep', '1234'])
    one.say('go')
    await expect.poll(one.state).toBe('timeout 0')
  })

  it('keeps the last 64 KiB of an iteration’s output', async () => {
    const one = launch(['--iterations', '2'], ['seq', '1', '50000'])
    one.say('go')
    await expect.poll(one.state).toBe('done 2')
    const [first, second] = one.report().iterations
    expect(first).toMatchObject({ outAt: 0, outBytes: 65_536, isCut: true })
    expect(one.read('out').slice(second!.outAt)).toMatch(/\n49999\n50000\n$/)
  })

  it('sets the environment on top of its own', async () => {
    const argv = ['sh', '-c', 'echo "$A,$PATH"']
    const one = launch(['--iterations', '1', '--env', 'A=b=c d'], argv)
    one.say('go')
    await expect.poll(one.state).toBe('done 1')
    expect(one.read('out')).toBe(`b=c d,${process.env['PATH']!}\n`)
  })

  it.each([
    [[], ['true']],
    [['--iterations', '-1'], ['true']],
    [['--iterations', '1', '--nonsense', '1'], ['true']],
    [['--iterations', '1', '--env', 'A'], ['true']],
    [['--iterations', '1'], []],
  ])('refuses bad arguments: %j %j', (args, argv) => {
    const one = launch(args, argv)
    expect(one.status).toBe(2)
    expect(one.stderr).toMatch(/^flexlab-launch: /)
    expect(existsSync(one.folder)).toBe(false)
  })

  it('refuses a folder that is there already', () => {
    const args = ['--folder', root, '--iterations', '1', '--', 'true']
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('File exists')
  })
})

function processesOf(mark: string): string[] {
  const { stdout } = spawnSync('pgrep', ['-xf', `sleep ${mark}`], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean)
}
