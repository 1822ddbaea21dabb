/** The document of a bench: all its figures, and plain words for what is missing or not met. */
import { expect, it } from 'vitest'
import { benchDocument } from '../../src-main/hosts/cli/output/bench.ts'
import type { BenchFigures } from '../../src-main/lab/index.ts'

const even = (median: number) => ({ median, min: median - 1, max: median + 1 })

const memory = { arrayBytes: 102_400, heapBytes: 51_200, rssBytes: 2_048_000 }
const rates = { events: 1000, rounds: 3, eventRate: even(2e6), operationRate: 5e6, switchRate: 1e6 }
const small = { size: 'small', pcpus: 12, vcpus: 24, ...rates, memory } as const

const figures: BenchFigures = {
  commit: 'abc',
  machine: { runtime: 'Node.js 24', os: 'Linux', cpu: 'Test CPU', cpuCount: 2, memoryBytes: 1 },
  engine: {
    ...{ entities: 48, rounds: 9, engine: { name: 'this engine', rate: even(18e6) } },
    yardsticks: [{ id: 'c++', name: 'C++', rate: even(20e6), ratio: 0.9, target: 0.8 }],
    missing: [{ id: 'simpy', reason: 'SimPy is not here' }],
  },
  model: [
    { ...small, workload: 'mix', scheme: 'cfs' },
    { ...small, workload: 'spin', scheme: 'cfs' },
    { ...small, workload: 'mix', scheme: 'gang', eventRate: even(3e6) },
  ],
  bulk: {
    rounds: 5,
    cases: [
      {
        ...{ workload: 'freqmine', scale: 0.25, ratio: 88.8 },
        bulk: { events: 5000, cpuSeconds: even(0.002) },
        singly: { events: 600_000, cpuSeconds: even(0.178) },
      },
    ],
  },
  trace: {
    ...{ seconds: 10, rounds: 3 },
    costs: [
      {
        ...{ workload: 'bodytrack', events: 4e6, records: 18e6, bytes: 36e6, ratio: 2.5 },
        ...{ plainSeconds: even(2), recordedSeconds: even(5) },
        ...{ writeMs: 200, openMs: 3.5, zoomMs: 40, queryMs: 1500 },
      },
    ],
  },
  workers: {
    ...{ cells: 54, events: 27e6, rounds: 3 },
    pools: [{ workers: 2, cellRate: even(8), eventRate: even(4e6), speedup: 1.9 }],
  },
  simso: {
    ...{ name: 'SimSo on SimPy 2.3.1', rounds: 3 },
    cases: [
      {
        ...{ rule: 'global', cpus: 4, tasks: 20, switches: 5136, missed: 7, ratio: 500 },
        ...{ engine: even(6e6), simso: even(12e3) },
      },
    ],
  },
  library: {
    ...{ runs: 75_000, seed: 1, rounds: 50, metrics: 60, fileBytes: 4e8, writeSeconds: 80 },
    questions: [
      { kind: 'filter', name: 'one app', found: 5772, firstMs: even(12), againMs: even(2) },
    ],
  },
  targets: [
    { name: 'library : filter', value: 12, bound: 'at most', target: 150, met: true, unit: 'ms' },
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
  expect(lines).toContain(
    '| 12/24 | spin | cfs | 2.00 M | 2.00 M … 2.00 M | 500 | 5.00 M | 1.00 M |',
  )
  expect(lines).toContain('| 12/24 | spin | 100 KiB | 50 KiB | 2 000 KiB |')
  expect(lines).toContain('| freqmine | 0.250 | 5 000 | 600 000 | 2.00 | 178 | 88.8 × |')
  const trace = ['bodytrack', '18 000 000', '36.0 MB', '2.00', '2.00', '5.00', '2.50 ×']
  const openMs = ['200.0 ms', '3.500 ms', '40.00 ms', '1.500 s']
  expect(lines).toContain(`| ${[...trace, ...openMs].join(' | ')} |`)
  expect(lines).toContain('| 2 | 8.00 | 4.00 M | 4.00 M … 4.00 M | 1.90 × | 95 % |')
  expect(lines).toContain('| global EDF | 4 | 20 | 5 136 | 7 | 6.00 M | 12.0 k | 500 × |')
  expect(lines).toContain('| engine : C++ | 0.900 × | ≥ 0.800 × | met |')
  expect(lines).toContain('| events/s | 2.00 M | ≥ 4.00 M | not met |')
  expect(lines).toContain('| filter | one app | 5 772 | 12.0 | 11.0 … 13.0 | 2.0 |')
  expect(lines).toContain('| library : filter | 12.0 ms | ≤ 150.0 ms | met |')
})

it('has a row for each scheme, with the workloads that every scheme was timed with', () => {
  const lines = benchDocument(figures).split('\n')
  expect(lines).toContain('| scheme | mix |')
  expect(lines).toContain('| cfs | 2.00 M |')
  expect(lines).toContain('| gang | 3.00 M |')
})

it('has nothing of a part that was not measured, and says why one could not be', () => {
  const none = {
    engine: null,
    model: null,
    bulk: null,
    trace: null,
    workers: null,
    library: null,
    targets: [],
  }
  const text = benchDocument({ ...figures, ...none, simso: { missing: 'SimSo is not here' } })
  expect(text.match(/^## .*/gm)).toEqual([
    '## Earliest deadline first: context switches/s beside SimSo',
  ])
  expect(text).toContain('not compared: SimSo is not here')
})
