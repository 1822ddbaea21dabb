// Work in real guests: barrier, repetitions, outputs, counters, failures, and that nothing of it is
// left in a guest afterwards.
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { runInGuest } from '../../src-main/agent/backend/guest-exec.ts'
import { Inventory } from '../../src-main/agent/backend/inventory.ts'
import type { Guest } from '../../src-main/agent/backend/guest.ts'
import { Virsh } from '../../src-main/agent/backend/virsh.ts'
import { HostFiles } from '../../src-main/agent/proc/host-files.ts'
import { HostBuilds } from '../../src-main/agent/work/host-builds.ts'
import { Work } from '../../src-main/agent/work/work.ts'
import type { Program } from '../../src-main/core/contract/agent/program.ts'
import { AGENT_METHODS, type AgentEvent } from '../../src-main/core/contract/agent/protocol.ts'
import type { RunReport } from '../../src-main/core/contract/agent/work.ts'
import { AgentProcess } from '../support/agent-process.ts'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { BED_CACHE } from './initramfs.ts'
import { sharedBed } from './shared-bed.ts'

/** Programs that an earlier run has compiled. */
const BUILDS = path.join(BED_CACHE, 'programs')

type Asked = { repeat?: 'stop' | 'until-others' | 'load'; iterations?: number; program: Program }

describe.runIf(requiresTool(...BED_TOOLS))('work in guests', () => {
  let inventory: Inventory
  let work: Work
  let names: string[]
  let guests: Guest[]

  beforeAll(async () => {
    const files = new HostFiles()
    inventory = new Inventory(files, new Virsh(null))
    const countInForce = (vm: string) => (vm === names[0] ? 2 : null)
    work = new Work({ inventory, files, countInForce }, new HostBuilds(BUILDS))
    names = sharedBed().guests.map(({ name }) => name)
    guests = (await inventory.named(names)).map((vm) => vm.guest)
  })
  afterAll(async () => {
    for (const guest of guests) expect(await leftIn(guest)).toEqual([])
    inventory.close()
  })

  async function run(asked: Asked[], more: object = {}, abort = new AbortController()) {
    const events: AgentEvent<'run'>[] = []
    const vms = asked.map((one, i) => ({ vm: names[i], iterations: 2, repeat: 'stop', ...one }))
    const request = v.parse(AGENT_METHODS.run.input, { vms, warmUp: 0, ...more })
    const emit = (event: AgentEvent<'run'>) => {
      events.push(v.parse(AGENT_METHODS.run.event, event))
      return Promise.resolve()
    }
    const report = await work.run(request, { signal: abort.signal, emit })
    return { report: v.parse(AGENT_METHODS.run.output, report), events }
  }

  it('starts all VMs behind one barrier and gives each iteration on one time line', async () => {
    const program = shell('echo "begin"; usleep 20000; echo "took 20 ms"', {
      kind: 'pattern',
      pattern: 'took (?<value>[0-9]+) ms',
      unit: 'ms',
    })
    const { report, events } = await run([{ program }, { program }], { warmUp: 1 })
    expect(report.vms.map(({ vm }) => vm)).toEqual(names)
    for (const { iterations } of report.vms) {
      expect(iterations.map(({ timeNs, counted }) => [timeNs, counted])).toEqual([
        [20e6, true],
        [20e6, true],
      ])
      expect(iterations[0]!.startNs).toBeLessThan(iterations[1]!.startNs)
    }
    const ends = report.vms.map(({ iterations }) => iterations.at(-1)!.startNs)
    expect(report.makespanNs).toBeGreaterThan(Math.max(...ends))
    expect(report.counters['startSkewErrorNs']).toBeGreaterThan(0)
    expect(phasesOf(events)).toEqual(['preparing', 'warm-up', 'running'])
  })

  it('loops a co-runner until the slowest VM has its iterations', async () => {
    const quick = shell('usleep 50000')
    const slow = shell('usleep 600000')
    const { report } = await run([{ program: quick, repeat: 'until-others' }, { program: slow }])
    const [looped, counted] = report.vms.map(({ iterations }) => iterations)
    expect(counted!.map((one) => one.counted)).toEqual([true, true])
    expect(looped!.slice(0, 2).every((one) => one.counted)).toBe(true)
    expect(looped!.length).toBeGreaterThan(2)
    expect(looped!.slice(2).some((one) => one.counted)).toBe(false)
  })

  it('keeps a VM that is only load busy without counting anything of it', async () => {
    const { report } = await run([
      { program: shell('usleep 50000'), repeat: 'load' },
      { program: shell('usleep 300000') },
    ])
    const [load, own] = report.vms
    expect(load!.iterations.length).toBeGreaterThan(0)
    expect(load!.iterations.some((one) => one.counted)).toBe(false)
    expect(report.makespanNs).toBe(endOf(own!.iterations))
  })

  it('brings the micro-benchmark along, with a thread for each vCPU and one speed', async () => {
    const program: Program = { kind: 'micro', mode: 'barrier', options: { iterations: 20 } }
    const first = await run([{ program }])
    const second = await run([{ program }])
    const results = [first, second].map(({ report }) => report.vms[0]!)
    const tails = results.map(({ tail }) => JSON.parse(tail.split('\n')[0]!) as object)
    expect(tails[0]).toMatchObject({
      mode: 'barrier',
      threads: 2,
      iterations: 20,
      loopsGiven: true,
    })
    expect(tails[1]).toHaveProperty('loopsPerUs', (tails[0] as { loopsPerUs: number }).loopsPerUs)
    expect(results[0]!.threads).toBe(2)
    expect(results[0]!.counters['runDelayNs']).toBeGreaterThan(0)
    expect(results[0]!.counters['guestReschedulingIpis']).toBeGreaterThanOrEqual(0)
    expect(results[0]!.notObservable['guestStealNs']).toContain('TCG')
    expect(results[0]!.counters).not.toHaveProperty('guestStealNs')
  })

  it('streams samples of run time and run delay by vCPU', async () => {
    const { report, events } = await run([{ program: shell('usleep 400000') }], {
      samplePeriodMs: 50,
    })
    const { samples } = report
    expect(samples[0]!.atNs).toBe(0)
    expect(samples.length).toBeGreaterThan(4)
    expect(samples[0]!.vms[0]!.runNs).toHaveLength(2)
    expect(samples[0]!.vms[0]!.online).toBe(2)
    expect(events.filter((event) => 'sample' in event).length).toBeGreaterThanOrEqual(
      samples.length - 1,
    )
    const [first, last] = [samples[0]!, samples.at(-1)!].map((one) => one.vms[0]!.runNs[0]!)
    expect(last).toBeGreaterThanOrEqual(first!)
  })

  it('gives arguments, environment and stdin as data', async () => {
    const argv = ['sh', '-c', 'cat; echo "$A:$1:$2"', 'x', `a "b' $(reboot); c`, '$threads']
    const program: Program = {
      ...{ kind: 'command', argv, env: { A: '`reboot` $threads' }, stdin: 'in "put"\n' },
      ...{ threads: 3, output: { kind: 'elapsed' } },
    }
    const { report } = await run([{ program, iterations: 1 }])
    expect(report.vms[0]!.tail).toBe(`in "put"\n\`reboot\` 3:a "b' $(reboot); c:3\n`)
    expect(report.vms[0]!.threads).toBe(3)
  })

  it.each([
    ['exit 3', 'ended with exit code 3'],
    ['kill -9 $$', 'ended by signal 9'],
    ['exec nonesuch', 'ended with exit code 127'],
  ])('says how a program failed: %s', async (script, message) => {
    const failed = run([{ program: shell(`echo some words; ${script}`) }])
    await expect(failed).rejects.toMatchObject({
      code: 'conflict',
      message: `${names[0]!}: the program was ${message}`.replace('was ended with', 'ended with'),
      hint: expect.stringContaining('some words') as string,
    })
  })

  it('says that an output holds no time', async () => {
    const failed = run([{ program: shell('echo hello', { kind: 'time' }) }])
    await expect(failed).rejects.toThrow('the output holds no line of time')
  })

  it('keeps the end of an output of megabytes, whatever is in it', async () => {
    const lines = 'seq 1 200000; printf "\\033[31mred\\n"; echo "t=7"'
    const format = { kind: 'pattern', pattern: '^t=(?<value>.*)', unit: 's' } as const
    const { report } = await run([{ program: shell(lines, format), iterations: 1 }])
    expect(report.vms[0]!.iterations[0]!.timeNs).toBe(7e9)
    expect(report.vms[0]!.tail).toMatch(/200000\n\uFFFD\[31mred\nt=7\n$/)
  })

  it('ends everything in the guests when it is cancelled', async () => {
    const abort = new AbortController()
    const program = shell('setsid sleep 1234 & sleep 1234')
    const cancelled = run([{ program }, { program }], {}, abort)
    cancelled.catch(() => undefined)
    // Both sleeps of each guest, and each launcher with its folder.
    await expect.poll(() => leftIn(guests[1]!), { timeout: 30_000 }).toHaveLength(4)
    abort.abort()
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
    for (const guest of guests) expect(await leftIn(guest)).toEqual([])
  })

  it('ends everything, and says why, when the host is put back under it', async () => {
    const running = run([{ program: shell('sleep 1234') }])
    running.catch(() => undefined)
    await expect.poll(() => leftIn(guests[0]!), { timeout: 30_000 }).not.toEqual([])
    work.abandon()
    await expect(running).rejects.toThrow('the host was put back while it ran')
    await work.settled(10_000)
    expect(await leftIn(guests[0]!)).toEqual([])
  })

  it('ends everything when the lab is gone', async () => {
    // QEMU serves one at a time on a guest agent's socket; ours connect again when they are asked.
    inventory.close()
    const agent = new AgentProcess({ env: { XDG_CACHE_HOME: BUILDS } })
    const vms = [{ vm: names[1], program: shell('sleep 1234'), iterations: 1, repeat: 'stop' }]
    agent.call('run', { vms, warmUp: 0 }).catch(() => undefined)
    const phases = () =>
      phasesOf(agent.frames.map(({ event }) => event as AgentEvent<'run'> | undefined))
    await expect.poll(phases, { timeout: 60_000 }).toContain('running')
    expect(await agent.end()).toBe(0)
    expect(await leftIn(guests[1]!)).toEqual([])
  })

  it('ends everything when its time is over, and says how far it was', async () => {
    const late = run([{ program: shell('sleep 1234') }], { timeoutMs: 500 })
    await expect(late).rejects.toMatchObject({
      code: 'budget',
      message: `not done within 500 ms: ${names[0]!} 0 of 2`,
    })
  })

  it('measures what a calibration asks for in a guest and on the host', async () => {
    const call = { signal: new AbortController().signal, emit: () => Promise.resolve() }
    const options = { iterations: 100 }
    for (const vm of [names[0]!, null]) {
      const result = await work.micro({ vm, mode: 'switch', options, timeoutMs: 60_000 }, call)
      expect(result).toMatchObject({ mode: 'switch', threads: 2, iterations: 100 })
    }
  })

  it('refuses a VM that is not there, one named twice, and work without an end', async () => {
    const program = shell('true')
    const asked = { program, iterations: 1, startMs: 0 }
    const refused = (vms: object[]) =>
      work.run(v.parse(AGENT_METHODS.run.input, { vms }), {
        signal: new AbortController().signal,
        emit: () => Promise.resolve(),
      })
    const [vm] = names
    await expect(refused([{ ...asked, vm: 'none', repeat: 'stop' }])).rejects.toThrow('no VM none')
    const twice = [
      { ...asked, vm, repeat: 'stop' },
      { ...asked, vm, repeat: 'stop' },
    ]
    await expect(refused(twice)).rejects.toThrow('named twice')
    await expect(refused([{ ...asked, vm, repeat: 'load' }])).rejects.toThrow('only load')
  })
})

function shell(
  script: string,
  output: Extract<Program, { kind: 'command' }>['output'] = { kind: 'elapsed' },
): Program {
  const argv = ['sh', '-c', script]
  return { kind: 'command', argv, env: {}, stdin: '', threads: 1, output }
}

function endOf(iterations: RunReport['vms'][number]['iterations']): number {
  const { startNs, timeNs } = iterations.at(-1)!
  return startNs + timeNs
}

function phasesOf(events: readonly (AgentEvent<'run'> | undefined)[]): string[] {
  const phases = events.flatMap((event) =>
    event !== undefined && 'progress' in event ? [event.progress.phase] : [],
  )
  return [...new Set(phases)]
}

/** Folders of launchers, and processes of programs, that should have gone. */
async function leftIn(guest: Guest): Promise<string[]> {
  const script =
    'ls -d /run/flexlab/*.????????????; ps -o args | grep -E "^(sleep 1234|/run/flexlab)"'
  const { stdout } = await runInGuest(guest, { argv: ['sh', '-c', script] }, 10_000)
  return stdout.toString().split('\n').filter(Boolean)
}
