// A real library in a folder of its own, with a campaign whose cells do what a test says.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import { expect, onTestFinished } from 'vitest'
import { CampaignSchema } from '../../../src-main/core/contract/campaign.ts'
import { ScenarioSchema } from '../../../src-main/core/contract/scenario.ts'
import { describeMachine } from '../../../src-main/lab/environment.ts'
import { WorkerPool } from '../../../src-main/lab/runner/pool.ts'
import { Runner } from '../../../src-main/lab/runner/runner.ts'
import { openStore } from '../../../src-main/store/index.ts'
import type { CellPlan, Store, StoreOptions } from '../../../src-main/store/index.ts'

/** The scripted worker; see there for the words. */
export const SCRIPTED_WORKER = new URL('./scripted.worker.ts', import.meta.url)

/** A folder that is deleted after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-lab-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A scenario that a scripted worker understands. */
export const scripted = (name: string, seed = 1) =>
  v.parse(ScenarioSchema, {
    kind: 'scenario',
    version: 1,
    name,
    vms: [{ vcpus: 1, workload: { app: 'ep' } }],
    seed,
  })

/** A cell for each script. */
export const scriptedCells = (scripts: readonly string[]): CellPlan[] =>
  scripts.map((script, index) => ({
    index,
    factors: { app: 'ep', scheme: 'cfs', mix: 'one', overcommit: null, vary: {} },
    seed: index + 1,
    repetition: index,
    scenario: scripted(script, index + 1),
  }))

const definition = (cells: number) =>
  v.parse(CampaignSchema, {
    kind: 'campaign',
    version: 1,
    name: 'scripted',
    axes: {
      scheme: ['cfs'],
      mix: [{ name: 'one', vms: [{ vcpus: 1, workload: { app: 'ep' } }] }],
    },
    seeds: { count: cells },
    baseline: 'cfs',
  })

/** A library with one scripted campaign and a runner for it; all of it ends with the test. */
export async function scriptedCampaign(scripts: readonly string[], workers = 2) {
  const file = path.join(temporaryFolder(), 'library.sqlite')
  const { store, runner } = await openRunner(file, workers)
  const { id } = await store.createCampaign(definition(scripts.length), scriptedCells(scripts))
  return { file, store, runner, id }
}

/** A runner with scripted workers on a library. */
export async function openRunner(
  file: string,
  workers: number,
  more: Partial<StoreOptions> = {},
): Promise<{ store: Store; runner: Runner }> {
  const store = await openStore({ file, appVersion: '0.0.0-test', commit: null, ...more })
  const pool = new WorkerPool({ size: workers, entry: SCRIPTED_WORKER })
  const noHost = () => expect.fail('a scripted campaign has no host')
  const runner = new Runner(store, pool, describeMachine(), noHost)
  onTestFinished(async () => {
    await runner.close()
    await store.close()
  })
  return { store, runner }
}
