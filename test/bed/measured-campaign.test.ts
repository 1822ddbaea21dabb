// The command line against real VMs over a real SSH server: consent, plan, apply, the way back; a
// measured campaign with what it must show, its cancel, and a connection lost in its midst.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HostPlanSchema, JournalEntrySchema } from '../../src-main/core/contract/agent/change.ts'
import { VmFactsSchema } from '../../src-main/core/contract/agent/facts.ts'
import { ComparisonSchema } from '../../src-main/core/contract/comparison.ts'
import { HostProbeSchema } from '../../src-main/core/contract/hosts.ts'
import { RunDetailSchema, RunPageSchema } from '../../src-main/core/contract/library.ts'
import { ProgressSchema } from '../../src-main/core/contract/progress.ts'
import { Workplace } from '../hosts/cli/flexlab.ts'
import type { Running } from '../hosts/cli/flexlab.ts'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { sharedBed } from './shared-bed.ts'

const POLL_MS = 50

describe.runIf(requiresTool(...BED_TOOLS))('flexlab on real VMs', () => {
  let place: Workplace
  let names: string[]
  let before: unknown

  beforeAll(async () => {
    place = new Workplace()
    names = sharedBed().guests.map(({ name }) => name)
    const config = readFileSync(sharedBed().ssh!.configFile, 'utf8')
    const unknown = config.replace(/UserKnownHostsFile .*/, 'UserKnownHostsFile none')
    writeFileSync(path.join(place.folder, 'ssh_config'), unknown)
  })
  afterAll(() => place.remove())

  /** Affinities and online vCPUs of the bed's VMs, as the agent sees them. */
  async function stateOfVms(): Promise<unknown> {
    const vms = v.parse(v.array(VmFactsSchema), await place.json('host', 'vms', 'bed'))
    const own = vms.filter(({ name }) => names.includes(name))
    return own.map(({ name, vcpus, guest }) => {
      return { name, vcpus: vcpus.map(({ affinity, online }) => ({ affinity, online })), guest }
    })
  }

  const journal = async () =>
    v.parse(v.array(JournalEntrySchema), await place.json('host', 'journal', 'bed'))

  /** Waits for a text on a command's stderr. */
  async function untilSaid(running: Running, text: RegExp): Promise<void> {
    while (!text.test(running.said()) && running.child.exitCode === null) await sleep(POLL_MS)
    expect(running.said()).toMatch(text)
  }

  const campaign = (iterations: number, seeds: number) => `
kind: campaign
version: 1
name: ring on the bed
measured: { host: bed, pcpus: [0, 1], coolDownMs: 0, foreignMax: 1 }
axes:
  app: [ring]
  scheme: [stock, { id: flexcore, params: { resize: confinement, dynamic: false } }]
  mix:
    - name: both
      vms:
${names.map(vmLine).join('\n')}
appParams: { ring: { threads: 2, iterations: ${iterations} } }
seeds: { count: ${seeds} }
baseline: stock
`

  it('lets an unknown host in by its fingerprint only, and then reaches it', async () => {
    const config = ['--ssh-config', path.join(place.folder, 'ssh_config')]
    const refused = await place.flexlab('host', 'add', 'bed', ...config)
    expect(refused).toMatchObject({ code: 8, stderr: expect.stringContaining('needs consent') })
    const [, shown = ''] = /(SHA256:\S+)/.exec(refused.stderr) ?? []
    const other = `SHA256:${'A'.repeat(43)}`
    const wrong = await place.flexlab('host', 'trust', 'bed', '--fingerprint', other)
    expect(wrong).toMatchObject({ code: 8, stderr: expect.stringContaining(other) })
    const trusted = await place.json('host', 'trust', 'bed', '--fingerprint', shown)
    const probe = v.parse(HostProbeSchema, trusted)
    expect(probe).toMatchObject({ problem: null, key: { state: 'known' } })
    expect(probe.vms?.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    before = await stateOfVms()
  })

  it('plans without a change, applies until Ctrl-C, and puts back what it changed', async () => {
    const scheme = ['--scheme', 'flexcore(resize=confinement, dynamic=false)']
    const args = ['bed', ...scheme, '--vm', names.join(','), '--pcpus', '0-1']
    const plan = v.parse(HostPlanSchema, await place.json('host', 'plan', ...args))
    expect(plan.refusals).toEqual([])
    expect(plan.counts).toEqual([1, 1])
    expect(await stateOfVms()).toEqual(before)
    expect((await place.flexlab('host', 'apply', ...args)).code).toBe(8)
    const apply = place.start('host', 'apply', ...args, '--yes')
    await untilSaid(apply, /applied in/)
    expect(await stateOfVms()).not.toEqual(before)
    apply.child.kill('SIGINT')
    const { code, stdout } = await apply.ended
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('put back') })
    expect(await stateOfVms()).toEqual(before)
    expect((await journal())[0]).toMatchObject({ state: 'restored', restoredBy: 'request' })
  })

  it('measures a pipe ring: faster with one vCPU a pCPU, and with less run delay', async () => {
    const file = place.write('ring.yaml', campaign(300, 3))
    const progress = v.parse(ProgressSchema, await place.json('campaign', 'run', file))
    expect(progress).toMatchObject({ status: 'finished', finished: 6, failed: 0, host: 'bed' })
    const comparison = v.parse(ComparisonSchema, await place.json('compare', 'latest'))
    expect(comparison.kind).toBe('measured')
    expect(comparison.measuredOn).toMatch(/^bed: .* VMs by (kvm|tcg)/)
    const flexcore = comparison.rows.find((row) => row.scheme.startsWith('flexcore'))
    expect(flexcore?.ratio.value).toBeLessThan(0.5)
    const at = comparison.evidence!.figures.findIndex(({ key }) => key === 'runDelayNs')
    const [stock, other] = comparison.evidence!.rows.map(({ medians }) => medians[at]!.value)
    expect(other!).toBeLessThan(stock! / 3)
    expect(await stateOfVms()).toEqual(before)
  })

  it('keeps host, series and what cannot be observed with each run', async () => {
    const { rows } = v.parse(RunPageSchema, await place.json('runs'))
    const found = rows.find((row) => row.scheme.startsWith('flexcore'))
    const run = v.parse(RunDetailSchema, await place.json('run', found?.id ?? ''))
    expect(run.environment.host).toMatchObject({ name: 'bed', accel: run.row.accel })
    expect(run.environment.host?.vms.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    const [series] = run.result.series?.vms ?? []
    expect(series?.used.length).toBeGreaterThan(0)
    expect(series?.online).toContain(1)
    if (run.row.accel === 'tcg') {
      expect(run.result.vms[0]?.notObservable).toHaveProperty('guestStealNs')
      expect(run.result.vms[0]?.counters).not.toHaveProperty('guestStealNs')
    }
    const text = (await place.flexlab('compare', 'latest')).stdout
    expect(text).toMatch(/^Measured · ring on the bed/)
    expect(text).toContain('What was counted')
  })

  it('puts the host back when it is cancelled in mid-cell, and goes on afterwards', async () => {
    const file = place.write('long.yaml', campaign(3000, 1))
    const running = place.start('campaign', 'run', file)
    await untilSaid(running, /· running ·/)
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(4)
    expect(await stateOfVms()).toEqual(before)
    const resumed = v.parse(ProgressSchema, await place.json('campaign', 'resume', 'latest'))
    expect(resumed).toMatchObject({ status: 'finished', finished: 2 })
  })

  it('measures a cell anew when its connection is killed in mid-run', async () => {
    const file = place.write('lost.yaml', campaign(2000, 1))
    const running = place.start('campaign', 'run', file, '--json')
    await untilSaid(running, /· running ·/)
    expect(killSshOf(running.child.pid!)).toBeGreaterThan(0)
    const { stdout, code } = await running.ended
    expect(code).toBe(0)
    expect(v.parse(ProgressSchema, JSON.parse(stdout))).toMatchObject({ finished: 2, failed: 0 })
    expect((await journal()).some(({ restoredBy }) => restoredBy === 'eof')).toBe(true)
    expect(await stateOfVms()).toEqual(before)
  })
})

const vmLine = (name: string): string =>
  `        - { name: ${name}, vcpus: 2, iterations: 3, workload: { app: $app } }`

/** Kills the ssh clients that a process has started. @returns how many */
function killSshOf(parent: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isSshOf(pid, parent))
  for (const pid of children) process.kill(Number(pid), 'SIGKILL')
  return children.length
}

function isSshOf(pid: string, parent: number): boolean {
  try {
    const [, comm, rest = ''] =
      /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return comm === 'ssh' && Number(rest.split(' ')[1]) === parent
  } catch {
    // It ended while its neighbours were looked at.
    return false
  }
}
