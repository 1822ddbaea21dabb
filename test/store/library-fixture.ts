/** Libraries, campaigns and results for the store's tests, made by rule from small numbers. */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import { TIME_CLASS_KEYS, type TimeByClassNs } from '../../src-main/core/base/time-class.ts'
import { CampaignSchema, type Campaign } from '../../src-main/core/contract/campaign.ts'
import { RunQuerySchema, type RunQuery } from '../../src-main/core/contract/library.ts'
import type { RunResult, VmResult } from '../../src-main/core/contract/result.ts'
import { ScenarioSchema, type Scenario } from '../../src-main/core/contract/scenario.ts'
import { openStore, type Store, type StoreOptions } from '../../src-main/store/index.ts'
import type { CellPlan, Machine } from '../../src-main/store/operations.ts'

const SCHEMES = ['cfs', 'flexcore']
const APPS = ['streamcluster', 'dedup']

/** The machine of all runs here. */
export const machine: Machine = {
  runtime: 'Node 24',
  os: 'Linux 6.12',
  cpu: 'test CPU',
  cpuCount: 12,
  memoryBytes: 17_179_869_184,
}

/** A new empty folder. */
export const newFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'flexlab-store-'))

/** Runs `use` with the path of a library that does not exist yet; removes its folder afterwards. */
export async function withFile<T>(use: (file: string) => Promise<T>): Promise<T> {
  const folder = newFolder()
  try {
    return await use(path.join(folder, 'library.db'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Opens a library with this test's version. */
export const open = (file: string, more: Partial<StoreOptions> = {}): Promise<Store> =>
  openStore({ file, appVersion: '0.1.0', commit: 'abc1234', ...more })

/** Runs `use` with an open library in memory. */
export async function withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
  const store = await open(':memory:')
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** A question with the defaults filled in. */
export const ask = (query: v.InferInput<typeof RunQuerySchema> = {}): RunQuery =>
  v.parse(RunQuerySchema, query)

/** Two VMs of one app under one scheme. */
export function scenarioOf(app: string, scheme: string, seed: number): Scenario {
  const vm = { vcpus: 12, workload: { app } }
  const vms = [
    { ...vm, name: 'a' },
    { ...vm, name: 'b' },
  ]
  const fields = { name: `${app} under ${scheme}`, scheme: { id: scheme }, seed, vms }
  return v.parse(ScenarioSchema, { kind: 'scenario', version: 1, ...fields })
}

/** A result whose figures follow from the seed; attribution sums to threads × makespan. */
export function resultOf(seed: number, app = 'streamcluster'): RunResult {
  const makespanNs = 1_000_000_000 + seed * 1_000
  return {
    kind: 'simulated',
    makespanNs,
    timeNs: makespanNs - 0.5,
    vms: [vmResult('a', app, makespanNs), vmResult('b', app, makespanNs)],
    counters: { contextSwitches: 100 + seed, exits: 7 },
    events: 5_000_000_000 + seed,
    wallMs: 12.25 + seed,
    traceHash: seed.toString(16).padStart(16, '0'),
  }
}

function vmResult(name: string, app: string, makespanNs: number): VmResult {
  const zeros = Object.fromEntries(TIME_CLASS_KEYS.map((key) => [key, 0])) as TimeByClassNs
  const useful = 9 * makespanNs
  return {
    name,
    app,
    vcpus: 12,
    threads: 12,
    iterationNs: [makespanNs / 2, makespanNs / 2 - 0.25],
    iterationsAsked: 2,
    attributionNs: { ...zeros, useful, lhp: 12 * makespanNs - useful },
    cpuNs: useful,
    counters: { wakeups: 41 },
  }
}

/** A campaign of two apps × two schemes × `seeds`. */
export function campaignOf(seeds: number, name = 'Lock-holder preemption'): Campaign {
  const mix = { name: 'pair', vms: [{ vcpus: 12, workload: { app: '$app' } }] }
  return v.parse(CampaignSchema, {
    kind: 'campaign',
    version: 1,
    name,
    axes: { app: APPS, scheme: SCHEMES, mix: [mix] },
    seeds: { count: seeds },
    baseline: 'cfs',
  })
}

/** The cells of `campaignOf(seeds)`, interleaved. */
export function planOf(seeds: number): CellPlan[] {
  const cells: Omit<CellPlan, 'index'>[] = []
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const app of APPS) {
      for (const scheme of SCHEMES) {
        const factors = { app, scheme, mix: 'pair', overcommit: 2, vary: { sliceNs: 3e6 } }
        const scenario = scenarioOf(app, scheme, seed)
        cells.push({ factors, seed, repetition: seed - 1, scenario })
      }
    }
  }
  return cells.map((cell, index) => ({ index, ...cell }))
}

/** Finishes a cell with the result that its seed gives. */
export async function finish(store: Store, campaignId: string, index: number) {
  const scenario = await store.cellScenario(campaignId, index)
  const result = resultOf(scenario.seed, scenario.vms[0]!.workload.app)
  return store.finishCell(campaignId, index, scenario, result, machine)
}

/** A campaign whose cells are all finished. */
export async function finishedCampaign(store: Store, seeds: number): Promise<string> {
  const plan = planOf(seeds)
  const { id } = await store.createCampaign(campaignOf(seeds), plan)
  await Promise.all(plan.map((cell) => finish(store, id, cell.index)))
  return id
}
