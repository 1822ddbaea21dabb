/** simulate: a scenario in, a run result out. Pure: the same in Node, Electron and a browser. */
import { LabError } from '../base/lab-error.ts'
import { formatIssue } from '../base/result.ts'
import type { SimulatedResult, SimulatedVm } from '../contract/result.ts'
import type { Scenario } from '../contract/scenario.ts'
import { timeOfVm } from '../model/charge.ts'
import { runDelayNs } from '../model/host-queue.ts'
import { iterationProgress } from '../model/iteration.ts'
import type { Machine } from '../model/machine.ts'
import type { VmState } from '../model/vm-state.ts'
import { runMachine } from '../model/run.ts'
import { isAwaited } from '../model/spec.ts'
import type { SimSpec } from '../model/spec.ts'
import { findScheme } from '../schemes/registry.ts'
import type { Scheme } from '../schemes/scheme.ts'
import type { TraceHeader } from '../contract/trace.ts'
import { bestVcpus, numbersToTry, seeksBestVcpus, withVcpus } from './best-vcpus.ts'
import { buildSpec } from './build-spec.ts'
import { checkScheme } from './check-scheme.ts'
import { SHIPPED } from './known.ts'
import type { Known } from './known.ts'
import { Recording } from './recording.ts'
import type { TraceOptions } from './recording.ts'
import { policyWithout, specWithout } from './without.ts'

/** How a run is watched and stopped. `nowMs`: a clock for the wall time and its budget. */
export type SimulateHooks = {
  readonly onProgress?: (progress: {
    readonly fraction: number
    readonly events: number
    readonly simulatedNs: number
  }) => void
  readonly shouldStop?: () => boolean
  readonly nowMs?: () => number
  /** Records the run; it is the same run. */
  readonly trace?: TraceOptions & { readonly done: (header: TraceHeader) => void }
}

/**
 * Runs a scenario, under a scheme of the user's if one is given: the scenario must name it then.
 * Throws LabError `bad-input`, `budget` or `cancelled`, and whatever a user's scheme throws.
 */
export function simulate(
  scenario: Scenario,
  hooks: SimulateHooks = {},
  own: Scheme | null = null,
): SimulatedResult {
  return seeksBestVcpus(scenario) ? simulateBest(scenario, hooks) : runOnce(scenario, hooks, own)
}

/** Trials first, then the run with the best of their numbers; `trialRuns` says what that cost. */
function simulateBest(scenario: Scenario, hooks: SimulateHooks): SimulatedResult {
  requireSpec(scenario, null)
  const { trace: _, ...quiet } = hooks
  const runs = numbersToTry(scenario).length + 1
  const hooksOf = (i: number, of: SimulateHooks): SimulateHooks => ({
    ...of,
    onProgress: ({ fraction, ...rest }) =>
      hooks.onProgress?.({ fraction: (i + fraction) / runs, ...rest }),
  })
  const best = bestVcpus(scenario, (trial, i) => runOnce(trial, hooksOf(i, quiet), null).timeNs)
  const result = runOnce(withVcpus(scenario, best), hooksOf(runs - 1, hooks), null)
  return { ...result, counters: { ...result.counters, trialRuns: runs - 1 } }
}

function runOnce(scenario: Scenario, hooks: SimulateHooks, own: Scheme | null): SimulatedResult {
  const spec = specWithout(requireSpec(scenario, own), scenario.without)
  const scheme = own ?? findScheme(scenario.scheme.id)!
  const nowMs = hooks.nowMs ?? (() => 0)
  const startMs = nowMs()
  let machine: Machine | null = null
  let recording: Recording | null = null
  const policy = policyWithout(scheme.create(spec, scenario.scheme.params), scenario.without)
  const m = runMachine(spec, policy, {
    onStart: (started) => {
      machine = started
      if (hooks.trace !== undefined) recording = new Recording(started, hooks.trace)
    },
    ...(hooks.trace === undefined ? {} : { hooks: { after: () => recording?.afterEvent() } }),
    shouldStop: () => {
      checkWall(scenario, nowMs() - startMs)
      return hooks.shouldStop?.() ?? false
    },
    onCheck: (events, simulatedNs) =>
      hooks.onProgress?.({
        fraction: machine === null ? 0 : fractionDone(machine),
        events,
        simulatedNs,
      }),
  })
  const kind = scenario.without.length > 0 ? 'counterfactual' : 'simulated'
  const result = readResult(m, kind, nowMs() - startMs)
  if (recording !== null) hooks.trace?.done((recording as Recording).finish())
  return result
}

/** The code of the user's scheme was compared by whoever loaded it. */
function knownWith(own: Scheme | null, { scheme }: Scenario): Known {
  if (own === null) return SHIPPED
  const code = scheme.code === undefined ? {} : { code: scheme.code }
  return { ...SHIPPED, schemes: [{ info: own.info, ...code }] }
}

function requireSpec(scenario: Scenario, own: Scheme | null): SimSpec {
  const known = knownWith(own, scenario)
  const issues = checkScheme(scenario.scheme, known).map((i) => ({
    ...i,
    path: `scheme.${i.path}`,
  }))
  const spec = buildSpec(scenario)
  if (spec.ok && issues.length === 0) return spec.value
  const all = [...(spec.ok ? [] : spec.error), ...issues]
  throw new LabError('bad-input', all.map(formatIssue).join('; '))
}

function checkWall(scenario: Scenario, elapsedMs: number): void {
  const max = scenario.budget.wallMsMax
  if (elapsedMs <= max) return
  throw new LabError(
    'budget',
    `the run took longer than ${max} ms of wall time`,
    'raise budget.wallMsMax, or make the scenario smaller',
  )
}

/** Threads' iterations done of those asked for, over the VMs; the slowest VM decides. */
function fractionDone(m: Machine): number {
  return awaitedVms(m).reduce((least, vm) => {
    const asked = m.spec.vms[vm.index]!.iterations
    const done = vm.iteration + iterationProgress(m, vm)
    return Math.min(least, done / asked)
  }, 1)
}

const awaitedVms = (m: Machine): readonly VmState[] =>
  m.vms.filter((vm) => isAwaited(m.spec.vms[vm.index]!))

/** Mean of the asked iterations of a VM. */
const askedTimeNs = (m: Machine, vm: VmState): number =>
  mean(vm.iterationNs.slice(0, m.spec.vms[vm.index]!.iterations))

function readResult(m: Machine, kind: SimulatedResult['kind'], wallMs: number): SimulatedResult {
  const vms = m.vms.map((vm) => readVm(m, vm))
  const idlePcpuNs = m.pIdleNs.reduce((sum, ns, p) => sum + ns + tailIdle(m, p), 0)
  return {
    kind,
    makespanNs: m.now,
    timeNs: mean(awaitedVms(m).map((vm) => askedTimeNs(m, vm))),
    vms,
    counters: { ...m.counters, idlePcpuNs },
    events: m.engine.events,
    wallMs,
    traceHash: m.engine.hash.digest(),
  }
}

const tailIdle = (m: Machine, p: number): number => (m.pIdle[p] === 0 ? 0 : m.now - m.pSince[p]!)

function readVm(m: Machine, vm: VmState): SimulatedVm {
  const latency = vm.latency?.summary()
  const spec = m.spec.vms[vm.index]!
  return {
    name: spec.name,
    app: vm.workload.app,
    vcpus: vm.vcpus,
    threads: vm.threads,
    iterationNs: vm.iterationNs,
    iterationsAsked: spec.iterations,
    attributionNs: timeOfVm(m, vm),
    cpuNs: vm.cpuNs,
    ...(latency === undefined ? {} : { latency }),
    counters: { onlineVcpus: vm.online, runDelayNs: runDelayOf(m, vm) },
  }
}

function runDelayOf(m: Machine, vm: VmState): number {
  let sum = 0
  for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) sum += runDelayNs(m, v)
  return sum
}

const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
