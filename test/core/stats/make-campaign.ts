// Campaigns with invented times, for tests of the comparison; no part of the app reads this file.
import * as v from 'valibot'
import { CampaignSchema, type Factors } from '../../../src-main/core/contract/campaign.ts'
import type { Cell } from '../../../src-main/core/contract/library.ts'
import type { ComparedRun } from '../../../src-main/core/stats/collect-series.ts'
import type { CompareInput } from '../../../src-main/core/stats/compare.ts'
import { randomStream, seedOf } from '../../../src-main/core/stats/random.ts'
import { FLEXCORE_BAND } from '../../../src-main/core/stats/reference-bands.ts'
import { attribution } from './make-row.ts'

/** What to invent: axes, number of seeds, and the time of each cell in ns. */
export type Invention = {
  readonly apps?: readonly string[]
  readonly schemes?: readonly string[]
  readonly mixes?: readonly string[]
  readonly seeds?: number
  readonly timeNs?: (factors: Factors, seed: number) => number
  readonly fails?: (factors: Factors, seed: number) => boolean
  readonly waits?: (factors: Factors, seed: number) => boolean
  /** Why a run is excluded. */
  readonly excludes?: (factors: Factors, seed: number) => string | null
}

const EFFECTS: Readonly<Record<string, number>> = { gang: 1.2, balance: 1.001, flexcore: 0.65 }

/** Noise of ±1 %, the same for the same app, scheme and seed. */
function noisyTimeNs({ app, scheme }: Factors, seed: number): number {
  const letters = [...app, ...scheme].map((letter) => letter.charCodeAt(0))
  const noise = 1 + 0.02 * (randomStream(seedOf([...letters, seed])).unit() - 0.5)
  return Math.round(1e9 * (EFFECTS[scheme] ?? 1) * (1 + app.length / 10) * noise)
}

function allFactors({
  apps = ['ferret'],
  schemes = ['cfs', 'flexcore'],
  mixes = ['pair'],
}: Invention) {
  return mixes.flatMap((mix) =>
    apps.flatMap((app) =>
      schemes.map((scheme): Factors => ({ app, scheme, mix, overcommit: 2, vary: {} })),
    ),
  )
}

const campaign = v.parse(CampaignSchema, {
  kind: 'campaign',
  version: 1,
  name: 'Invented',
  axes: {
    scheme: ['cfs', 'flexcore'],
    mix: [{ name: 'pair', vms: [{ vcpus: 1, workload: { app: '$app' } }] }],
  },
  seeds: { count: 1 },
  baseline: 'cfs',
})

/** The input of a comparison: cells in interleaved order, and a run for each that has one. */
export function inventCampaign(invention: Invention): CompareInput {
  const { seeds = 8, timeNs = noisyTimeNs, fails, waits, excludes } = invention
  const cells: Cell[] = []
  const runs: ComparedRun[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    for (const factors of allFactors(invention)) {
      const index = cells.length
      const failed = fails?.(factors, seed) ?? false
      const waiting = waits?.(factors, seed) ?? false
      const status = failed ? 'failed' : waiting ? 'pending' : 'finished'
      const runId = status === 'finished' ? `run-${index}` : null
      const error = failed ? 'out of luck' : null
      cells.push({ index, factors, seed, repetition: seed - 1, status, runId, error })
      if (runId === null) continue
      const excluded = excludes?.(factors, seed) ?? null
      const simulated = { counters: null, notObservable: {}, excluded }
      const attributionNs = attribution((place) => place * seed)
      const time = timeNs(factors, seed)
      runs.push({
        runId,
        cellIndex: index,
        seed,
        factors,
        timeNs: time,
        attributionNs,
        ...simulated,
      })
    }
  }
  return {
    campaignId: 'c-1',
    campaignName: 'Invented',
    kind: 'simulated',
    campaign,
    cells,
    runs,
    bands: [FLEXCORE_BAND],
  }
}
