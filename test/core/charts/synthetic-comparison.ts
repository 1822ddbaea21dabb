/**
 * Test fixture: synthetic comparisons from a seeded generator, with the awkward cases on request.
 * The numbers mean nothing; no part of the app reads this file.
 */
import { TIME_CLASS_KEYS } from '../../../src-main/core/base/time-class.ts'
import type { TimeByClassNs } from '../../../src-main/core/base/time-class.ts'
import type {
  Comparison,
  ComparisonRow,
  ReferenceBand,
  Verdict,
} from '../../../src-main/core/contract/comparison.ts'
import { FLEXCORE_BAND } from '../../../src-main/core/stats/reference-bands.ts'

/** The thirteen apps that a full campaign has. */
export const APPS = [
  'blackscholes',
  'bodytrack',
  'canneal',
  'dedup',
  'facesim',
  'ferret',
  'fluidanimate',
  'freqmine',
  'raytrace',
  'streamcluster',
  'swaptions',
  'vips',
  'x264',
] as const

/** Five schemes, the baseline first. */
export const SCHEMES = ['cfs', 'gang', 'balance', 'vcpu-bal', 'flexcore'] as const

/** Every scheme that the design names. */
export const ALL_SCHEMES = [
  ...SCHEMES,
  'eevdf',
  'credit',
  'credit2',
  'esx-strict',
  'esx-relaxed',
  'hybrid',
  'asman',
  'task-aware',
  'demand',
  'delay',
  'flex',
  'vscale',
  'preferred-cpus',
] as const

/** A published band as the app has it. */
export const BAND: ReferenceBand = {
  label: 'FlexCore (TST 2015)',
  source: 'published (paper), reference only',
  lo: 0.354,
  hi: 0.796,
  mean: 0.529,
  scheme: 'flexcore',
  baseline: 'cfs',
  apps: FLEXCORE_BAND.apps,
}

/** What a synthetic comparison is made of. */
export type SyntheticOptions = {
  readonly groups?: readonly string[]
  readonly schemes?: readonly string[]
  readonly repetitions?: number
  readonly seed?: number
  /** `ties`: all times equal; `winner`: one scheme twice as fast everywhere. */
  readonly shape?: 'random' | 'ties' | 'winner'
  readonly missing?: (group: string, scheme: string) => boolean
}

/** Seeded uniform numbers in [0, 1) (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const NOTHING = Object.fromEntries(TIME_CLASS_KEYS.map((key) => [key, 0])) as TimeByClassNs

function attribution(random: () => number, totalNs: number, speed: number): TimeByClassNs {
  const weights = TIME_CLASS_KEYS.map((key, i) =>
    key === 'useful' ? 9 / speed : i % 3 === 0 ? random() * 2 : random() * 0.3,
  )
  const sum = weights.reduce((a, b) => a + b, 0)
  const byClass = { ...NOTHING }
  TIME_CLASS_KEYS.forEach((key, i) => {
    byClass[key] = Math.round((totalNs * (weights[i] ?? 0)) / sum)
  })
  return byClass
}

function estimate(values: readonly number[]) {
  const value = values.reduce((a, b) => a + b, 0) / values.length
  if (values.length < 3) return { value, lo: null, hi: null }
  return { value, lo: Math.min(...values), hi: Math.max(...values) }
}

function verdictOf(ratio: { value: number; lo: number | null; hi: number | null }): Verdict {
  if (ratio.lo === null || ratio.hi === null) return 'inconclusive'
  if (ratio.hi < 0.98) return 'better'
  if (ratio.lo > 1.02) return 'worse'
  return ratio.lo > 0.98 && ratio.hi < 1.02 ? 'equivalent' : 'inconclusive'
}

function buildRow(
  options: Required<Omit<SyntheticOptions, 'missing'>>,
  at: { group: string; scheme: string; index: number; baseTimes: readonly number[] },
  random: () => number,
): ComparisonRow {
  const { shape, repetitions } = options
  const isBaseline = at.index === 0
  const level = shape === 'ties' ? 1 : shape === 'winner' ? 0.5 : 0.55 + random() * 0.8
  const factor = isBaseline ? 1 : shape === 'winner' && at.index > 1 ? 1.1 : level
  const noise = shape === 'ties' || isBaseline ? () => 1 : () => 1 + (random() - 0.5) * 0.12
  const valuesNs = at.baseTimes.map((t) => Math.round(t * factor * noise()))
  const ratios = valuesNs.map((v, i) => v / (at.baseTimes[i] as number))
  const ratio = isBaseline ? { value: 1, lo: 1, hi: 1 } : estimate(ratios)
  const flip = (f: (r: number) => number) => ({
    value: f(ratio.value),
    lo: ratio.hi === null ? null : f(ratio.hi),
    hi: ratio.lo === null ? null : f(ratio.lo),
  })
  const seeds = Array.from({ length: repetitions }, (_, i) => i + 1)
  return {
    group: at.group,
    app: at.group.split(' ')[0] ?? at.group,
    scheme: at.scheme,
    isBaseline,
    sample: {
      n: repetitions,
      seeds,
      valuesNs,
      runIds: seeds.map((s) => `${at.group}-${at.scheme}-${s}`.slice(0, 60)),
      medianNs: estimate(valuesNs),
      meanNs: estimate(valuesNs),
    },
    pairs: repetitions,
    ratio,
    effect: isBaseline ? null : ratios.reduce((n, r) => n - Math.sign(r - 1), 0) / repetitions,
    speedup: flip((r) => 1 / r - 1),
    timeSaved: flip((r) => 1 - r),
    p: isBaseline || repetitions < 2 ? null : Math.max(2 ** (1 - repetitions), random() * 0.1),
    pSmallest: repetitions < 2 ? null : 2 ** (1 - repetitions),
    verdict: isBaseline ? 'equivalent' : verdictOf(ratio),
    attributionNs: attribution(random, 24 * (valuesNs[0] ?? 1e9), factor),
    failed: 0,
    ...{ hedgesG: null, unpaired: null, excluded: 0, notNeeded: 0 },
    missing: 0,
  }
}

/** A synthetic comparison; the same options give the same numbers. */
export function syntheticComparison(options: SyntheticOptions = {}): Comparison {
  const full = {
    groups: options.groups ?? APPS,
    schemes: options.schemes ?? SCHEMES,
    repetitions: options.repetitions ?? 5,
    seed: options.seed ?? 1,
    shape: options.shape ?? 'random',
  } as const
  const random = seededNumbers(full.seed)
  const isMissing = options.missing ?? (() => false)
  const rows = full.groups.flatMap((group) => {
    const base = (0.4 + random() * 4) * 1e9
    const baseTimes = Array.from({ length: full.repetitions }, () =>
      Math.round(base * (full.shape === 'ties' ? 1 : 1 + (random() - 0.5) * 0.05)),
    )
    return full.schemes.flatMap((scheme, index) =>
      isMissing(group, scheme) ? [] : [buildRow(full, { group, scheme, index, baseTimes }, random)],
    )
  })
  const expected = full.groups.length * full.schemes.length * full.repetitions
  const finished = rows.reduce((sum, r) => sum + r.sample.n, 0)
  return {
    campaignId: '0197f0aa-0000-7000-8000-000000000001',
    campaignName: 'Synthetic fixture',
    kind: 'simulated',
    baseline: full.schemes[0] ?? 'cfs',
    measure: 'run time',
    groups: [...full.groups],
    situations: full.groups.map((group) => {
      return { group, app: group.split(' ')[0] ?? group, mix: 'pair', overcommit: 2 }
    }),
    schemes: [...full.schemes],
    rows,
    omitted: full.groups.flatMap((group) =>
      full.schemes
        .filter((scheme) => isMissing(group, scheme))
        .map((scheme) => {
          return { group, scheme, runs: 0, failed: 0, excluded: 0, missing: full.repetitions }
        }),
    ),
    summaries: full.schemes.map((scheme) => summarise(scheme, rows)),
    bands: [BAND],
    evidence: null,
    measuredOn: null,
    equivalenceMargin: 0.02,
    familySize: rows.filter((row) => row.p !== null).length,
    method: 'Fixture: means with their range in place of an interval.',
    finishedRuns: finished,
    failedRuns: 0,
    missingRuns: expected - finished,
    ...{ notNeededRuns: 0, excluded: [], drift: null },
  }
}

function summarise(scheme: string, all: readonly ComparisonRow[]) {
  const rows = all.filter((r) => r.scheme === scheme)
  const logs = rows.map((r) => Math.log(r.ratio.value))
  const mean = logs.length === 0 ? 0 : logs.reduce((a, b) => a + b, 0) / logs.length
  const count = (verdict: Verdict) =>
    rows.filter((r) => !r.isBaseline && r.verdict === verdict).length
  return {
    scheme,
    geomeanRatio: { value: Math.exp(mean), lo: Math.exp(mean) * 0.97, hi: Math.exp(mean) * 1.03 },
    meanCostRatio: { value: Math.exp(mean) * 1.01, lo: null, hi: null },
    better: count('better'),
    worse: count('worse'),
    equivalent: count('equivalent'),
    inconclusive: count('inconclusive'),
  }
}
