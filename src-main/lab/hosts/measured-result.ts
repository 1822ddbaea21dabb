/** From an agent's report to a run's result: the shape that simulated runs have, too. */
import { assert } from '../../core/base/assert.ts'
import type { Applied } from '../../core/contract/agent/change.ts'
import type { RunReport, VmWorkResult } from '../../core/contract/agent/work.ts'
import type { RunResult, VmResult } from '../../core/contract/result.ts'
import type { Scenario, ScenarioVm } from '../../core/contract/scenario.ts'
import { REDONE_KEY } from '../../core/stats/evidence.ts'
import { seriesOf } from './run-series.ts'

/** What is known of a run beside the agent's report. */
export type MeasuredRun = {
  readonly scenario: Scenario
  readonly report: RunReport
  readonly applied: Applied
  /** How often it was done again because something else used the host. */
  readonly redone: number
  readonly wallMs: number
}

const NS_PER_MS = 1e6

/** The result of a measured run. `timeNs`: as in the simulator, over the VMs that are not load. */
export function measuredResult({ scenario, report, ...run }: MeasuredRun): RunResult {
  const vms = scenario.vms.map((vm) => vmResult(vm, report))
  const awaited = vms.filter((_, i) => scenario.vms[i]!.repeat !== 'load')
  const series = seriesOf(
    report.samples,
    vms.map(({ name }) => name),
  )
  return {
    kind: 'measured',
    makespanNs: report.makespanNs,
    timeNs: mean(awaited.map((vm) => mean(vm.iterationNs.slice(0, vm.iterationsAsked)))),
    vms,
    counters: { ...report.counters, ...ownCounters(report, run) },
    notObservable: report.notObservable,
    ...(series === undefined ? {} : { series }),
    events: 0,
    wallMs: run.wallMs,
    traceHash: '',
  }
}

/** What applying the scheme cost, and what else was going on. */
function ownCounters(report: RunReport, run: Pick<MeasuredRun, 'applied' | 'redone'>) {
  const { resizeMs, tookMs } = run.applied
  const { foreignCpuNs, agentCpuNs, startSkewNs } = report
  return {
    agentCpuNs,
    startSkewNs,
    ...(foreignCpuNs === null ? {} : { foreignCpuNs }),
    applyNs: tookMs * NS_PER_MS,
    resizesAtStart: resizeMs.length,
    resizeAtStartNs: resizeMs.reduce((sum, ms) => sum + ms, 0) * NS_PER_MS,
    [REDONE_KEY]: run.redone,
  }
}

function vmResult(vm: ScenarioVm, report: RunReport): VmResult {
  const done = report.vms.find((each) => each.vm === vm.name)
  assert(done !== undefined && vm.name !== undefined, 'the agent reports every VM it was given')
  const { counters, notObservable } = done
  return {
    name: vm.name,
    app: vm.workload.app,
    vcpus: vm.vcpus,
    threads: done.threads,
    iterationNs: iterationsOf(done),
    iterationsAsked: vm.iterations,
    attributionNs: null,
    cpuNs: counters['cpuNs'] ?? 0,
    counters,
    notObservable,
  }
}

/** The counted ones first, as they came; then what was only load for the others. */
function iterationsOf({ iterations }: VmWorkResult): number[] {
  const counted = iterations.filter((one) => one.counted)
  const load = iterations.filter((one) => !one.counted && counted.length > 0)
  return [...counted, ...load].map(({ timeNs }) => timeNs)
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
