// Cells on a host: what becomes of them, and that the host is put back whatever happens.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../src-main/lab/runner/task.ts'
import { scriptedHost, scriptedScenario } from './support/scripted-host.ts'

const isApplied = (folder: string): boolean => existsSync(path.join(folder, 'applied'))
const runsOf = (folder: string): number => Number(readFileSync(path.join(folder, 'runs'), 'utf8'))

async function untilPhase(task: Task, phase: string): Promise<void> {
  while (task.live?.()?.phase !== phase) await new Promise((resolve) => setTimeout(resolve, 1))
}

describe('a cell that is measured', () => {
  it('gives a result with host, counters and series, and leaves the host as it was', async () => {
    const { folder, executor } = await scriptedHost()
    const outcome = await executor.submit(scriptedScenario()).done
    expect(outcome).toMatchObject({
      kind: 'finished',
      host: { name: 'scripted', accel: 'tcg', agent: { appVersion: '0.0.1' } },
      result: {
        ...{ kind: 'measured', timeNs: 1e8 + 0.5, makespanNs: 1e9, events: 0, traceHash: '' },
        counters: { redone: 0, resizesAtStart: 2, resizeAtStartNs: 50e6, foreignCpuNs: 0 },
        notObservable: { exits: 'no debugfs' },
        vms: [
          { name: 'a', iterationNs: [1e8, 1e8 + 1, 1e8 + 2], attributionNs: null, cpuNs: 5e8 },
          { name: 'b', iterationNs: [], notObservable: { guestStealNs: expect.any(String) } },
        ],
        series: {
          endNs: [1e8, 2e8],
          vms: [
            { name: 'a', online: [1, 1], used: [1.5, 1.5], waiting: [0.25, 0.25] },
            { name: 'b' },
          ],
        },
      },
    })
    expect(isApplied(folder)).toBe(false)
  })

  it('shows its phase, its progress and its latest sample while it runs', async () => {
    const { executor } = await scriptedHost()
    const task = executor.submit(scriptedScenario({ STEPS: '100' }))
    await untilPhase(task, 'running')
    while (task.live?.()?.sample === null) await new Promise((resolve) => setTimeout(resolve, 1))
    expect(task.live?.()).toMatchObject({ redone: 0, sample: { pcpuBusyNs: expect.any(Array) } })
    expect(task.progress().fraction).toBeGreaterThanOrEqual(0)
    task.stop()
  })

  it('is done again, twice at most, while something else uses the host', async () => {
    const { folder, executor } = await scriptedHost()
    const once = await executor.submit(scriptedScenario({ DISTURBED: '1' })).done
    expect(once).toMatchObject({ result: { counters: { redone: 1, foreignCpuNs: 0 } } })
    expect(runsOf(folder)).toBe(2)
    const always = await executor.submit(scriptedScenario({ DISTURBED: '99' })).done
    expect(always).toMatchObject({ result: { counters: { redone: 2, foreignCpuNs: 1e9 } } })
    expect(runsOf(folder)).toBe(5)
  })

  it('fails when its program does, and the next one is measured', async () => {
    const { folder, executor } = await scriptedHost()
    const [failed, next] = await Promise.all([
      executor.submit(scriptedScenario({ FAILS: '1' })).done,
      executor.submit(scriptedScenario()).done,
    ])
    expect(failed).toMatchObject({ kind: 'failed', error: { code: 'budget' } })
    expect(next.kind).toBe('finished')
    expect(isApplied(folder)).toBe(false)
  })

  it('is tried twice more when its guest does not answer, and fails then', async () => {
    const { folder, executor } = await scriptedHost([1, 1, 1])
    const late = await executor.submit(scriptedScenario({ SILENT: '2' })).done
    expect(late.kind).toBe('finished')
    expect(runsOf(folder)).toBe(3)
    const never = await executor.submit(scriptedScenario({ SILENT: '99' })).done
    expect(never).toMatchObject({ kind: 'failed', error: { code: 'unavailable' } })
    expect(runsOf(folder)).toBe(6)
    expect(isApplied(folder)).toBe(false)
  })

  const mismatches: readonly (readonly [string, object, RegExp])[] = [
    ['a VM that the host has not', { name: 'aa' }, /no VM "aa"/],
    ['another number of vCPUs', { vcpus: 4 }, /has 2 vCPUs, the scenario says 4/],
    ['another weight', { weight: 512 }, /has the weight 1024, the scenario says 512/],
  ]
  it.each(mismatches)(
    'fails before anything is changed with %s',
    async (_what, change, message) => {
      const { folder, executor } = await scriptedHost()
      const vm = { ...scriptedScenario().vms[0]!, ...change }
      const outcome = await executor.submit(scriptedScenario({}, { vms: [vm] })).done
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'bad-input' } })
      expect(outcome.kind === 'failed' ? outcome.error.message : '').toMatch(message)
      expect(existsSync(path.join(folder, 'runs'))).toBe(false)
    },
  )

  it('fails with the agent’s reasons when the scheme cannot be applied', async () => {
    const { executor } = await scriptedHost()
    const outcome = await executor.submit(scriptedScenario({}, { scheme: { id: 'balance' } })).done
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'bad-input' } })
    expect(String(outcome.kind === 'failed' && outcome.error)).toContain('no cgroup of ours')
  })
})

describe('a host', () => {
  it('is put back after a stop, which is answered at once', async () => {
    const { folder, executor } = await scriptedHost()
    const task = executor.submit(scriptedScenario({ STEPS: '100000' }))
    await untilPhase(task, 'running')
    expect(isApplied(folder)).toBe(true)
    task.stop()
    expect(await task.done).toEqual({ kind: 'stopped' })
    await executor.idle()
    expect(isApplied(folder)).toBe(false)
  })

  it('measures one cell at a time, and none that was stopped while it waited', async () => {
    const { folder, executor } = await scriptedHost()
    const first = executor.submit(scriptedScenario())
    const second = executor.submit(scriptedScenario())
    const third = executor.submit(scriptedScenario())
    second.stop()
    expect(await second.started).toBe(false)
    expect(await third.done).toMatchObject({ kind: 'finished' })
    expect(await first.done).toMatchObject({ kind: 'finished' })
    expect(runsOf(folder)).toBe(2)
  })

  it('that is lost is reached again, and the cell is measured anew', async () => {
    const { folder, executor } = await scriptedHost()
    expect(await executor.submit(scriptedScenario({ DIES: '2' })).done).toMatchObject({
      kind: 'finished',
    })
    expect(runsOf(folder)).toBe(3)
    expect(isApplied(folder)).toBe(false)
  })

  it('that stays lost ends the cell as lost, with the reason', async () => {
    const { executor } = await scriptedHost()
    const outcome = await executor.submit(scriptedScenario({ DIES: '99' })).done
    expect(outcome).toMatchObject({ kind: 'lost', error: { code: 'unavailable' } })
  })

  it('that cannot be put back runs nothing more until it is', async () => {
    const { executor, link } = await scriptedHost()
    const dirty = await executor.submit(scriptedScenario({ STUCK: '1' })).done
    expect(dirty).toMatchObject({ kind: 'lost', error: { code: 'conflict' } })
    expect(String(dirty.kind === 'lost' && dirty.error)).toContain('affinity 0, was 0-1')
    expect(await executor.submit(scriptedScenario()).done).toMatchObject({ kind: 'lost' })
    expect(link.state.dirty).toContain('affinity')
  })

  it('to which a scheme is applied by hand is left alone', async () => {
    const { folder, executor, link } = await scriptedHost()
    link.hold({ scheme: 'pin', vms: ['a'], journalId: '1', since: '2026-11-24' })
    const outcome = await executor.submit(scriptedScenario()).done
    expect(outcome).toMatchObject({ kind: 'lost', error: { code: 'conflict' } })
    expect(existsSync(path.join(folder, 'runs'))).toBe(false)
  })
})
