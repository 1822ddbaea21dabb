// The kernel-side workloads do what their sources say, and show the harms they are known for.
import { describe, expect, it } from 'vitest'
import type { SimulatedResult } from '../../../src-main/core/contract/result.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { compileWorkload, WORKLOADS } from '../../../src-main/core/workloads/index.ts'
import { hog, scenarioOf, watch } from '../model/support/scenarios.ts'
import { dryRun } from './dry-run.ts'

const KERNEL = WORKLOADS.filter((file) => file.suite === 'kernel').map((file) => file.id)

function compiled(app: string, vcpus: number, params = {}) {
  const result = compileWorkload(app, params, vcpus)
  if (!result.ok) expect.fail(JSON.stringify(result.error))
  return result.value
}

const run = (app: string, vcpus: number, params = {}) => dryRun(compiled(app, vcpus, params))

describe('kernel workloads', () => {
  it('are four', () => {
    expect(KERNEL).toEqual(['ebizzy', 'kernbench', 'hackbench', 'interactive'])
  })

  it('ebizzy shoots down TLBs once a record, and has two threads a CPU', () => {
    const found = run('ebizzy', 4, { records: 50 })
    expect(found.threadNs).toHaveLength(8)
    expect(found.tlb).toBe(8 * 50)
    expect(found.explicitLocks).toBe(2 * 8 * 50)
    expect(found.bulkLocks).toBeCloseTo(8 * 50 * 128 * (1 / 31 + 1 / 14), 6)
  })

  it('kernbench does the work of the build that was measured, in as many processes', () => {
    const found = run('kernbench', 3, { processes: 100 })
    expect(found.threadNs).toHaveLength(12)
    expect(found.tickets).toBe(100)
    // 1,078.81 s + 41.44 s over 29,135 processes; tasklist_lock and make's pipe are extra
    const processNs = (1078.81e9 + 41.44e9) / 29_135
    expect(found.workNs / 100 / processNs).toBeCloseTo(1, 2)
    expect(found.bulkLocks / 100).toBeCloseTo(1081 * (1 / 31 + 1 / 14) + 2 * 200, 6)
  })

  it('hackbench sends fan × fan × loops messages in each group', () => {
    const found = run('hackbench', 2, { groups: 3, loops: 4 })
    expect(found.threadNs).toHaveLength(3 * 40)
    expect(found.pushes).toBe(3 * 20 * 20 * 4)
  })

  it('hackbench keeps its groups apart', () => {
    const spec = compiled('hackbench', 2, { groups: 3 })
    expect(spec.queues).toHaveLength(3)
    expect(spec.queues.map((queue) => queue.producers)).toEqual([20, 20, 20])
  })

  it('interactive loads its vCPUs as its parameter says', () => {
    const vm = { vcpus: 4, workload: { app: 'interactive', params: { load: 0.3 } } }
    const result = simulate(scenarioOf(4, [vm]))
    const { attributionNs, latency } = result.vms[0]!
    const busy = attributionNs.useful / (4 * result.makespanNs)
    expect(busy).toBeGreaterThan(0.26)
    expect(busy).toBeLessThan(0.32)
    expect(latency?.count).toBe(4 * 500)
  })
})

describe('beside another VM', () => {
  const quick = { app: 'ebizzy', params: { scale: 1 } }
  const beside = (workload: typeof quick, hogs: number): SimulatedResult => {
    const guest = { name: 'guest', vcpus: 4, workload }
    const others = Array.from({ length: hogs }, (_, i) =>
      hog(1e9, { name: `hog${i}`, repeat: 'until-others' }),
    )
    return simulate(scenarioOf(4, [guest, ...others], { switches: { ple: false } }))
  }
  const share = (result: SimulatedResult, key: 'ipi-preempted' | 'lhp'): number =>
    result.vms[0]!.attributionNs[key] / (result.vms[0]!.threads * result.makespanNs)

  it('ebizzy waits for the TLB flush of vCPUs that are preempted', () => {
    expect(share(beside(quick, 0), 'ipi-preempted')).toBe(0)
    expect(share(beside(quick, 4), 'ipi-preempted')).toBeGreaterThan(0.001)
  })

  it('kernbench spins for kernel locks whose holders are preempted', () => {
    const build = { app: 'kernbench', params: { scale: 1 } }
    expect(share(beside(build, 0), 'lhp')).toBe(0)
    expect(share(beside(build, 4), 'lhp')).toBeGreaterThan(1e-4)
  })
})

describe('phases', () => {
  const phases = (offsetNs: number) => ({
    vcpus: 4,
    workload: { app: 'phases', params: { offsetNs, bursts: 3 } },
  })
  const takingTurns = (id: string) => scenarioOf(4, [phases(0), phases(400e6)], { scheme: { id } })

  it('are followed by flexcore, so that VMs that take turns beat a static split', () => {
    const online = new Set<string>()
    const m = watch(takingTurns('flexcore'), ({ vms }) => {
      online.add(vms.map((vm) => vm.online).join(':'))
    })
    expect(online).toContain('3:1')
    expect(online).toContain('1:3')
    expect(m.counters.resizes).toBeGreaterThan(6)
    const [dynamic, fixed] = ['flexcore', 'vcpu-bal'].map((id) => simulate(takingTurns(id)).timeNs)
    expect(dynamic! / fixed!).toBeLessThan(0.9)
  })
})
