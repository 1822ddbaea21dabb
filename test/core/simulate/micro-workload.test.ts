/** The models of flexlab-micro: the benchmark's options one to one, and what its modes show. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MicroMode } from '../../../src-main/core/contract/agent/program.ts'
import { MICRO_MODES } from '../../../src-main/core/contract/agent/program.ts'
import type { SchemeRef } from '../../../src-main/core/contract/scenario.ts'
import { timeOfVm } from '../../../src-main/core/model/charge.ts'
import { microWorkload } from '../../../src-main/core/simulate/micro-workload.ts'
import { findWorkload } from '../../../src-main/core/workloads/index.ts'
import { checkInvariants } from '../model/support/invariants.ts'
import {
  hog,
  runScenario,
  scenarioOf,
  watch,
  withoutOverheads,
} from '../model/support/scenarios.ts'

const MS = 1e6
const SOURCE = path.resolve('src-main/agent/micro/flexlab-micro.c')

/** A VM that runs the mode once. */
const running = (mode: MicroMode, vcpus: number, options: Record<string, number> = {}) => ({
  vcpus,
  repeat: 'stop' as const,
  workload: microWorkload(mode, { threads: vcpus, ...options }),
})

const alone = (mode: MicroMode, vcpus: number, options: Record<string, number>): number =>
  runScenario(withoutOverheads(scenarioOf(vcpus, [running(mode, vcpus, options)]))).now

describe('the models of flexlab-micro', () => {
  it('have the defaults of its source', () => {
    const source = readFileSync(SOURCE, 'utf8')
    const [, hold, pages] = /\.hold_ns = (\d+), \.pages = (\d+)/.exec(source)!
    for (const mode of MICRO_MODES) {
      const row = new RegExp(`\\{"${mode}", \\w+, \\w+, \\w+, (\\d+), (\\d+), 0, 0\\}`).exec(source)
      const { params } = findWorkload(`micro-${mode}`)!
      expect([params.iterations?.value, params.workNs?.value], mode).toEqual([
        Number(row?.[1]),
        Number(row?.[2]),
      ])
      expect(params.holdNs?.value ?? Number(hold), mode).toBe(Number(hold))
      expect(params.pages?.value ?? Number(pages), mode).toBe(Number(pages))
    }
  })

  it('take its options by name, and leave out how it is run', () => {
    const options = { threads: 3, iterations: 7, workNs: 5, windows: 4, loopsPerUs: 800 }
    expect(microWorkload('ring', options)).toEqual({
      app: 'micro-ring',
      params: { threads: 3, iterations: 7, workNs: 5 },
    })
    expect(microWorkload('mutex', { holdNs: 9 }).params).toEqual({ holdNs: 9 })
    expect(microWorkload('ep', { holdNs: 9 }).params).toEqual({})
  })

  it('take the time of their work where nothing costs anything and nobody waits', () => {
    for (const mode of ['ep', 'barrier', 'spin-barrier'] as const)
      expect(alone(mode, 4, { iterations: 100, workNs: 50_000 }), mode).toBe(100 * 50_000)
    for (const mode of ['spin', 'ticket', 'mutex'] as const)
      expect(alone(mode, 1, { iterations: 100, workNs: 50_000, holdNs: 700 })).toBe(100 * 50_700)
    // the byte is written and read, 1 µs, by one thread after the other
    expect(alone('ring', 4, { iterations: 100, workNs: 500 })).toBe(100 * 4 * 1500)
    // two times mmap_sem, 16 pages
    expect(alone('tlb', 1, { iterations: 100 })).toBe(100 * (1 + 2000 + 16 * 700 + 2000 + 16 * 100))
  })

  it('keep the rules of the model, also while vCPUs come and go under them', () => {
    for (const mode of MICRO_MODES) {
      for (let seed = 0; seed < 3; seed++) {
        const scheme = { id: 'flexcore', params: { periodNs: MS, hysteresis: 1 } }
        const vms = [running(mode, 4, { iterations: 30 }), hog(5 * MS, { startNs: MS }, 4)]
        const m = watch(scenarioOf(4, vms, { seed, scheme }), (at) =>
          checkInvariants(at, 'flexcore'),
        )
        expect(m.vms[0]!.iteration, mode).toBe(1)
      }
    }
  })
})

describe('locks of user space', () => {
  const inGuest = (app: MicroMode | 'kernel'): number => {
    const params = { threads: 4, iterations: 2000, workNs: 20_000, holdNs: 10_000 }
    const workload =
      app === 'kernel'
        ? { app: 'spin', params: { threads: 4, iterations: 2000, holdNs: 10_000 } }
        : microWorkload(app, params)
    const m = runScenario(scenarioOf(2, [{ vcpus: 2, workload }]))
    return timeOfVm(m, m.vms[0]!)['lock-guest']
  }

  it('are waited for while the guest has preempted their holder, as kernel locks never are', () => {
    expect(inGuest('ticket')).toBeGreaterThan(MS)
    expect(inGuest('spin')).toBeGreaterThan(MS)
    expect(inGuest('kernel')).toBe(0)
  })

  it('hurt most where they are FIFO: the next in line may be preempted too', () => {
    const time = (mode: MicroMode): number => {
      const vm = { ...running(mode, 2, { threads: 4, iterations: 500, holdNs: 10_000 }) }
      return runScenario(scenarioOf(2, [vm])).now
    }
    expect(time('ticket')).toBeGreaterThan(2 * time('spin'))
  })
})

describe('two VMs of two vCPUs on two pCPUs, as on the test bed', () => {
  const time = (mode: MicroMode, scheme: SchemeRef['id'], iterations: number): number => {
    const vms = [running(mode, 2, { iterations }), running(mode, 2, { iterations })]
    return runScenario(scenarioOf(2, vms, { scheme: { id: scheme } })).now
  }
  const gain = (mode: MicroMode, iterations: number): number =>
    time(mode, 'cfs', iterations) / time(mode, 'flexcore', iterations)

  it('ring and tlb gain from FlexCore, ep does not, spin-barrier loses', () => {
    expect(gain('ring', 5000)).toBeGreaterThan(1.2)
    expect(gain('tlb', 2000)).toBeGreaterThan(1.2)
    expect(gain('ep', 300)).toBeCloseTo(1, 1)
    expect(gain('spin-barrier', 200)).toBeLessThan(0.5)
  })
})
