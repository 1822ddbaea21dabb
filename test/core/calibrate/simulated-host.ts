// A host of the simulator as the thing that is measured: runs the modes of the micro-benchmark as
// programs of a simulated guest, and answers as `flexlab-micro --json` would.
import type { MicroResult } from '../../../src-main/core/contract/agent/micro.ts'
import type { ScenarioInput } from '../../../src-main/core/contract/scenario.ts'
import { readScenarioValue } from '../../../src-main/core/simulate/read-scenario.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import type { Probe } from '../../../src-main/core/calibrate/probes.ts'
import { WINDOWS } from '../../../src-main/core/calibrate/probes.ts'
import { randomStream } from '../../../src-main/core/stats/random.ts'

/** Costs by the simulator's names, as a scenario has them. */
export type TrueCosts = {
  readonly host: Readonly<Record<string, number>>
  readonly guest: Readonly<Record<string, number>>
  /** Of micro-ring and micro-tlb. */
  readonly pipeNs: number
  readonly tlb: Readonly<Record<'mmapNs' | 'faultNs' | 'unmapPageNs', number>>
}

const LOOPS = 20_000

type Node = Readonly<Record<string, unknown>>
type Shape = { readonly roles: readonly Node[]; readonly barriers?: readonly Node[] }

const loop = (body: readonly Node[]): Node => ({ op: 'loop', times: LOOPS, body })

/** Two threads that give each other the turn, with some work at each. */
const turns = (ns: number): Shape => ({
  roles: [
    {
      ...{ name: 'player', count: 2, ring: true },
      program: [loop([{ op: 'rows', rows: 1, lag: 1, body: [{ op: 'compute', ns }] }])],
    },
  ],
})

const spinning = [{ name: 'end', spinNs: 1e12 }]
const meet: Node = { op: 'barrier', barrier: 'end' }

/** One thread shoots down while the other spins until it is through. */
const SHOOTING: Shape = {
  barriers: spinning,
  roles: [
    { name: 'shooter', count: 1, program: [loop([{ op: 'tlb' }]), meet] },
    { name: 'target', count: 1, program: [meet] },
  ],
}

const LINE: Shape = {
  barriers: spinning,
  roles: [{ name: 'both', count: 2, program: [loop([meet])] }],
}

function runShape(shape: Shape, costs: TrueCosts, vcpus: number, pcpus: number): number {
  const definition = {
    ...{ kind: 'workload', version: 1, id: 'probe', title: 'Probe', suite: 'user', summary: '' },
    ...shape,
    memory: { privateKib: 0, sharedKib: 0, missPenalty: 0, remotePenalty: 0, sharedFraction: 0 },
  }
  return runWorkload({ app: 'probe', definition }, costs, vcpus, pcpus)
}

function runWorkload(
  workload: ScenarioInput['vms'][number]['workload'],
  costs: TrueCosts,
  vcpus: number,
  pcpus: number,
): number {
  const input: ScenarioInput = {
    ...{ kind: 'scenario', version: 1, name: 'probe' },
    host: { preset: 'bed-2', coresPerSocket: pcpus, coresPerLlc: pcpus, costs: costs.host },
    guest: costs.guest,
    vms: [{ vcpus, workload }],
    switches: { ple: false },
  }
  const scenario = readScenarioValue(input)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.error))
  return simulate(scenario.value).timeNs / LOOPS
}

/** One thread that maps and unmaps: `micro-tlb` itself, alone. */
function mapNs(pages: number, costs: TrueCosts): number {
  const params = { ...costs.tlb, threads: 1, iterations: LOOPS, pages }
  return runWorkload({ app: 'micro-tlb', params }, costs, 2, 2)
}

const withCosts = (costs: TrueCosts, guest: TrueCosts['guest']): TrueCosts => ({
  ...costs,
  guest: { ...costs.guest, ...guest },
})

/** ns of an iteration by probe: a round trip where the mode goes there and back. */
function iterationNs({ id }: Probe, costs: TrueCosts): number {
  switch (id) {
    case 'pipe':
    case 'switch':
      return runShape(turns(costs.pipeNs), costs, 1, 2)
    case 'tlb-1':
      return mapNs(1, costs)
    case 'tlb-16':
      return mapNs(16, costs)
    case 'handover':
    case 'wake':
      return runShape(turns(1), costs, 2, 2)
    case 'stacked':
      return runShape(turns(1), costs, 2, 1)
    // membarrier is an IPI without a flush
    case 'ipi':
      return runShape(SHOOTING, withCosts(costs, { tlbFlushNs: 0 }), 2, 2)
    case 'shootdown':
      return runShape(SHOOTING, costs, 2, 2)
    case 'line':
      return runShape(LINE, costs, 2, 2)
    // threads of the host itself are not simulated
    case 'host-switch':
      return 2 * (costs.host['contextSwitchNs']! + baseNs('host-switch', costs)!)
    default:
      return 1000
  }
}

const SIZES_KIB = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096]

function curveOf(id: string, { host }: TrueCosts) {
  const slope = host[id === 'refill-near' ? 'refillLlcNsPerKib' : 'refillMemoryNsPerKib']!
  return SIZES_KIB.map((kib) => {
    const warmNs = kib * 8
    return { kib, warmNs, coldNs: warmNs + Math.round(slope * Math.min(kib, 1024)) }
  })
}

/** What the acting thread pays alone. */
function baseNs(id: string, { guest, pipeNs }: TrueCosts): number | undefined {
  if (['pipe', 'switch', 'wake', 'host-switch'].includes(id))
    return 2 * guest['syscallNs']! + pipeNs
  return id === 'call' ? guest['syscallNs']! : undefined
}

/** What a probe prints; `disturbed`: part of the windows in which something else ran as well. */
export function probeHost(probe: Probe, costs: TrueCosts, disturbed: number): MicroResult {
  const noise = randomStream(probe.id.length)
  const each = 100
  const ns = iterationNs(probe, costs)
  const windowNs = Array.from({ length: WINDOWS }, () => {
    const slower = noise.unit() < disturbed ? 1 + 3 * noise.unit() : 1 + 0.01 * noise.unit()
    return Math.round(ns * each * slower)
  })
  const base = baseNs(probe.id, costs)
  return {
    ...{ version: 'flexlab-micro 1', mode: probe.mode, threads: 2 },
    ...{ iterations: each * WINDOWS, workNs: 0, holdNs: 0, pages: 1 },
    ...{ loopsPerUs: 100, loopsGiven: false, startedUs: 0, elapsedNs: 1, perIterationNs: ns },
    windowNs,
    ...{ cpusSeen: [0], cpusAtStart: 2, cpusAtEnd: 2, cpuNs: 0 },
    ...{ voluntarySwitches: 0, involuntarySwitches: 0 },
    ...(base === undefined ? {} : { baseNs: base }),
    ...(probe.mode === 'refill' ? { curve: curveOf(probe.id, costs) } : {}),
  }
}
