// The hosts screen's figures: the map of vCPUs on pCPUs, and rates from totals.
import { describe, expect, it } from 'vitest'
import type { HostFacts, VmFacts } from '../../../src-main/core/contract/agent/facts.ts'
import type { Sample } from '../../../src-main/core/contract/agent/work.ts'
import { ratesBetween, sparkline } from '../../../src-renderer/state/live-rates.ts'
import { describeRow, topologyMap } from '../../../src-renderer/state/topology-map.ts'

const pcpu = (id: number, socket: number) => ({
  id,
  socket,
  core: id,
  llc: socket,
  numa: socket,
  maxKhz: null,
})
// Linux numbers the CPUs of two sockets alternately here.
const facts = { pcpus: [pcpu(0, 0), pcpu(1, 1), pcpu(2, 0), pcpu(3, 1)] } as unknown as HostFacts
const vcpu = (index: number, affinity: number[], online: boolean | null = true) => ({
  index,
  tid: 100 + index,
  affinity,
  online,
})
const vm = (name: string, vcpus: VmFacts['vcpus'], state = 'running') =>
  ({ name, state, vcpus }) as unknown as VmFacts

const sample = (atNs: number, runNs: number[], delayNs: number[], switches = 0): Sample => ({
  atNs,
  pcpuBusyNs: [],
  vms: [
    {
      vm: 'a',
      runNs,
      runDelayNs: delayNs,
      voluntary: runNs.map(() => switches),
      involuntary: runNs.map(() => 0),
      pcpu: [3, null],
      online: 2,
    },
  ],
})

describe('the topology map', () => {
  const vms = [vm('a', [vcpu(0, [0, 1, 2, 3]), vcpu(1, [2], false)]), vm('b', [], 'off')]
  const map = topologyMap(facts, vms, sample(1, [0, 0], [0, 0]))

  it('groups the pCPUs by socket and cache', () => {
    expect(map.pcpus.map(({ id }) => id)).toEqual([0, 2, 1, 3])
  })

  it('tells a vCPU that may run anywhere from one that is pinned', () => {
    expect(map.rows[0]!.cells.map((cell) => cell.may)).toEqual([true, true, true, true])
    expect(map.rows[1]!.cells.map((cell) => cell.only)).toEqual([false, true, false, false])
  })

  it('marks where a vCPU was last, and says each row in words', () => {
    expect(map.rows[0]!.cells.map((cell) => cell.here)).toEqual([false, false, false, true])
    expect(map.rows.map((row) => describeRow(row, map.pcpus))).toEqual([
      'a vCPU 0, on any pCPU, last on 3',
      'a vCPU 1, on pCPU 2 only, offline',
    ])
  })
})

describe('rates', () => {
  it('are pCPUs of use and delay, and switches a second', () => {
    const rates = ratesBetween(sample(1e9, [0, 0], [0, 0]), sample(3e9, [2e9, 1e9], [1e9, 0], 10))
    expect(rates!.vms[0]).toMatchObject({ use: 1.5, runDelay: 0.5, voluntary: 10, online: 2 })
  })

  it('are never negative when a VM was started anew, and none when time stands still', () => {
    const rates = ratesBetween(sample(1e9, [5e9, 0], [0, 0]), sample(2e9, [0, 0], [0, 0]))
    expect(rates!.vms[0]!.use).toBe(0)
    expect(ratesBetween(sample(1e9, [0], [0]), sample(1e9, [0], [0]))).toBeNull()
  })

  it('are drawn with the newest at the right and the largest at the top', () => {
    expect(sparkline([0, 1, 2], 2, 3)).toBe('0.00,100.00 50.00,50.00 100.00,0.00')
    expect(sparkline([2], 2, 3)).toBe('100.00,0.00')
  })
})
