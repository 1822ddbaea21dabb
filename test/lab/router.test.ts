// Every handler of the contract through oRPC's in-process client, with a real library.
import { createRouterClient } from '@orpc/server'
import path from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLab } from '../../src-main/lab/index.ts'
import type { Lab } from '../../src-main/lab/index.ts'
import type { Progress } from '../../src-main/core/contract/progress.ts'
import { smallCampaign } from './support/small-campaign.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-router-'))
const databaseFile = path.join(folder, 'library.sqlite')
let lab: Lab

const client = () => createRouterClient(lab.router)

/** Runs a small campaign to its end. */
async function runSmall(count: number, name: string): Promise<string> {
  const { id } = await client().campaign.create({ text: smallCampaign(count, name) })
  await lab.campaign.rested(id)
  return id
}

beforeAll(async () => {
  lab = await openLab({ databaseFile, host: 'cli', appVersion: '0.0.0-test', workers: 2 })
})

afterAll(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the system handlers', () => {
  it('tell about the installation', async () => {
    const info = await client().system.info()
    expect(info).toMatchObject({ appVersion: '0.0.0-test', host: 'cli', readOnly: false })
    expect(info.database).toBe(databaseFile)
    expect(info.runtime).toMatch(/^Node\.js 24/)
  })

  it('check the machine, and say how to mend what is wrong', async () => {
    const checks = await client().system.doctor()
    const byName = new Map(checks.map((check) => [check.name, check]))
    for (const name of ['runtime', 'library', 'disk', 'simulator']) {
      expect(byName.get(name)?.status, name).toBe('ok')
    }
    for (const check of checks) if (check.status !== 'ok') expect(check.fix).not.toBe('')
  })

  it('list schemes, apps, hosts and shipped campaigns', async () => {
    const { schemes, apps, templates } = await client().system.catalogue()
    expect(schemes.map((scheme) => scheme.id)).toContain('flexcore')
    expect(apps.map((app) => app.id)).toContain('streamcluster')
    expect(templates.map((template) => template.id)).toContain('flexcore-2015')
  })
})

describe('the campaign handlers', () => {
  it('plan every shipped campaign without an issue', async () => {
    const { templates } = await client().system.catalogue()
    for (const { id, text } of templates) {
      const plan = await client().campaign.plan({ text })
      expect(plan.issues, id).toEqual([])
      expect(plan.cells.length, id).toBeGreaterThan(3)
    }
  })

  it('name what is wrong with a file and plan nothing', async () => {
    const text = smallCampaign(1).replace('gang', 'gnag')
    const plan = await client().campaign.plan({ text })
    expect(plan.cells).toEqual([])
    expect(plan.issues[0]?.path).toBe('axes.scheme[1]')
    expect(plan.issues[0]?.hint).toMatch(/gang/)
  })

  it('refuse to create a campaign from a bad file', async () => {
    const creating = client().campaign.create({ text: 'kind: campaign' })
    await expect(creating).rejects.toMatchObject({ code: 'bad-input' })
    expect(await client().campaign.list()).toEqual([])
  })

  it('store a campaign without starting it, and run it later', async () => {
    const row = await client().campaign.create({ text: smallCampaign(1, 'later'), start: false })
    expect(row).toMatchObject({ name: 'later', status: 'new', cells: 4, finished: 0 })
    expect((await client().campaign.progress({ id: row.id })).status).toBe('new')
    expect(await client().campaign.resume({ id: row.id })).toEqual({ changed: 1 })
    await lab.campaign.rested(row.id)
    expect((await client().campaign.get({ id: row.id })).row.status).toBe('finished')
  })

  it('are watched from the start to the rest', async () => {
    const { id } = await client().campaign.create({ text: smallCampaign(3, 'watched') })
    const seen: Progress[] = []
    for await (const progress of await client().campaign.watch({ id })) seen.push(progress)
    expect(seen.at(-1)).toMatchObject({ status: 'finished', cells: 12, finished: 12, active: [] })
    expect(seen.at(-1)?.log).toHaveLength(12)
  })

  it('pause, skip, resume, cancel and retry', async () => {
    const { id } = await client().campaign.create({ text: smallCampaign(1000, 'long') })
    expect(await client().campaign.pause({ id })).toEqual({ changed: 1 })
    await lab.campaign.rested(id)
    expect((await client().campaign.get({ id })).row.status).toBe('paused')
    expect(await client().campaign.skip({ id, cells: [3998, 3999] })).toEqual({ changed: 2 })
    expect(await client().campaign.resume({ id })).toEqual({ changed: 1 })
    await client().campaign.cancel({ id })
    const { row, cells } = await client().campaign.get({ id })
    expect(row).toMatchObject({ status: 'cancelled', skipped: 2 })
    expect(cells.map((cell) => cell.status)).not.toContain('running')
    expect(await client().campaign.retry({ id, cells: [3999] })).toEqual({ changed: 1 })
    await client().campaign.cancel({ id })
  })

  it('guess a time from earlier runs of the same app and scheme', async () => {
    await runSmall(2, 'earlier')
    const { etaMs } = await client().campaign.plan({ text: smallCampaign(5) })
    expect(etaMs?.lo).toBeGreaterThanOrEqual(0)
    expect(etaMs?.hi).toBeGreaterThan(etaMs?.lo ?? Infinity)
  })

  it('give every scheme of a repetition the same seed, in interleaved order', async () => {
    const { cells } = await client().campaign.plan({ text: smallCampaign(2) })
    expect(cells.map((cell) => cell.seed)).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
    expect(cells.slice(0, 2).map((cell) => cell.factors.scheme)).toEqual(['cfs', 'gang'])
  })

  it('say not found for a campaign that is not there', async () => {
    const id = 'no-such-campaign'
    await expect(client().campaign.get({ id })).rejects.toMatchObject({ code: 'not-found' })
    await expect(client().campaign.progress({ id })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the library handlers', () => {
  it('find, tag, note and trash the runs of a campaign', async () => {
    const id = await runSmall(1, 'kept')
    const all = { campaignIds: [id] }
    const { rows, total } = await client().library.runs(all)
    expect(total).toBe(4)
    const [first] = rows
    const ids = [first?.id ?? '']
    expect(await client().library.tag({ ids, tag: 'odd', on: true })).toEqual({ changed: 1, ids })
    expect(await client().library.note({ id: ids[0] ?? '', note: 'look' })).toEqual({ changed: 1 })
    expect((await client().library.runs({ ...all, tags: ['odd'] })).rows[0]?.note).toBe('look')
    expect(await client().library.trash({ ids, on: true })).toEqual({ changed: 1, ids })
    expect((await client().library.runs(all)).total).toBe(3)
    const facets = await client().library.facets(all)
    expect(facets.scheme.map((facet) => facet.value).sort()).toEqual(['cfs', 'gang'])
  })

  it('give a run with its scenario, result and environment', async () => {
    const id = await runSmall(1, 'whole')
    const { rows } = await client().library.runs({ campaignIds: [id] })
    const run = await client().library.run({ id: rows[0]?.id ?? '' })
    expect(run.environment).toMatchObject({ appVersion: '0.0.0-test', cpuCount: os.cpus().length })
    for (const vm of run.result.vms) {
      const sum = Object.values(vm.attributionNs ?? {}).reduce((total, ns) => total + ns, 0)
      expect(sum).toBe(vm.threads * run.result.makespanNs)
    }
  })

  it('keep a single simulation', async () => {
    const scenario = (await client().library.run({ id: await anyRun() })).scenario
    const result = await lab.simulation.run(scenario)
    const id = await lab.simulation.save(scenario, result)
    expect((await client().library.run({ id })).result.traceHash).toBe(result.traceHash)
  })
})

describe('the comparison and the report', () => {
  it('compare a campaign with its baseline or another one', async () => {
    const campaignId = await runSmall(3, 'compared')
    const comparison = await client().compare.get({ campaignId })
    expect(comparison).toMatchObject({ baseline: 'cfs', groups: ['barrier', 'ep'], missingRuns: 0 })
    const other = await client().compare.get({ campaignId, baseline: 'gang' })
    expect(other.rows.find((row) => row.scheme === 'gang')?.isBaseline).toBe(true)
  })

  it('refuse a baseline that the campaign does not have', async () => {
    const campaignId = await runSmall(1, 'no such baseline')
    const comparing = client().compare.get({ campaignId, baseline: 'flexcore' })
    await expect(comparing).rejects.toMatchObject({ code: 'bad-input', hint: 'one of: cfs, gang' })
  })

  it('print a campaign to a PDF whose hash is stated', async () => {
    const campaignId = await runSmall(2, 'Printed: ½ done?')
    const report = await client().report.pdf({ campaignId })
    expect(Buffer.from(report.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-')
    expect(report.fileName).toBe('Printed-1-2-done.pdf')
    expect(report.pages).toBeGreaterThan(1)
    expect(report.sha256).toMatch(/^[0-9a-f]{64}$/)
    const [kept, ...others] = await client().report.history()
    expect(others).toEqual([])
    expect(kept).toMatchObject({ campaignId, sha256: report.sha256, pages: report.pages })
    const preview = await client().report.preview({ campaignId })
    expect(preview.sha256).toBe(report.sha256)
    expect(await client().report.history()).toHaveLength(1)
    await client().report.forget({ id: kept!.id })
    expect(await client().report.history()).toEqual([])
  })
})

async function anyRun(): Promise<string> {
  return (await client().library.runs({ limit: 1 })).rows[0]?.id ?? ''
}
