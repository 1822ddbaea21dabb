// What the agent changes on real VMs, scheme by scheme, read past the agent; and that it is put
// back. Drops and deaths are test/fault/agent-drops.test.ts.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Applied } from '../../src-main/core/contract/agent/change.ts'
import type { Sample } from '../../src-main/core/contract/agent/work.ts'
import { AgentProcess } from '../support/agent-process.ts'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { bedState, startInGuest, type GuestState } from './bed-state.ts'
import { sharedBed } from './shared-bed.ts'

const BEAT_MS = 500

/** Busy threads, one for each CPU that it finds; the test ends it. */
const LOAD = ['/usr/bin/timeout', '60', '/usr/bin/flexlab-micro', 'ep', '--seconds', '60']

/** Which frame is the first sample after `after` in which the VMs have these vCPU counts. */
async function indexOfSample(
  agent: AgentProcess,
  request: number,
  counts: readonly number[],
  after: number,
): Promise<number> {
  const frame = await agent.frame((one) => {
    if (one.id !== request || agent.frames.indexOf(one) < after) return false
    const { sample } = (one.event ?? {}) as { sample?: Sample }
    return isDeepStrictEqual(
      sample?.vms.map(({ online }) => online),
      counts,
    )
  })
  return agent.frames.indexOf(frame)
}

describe.runIf(requiresTool(...BED_TOOLS))('a scheme on real VMs', () => {
  const state = mkdtempSync(path.join(os.tmpdir(), 'flexlab-changes-'))
  const { guests } = sharedBed()
  const vms = guests.map(({ name }) => name)
  let agent: AgentProcess
  let beats: NodeJS.Timeout
  let before: Record<string, GuestState>
  beforeAll(async () => {
    before = await bedState(guests)
    agent = new AgentProcess({ env: { XDG_STATE_HOME: state } })
    beats = setInterval(() => agent.send({ beat: 1 }), BEAT_MS)
  })
  afterAll(async () => {
    clearInterval(beats)
    await agent.end()
    rmSync(state, { recursive: true })
  })

  const apply = async (id: string, params: object = {}): Promise<Applied> => {
    const scheme = { id, params }
    const { id: planId, refusals } = await agent.call('plan', { scheme, vms })
    expect(refusals).toEqual([])
    return agent.call('apply', { scheme, vms, planId })
  }
  /** States by guest, then after the restore, which must be those of before. */
  const stateUnder = async (id: string, params: object = {}): Promise<GuestState[]> => {
    await apply(id, params)
    const during = Object.values(await bedState(guests))
    expect(await agent.call('restore')).toMatchObject({ clean: true, differences: [] })
    expect(await bedState(guests)).toEqual(before)
    return during
  }
  const pinsOf = (states: readonly GuestState[]) =>
    states.map(({ affinity }) => Object.values(affinity))

  it('pins VMs to their shares', async () => {
    expect(pinsOf(await stateUnder('pin'))).toEqual([
      ['0', '0'],
      ['1', '1'],
    ])
  })

  it('keeps siblings apart', async () => {
    for (const [a, b] of pinsOf(await stateUnder('balance'))) expect(a).not.toBe(b)
  })

  it('takes vCPUs by hotplug, and pins the rest 1:1', async () => {
    const states = await stateUnder('flexcore', { resize: 'hotplug', dynamic: false })
    expect(states.map(({ cpus }) => cpus)).toEqual([
      ['0:true', '1:false'],
      ['0:true', '1:false'],
    ])
    expect(pinsOf(states).map(([first]) => first)).toEqual(['0', '1'])
  })

  it('takes vCPUs by confinement: all online, every process in a group with one CPU', async () => {
    const states = await stateUnder('flexcore', { resize: 'confinement', dynamic: false })
    for (const { cpus, cgroups } of states) {
      expect(cpus).toEqual(['0:true', '1:true'])
      expect(cgroups).toContain('group /sys/fs/cgroup/flexlab 0')
      expect(cgroups.filter((line) => line.endsWith(':/flexlab')).length).toBeGreaterThan(1)
    }
  })

  it('follows the load: an idle VM’s pCPU goes to the busy one, and back', async () => {
    await apply('flexcore', { resize: 'hotplug', dynamic: true, periodMs: 100 })
    const watching = agent.request('sample', { vms, periodMs: 100 })
    const seen = (counts: readonly number[], after: number): Promise<number> =>
      indexOfSample(agent, watching, counts, after)
    const [busy, idle] = guests
    await startInGuest(busy!, LOAD)
    const grown = await seen([2, 1], 0)
    await startInGuest(idle!, LOAD)
    await seen([1, 1], grown)
    for (const guest of guests) await startInGuest(guest, ['/usr/bin/killall', 'flexlab-micro'])
    agent.send({ cancel: watching })
    expect(await agent.call('restore')).toMatchObject({ clean: true, differences: [] })
    expect(await bedState(guests)).toEqual(before)
  })

  it('is refused while another is applied, also to another agent', async () => {
    const { guardian } = await apply('pin')
    await expect(apply('pin')).rejects.toThrow('conflict')
    const other = new AgentProcess({ env: { XDG_STATE_HOME: state } })
    const scheme = { id: 'stock', params: {} }
    const { id: planId } = await other.call('plan', { scheme, vms })
    const hello = await agent.frame((frame) => frame.hello !== undefined)
    const second = other.call('apply', { scheme, vms, planId })
    await expect(second).rejects.toThrow(`process ${hello.hello!.pid}`)
    await other.end()
    expect(guardian.pid).not.toBe(hello.hello!.pid)
    await agent.call('restore')
  })

  it('is refused when the host is no longer as it was shown', async () => {
    const scheme = { id: 'pin', params: {} }
    const planId = '0'.repeat(64)
    const late = agent.call('apply', { scheme, vms, planId })
    await expect(late).rejects.toThrow('have changed since')
    expect(await bedState(guests)).toEqual(before)
  })

  it('stands in the journal, the latest first, with who put it back', async () => {
    await apply('vcpu-bal', { resize: 'hotplug' })
    const [open] = await agent.call('journal')
    const scheme = 'vcpu-bal(resize=hotplug)'
    expect(open).toMatchObject({ state: 'open', scheme, vms, restoredBy: null })
    await agent.call('restore')
    const [closed, ...others] = await agent.call('journal')
    expect(closed).toMatchObject({ id: open!.id, state: 'restored', restoredBy: 'request' })
    expect(others.every((entry) => entry.state === 'restored')).toBe(true)
  })
})
