// A measured campaign as the runner sees it: labelled runs with their host, pauses with a reason.
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expandCampaign } from '../../src-main/core/simulate/expand-campaign.ts'
import { readCampaign } from '../../src-main/core/simulate/read-campaign.ts'
import { describeMachine } from '../../src-main/lab/environment.ts'
import { runQuery } from '../../src-main/lab/library.ts'
import { WorkerPool } from '../../src-main/lab/runner/pool.ts'
import { Runner } from '../../src-main/lab/runner/runner.ts'
import { openStore } from '../../src-main/store/index.ts'
import { scriptedHost } from './support/scripted-host.ts'
import { SCRIPTED_WORKER } from './support/scripted-campaign.ts'

/** Two cells, a stock and a pin one; `env` is the script of the host's agent. */
function text(env: string): string {
  return `
kind: campaign
version: 1
name: scripted
measured: { host: scripted, coolDownMs: 0 }
programs: { x: { kind: command, argv: [x], env: ${env}, output: { kind: elapsed } } }
axes:
  scheme: [stock, pin]
  mix: [{ name: one, vms: [{ name: a, vcpus: 2, workload: { app: x } }] }]
seeds: { count: 1 }
baseline: stock
`
}

/** A campaign on a scripted host that is lost after one failed try, and its runner. */
async function campaignOn(env: string) {
  const { executor, folder, link } = await scriptedHost([])
  const store = await openStore({
    file: path.join(folder, 'library.sqlite'),
    ...{ appVersion: '0.0.0-test', commit: null },
  })
  const pool = new WorkerPool({ size: 1, entry: SCRIPTED_WORKER })
  const runner = new Runner(store, pool, describeMachine(), () => executor)
  onTestFinished(async () => {
    await runner.close()
    await executor.idle()
    await link.close()
    await store.close()
  })
  const read = readCampaign(text(env))
  const plans = read.ok ? expandCampaign(read.value) : read
  if (!read.ok || !plans.ok) return expect.fail('the campaign is read')
  const { id } = await store.createCampaign(read.value, plans.value)
  return { store, runner, id }
}

describe('a measured campaign', () => {
  it('runs one cell at a time and keeps its runs as measured, with their host', async () => {
    const { store, runner, id } = await campaignOn('{}')
    await runner.resume(id)
    await runner.rested(id)
    const progress = await runner.progress(id)
    expect(progress).toMatchObject({ status: 'finished', finished: 2, workers: 1, reason: null })
    expect(progress.host).toBe('scripted')
    const { rows } = await store.queryRuns(runQuery({ kinds: ['measured'] }))
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({ host: 'scripted', accel: 'tcg', events: 0 })
  })

  it('pauses with the reason when its host is lost, and goes on where it was', async () => {
    const { runner, id } = await campaignOn('{ DIES: "1" }')
    await runner.resume(id)
    await expect(runner.rested(id)).rejects.toMatchObject({ code: 'unavailable' })
    const lost = await runner.progress(id)
    expect(lost).toMatchObject({ status: 'paused', finished: 0, failed: 0 })
    expect(lost.reason?.message).toMatch(/agent/)
    await runner.resume(id)
    await runner.rested(id)
    const rest = await runner.progress(id)
    expect(rest).toMatchObject({ status: 'finished', finished: 2, reason: null })
  })

  it('pauses at once when its host cannot be put back, before any other cell', async () => {
    const { runner, id } = await campaignOn('{ STUCK: "1" }')
    await runner.resume(id)
    await expect(runner.rested(id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await runner.progress(id)).toMatchObject({ status: 'paused', finished: 0, failed: 0 })
  })

  it('shows the phase and the samples of its cell, and is cancelled in its midst', async () => {
    const { runner, id } = await campaignOn('{ STEPS: "100000" }')
    await runner.resume(id)
    for await (const progress of runner.watch(id)) {
      const live = progress.active[0]?.live
      if (live?.phase !== 'running' || live.sample === null) continue
      expect(live.sample.vms[0]?.runNs).toHaveLength(2)
      break
    }
    expect(await runner.cancel(id)).toBe(1)
    expect(await runner.progress(id)).toMatchObject({ status: 'cancelled', finished: 0 })
  })
})
