/** ballooning: FlexCore's controller against VMs whose demand is known. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change, Target, VmUse } from '../../../src-main/core/schemes/ballooning.ts'
import { Ballooning, vcpusNeeded } from '../../../src-main/core/schemes/ballooning.ts'

const PERIOD = 100e6
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

/** A VM of the test: `demand` is how many pCPUs it would use if it had them. */
type Vm = {
  readonly weight: number
  readonly vcpus: number
  readonly demand: number
  /** Does the host see the guest's load? */
  readonly seen?: boolean
}

const busy = (vcpus: number, weight = 1024): Vm => ({ weight, vcpus, demand: vcpus })
const using = (demand: number, vcpus = 12): Vm => ({ weight: 1024, vcpus, demand })

/** Cores of its own; a VM without any has one vCPU, unpinned. */
const coresOf = (pins: readonly number[]): number => pins.filter((p) => p >= 0).length

/** VMs with their vCPUs as they are resized, and what they then use. */
class Host {
  readonly #hysteresis: number
  readonly #controller: Ballooning
  pins: readonly number[][]
  /** Each change so far. */
  readonly log: Change[] = []

  constructor(pcpus: number, vms: readonly Vm[], hysteresis = 2, begunBusy = true) {
    this.#hysteresis = hysteresis
    const host = { pcpus, perSocket: pcpus, perLlc: pcpus, perCore: 1 }
    const start = vms.map((vm) => ({ ...vm, online: vm.vcpus, busy: begunBusy }))
    this.#controller = new Ballooning(host, { hysteresis, idleFraction: 0.05 }, start)
    this.pins = vms.map(({ vcpus }) => new Array<number>(vcpus).fill(-1))
    this.#carryOut(this.#controller.change())
  }

  #carryOut(change: Change): void {
    if (change.length > 0) this.log.push(change)
    for (const { vm, pins } of change.flat()) this.pins[vm]!.splice(0, Infinity, ...pins)
  }

  /** One period of these demands; null: the VM is gone. */
  period(vms: readonly (Vm | null)[]): void {
    this.#controller.observe(
      PERIOD,
      vms.map((vm, i) => (vm === null ? null : this.#use(vm, this.pins[i]!.length))),
    )
    this.#carryOut(this.#controller.change())
  }

  #use({ weight, vcpus, demand, seen }: Vm, online: number): VmUse {
    const usedNs = Math.min(demand, online) * PERIOD
    const load = seen === true ? { load: Math.ceil(demand) } : {}
    return { weight, vcpus, online, usedNs, delayNs: 0, ...load }
  }

  periods(n: number, vms: readonly (Vm | null)[]): this {
    for (let i = 0; i < n; i++) this.period(vms)
    return this
  }

  /** Long enough to follow anything: it goes in few changes, each of which must persist. */
  settle(vms: readonly (Vm | null)[]): this {
    return this.periods(6 * this.#hysteresis, vms)
  }

  get cores(): readonly number[] {
    return this.pins.map(coresOf)
  }
}

const vm = fc
  .record({
    weight: fc.constantFrom(256, 512, 1024, 1536, 4096),
    vcpus: fc.integer({ min: 1, max: 16 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    idle: fc.integer({ min: 0, max: 3 }),
    seen: fc.boolean(),
  })
  .map(({ part, idle, ...of }) => ({ ...of, demand: idle === 0 ? 0 : part * of.vcpus }))
const world = fc
  .record({
    vms: fc.array(vm, { minLength: 1, maxLength: 6 }),
    spare: fc.integer({ min: 0, max: 30 }),
    hysteresis: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ vms, spare, hysteresis }) => ({ vms, pcpus: vms.length + spare, hysteresis }))
const full = (vms: readonly Vm[]): readonly Vm[] => vms.map((of) => ({ ...of, demand: of.vcpus }))

describe('the controller, whatever the VMs do', () => {
  const history = fc.tuple(
    world,
    fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }), {
      maxLength: 20,
    }),
  )

  it('gives each VM between one and all of its vCPUs, and no pCPU to two', () => {
    fc.assert(
      fc.property(history, ([{ vms, pcpus, hysteresis }, parts]) => {
        const host = new Host(pcpus, vms, hysteresis)
        for (const part of parts) {
          host.period(vms.map((of, i) => ({ ...of, demand: part[i]! * of.vcpus })))
          host.pins.forEach((pins, i) => {
            expect(pins.length).toBeGreaterThanOrEqual(1)
            expect(pins.length).toBeLessThanOrEqual(vms[i]!.vcpus)
          })
          const owned = host.pins.flat().filter((p) => p >= 0)
          expect(new Set(owned).size).toBe(owned.length)
          expect(sum(host.cores)).toBe(Math.min(pcpus, sum(vms.map((of) => of.vcpus))))
        }
      }),
    )
  })

  it('shrinks first: no step takes a pCPU that the steps before have not freed', () => {
    fc.assert(
      fc.property(history, ([{ vms, pcpus, hysteresis }, parts]) => {
        const host = new Host(pcpus, vms, hysteresis)
        for (const part of parts)
          host.period(vms.map((of, i) => ({ ...of, demand: part[i]! * of.vcpus })))
        const [first, ...later] = host.log
        const held = new Map<number, readonly number[]>()
        for (const { vm: i, pins } of first!.flat()) held.set(i, pins)
        for (const step of later.flat()) {
          for (const target of step) held.set(target.vm, target.pins)
          const owned = [...held.values()].flat().filter((p) => p >= 0)
          expect(new Set(owned).size).toBe(owned.length)
        }
      }),
    )
  })

  it('comes to rest when demand stays as it is', () => {
    fc.assert(
      fc.property(world, fc.boolean(), ({ vms, pcpus, hysteresis }, begunBusy) => {
        const host = new Host(pcpus, vms, hysteresis, begunBusy).settle(vms)
        const before = host.log.length
        host.periods(40, vms)
        expect(host.log.length).toBe(before)
      }),
      { numRuns: 1000 },
    )
  })

  it('shares by weight, within a vCPU, between VMs that could use more', () => {
    fc.assert(
      fc.property(world, ({ vms, pcpus, hysteresis }) => {
        const host = new Host(pcpus, vms, hysteresis).settle(vms).settle(full(vms))
        const { cores } = host
        for (const [i, a] of vms.entries()) {
          for (const [j, b] of vms.entries()) {
            // a could use one more, and b has more than the one that everybody has
            if (cores[i]! >= a.vcpus || cores[j]! <= 1) continue
            const each = (n: number, of: Vm): number => n / of.weight
            expect(each(cores[j]! - 1, b)).toBeLessThanOrEqual(each(cores[i]! + 1, a) + 1e-9)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('an idle VM', () => {
  const cases = fc.record({
    pcpus: fc.integer({ min: 2, max: 24 }),
    hysteresis: fc.integer({ min: 1, max: 5 }),
    /** Part of a period for which it still worked. */
    rest: fc.double({ min: 0, max: 1, noNaN: true }),
  })

  it('gives all its cores to the other within hysteresis + 1 periods, and has them back so', () => {
    fc.assert(
      fc.property(cases, ({ pcpus, hysteresis, rest }) => {
        const both = [busy(pcpus), busy(pcpus)]
        const host = new Host(pcpus, both, hysteresis).settle(both)
        const share = host.cores
        host.period([busy(pcpus), using(rest * share[1]!, pcpus)])
        host.periods(hysteresis, [busy(pcpus), using(0.01, pcpus)])
        expect(host.cores).toEqual([pcpus, 0])
        expect(host.pins[1]).toEqual([-1])
        host.period([busy(pcpus), using(rest, pcpus)])
        host.periods(hysteresis, both)
        expect(host.cores).toEqual(share)
      }),
    )
  })

  it('is not taken for one before as many periods as the hysteresis have said so', () => {
    fc.assert(
      fc.property(cases, ({ pcpus, hysteresis }) => {
        const both = [busy(pcpus), busy(pcpus)]
        const host = new Host(pcpus, both, hysteresis).settle(both)
        const before = host.log.length
        for (let i = 0; i < 4; i++)
          host.periods(hysteresis - 1, [busy(pcpus), using(0, pcpus)]).periods(1, both)
        expect(host.log.length).toBe(before)
        host.periods(hysteresis, [busy(pcpus), using(0, pcpus)])
        expect(host.log.length).toBe(before + 1)
      }),
    )
  })

  it('keeps its cores while nobody else could use them', () => {
    const vms = [using(0, 6), using(0, 6)]
    expect(new Host(12, vms).settle(vms).cores).toEqual([6, 6])
    const one = [busy(4), using(0)]
    expect(new Host(12, one).settle(one).cores).toEqual([4, 8])
  })

  it('does not count as busy for the ticks of its kernel, nor busy and idle in turn', () => {
    const at = (demand: number): readonly Vm[] => [busy(2), using(demand, 2)]
    const host = new Host(2, at(2)).settle(at(0.03))
    expect(host.cores).toEqual([2, 0])
    const before = host.log.length
    for (let i = 0; i < 40; i++) host.period(at(i % 8 < 4 ? 0.03 : 0.08))
    expect(host.log.length).toBe(before)
    host.periods(3, at(0.2))
    expect(host.cores).toEqual([1, 1])
  })

  it('that leaves frees its cores at once', () => {
    const vms = [busy(6), busy(6)]
    const host = new Host(6, vms)
    host.period([busy(6), null])
    expect(host.cores[0]).toBe(6)
  })
})

describe('a VM that uses less than its share', () => {
  it('leaves to another what it has no use for, and keeps room to be busy in bursts', () => {
    const at = (demand: number): readonly Vm[] => [busy(12), using(demand)]
    const host = new Host(12, at(12))
    expect(host.settle(at(1)).cores).toEqual([10, 2])
    expect(host.settle(at(12)).cores).toEqual([6, 6])
    expect(host.settle(at(2)).cores).toEqual([8, 4])
    expect(host.settle(at(4)).cores).toEqual([6, 6])
  })

  it('keeps what it has when the other needs no more', () => {
    const vms = [using(3), using(1)]
    expect(new Host(12, vms).settle(vms).cores).toEqual([6, 6])
  })

  it('gets its share in one change when it is short again', () => {
    const at = (demand: number): readonly Vm[] => [busy(12), using(demand)]
    const host = new Host(12, at(12)).settle(at(1))
    const before = host.log.length
    host.periods(2, at(12))
    expect(host.cores).toEqual([6, 6])
    expect(host.log.length).toBe(before + 1)
  })

  it('does not swing with noise about a steady mean', () => {
    const noise = fc.array(fc.double({ min: -0.08, max: 0.08, noNaN: true }), { minLength: 60 })
    fc.assert(
      fc.property(noise, fc.double({ min: 0.5, max: 12, noNaN: true }), (errors, mean) => {
        const at = (error: number): readonly Vm[] => [busy(12), using(mean * (1 + error))]
        const host = new Host(12, at(0)).settle(at(0))
        const before = host.log.length
        for (const error of errors) host.period(at(error))
        // it may find a number that suits the highest demands, and stays with that
        expect(host.log.length - before).toBeLessThanOrEqual(3)
      }),
    )
  })

  it('that has few threads is not tried with its whole share, where its load is seen', () => {
    const at = (demand: number): readonly Vm[] => [busy(12), { ...using(demand), seen: true }]
    const host = new Host(12, at(12)).settle(at(0)).settle(at(1))
    expect(host.cores).toEqual([10, 2])
    const most = Math.max(
      ...host.log
        .slice(1)
        .flat(2)
        .map(({ vm: i, pins }: Target) => (i === 1 ? coresOf(pins) : 0)),
    )
    expect(most).toBe(2)
  })
})

describe('vcpusNeeded', () => {
  const use = (pcpus: number, online: number, delay = 0): VmUse => ({
    weight: 1024,
    vcpus: 12,
    online,
    usedNs: pcpus * PERIOD,
    delayNs: delay * PERIOD,
  })
  const needed = (of: VmUse): number => vcpusNeeded(of, PERIOD, 0.05, false)

  it('is all of its vCPUs for one that uses all that it has', () => {
    for (const n of [1, 2, 3, 6, 11]) expect(needed(use(n, n))).toBe(12)
  })

  it('counts waiting for a pCPU as use', () => {
    expect(needed(use(0.5, 1, 0.5))).toBe(12)
    expect(needed(use(1, 6))).toBe(2)
    expect(needed(use(1, 6, 1))).toBe(4)
  })

  it('never says fewer than would do: at none of these would the VM be short', () => {
    for (let d = 0.06; d <= 12; d += 0.01) {
      const n = needed(use(d, 12))
      if (n < 12) expect(needed(use(d, n)), `${d}`).toBe(n)
    }
  })
})
