/** The document of a bench: all its figures, and plain words for what is missing or not met. */
import { expect, it } from 'vitest'
import { benchDocument } from '../../src-main/hosts/cli/output/bench.ts'
import type { BenchFigures } from '../../src-main/lab/index.ts'

const even = (median: number) => ({ median, min: median - 1, max: median + 1 })

const figures: BenchFigures = {
  commit: 'abc',
  machine: { runtime: 'Node.js 24', os: 'Linux', cpu: 'Test CPU', cpuCount: 2, memoryBytes: 1 },
  engine: {
    ...{ entities: 48, rounds: 9, engine: { name: 'this engine', rate: even(18e6) } },
    yardsticks: [{ id: 'c++', name: 'C++', rate: even(20e6), ratio: 0.9, target: 0.8 }],
    missing: [{ id: 'simpy', reason: 'SimPy is not here' }],
  },
  model: [
    {
      ...{ size: 'small', workload: 'spin', scheme: 'cfs', pcpus: 12, vcpus: 24, events: 1000 },
      ...{ rounds: 3, eventRate: even(2e6), operationRate: 5e6, switchRate: 1e6 },
    },
  ],
  targets: [
    { name: 'engine : C++', value: 0.9, bound: 'at least', target: 0.8, met: true },
    { name: 'events/s', value: 2e6, bound: 'at least', target: 4e6, met: false },
  ],
}

it('names the machine and the commit, and what could not be compared', () => {
  const text = benchDocument(figures)
  expect(text).toContain('Commit abc,\n2 × Test CPU, Linux, Node.js 24.')
  expect(text).toContain('not compared: SimPy is not here')
})

it('gives each figure beside its target, met or not met', () => {
  const lines = benchDocument(figures).split('\n')
  expect(lines).toContain('| C++ | 20.0 M | 20.0 M … 20.0 M | 0.900 × |')
  expect(lines).toContain('| 12/24 | spin | cfs | 2.00 M | 500 | 5.00 M | 1.00 M |')
  expect(lines).toContain('| engine : C++ | 0.900 × | ≥ 0.800 × | met |')
  expect(lines).toContain('| events/s | 2.00 M | ≥ 4.00 M | not met |')
})
