// The sample that ships with the app: made by this very simulator, taken over once, put away again.
import { describe, expect, test } from 'vitest'
import { runContentJson } from '../../src-main/core/contract/run-content.ts'
import { simulate } from '../../src-main/core/simulate/simulate.ts'
import { openLab, runQuery } from '../../src-main/lab/index.ts'
import type { Lab } from '../../src-main/lab/index.ts'
import { readSample } from '../../src-main/lab/sample.ts'
import { idOf } from './support/make-sample.ts'

async function withLab(use: (lab: Lab) => Promise<void>): Promise<void> {
  const options = {
    databaseFile: ':memory:',
    host: 'cli',
    appVersion: '0.1.0',
    workers: 1,
  } as const
  const lab = await openLab(options)
  try {
    await use(lab)
  } finally {
    await lab.close()
  }
}

describe('the shipped sample', () => {
  const sample = readSample()

  test('holds a simulated run of every cell, whose id follows from its content', () => {
    expect(sample.runs.map(({ cellIndex }) => cellIndex)).toEqual(sample.cells.map((c) => c.index))
    for (const { id, cellIndex, result } of sample.runs) {
      expect(result.kind).toBe('simulated')
      expect(id).toBe(idOf(runContentJson(sample.cells[cellIndex]!.scenario, result)))
    }
  })

  test('is what the simulator gives today (else: node test/lab/support/make-sample.ts)', () => {
    const kinds = new Set<string>()
    for (const { scenario, factors, index } of sample.cells) {
      const kind = `${factors.app} ${factors.scheme}`
      if (kinds.has(kind)) continue
      kinds.add(kind)
      const { wallMs: _now, ...made } = simulate(scenario)
      const { wallMs: _then, ...kept } = sample.runs[index]!.result
      expect(made).toEqual(kept)
    }
    expect(kinds.size).toBe(6)
  })
})

describe('opening the sample', () => {
  test('adds its runs with what made them, and a second time nothing', () =>
    withLab(async (lab) => {
      const first = await lab.library.importSample()
      expect(first).toMatchObject({ added: 48, restored: 0 })
      expect(await lab.library.importSample()).toEqual({ ...first, added: 0 })
      const { rows, total } = await lab.library.runs(runQuery())
      expect(total).toBe(48)
      expect(rows[0]).toMatchObject({ kind: 'simulated', tags: ['sample'] })
      const { environment } = await lab.library.run(rows[0]!.id)
      expect(environment.appVersion).toMatch(/^\d+\.\d+\.\d+$/)
      expect(environment.cpuCount).toBeGreaterThan(0)
    }))

  test('gives a comparison with a verdict', () =>
    withLab(async (lab) => {
      const { campaignId } = await lab.library.importSample()
      const comparison = await lab.compare.get(campaignId)
      expect(comparison).toMatchObject({ kind: 'simulated', finishedRuns: 48, missingRuns: 0 })
      const verdicts = comparison.rows.filter((row) => !row.isBaseline).map((row) => row.verdict)
      expect(verdicts).toContain('better')
    }))

  test('again takes what was thrown away out of the trash', () =>
    withLab(async (lab) => {
      await lab.library.importSample()
      const { rows } = await lab.library.runs(runQuery({ limit: 100 }))
      const ids = rows.map(({ id }) => id)
      await lab.library.trash(ids, true)
      expect((await lab.library.runs(runQuery())).total).toBe(0)
      expect(await lab.library.importSample()).toMatchObject({ added: 0, restored: 48 })
      expect((await lab.library.runs(runQuery())).total).toBe(48)
    }))
})
