// A worker for tests of the pool and the runner: a scenario's name says what the task does. It is
// served by the same task port as the simulator, so everything but the simulation is real.
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { TIME_CLASS_KEYS, type TimeByClassNs } from '../../../src-main/core/base/time-class.ts'
import type { SimulatedResult } from '../../../src-main/core/contract/result.ts'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { serveTasks } from '../../../src-main/lab/runner/task-port.ts'
import type { TaskHooks } from '../../../src-main/lab/runner/task-port.ts'

const STEP_MS = 1
const never = new Int32Array(new SharedArrayBuffer(4))

serveTasks((scenario, hooks) => {
  const [verb, argument = '0'] = scenario.name.split(' ')
  if (verb === 'fail') throw new LabError('budget', 'the budget ran out', 'raise it')
  if (verb === 'bug') throw new TypeError('undefined is not a function')
  if (verb === 'crash') process.exit(7)
  if (verb === 'deaf') sleep(60_000)
  if (verb === 'endless') for (;;);
  if (verb === 'work') work(Number(argument), hooks)
  return result(scenario)
})

/** Computes for so long, polling like the simulator does. */
function work(ms: number, hooks: TaskHooks): void {
  const endMs = hooks.nowMs() + ms
  for (;;) {
    const leftMs = endMs - hooks.nowMs()
    if (leftMs <= 0) return
    if (hooks.shouldStop()) throw new LabError('cancelled', 'stopped')
    hooks.onProgress({ fraction: 1 - leftMs / ms, events: 1000, simulatedNs: 5e6 })
    sleep(STEP_MS)
  }
}

function sleep(ms: number): void {
  Atomics.wait(never, 0, 0, ms)
}

const noTime = (): TimeByClassNs =>
  Object.fromEntries(TIME_CLASS_KEYS.map((key) => [key, 0])) as TimeByClassNs

function result(scenario: Scenario): SimulatedResult {
  const makespanNs = 1e9 + scenario.seed
  const vm = {
    name: 'vm1',
    app: 'ep',
    vcpus: 1,
    threads: 1,
    iterationNs: [makespanNs],
    iterationsAsked: 1,
    attributionNs: { ...noTime(), useful: makespanNs },
    cpuNs: makespanNs,
    counters: {},
  }
  return {
    kind: 'simulated',
    makespanNs,
    timeNs: makespanNs,
    vms: [vm],
    counters: {},
    events: 1000,
    wallMs: 1,
    traceHash: '0123456789abcdef',
  }
}
