/** allocation: the share rule and the placement rule, as properties over random claims. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Claim, Grouping } from '../../../src-main/core/schemes/allocation.ts'
import { allocateVcpus, placeVcpus } from '../../../src-main/core/schemes/allocation.ts'

/** A VM that needs none, some or all of its vCPUs. */
const claim = fc
  .record({
    weight: fc.constantFrom(2, 512, 1024, 1536, 2048, 10_000),
    vcpus: fc.integer({ min: 1, max: 16 }),
    part: fc.constantFrom(0, 0.3, 0.6, 1),
  })
  .map(({ part, ...of }) => ({ ...of, need: Math.ceil(part * of.vcpus) }))
const claims = fc.array(claim, { minLength: 1, maxLength: 8 })
const pcpus = fc.integer({ min: 1, max: 48 })
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

const busy = (weight: number, vcpus = 64): Claim => ({ weight, vcpus })
const idle = (weight: number, vcpus = 64): Claim => ({ weight, vcpus, need: 0 })
const light = (weight: number, need: number): Claim => ({ weight, vcpus: 64, need })

type Needing = Required<Claim>

/** Exact shares of those who are not idle, between 1 and what they need, by water filling. */
function exactShares(total: number, of: readonly Needing[]): readonly number[] {
  const at = (level: number): readonly number[] =>
    of.map((c) => (c.need > 0 ? Math.min(c.need, Math.max(1, level * c.weight)) : 0))
  let [low, high] = [0, 64]
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (sum(at(middle)) < total) low = middle
    else high = middle
  }
  return at(low)
}

const busyOf = (of: readonly Needing[]): number => of.filter((c) => c.need > 0).length

/** Claims on a host with at least a pCPU for each VM that is not idle. */
const roomy = fc.tuple(pcpus, claims).filter(([p, of]) => busyOf(of) <= p)

describe('allocateVcpus', () => {
  it('gives no VM more than it has, and each that is not idle at least one', () => {
    fc.assert(
      fc.property(pcpus, claims, (p, of) => {
        allocateVcpus(p, of).forEach((n, i) => {
          expect(n).toBeGreaterThanOrEqual(of[i]!.need > 0 ? 1 : 0)
          expect(n).toBeLessThanOrEqual(of[i]!.vcpus)
        })
      }),
    )
  })

  it('hands out every pCPU for which there is a vCPU, and never more than there are', () => {
    fc.assert(
      fc.property(roomy, ([p, of]) => {
        expect(sum(allocateVcpus(p, of))).toBe(Math.min(p, sum(of.map((c) => c.vcpus))))
      }),
    )
  })

  it('gives nobody more than it needs while another has less than it needs', () => {
    fc.assert(
      fc.property(roomy, ([p, of]) => {
        const counts = allocateVcpus(p, of)
        if (!counts.some((n, i) => n < of[i]!.need)) return
        counts.forEach((n, i) => expect(n).toBeLessThanOrEqual(of[i]!.need))
      }),
    )
  })

  it('gives an idle VM only what no other has vCPUs for', () => {
    fc.assert(
      fc.property(roomy, ([p, of]) => {
        const counts = allocateVcpus(p, of)
        if (!counts.some((n, i) => of[i]!.need === 0 && n > 0)) return
        counts.forEach((n, i) => {
          if (of[i]!.need > 0) expect(n).toBe(of[i]!.vcpus)
        })
      }),
    )
  })

  it('stays within one vCPU of the exact share by weight where not all get what they need', () => {
    fc.assert(
      fc.property(roomy, ([p, of]) => {
        if (sum(of.map((c) => c.need)) < p) return
        const counts = allocateVcpus(p, of)
        const exact = exactShares(p, of)
        counts.forEach((n, i) => expect(Math.abs(n - exact[i]!)).toBeLessThan(1 + 1e-6))
      }),
      { numRuns: 1000 },
    )
  })

  it('never gives a VM fewer than one of less weight that asks for no more', () => {
    fc.assert(
      fc.property(pcpus, claims, (p, of) => {
        const counts = allocateVcpus(p, of)
        for (const [i, a] of of.entries()) {
          for (const [j, b] of of.entries()) {
            if (a.weight <= b.weight || a.vcpus < b.vcpus || a.need < b.need) continue
            expect(counts[i]!).toBeGreaterThanOrEqual(counts[j]!)
          }
        }
      }),
    )
  })

  const cases: [what: string, p: number, of: readonly Claim[], counts: readonly number[]][] = [
    ['shares evenly', 12, [busy(1024), busy(1024)], [6, 6]],
    ['shares by weight', 12, [busy(1024), busy(2048)], [4, 8]],
    ['rounds by largest remainder', 10, [busy(3), busy(3), busy(1)], [4, 4, 2]],
    ['breaks a tie for the heavier VM', 3, [busy(1024), busy(1024)], [2, 1]],
    ['gives the cores of an idle VM to the others', 12, [busy(1024), idle(1024)], [12, 0]],
    ['gives an idle VM what is left', 12, [busy(1024, 4), idle(1024)], [4, 8]],
    ['gives what a VM does not need to one that does', 12, [busy(1), light(1, 2)], [10, 2]],
    ['shares what nobody needs by weight', 12, [light(1, 2), light(1, 3)], [6, 6]],
    ['takes from no VM what nobody needs', 12, [light(1, 7), light(1, 4)], [7, 5]],
    ['gives what a capped VM leaves to the others', 12, [busy(1024, 2), busy(1024)], [2, 10]],
    [
      'divides what a capped VM leaves by weight',
      24,
      [busy(2048, 1), busy(1024), busy(2048)],
      [1, 8, 15],
    ],
    ['gives each VM one where more are busy than pCPUs', 1, [busy(1), busy(9)], [1, 1]],
  ]
  it.each(cases)('%s', (_, p, of, counts) => {
    expect(allocateVcpus(p, of)).toEqual(counts)
  })
})

const onSockets = (sockets: number, perSocket: number): Grouping => ({
  pcpus: sockets * perSocket,
  perSocket,
  perLlc: perSocket,
  perCore: 1,
})

/** Two placements one after the other, on a random topology. */
const placements = fc
  .record({ sockets: fc.integer({ min: 1, max: 4 }), perSocket: fc.integer({ min: 1, max: 8 }) })
  .chain(({ sockets, perSocket }) =>
    fc.record({
      topology: fc.constant(onSockets(sockets, perSocket)),
      first: claims,
      flips: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    }),
  )
type Placements = typeof placements extends fc.Arbitrary<infer T> ? T : never

function placeTwice({ topology, first, flips }: Placements) {
  const second = first.map((c, i) => ({ ...c, active: flips[i]! }))
  const [before, after] = [first, second].map((of) => allocateVcpus(topology.pcpus, of))
  const none = first.map(() => [])
  const placed = placeVcpus(before!, none, topology)
  return { before: before!, after: after!, placed, moved: placeVcpus(after!, placed, topology) }
}

describe('placeVcpus', () => {
  it('gives no pCPU to two vCPUs, and every vCPU one while there are any', () => {
    fc.assert(
      fc.property(placements, (of) => {
        const { after, moved } = placeTwice(of)
        const used = moved.flat()
        expect(new Set(used).size).toBe(used.length)
        expect(used.every((p) => p >= 0 && p < of.topology.pcpus)).toBe(true)
        expect(used.length).toBe(Math.min(of.topology.pcpus, sum(after)))
      }),
    )
  })

  it('keeps the pCPUs that a VM has: the last ones go first, new ones come last', () => {
    fc.assert(
      fc.property(placements, (of) => {
        const { placed, moved } = placeTwice(of)
        moved.forEach((pins, i) => {
          const kept = Math.min(pins.length, placed[i]!.length)
          expect(pins.slice(0, kept)).toEqual(placed[i]!.slice(0, kept))
        })
      }),
    )
  })

  it('keeps a VM within a socket where one has room for all of it', () => {
    const topology = onSockets(2, 6)
    const socketOf = (p: number): number => Math.floor(p / 6)
    for (const counts of [
      [6, 6],
      [4, 4, 2, 2],
      [2, 4, 6],
      [3, 3, 3, 3],
    ]) {
      const placed = placeVcpus(
        counts,
        counts.map(() => []),
        topology,
      )
      placed.forEach((pins) => expect(new Set(pins.map(socketOf)).size).toBe(1))
    }
  })

  it('keeps a VM within one last-level cache of a socket where one has room for all of it', () => {
    const grouping = { pcpus: 16, perSocket: 16, perLlc: 4, perCore: 1 }
    const placed = placeVcpus([4, 4, 4, 4], [[], [], [], []], grouping)
    for (const pins of placed) expect(new Set(pins.map((p) => Math.floor(p / 4))).size).toBe(1)
  })

  it('gives each vCPU a core of its own while there are enough, else fills core by core', () => {
    const grouping = { pcpus: 16, perSocket: 8, perLlc: 8, perCore: 2 }
    const cores = (counts: readonly number[]): number => {
      const none = counts.map(() => [])
      const pins = placeVcpus(counts, none, grouping).flat()
      return new Set(pins.map((p) => Math.floor(p / 2))).size
    }
    expect(cores([4, 4])).toBe(8)
    expect(cores([3, 2])).toBe(5)
    const [first] = placeVcpus([8, 8], [[], []], grouping)
    expect(first).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('lets a VM that outgrows its socket take the rest of it before another', () => {
    const topology = onSockets(2, 6)
    const [pins] = placeVcpus([8, 1], [[6, 7, 8], [0]], topology)
    expect([...pins!].sort((a, b) => a - b).slice(2)).toEqual([6, 7, 8, 9, 10, 11])
  })
})
