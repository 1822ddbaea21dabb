// What was counted on the host of measured runs: medians by scheme, gaps with their reasons.
import { describe, expect, it } from 'vitest'
import { compareCampaign } from '../../../src-main/core/stats/compare.ts'
import type { CompareInput } from '../../../src-main/core/stats/compare.ts'
import { evidenceTable, redoneText } from '../../../src-main/core/stats/evidence-table.ts'
import { toMarkdown } from '../../../src-main/core/stats/format-markdown.ts'
import { inventCampaign } from './make-campaign.ts'

/** A campaign of measured runs: run delay by seed, ten times less under the second scheme. */
function measured(seeds: number): CompareInput {
  const made = inventCampaign({ apps: ['ring'], seeds })
  const campaign = { ...made.campaign, measured: MEASURED }
  const runs = made.runs.map((run) => ({
    ...run,
    attributionNs: null,
    counters: {
      runDelayNs: (run.factors.scheme === 'cfs' ? 10e9 : 1e9) + run.seed * 1e6,
      guestTlbIpis: run.factors.scheme === 'cfs' ? 40 : 0,
      redone: run.seed === 1 ? 1 : 0,
      agentCpuNs: 5e6,
    },
    notObservable: { exits: 'there is no KVM to count' },
  }))
  return { ...made, kind: 'measured', campaign, runs, measuredOn: 'bed: a CPU, VMs by tcg' }
}

const MEASURED = {
  ...{ host: 'bed', warmUp: 1, coolDownMs: 0, samplePeriodMs: 100 },
  ...{ foreignMax: 0.1, timeoutMs: 1000 },
}

describe('the evidence of a measured campaign', () => {
  it('has medians with order-statistic intervals from six runs on', () => {
    const { evidence, rows } = compareCampaign(measured(7))
    expect(evidence?.figures.map(({ key }) => key)).toEqual(['runDelayNs', 'guestTlbIpis', 'exits'])
    const stock = evidence?.rows.find(({ scheme }) => scheme === 'cfs')
    expect(stock?.medians[0]).toEqual({ value: 10.004e9, lo: 10.001e9, hi: 10.007e9 })
    expect(rows.every(({ attributionNs }) => attributionNs === null)).toBe(true)
  })

  it('has no interval below six runs, and null for what nobody could see', () => {
    const { evidence } = compareCampaign(measured(3))
    expect(evidence?.rows[0]?.medians).toEqual([
      { value: 10.002e9, lo: null, hi: null },
      { value: 40, lo: null, hi: null },
      null,
    ])
  })

  it('is a table with one unit a column, the reasons beside it and the runs done again', () => {
    const comparison = compareCampaign(measured(7))
    const table = evidenceTable(comparison)
    expect(table?.titles).toEqual(['Group', 'Scheme', 'Run delay (s)', 'TLB-shootdown IPIs'])
    expect(table?.rows[0]).toEqual(['ring', 'cfs', '10.0 [10.0, 10.0]', '40.0 [40.0, 40.0]'])
    expect(table?.rows[1]?.slice(2)).toEqual(['1.00 [1.00, 1.01]', '0 [0, 0]'])
    expect(table?.notObservable).toEqual(['VM exits: there is no KVM to count'])
    expect(redoneText(comparison.evidence!)).toMatch(/^2 runs were done again/)
  })

  it('is part of the Markdown, with where it was measured', () => {
    const text = toMarkdown(compareCampaign(measured(7)))
    expect(text).toContain('**Measured**')
    expect(text).toContain('On bed: a CPU, VMs by tcg.')
    expect(text).toContain('### What was counted')
    expect(text).toContain('- VM exits: there is no KVM to count')
  })

  it('is none of a simulated campaign', () => {
    const made = inventCampaign({ apps: ['ring'], schemes: ['cfs'], seeds: 2 })
    expect(compareCampaign(made).evidence).toBeNull()
    expect(evidenceTable(compareCampaign(made))).toBeNull()
  })
})

describe('the order of a measured comparison', () => {
  it('is that of the axes, whatever ran first', () => {
    const input = measured(3)
    const last = input.cells.length - 1
    const turned = {
      ...input,
      cells: input.cells.map((cell) => ({ ...cell, index: last - cell.index })),
      runs: input.runs.map((run) => ({ ...run, cellIndex: last - run.cellIndex })),
    }
    expect(compareCampaign(turned).schemes).toEqual(['cfs', 'flexcore'])
  })
})
