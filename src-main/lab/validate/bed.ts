/** Row 10: real VMs on the test bed. */
import { change, changes, judged } from './row.ts'
import type { Figure, Row } from './row.ts'
import { speedUp } from './estimates.ts'
import type { Situation } from './situation.ts'
import type { Trials } from './trials.ts'
import type { Range } from './verdict.ts'

type Source = readonly [string, Range]
type Micro = {
  readonly name: string
  readonly app: string
  readonly params: Readonly<Record<string, number>>
  readonly scale: number
  readonly source: Source
}

const VCPUS = 2
const LONG_NS = 1e9

/** The bed's micro-benchmark, as far as the shipped workloads have its modes. */
const MICROS: readonly Micro[] = [
  {
    ...{ name: 'ring (pipe ping)', app: 'hackbench', scale: 1 },
    params: { groups: 1, fan: 1, depth: 1, loops: 10_000 },
    source: ['at least 10 ×', { lo: 9, hi: Infinity }],
  },
  {
    ...{ name: 'tlb (mmap/munmap)', app: 'ebizzy', scale: 1 },
    params: { threads: VCPUS, chunkKib: 4, records: 10_000 },
    source: ['about 3 ×', change(2)[1]],
  },
  {
    ...{ name: 'barrier, blocking', app: 'barrier', scale: 0.5 },
    params: { spinNs: 0 },
    source: change(0.5),
  },
  { ...{ name: 'ep', app: 'ep', params: {}, scale: 1 }, source: changes(0, 0.05) },
  {
    ...{ name: 'barrier, spinning in user space', app: 'barrier', scale: 0.02 },
    params: { threads: VCPUS, spinNs: LONG_NS },
    source: ['0.25 ×', change(-0.75)[1]],
  },
]

function situationOf({ app, params, scale }: Micro, id: string, trials: Trials): Situation {
  const workload = { app, params: { ...params, scale: scale * trials.scale } }
  const vm = { vcpus: VCPUS, workload }
  return {
    ...{ host: { preset: 'bed-2' }, scheme: { id }, vms: [vm, vm] },
    // no hardware virtualisation: nothing exits on PAUSE
    switches: { ple: false },
  }
}

async function figureOf(micro: Micro, trials: Trials): Promise<Figure> {
  const [stock, flexcore] = await Promise.all([
    trials.run(situationOf(micro, 'eevdf', trials)),
    trials.run(situationOf(micro, 'flexcore', trials)),
  ])
  return judged(micro.name, micro.source, 'change', speedUp(stock, flexcore))
}

/** The test bed. */
export const bed: Row = {
  id: 10,
  behaviour: 'On real VMs, ballooning helps the more the more is synchronised, and can hurt',
  source:
    'Own measurements on the test bed, as noted when the agent was designed: one vCPU each on ' +
    'its own core against stock, 2 VMs of 2 vCPUs on 2 cores, QEMU without hardware ' +
    'virtualisation (TCG)',
  setup: [
    'Preset `bed-2`, `flexcore` against `eevdf` (the bed’s kernels are later than 6.6), ' +
      'without pause-loop exiting (TCG has none). ring: a `hackbench` pair with room for one ' +
      'message; tlb: `ebizzy` with chunks of a page; barrier: `barrier` without spinning, and ' +
      'with spinning that never ends; ep: `ep`.',
    'The sizes of the bed’s loops are not noted, and TCG’s costs of exits, wake-ups and IPIs ' +
      'are not those of the model, which are KVM’s. To be repeated with the agent’s own ' +
      'measurements, which come with it.',
  ],
  rule: 'Speed-up. Figures that are “about”: ± 25 % of the change; “a few percent”: ±0 … +5 %.',
  found: [
    'ring: a message costs twice as much in stock as ballooned, by KVM’s costs of halts, kicks ' +
      'and IPIs, which ballooning takes away. Emulated, they cost tens of µs each, and so ' +
      'do their exits: the more they cost, the more their going brings.',
    'tlb: a flush waits until a preempted sibling runs again, so that much depends on how the ' +
      'slices of both VMs fall: the source lies inside the interval, which is far wider.',
    'barrier, blocking: as ring. With 200 µs of work a round there is little to save.',
  ],
  measure: (trials) => Promise.all(MICROS.map((micro) => figureOf(micro, trials))),
}
