/**
 * micro-workload: what the simulator runs for a mode of the bundled micro-benchmark, so that a run
 * that was measured can be predicted.
 */
import { assert } from '../base/assert.ts'
import type { MicroMode } from '../contract/agent/program.ts'
import type { ScenarioVm } from '../contract/scenario.ts'
import { findWorkload } from '../workloads/index.ts'

/**
 * The workload and its parameters for a mode and options of `flexlab-micro`: the same by name, but
 * for options that say how it is run and not what it does (`windows`, `warmup`, `loopsPerUs`, …).
 */
export function microWorkload(
  mode: MicroMode,
  options: Readonly<Record<string, number>>,
): ScenarioVm['workload'] {
  const app = `micro-${mode}`
  const file = findWorkload(app)
  assert(file !== undefined, `no workload models flexlab-micro ${mode}`)
  const params = Object.entries(options).filter(([key]) => Object.hasOwn(file.params, key))
  return { app, params: Object.fromEntries(params) }
}
