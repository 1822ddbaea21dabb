// flexlab trace from end to end: record, look, export, delete; and what it says when it cannot.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TraceFindingsSchema } from '../../../src-main/core/contract/trace.ts'
import { SMALL_SCENARIO } from '../../lab/support/small-campaign.ts'
import { Workplace } from './flexlab.ts'

type Entry = {
  readonly runId: string
  readonly bytes: number
  readonly header: { readonly traceHash: string; readonly truncatedAtNs: number | null }
}

const place = new Workplace()
let runId = ''
let traceHash = ''

beforeAll(async () => {
  const file = place.write('scenario.yaml', SMALL_SCENARIO)
  const run = await place.json('simulate', file, '--record')
  ;({ runId, traceHash } = run as { runId: string; traceHash: string })
})

afterAll(() => place.remove())

const exported = async (format: string, ...more: string[]): Promise<string> => {
  const name = `out.${format}`
  const ended = await place.flexlab(
    'trace',
    'export',
    runId,
    '--format',
    format,
    '-o',
    name,
    ...more,
  )
  expect(ended).toMatchObject({ code: 0 })
  return readFileSync(path.join(place.folder, name), 'utf8')
}

describe('flexlab trace', () => {
  it('keeps the trace of simulate --record with the run, and shows what is in it', async () => {
    const entry = (await place.json('trace', 'info', 'latest')) as Entry
    expect(entry).toMatchObject({ runId, header: { traceHash, truncatedAtNs: null } })
    expect(entry.bytes).toBeGreaterThan(1000)
    expect((await place.flexlab('trace', 'info', runId)).stdout).toMatch(/intervals +[\d ]+\n/)
  })

  it('exports for Perfetto, as text and as CSV, whole or a part of the time', async () => {
    expect((await exported('perfetto')).slice(0, 200)).toContain('Host')
    expect(await exported('text')).toMatch(/sched_switch: prev_comm=.* ==> next_comm=/)
    const whole = await exported('csv')
    const part = await exported('csv', '--from', '1000000', '--to', '2000000')
    expect(part.length).toBeGreaterThan(100)
    expect(part.length).toBeLessThan(whole.length / 2)
    const times = part
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => Number(row.split(',')[0]))
    expect(Math.min(...times)).toBe(1_000_000)
    expect(Math.max(...times)).toBeLessThanOrEqual(2_000_000)
  })

  it('shows online vCPUs and load over time from it', async () => {
    const { stdout } = await place.flexlab('run', runId, '--series')
    expect(stdout).toMatch(/Simulated · .* · online vCPUs and load over time/)
    expect(stdout).toMatch(/▇+.*│/)
  })

  it('answers who preempted whom, and where barriers and lock holders waited', async () => {
    const found = v.parse(
      TraceFindingsSchema,
      await place.json('trace', 'query', runId, '--top', '3'),
    )
    expect(found.preemptions.totalNs).toBeGreaterThan(0)
    expect(found.barriers.spread.count).toBeGreaterThan(0)
    const { stdout } = await place.flexlab('trace', 'query', runId)
    for (const part of ['vCPUs of', 'Lock holders', 'Barriers', 'Run delay'])
      expect(stdout).toContain(part)
  })

  it('refuses a part that holds no time, and a run without a trace, with what to do', async () => {
    const args = ['trace', 'export', runId, '--from', '999999999999']
    const nothing = await place.flexlab(...args)
    expect(nothing).toMatchObject({ code: 2 })
    expect(nothing.stderr).toMatch(/holds no time\n.*reaches from 0 to \d+ ns/)
    const file = place.write('scenario.yaml', SMALL_SCENARIO)
    const other = (await place.json('simulate', file, '--save', '--seed', '2')) as { runId: string }
    const missing = await place.flexlab('trace', 'info', other.runId)
    expect(missing).toMatchObject({ code: 3 })
    expect(missing.stderr).toContain(`flexlab trace record ${other.runId}`)
  })

  it('records a kept run again, up to a limit, and says loudly where it was cut', async () => {
    const limited = await place.flexlab('trace', 'record', runId, '--records-max', '300')
    expect(limited).toMatchObject({ code: 0 })
    expect(limited.stderr).toMatch(/truncated:.*nothing later is in the trace/)
    expect((await place.flexlab('trace', 'info', runId)).stderr).toContain('truncated:')
    const cut = await place.flexlab('trace', 'export', runId, '--format', 'csv', '-o', 'cut.csv')
    expect(cut.stderr).toContain('truncated:')
    const whole = (await place.json('trace', 'record', runId)) as Entry
    expect(whole.header).toMatchObject({ traceHash, truncatedAtNs: null })
  })

  it('keeps no trace when a run comes out otherwise than it did', async () => {
    const library = new Database(place.database)
    const change = library.prepare('UPDATE runs SET trace_hash = ? WHERE id = ?')
    change.run('f'.repeat(16), runId)
    const ended = await place.flexlab('trace', 'record', runId)
    change.run(traceHash, runId)
    library.close()
    expect(ended).toMatchObject({ code: 8 })
    expect(ended.stderr).toMatch(/came out otherwise/)
  })

  it('says that a damaged trace is damaged', async () => {
    const library = new Database(place.database)
    library.prepare("UPDATE trace_chunks SET bytes = x'28b52ffd00'").run()
    library.close()
    const ended = await place.flexlab('trace', 'export', runId, '-o', 'damaged.pftrace')
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.stderr).toMatch(/the trace is damaged.*\n.*record the run again/)
  })

  it('deletes the trace, not the run', async () => {
    expect((await place.flexlab('trace', 'delete', runId)).stdout).toContain('deleted the trace')
    expect((await place.flexlab('trace', 'info', runId)).code).toBe(3)
    expect((await place.flexlab('run', runId)).code).toBe(0)
  })
})
