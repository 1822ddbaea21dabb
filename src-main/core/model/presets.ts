/** Host presets: topologies with the costs in which they differ from the defaults. */
import type { Topology } from './spec.ts'

/** A host that a scenario can name. */
export type HostPreset = {
  readonly id: string
  readonly title: string
  readonly topology: Topology
  readonly costs: Readonly<Record<string, number>>
  readonly source: string
}

const preset = (
  id: string,
  title: string,
  [sockets, coresPerSocket, coresPerLlc, threadsPerCore]: readonly [number, number, number, number],
  costs: Readonly<Record<string, number>>,
  source: string,
): HostPreset =>
  Object.freeze({
    id,
    title,
    topology: { sockets, coresPerSocket, coresPerLlc, threadsPerCore },
    costs,
    source,
  })

/** All presets by id. */
export const HOST_PRESETS: readonly HostPreset[] = [
  preset('intel-2x6-2014', '2 × 6-core Intel, 2014', [2, 6, 6, 1], {}, 'A: assumed for the paper'),
  preset(
    'epyc-1x64',
    '1 × 64-core EPYC',
    [1, 64, 8, 1],
    { vmExitNs: 700, llcKib: 32768, l2Kib: 1024, clockGhz: 2.67 },
    'K: one NUMA node (NPS1), 8 cores and 32 MiB of L3 a CCX, SMT off',
  ),
  preset(
    'xeon-2x32-smt',
    '2 × 32-core Xeon with SMT',
    [2, 32, 32, 2],
    { vmExitNs: 700, llcKib: 61440, l2Kib: 2048 },
    'K: current two-socket server',
  ),
  preset(
    'bed-2',
    'Test bed: 2 pCPUs',
    [1, 2, 2, 1],
    { llcKib: 32768, l2Kib: 1024 },
    'A: two cores of a shared machine',
  ),
]
