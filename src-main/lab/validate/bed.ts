/** Row 10: real VMs on the test bed. */
import type { MicroMode } from '../../core/contract/agent/program.ts'
import { microWorkload } from '../../core/simulate/micro-workload.ts'
import { change, changes, judged } from './row.ts'
import type { Figure, Row } from './row.ts'
import { speedUp } from './estimates.ts'
import type { Situation } from './situation.ts'
import type { Trials } from './trials.ts'
import type { Range } from './verdict.ts'

type Source = readonly [string, Range]
type Micro = {
  readonly mode: MicroMode
  readonly source: Source
  /** Of the benchmark's default number of iterations. */
  readonly scale: number
}

const VCPUS = 2

const MICROS: readonly Micro[] = [
  { mode: 'ring', source: ['at least 10 ×', { lo: 9, hi: Infinity }], scale: 0.5 },
  { mode: 'tlb', source: ['about 3 ×', change(2)[1]], scale: 1 },
  { mode: 'barrier', source: change(0.5), scale: 0.5 },
  { mode: 'ep', source: changes(0, 0.05), scale: 1 },
  { mode: 'spin-barrier', source: ['0.25 ×', change(-0.75)[1]], scale: 0.05 },
]

function situationOf({ mode, scale }: Micro, id: string, trials: Trials): Situation {
  const { app, params } = microWorkload(mode, { threads: VCPUS })
  const vm = { vcpus: VCPUS, workload: { app, params: { ...params, scale: scale * trials.scale } } }
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
  return judged(micro.mode, micro.source, 'change', speedUp(stock, flexcore))
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
      'without pause-loop exiting (TCG has none). The models of the benchmark’s modes, ' +
      '`micro-ring` …, with its default work.',
    'The sizes of the bed’s loops are not noted, and TCG’s costs of exits, wake-ups and IPIs ' +
      'are not those of the model, which are KVM’s. To be repeated with the agent’s own ' +
      'measurements, which come with it.',
  ],
  rule: 'Speed-up. Figures that are “about”: ± 25 % of the change; “a few percent”: ±0 … +5 %.',
  found: [
    'ring: a message costs more than twice as much in stock as ballooned, by KVM’s costs of ' +
      'halts, kicks and IPIs, which ballooning takes away. Emulated, they cost tens of µs each, ' +
      'and so do their exits: the more they cost, the more their going brings.',
    'tlb: of an iteration most is page faults, which cost the same in both. On the bed a flush ' +
      'costs more than they do.',
    'barrier: as ring. With 200 µs of work a round there is little to save.',
  ],
  measure: (trials) => Promise.all(MICROS.map((micro) => figureOf(micro, trials))),
}
