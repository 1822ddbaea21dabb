/** A VM that is mere load: there from its start to the end, neither awaited nor measured. */
import { describe, expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import type { SimulatedResult } from '../../../src-main/core/contract/result.ts'
import { readScenarioValue } from '../../../src-main/core/simulate/read-scenario.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'

function beside(hog: Partial<ScenarioInput['vms'][number]> | null): SimulatedResult {
  const app = { vcpus: 2, iterations: 2, workload: { app: 'ep', params: { chunks: 20 } } }
  const other = { vcpus: 2, workload: { app: 'hog', params: { threads: 2, chunks: 10 } } }
  const scenario = readScenarioValue({
    kind: 'scenario',
    version: 1,
    name: 'load',
    host: { preset: 'bed-2' },
    vms: hog === null ? [app] : [app, { ...other, ...hog }],
  })
  if (!scenario.ok) throw new Error(scenario.error.map((issue) => issue.message).join())
  return simulate(scenario.value)
}

const meanNs = (times: readonly number[]) => times.reduce((a, b) => a + b, 0) / times.length

describe('a VM with repeat: load', () => {
  it('slows the others down to the end, and its time does not count', () => {
    const run = beside({ repeat: 'load' })
    expect(run.timeNs).toBeGreaterThan(1.7 * beside(null).timeNs)
    expect(run.timeNs).toBe(meanNs(run.vms[0]!.iterationNs.slice(0, 2)))
    expect(run.vms[1]!.cpuNs / run.makespanNs).toBeGreaterThan(0.9)
  })

  it('is not awaited, however long it takes', () => {
    const long = { app: 'hog', params: { threads: 2, chunks: 100_000 } }
    expect(beside({ repeat: 'load', workload: long }).vms[0]!.iterationNs).toHaveLength(2)
  })

  it('runs as the same VM that is awaited, while that loops', () => {
    const workload = { app: 'hog', params: { threads: 2, chunks: 2 } }
    const [load, awaited] = [beside({ repeat: 'load', workload }), beside({ workload })]
    expect(load.traceHash).toBe(awaited.traceHash)
  })
})
