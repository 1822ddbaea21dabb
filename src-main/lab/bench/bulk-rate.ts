/**
 * What bulk locking saves: the same runs with most short locks as part of the work, and with every
 * single one simulated; both in one process, in turn. That both give the same times, in
 * distribution, is shown by test/core/model/bulk-agreement.test.ts.
 */
import type { Scenario } from '../../core/contract/scenario.ts'
import type { Machine } from '../../core/model/machine.ts'
import { cpuSeconds } from './cpu-clock.ts'
import { runToBudget } from './model-rate.ts'
import { scenarioOf } from './situations.ts'
import { mid, spread } from './spread.ts'
import type { Spread } from './spread.ts'

/** One way of simulating the locks: events of a run, and its CPU time over the rounds, seconds. */
export type BulkWay = { readonly events: number; readonly cpuSeconds: Spread }

/** A workload both ways; `ratio` is the CPU time of every lock ÷ that of bulk. */
export type BulkCase = {
  readonly workload: string
  readonly scale: number
  readonly bulk: BulkWay
  readonly singly: BulkWay
  readonly ratio: number
}

/** All cases, over so many rounds. */
export type BulkFigures = { readonly rounds: number; readonly cases: readonly BulkCase[] }

/** Parts of PARSEC's runs that take about a second lock by lock: a lock each 0.3 µs, and 13 µs. */
const CASES = [
  { workload: 'fluidanimate', scale: 2 / 45 },
  { workload: 'freqmine', scale: 0.25 },
] as const

const EVENTS_MAX = 1e9

/** Measures all cases. @throws LabError `cancelled` */
export function measureBulk(rounds: number, signal: AbortSignal): BulkFigures {
  return { rounds, cases: CASES.map((one) => measureCase(one, rounds, signal)) }
}

function measureCase(
  { workload, scale }: { readonly workload: string; readonly scale: number },
  rounds: number,
  signal: AbortSignal,
): BulkCase {
  const scenario = scaledScenario(workload, scale)
  const pair = () => [timeRun(scenario, false, signal), timeRun(scenario, true, signal)] as const
  // V8 compiles what it will run
  pair()
  const timed = Array.from({ length: rounds }, pair)
  const way = (at: 0 | 1): BulkWay => ({
    events: timed[0]![at].events,
    cpuSeconds: spread(timed.map((runs) => runs[at].cpuSeconds)),
  })
  const ratio = mid(timed.map(([bulk, singly]) => singly.cpuSeconds / bulk.cpuSeconds))
  return { workload, scale, bulk: way(0), singly: way(1), ratio }
}

/** Two VMs of 12 vCPUs on 12 pCPUs, one iteration of a part of the workload. */
function scaledScenario(workload: string, scale: number): Scenario {
  const scenario = scenarioOf({ size: 'small', workload, scheme: 'cfs' }, EVENTS_MAX, 1)
  const vms = scenario.vms.map((vm) => ({
    ...vm,
    workload: { ...vm.workload, params: { scale } },
  }))
  return { ...scenario, vms }
}

function timeRun(scenario: Scenario, singly: boolean, signal: AbortSignal) {
  let started: { machine: Machine; at: number } | undefined
  runToBudget(scenario, signal, (machine) => {
    for (const set of machine.vms.flatMap(({ lockSets }) => lockSets)) set.singly = singly
    started = { machine, at: cpuSeconds() }
  })
  if (started === undefined) throw new Error(`${scenario.name} did not start`)
  return { events: started.machine.engine.events, cpuSeconds: cpuSeconds() - started.at }
}
