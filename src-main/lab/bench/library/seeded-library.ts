/**
 * A library of any size from a seed, written as campaigns write theirs: campaigns with cells, one
 * run a cell, 60 metrics a run. Nothing was simulated; the figures only look like it. For the bench
 * and for looking at the workbench with 75,000 runs:
 *
 *   node src-main/lab/bench/library/seeded-library.ts library.sqlite [runs] [seed]
 */
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { assert } from '../../../core/base/assert.ts'
import { exponentialAt, streamKey, uniformAt } from '../../../core/base/random.ts'
import { TIME_CLASS_KEYS } from '../../../core/base/time-class.ts'
import type { TimeByClassNs } from '../../../core/base/time-class.ts'
import { CampaignSchema } from '../../../core/contract/campaign.ts'
import type { Campaign, Factors } from '../../../core/contract/campaign.ts'
import { RunIdsQuerySchema } from '../../../core/contract/library.ts'
import type { RunResult, VmResult } from '../../../core/contract/result.ts'
import { ScenarioSchema } from '../../../core/contract/scenario.ts'
import type { Scenario } from '../../../core/contract/scenario.ts'
import { openStore } from '../../../store/index.ts'
import type { CellPlan, Store } from '../../../store/index.ts'
import { describeMachine } from '../../environment.ts'

/** What a library is made of; the same plan gives the same runs. */
export type LibraryPlan = { readonly runs: number; readonly seed: number }

/** The library that the promises are about. */
export const WHOLE_LIBRARY: LibraryPlan = { runs: 75_000, seed: 1 }

const APPS = [
  ...['blackscholes', 'bodytrack', 'canneal', 'dedup', 'facesim', 'ferret', 'fluidanimate'],
  ...['freqmine', 'raytrace', 'streamcluster', 'swaptions', 'vips', 'x264'],
]
const SCHEMES = ['cfs', 'gang', 'balance', 'vcpu-bal', 'flexcore', 'ple']
const MIXES = ['2 × 12 vCPUs', '12 + 4 × 3 vCPUs']
const OVERCOMMITS = [1.5, 2]
const SLICES_MS = [3, 6]
const SEEDS_EACH = 12
/** Cells of one campaign; the last one may have fewer. */
const CAMPAIGN_CELLS =
  APPS.length * SCHEMES.length * MIXES.length * OVERCOMMITS.length * SLICES_MS.length * SEEDS_EACH

const HOST_COUNTERS = [
  ...['contextSwitches', 'migrations', 'wakeups', 'exits', 'ipis', 'pleExits', 'directedYields'],
  ...['preemptions', 'lockHolderPreemptions', 'bulkCaught', 'resizes', 'guestSwitches'],
  ...['guestMigrations', 'halts', 'lockHalts', 'lockSteals', 'tlbShootdowns', 'gracePeriods'],
  ...['barriers', 'idlePcpuNs'],
]
const VM_COUNTERS = [
  ...['onlineVcpus', 'runDelayNs', 'stealNs', 'cycles', 'instructions', 'cacheMisses'],
  'pageFaults',
]
const LATENCIES = ['count', 'meanNs', 'p50Ns', 'p95Ns', 'p99Ns', 'p999Ns', 'maxNs']

/** Metrics of each run. */
export const METRICS_EACH =
  HOST_COUNTERS.length + VM_COUNTERS.length + LATENCIES.length + TIME_CLASS_KEYS.length

/** Cells finished at once, so that they share a commit. */
const GROUP = 250

/** The i-th of some items, round and round. */
const pick = <T>(items: readonly T[], i: number): T => items[i % items.length]!

/** Fills an empty library. `onDone` is told how many runs there are. */
export async function seedLibrary(
  store: Store,
  plan: LibraryPlan,
  signal: AbortSignal,
  onDone: (runs: number) => void,
): Promise<void> {
  for (let first = 0; first < plan.runs; first += CAMPAIGN_CELLS) {
    const number = first / CAMPAIGN_CELLS
    const cells = planCells(number, Math.min(CAMPAIGN_CELLS, plan.runs - first))
    const { id } = await store.createCampaign(campaignOf(number), cells)
    for (let at = 0; at < cells.length; at += GROUP) {
      signal.throwIfAborted()
      const group = cells.slice(at, at + GROUP)
      await Promise.all(group.map((cell) => finish(store, id, cell, plan.seed + number)))
      onDone(first + at + group.length)
    }
    await store.setCampaignStatus(id, 'finished')
  }
  await mark(store)
}

function campaignOf(number: number): Campaign {
  const mix = MIXES.map((name) => ({ name, vms: [{ vcpus: 12, workload: { app: '$app' } }] }))
  const slice = { name: 'sliceMs', path: 'guest.sliceMs', values: SLICES_MS }
  const axes = { app: APPS, scheme: SCHEMES, mix, overcommit: OVERCOMMITS, vary: [slice] }
  return v.parse(CampaignSchema, {
    ...{ kind: 'campaign', version: 1, name: `Seeded ${number + 1}`, axes },
    ...{ seeds: { count: SEEDS_EACH }, baseline: 'cfs' },
  })
}

function planCells(number: number, count: number): CellPlan[] {
  return Array.from({ length: count }, (_, index) => {
    const { factors, seed } = cellAt(index)
    const scenario = scenarioOf(factors, seed + number * SEEDS_EACH)
    return { index, factors, seed: scenario.seed, repetition: seed - 1, scenario }
  })
}

/** Interleaved: every scheme of a repetition before the next one. */
function cellAt(index: number): { readonly factors: Factors; readonly seed: number } {
  let rest = index
  const next = <T>(items: readonly T[]): T => {
    const item = pick(items, rest)
    rest = Math.floor(rest / items.length)
    return item
  }
  const scheme = next(SCHEMES)
  const app = next(APPS)
  const mix = next(MIXES)
  const overcommit = next(OVERCOMMITS)
  const vary = { sliceMs: next(SLICES_MS) }
  return { factors: { app, scheme, mix, overcommit, vary }, seed: rest + 1 }
}

function scenarioOf({ app, scheme }: Factors, seed: number): Scenario {
  const vm = { vcpus: 12, workload: { app } }
  const vms = [
    { ...vm, name: 'left' },
    { ...vm, name: 'right' },
  ]
  const fields = { name: `${app} under ${scheme}`, scheme: { id: scheme }, seed, vms }
  return v.parse(ScenarioSchema, { kind: 'scenario', version: 1, ...fields })
}

async function finish(store: Store, id: string, cell: CellPlan, seed: number): Promise<void> {
  const result = resultOf(cell, streamKey(seed, cell.index))
  const { added } = await store.finishCell(id, cell.index, cell.scenario, result, describeMachine())
  assert(added, 'a seeded cell has no run before')
}

/** A result: its time follows app, scheme and seed, everything else its time. */
function resultOf({ factors }: CellPlan, key: number): RunResult {
  const app = APPS.indexOf(factors.app) + 2
  const scheme = 1.2 - 0.06 * SCHEMES.indexOf(factors.scheme)
  const timeNs = Math.round(1e8 * app * scheme * (1 + 0.04 * uniformAt(key, 0)))
  const makespanNs = Math.round(timeNs * (1.1 + 0.2 * uniformAt(key, 1)))
  const events = Math.round(timeNs / 500)
  return {
    ...{ kind: 'simulated', makespanNs, timeNs, events, wallMs: events / 4e3 },
    vms: ['left', 'right'].map((name, at) => vmOf(name, factors.app, makespanNs, key + at)),
    counters: countersOf(HOST_COUNTERS, key, 2),
    traceHash: (key >>> 0).toString(16).padStart(16, '0'),
  }
}

function vmOf(name: string, app: string, makespanNs: number, key: number): VmResult {
  const shares = TIME_CLASS_KEYS.map((timeClass, at) => [
    timeClass,
    Math.round(makespanNs * exponentialAt(key, 40 + at)) + 1,
  ])
  return {
    ...{ name, app, vcpus: 12, threads: 12, iterationNs: [makespanNs / 2, makespanNs / 2] },
    ...{ iterationsAsked: 2, cpuNs: 9 * makespanNs },
    attributionNs: Object.fromEntries(shares) as TimeByClassNs,
    latency: countersOf(LATENCIES, key, 90) as Required<VmResult>['latency'],
    counters: countersOf(VM_COUNTERS, key, 70),
  }
}

const countersOf = (names: readonly string[], key: number, from: number): Record<string, number> =>
  Object.fromEntries(
    names.map((name, at) => [name, Math.round(1e5 * exponentialAt(key, from + at))]),
  )

/** Tags on a tenth of the runs, notes on some, as people would. */
async function mark(store: Store): Promise<void> {
  const ids = await store.runIds(v.parse(RunIdsQuerySchema, {}))
  const some = (step: number): string[] => ids.filter((_, at) => at % step === 0)
  await store.tagRuns(some(10), 'keep', true)
  await store.tagRuns(some(97), 'outlier?', true)
  await store.noteLine(some(50), 'host was busy with a backup', true)
}

async function main([file, runs, seed]: readonly string[]): Promise<void> {
  assert(file !== undefined, 'say into which file')
  const plan = { runs: Number(runs ?? WHOLE_LIBRARY.runs), seed: Number(seed ?? 1) }
  const store = await openStore({ file, appVersion: 'seeded', commit: null })
  await seedLibrary(store, plan, new AbortController().signal, (done) => {
    if (done % 10_000 < GROUP) process.stderr.write(`${done} runs\n`)
  })
  await store.close()
}

const [, script, ...args] = process.argv
if (script !== undefined && import.meta.url === pathToFileURL(script).href) await main(args)
