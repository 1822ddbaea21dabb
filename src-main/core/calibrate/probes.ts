/**
 * Probes: the runs of the micro-benchmark that a calibration makes, and the figures it takes from
 * what they print. Two threads each, so that one IPI goes to one other CPU.
 */
import type { MicroResult, MicroRequest } from '../contract/agent/micro.ts'
import type { Measurement } from '../contract/calibration.ts'
import { fitRefill } from './refill-curve.ts'

/** A run of the micro-benchmark and the figures that it gives. */
export type Probe = {
  readonly id: string
  readonly title: string
  /** `guest-spread`: each vCPU has a pCPU of its own; `guest-stacked`: both share one. */
  readonly where: Measurement['where']
  readonly mode: MicroRequest['mode']
  readonly options: Readonly<Record<string, number>>
  /** Runs: one where its windows are the sample, more where a run gives one value. */
  readonly runs: number
  /** Are its windows cut to a length? Then a short run comes first, to learn how long one takes. */
  readonly windowed: boolean
  readonly figures: Readonly<Record<string, Figure>>
}

/** Values of one run; empty where it has none, as with a curve that does not rise. */
type Figure = { readonly unit: string; readonly of: (output: MicroResult) => readonly number[] }

/** Windows of a run, and how long each should last, ms. */
export const WINDOWS = 100
/** Longer than a scheduler's hand-overs, shorter than the slices of what else runs on the host. */
export const WINDOW_MS = 2

/** Runs of a probe that gives one value each: the fewest of which a median has an interval. */
const RUNS = 6

/**
 * What else runs on a host only adds to a window, so that the first decile is close to the cost
 * alone (Chen and Revels 2016), where the median is not even on a host that is half busy. A probe
 * that gives one value a run takes the fastest or the median of many itself: of these, the median.
 */
export const quantileOf = ({ windowed }: Probe): number => (windowed ? 0.1 : 0.5)

/** ns per iteration of each window; the last window has what does not divide. */
function windowValues({ windowNs, iterations }: MicroResult): readonly number[] {
  const each = Math.floor(iterations / windowNs.length)
  return windowNs.map((ns, i) =>
    i < windowNs.length - 1 ? ns / each : ns / (iterations - each * (windowNs.length - 1)),
  )
}

const ns = (of: (output: MicroResult) => readonly number[]): Figure => ({ unit: 'ns', of })

/** One way of a round trip. */
const oneWay = ns((o) => windowValues(o).map((each) => each / 2))
/** One way of a round trip without its system calls. */
const oneWayBare = ns((o) => windowValues(o).map((each) => each / 2 - (o.baseNs ?? 0)))
/** An iteration without what it costs alone. */
const beyondAlone = ns((o) => windowValues(o).map((each) => each - (o.baseNs ?? 0)))
const alone = ns((o) => (o.baseNs === undefined ? [] : [o.baseNs]))
const loops: Figure = { unit: 'loops/µs', of: (o) => [o.loopsPerUs] }
const slope: Figure = {
  unit: 'ns/KiB',
  of: ({ curve }) => {
    const fit = fitRefill(curve ?? [])
    return fit === null ? [] : [fit.slopeNsPerKib]
  },
}

type Windowed = Pick<Probe, 'id' | 'title' | 'where' | 'mode' | 'figures'> & {
  readonly options?: Probe['options']
}

const windowed = (probe: Windowed): Probe => ({
  ...probe,
  options: { threads: 2, ...probe.options },
  runs: 1,
  windowed: true,
})

const repeated = (probe: Windowed): Probe => ({
  options: {},
  ...probe,
  runs: RUNS,
  windowed: false,
})

const HOST: readonly Probe[] = [
  repeated({
    ...{ id: 'host-loop', title: 'Computing speed of the host', where: 'host' },
    mode: 'calib',
    figures: { 'host-loops': loops },
  }),
  windowed({
    ...{ id: 'host-switch', title: 'Switch of threads on the host', where: 'host' },
    mode: 'switch',
    figures: { 'host-switch': oneWayBare },
  }),
]

/**
 * Apps of campaigns whose work takes part in a fit: `switch` and `wake` are rounds of `ring`, and
 * `tlb` and `spin-barrier` are run themselves, if alone and without work. All others are held out.
 */
export const FIT_APPS: readonly string[] = ['ring', 'tlb', 'spin-barrier']

/** Sizes of the caches, KiB, as the host's facts have them. */
export type CacheSizes = { readonly l2Kib: number; readonly llcKib: number }

/** A walk over more than this is left out: guests are small, and a walk takes its time. */
const WALK_KIB_MAX = 65_536

/** The refill from memory shows only after a walk that fills the last-level cache. */
export const showsMemory = ({ llcKib }: CacheSizes): boolean => 2 * llcKib <= WALK_KIB_MAX

const fromMemory = ({ llcKib }: CacheSizes): Probe =>
  repeated({
    ...{ id: 'refill-far', title: 'Refill from memory', where: 'guest-spread' },
    ...{ mode: 'refill', options: { llcKib: 2 * llcKib } },
    figures: { 'refill-far': slope },
  })

const guest = (caches: CacheSizes): readonly Probe[] => [
  repeated({
    ...{ id: 'loop', title: 'Computing speed of the guest', where: 'guest-spread' },
    mode: 'calib',
    figures: { loops },
  }),
  repeated({
    ...{ id: 'pipe', title: 'A pipe’s system calls', where: 'guest-spread' },
    ...{ mode: 'switch', options: { threads: 2, iterations: 1000 } },
    figures: { pipe: alone },
  }),
  repeated({
    ...{ id: 'call', title: 'A system call', where: 'guest-spread' },
    ...{ mode: 'ipi', options: { threads: 2, iterations: 10 } },
    figures: { call: alone },
  }),
  windowed({
    ...{ id: 'switch', title: 'Switch of threads in the guest', where: 'guest-spread' },
    mode: 'switch',
    figures: { switch: oneWayBare },
  }),
  windowed({
    ...{ id: 'handover', title: 'Futex hand-over across vCPUs', where: 'guest-spread' },
    mode: 'handover',
    figures: { handover: oneWay },
  }),
  windowed({
    ...{ id: 'wake', title: 'Pipe wake-up across vCPUs', where: 'guest-spread' },
    mode: 'wake',
    figures: { wake: oneWay },
  }),
  windowed({
    ...{ id: 'ipi', title: 'IPI', where: 'guest-spread' },
    mode: 'ipi',
    figures: { ipi: beyondAlone },
  }),
  windowed({
    ...{ id: 'shootdown', title: 'TLB shootdown', where: 'guest-spread' },
    mode: 'tlb-latency',
    figures: { shootdown: beyondAlone },
  }),
  windowed({
    ...{ id: 'line', title: 'Flag between vCPUs', where: 'guest-spread' },
    ...{ mode: 'spin-barrier', options: { workNs: 0 } },
    figures: { line: ns(windowValues) },
  }),
  ...[1, 16].map((pages) =>
    windowed({
      ...{ id: `tlb-${pages}`, title: `Mapping ${pages} pages`, where: 'guest-spread' },
      ...{ mode: 'tlb', options: { threads: 1, pages } },
      figures: { [`tlb-${pages}`]: ns(windowValues) },
    }),
  ),
  repeated({
    ...{ id: 'refill-near', title: 'Refill from the last-level cache', where: 'guest-spread' },
    ...{ mode: 'refill', options: { llcKib: Math.min(WALK_KIB_MAX, 2 * caches.l2Kib) } },
    figures: { 'refill-near': slope },
  }),
  ...(showsMemory(caches) ? [fromMemory(caches)] : []),
  windowed({
    ...{ id: 'stacked', title: 'Futex hand-over on one pCPU', where: 'guest-stacked' },
    mode: 'handover',
    figures: { stacked: oneWay },
  }),
]

/** All probes, those of one place together: places are changed as seldom as can be. */
export const probesFor = (caches: CacheSizes): readonly Probe[] => [...HOST, ...guest(caches)]
