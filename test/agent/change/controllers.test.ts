/** Schemes that go on: what they do with what they see. flexcore decides as in the simulator. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BalanceController,
  PreferredController,
  spread,
} from '../../../src-main/agent/change/controllers.ts'
import { coresOf } from '../../../src-main/agent/change/cores.ts'
import { FlexCoreController } from '../../../src-main/agent/change/flexcore-controller.ts'
import type { Subject, VcpuUse } from '../../../src-main/agent/change/scheme-goals.ts'
import { hostOf } from './support/planned.ts'

const MS = 1e6
const cores = coresOf(hostOf(2).pcpus, [0, 1])

const subject = (name: string, vcpus = 2): Subject => {
  const all = Array.from({ length: vcpus }, (_, i) => i)
  return { name, weight: 1024, affinity: all.map(() => [0, 1]), online: all }
}
const use = (usedMs: number, delayMs: number, pcpu = 0): VcpuUse => {
  return { usedNs: usedMs * MS, delayNs: delayMs * MS, pcpu }
}

describe('flexcore on a host', () => {
  const params = { periodMs: 100, hysteresis: 2, idleFraction: 0.05, dynamic: true }
  const busy = [use(99, 0), use(0, 0)]
  const idle = [use(1, 0), use(0, 0)]
  const both = [use(99, 0), use(99, 0)]

  it('gives an idle VM’s pCPU to the busy one after the hysteresis, shrinking first', () => {
    const controller = new FlexCoreController([subject('a'), subject('b')], cores, params)
    expect(controller.start().map(({ cpus }) => cpus)).toEqual([[0], [0]])
    controller.observe(100 * MS, [busy, idle], [1, 1])
    expect(controller.next()).toEqual([])
    controller.observe(100 * MS, [busy, idle], [1, 1])
    const steps = controller.next()
    // b has no pCPU of its own left: its vCPU may run on all
    expect(steps[0]).toEqual([
      {
        vm: 1,
        goal: {
          affinity: [
            [0, 1],
            [0, 1],
          ],
          cpus: [0],
        },
      },
    ])
    expect(steps[1]).toEqual([{ vm: 0, goal: { affinity: [[0], [1]], cpus: [0, 1] } }])
  })

  it('gives it back when the other one is busy again', () => {
    const controller = new FlexCoreController([subject('a'), subject('b')], cores, params)
    controller.start()
    for (const _ of [1, 2]) controller.observe(100 * MS, [busy, idle], [1, 1])
    controller.next()
    for (const _ of [1, 2]) controller.observe(100 * MS, [both, busy], [2, 1])
    const steps = controller.next()
    expect(steps.map((step) => step.map(({ vm, goal }) => [vm, goal.cpus.length]))).toEqual([
      [[0, 1]],
      [[1, 1]],
    ])
  })

  it('leaves out a VM that is gone', () => {
    const controller = new FlexCoreController([subject('a'), subject('b')], cores, params)
    controller.start()
    for (const _ of [1, 2]) controller.observe(100 * MS, [busy, null], [1, 1])
    expect(
      controller
        .next()
        .flat()
        .map(({ vm }) => vm),
    ).toEqual([0])
  })
})

describe('balance on a host', () => {
  it('spreads siblings over disjoint pCPUs that together are all of them', () => {
    const vcpus = fc.array(fc.record({ use: fc.nat(10), pcpu: fc.integer({ min: -1, max: 9 }) }), {
      minLength: 1,
      maxLength: 8,
    })
    const loads = fc.array(fc.nat(10), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(vcpus, loads, (siblings, load) => {
        const sets = spread(siblings, new Map(load.map((value, id) => [id, value])))
        expect(sets.every((set) => set.length > 0)).toBe(true)
        expect(sets.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      }),
    )
  })

  it('restricts nobody where there are more siblings than pCPUs', () => {
    const siblings = [1, 2, 3].map((n) => ({ use: n, pcpu: 0 }))
    expect(
      spread(
        siblings,
        new Map([
          [0, 0],
          [1, 0],
        ]),
      ),
    ).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ])
  })

  it('keeps a vCPU where it is, unless a busier sibling is there', () => {
    const load = new Map([
      [0, 0],
      [1, 0],
    ])
    const at = (usage: number, pcpu: number) => ({ use: usage, pcpu })
    expect(spread([at(5, 1), at(1, 0)], load)).toEqual([[1], [0]])
    expect(spread([at(1, 0), at(5, 0)], load)).toEqual([[1], [0]])
  })

  it('changes nothing while nothing has changed', () => {
    const controller = new BalanceController([subject('a')], cores, 100)
    controller.observe(100 * MS, [[use(50, 0, 0), use(50, 0, 1)]])
    expect(controller.next()).toEqual([])
    controller.observe(100 * MS, [[use(50, 0, 1), use(50, 0, 0)]])
    expect(controller.next()).toEqual([[{ vm: 0, goal: { affinity: [[1], [0]], cpus: [0, 1] } }]])
    expect(controller.next()).toEqual([])
  })
})

describe('preferred-cpus on a host', () => {
  const rules = { periodMs: 1000, high: 0.05, low: 0.02 }
  const counts = (delayMs: number, online: number): readonly number[] => {
    const controller = new PreferredController([subject('a', 4)], rules)
    controller.observe(1000 * MS, [[use(0, delayMs)]], [online])
    return controller
      .next()
      .flat()
      .map(({ goal }) => goal.cpus.length)
  }

  it('folds a guest that loses time, grows one that loses none, rests in between', () => {
    expect(counts(300, 4)).toEqual([3])
    expect(counts(0, 3)).toEqual([4])
    expect(counts(90, 3)).toEqual([])
  })

  it('stays within one and all', () => {
    expect(counts(500, 1)).toEqual([])
    expect(counts(0, 4)).toEqual([])
  })
})

describe('the pCPUs that are shared', () => {
  it('are counted core by core, socket by socket', () => {
    const pcpus = [0, 1, 2, 3, 4, 5, 6, 7].map((id) => {
      return {
        id,
        socket: id % 2,
        core: Math.floor(id / 2) % 2,
        llc: id % 2,
        numa: id % 2,
        maxKhz: 1,
      }
    })
    expect(coresOf(pcpus, [0, 1, 2, 3, 4, 5, 6, 7])).toEqual({
      ids: [0, 4, 2, 6, 1, 5, 3, 7],
      grouping: { pcpus: 8, perSocket: 4, perLlc: 4, perCore: 2 },
    })
  })

  it('are one neighbourhood where groups are uneven', () => {
    expect(coresOf(hostOf(4, 2).pcpus, [0, 1, 2])).toEqual({
      ids: [0, 1, 2],
      grouping: { pcpus: 3, perSocket: 3, perLlc: 3, perCore: 1 },
    })
  })
})
