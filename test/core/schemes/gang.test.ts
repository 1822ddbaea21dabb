/** gang: rows of VMs run in turn, all of a row or nothing of it. */
import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../src-main/core/model/vocabulary.ts'
import type { VmInput } from '../model/support/scenarios.ts'
import {
  hog,
  runScenario,
  scenarioOf,
  watch,
  withoutOverheads,
} from '../model/support/scenarios.ts'

const MS = 1e6
const SLICE = 10 * MS
const gang = { scheme: { id: 'gang', params: { sliceNs: SLICE } } }

/** VMs with a vCPU that runs, after each event, and how often that set changed. */
function turns(cores: number, vms: readonly VmInput[]): { sets: string[]; at: number[] } {
  const sets: string[] = []
  const at: number[] = []
  watch(withoutOverheads(scenarioOf(cores, vms, gang)), (m) => {
    const running = m.vms.filter((vm) => statesOf(m, vm.index).includes(VCPU.running))
    const set = running.map((vm) => vm.index).join('+')
    if (set === sets.at(-1)) return
    sets.push(set)
    at.push(m.now)
  })
  return { sets, at }
}

const statesOf = (m: Machine, vm: number): readonly number[] => {
  const { firstV, vcpus } = m.vms[vm]!
  return [...m.vState.subarray(firstV, firstV + vcpus)]
}

describe('gang', () => {
  it('gives VMs that fill the host turns of a slice', () => {
    const { sets, at } = turns(4, [hog(35 * MS, {}, 4), hog(35 * MS, {}, 4)])
    const first = sets.indexOf('0')
    expect(sets.slice(first, first + 4)).toEqual(['0', '1', '0', '1'])
    expect(at.slice(first + 1, first + 4)).toEqual([SLICE, 2 * SLICE, 3 * SLICE])
  })

  it('runs all vCPUs of a VM at the same time', () => {
    const vms = [hog(35 * MS, {}, 4), hog(35 * MS, {}, 4)]
    watch(withoutOverheads(scenarioOf(4, vms, gang)), (m) => {
      if (m.now === 0) return
      for (const vm of m.vms) {
        const states = statesOf(m, vm.index)
        const apart = states.includes(VCPU.running) && states.includes(VCPU.runnable)
        expect(apart).toBe(false)
      }
    })
  })

  it('puts VMs that fit side by side into one row', () => {
    const m = runScenario(
      withoutOverheads(scenarioOf(4, [hog(30 * MS, {}, 2), hog(30 * MS, {}, 2)], gang)),
    )
    expect(m.now).toBeLessThan(31 * MS)
  })

  it('gives no turn to a row whose VMs have ended', () => {
    const m = runScenario(
      withoutOverheads(scenarioOf(4, [hog(5 * MS, {}, 4), hog(100 * MS, {}, 4)], gang)),
    )
    expect(m.now).toBeGreaterThanOrEqual(110 * MS)
    expect(m.now).toBeLessThan(111 * MS)
  })

  it('gives a VM of the same work the same end, whatever its weight', () => {
    const vms = [1024, 4096].map((weight) => hog(50 * MS, { weight }, 4))
    const m = runScenario(withoutOverheads(scenarioOf(4, vms, gang)))
    expect(m.now).toBeGreaterThanOrEqual(100 * MS)
    expect(m.now).toBeLessThan(101 * MS)
  })

  it('lets a VM with more vCPUs than there are pCPUs finish', () => {
    const vms = [hog(20 * MS, {}, 6), hog(20 * MS, {}, 2)]
    expect(runScenario(scenarioOf(4, vms, gang)).vmFinished).toBe(2)
  })
})
