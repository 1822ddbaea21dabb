/** Entry of a simulation worker: the simulator and the user's schemes behind a task port. */
import { workerData } from 'node:worker_threads'
import { LabError } from '../../core/base/lab-error.ts'
import type { SimulatedResult } from '../../core/contract/result.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { simulate } from '../../core/simulate/simulate.ts'
import { blame, SchemeLoader } from '../user-files/scheme-loader.ts'
import { serveTasks } from './task-port.ts'
import type { TaskHooks, TaskWorkerData } from './task-port.ts'
import { tuneV8 } from './tune-v8.ts'

const loader = new SchemeLoader((workerData as TaskWorkerData).schemes)

tuneV8()
serveTasks(run)

function run(scenario: Scenario, hooks: TaskHooks): SimulatedResult | Promise<SimulatedResult> {
  const { code } = scenario.scheme
  return code === undefined ? simulate(scenario, hooks) : runOwn(scenario, code.sha256, hooks)
}

/** Of the scenario only the hash is taken: what runs is the file that the user has given. */
async function runOwn(
  scenario: Scenario,
  sha256: string,
  hooks: TaskHooks,
): Promise<SimulatedResult> {
  const source = loader.find(sha256)
  if (source === null) {
    const what = `the scheme "${scenario.scheme.id}" with the code ${sha256.slice(0, 12)}`
    throw new LabError('bad-input', `${what} is not loaded`, 'give its file by --scheme-file')
  }
  const scheme = await loader.load(source)
  try {
    return simulate(scenario, hooks, scheme)
  } catch (error) {
    throw blame(error, source)
  }
}
