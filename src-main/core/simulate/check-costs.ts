/** check-costs: host and guest overrides by key: known names, and values the model can run with. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Quantity } from '../base/quantity.ts'
import type { Issue } from '../base/result.ts'
import { shortNumber } from '../base/short-number.ts'
import { GUEST_COSTS, HOST_COSTS } from '../model/parameters.ts'

type Table = Readonly<Record<string, Quantity>>
type Range = readonly [min: number, max: number]

/** Where 0 … the unit's maximum is not right. Intervals of 0 would never let time pass. */
const RANGES: Readonly<Record<string, Range>> = {
  cfsLatencyNs: [1e3, 1e12],
  cfsMinGranularityNs: [1e3, 1e12],
  tickNs: [1e4, 1e12],
  tickSkew: [0, 1],
  balanceIntervalNs: [1e4, 1e12],
  balanceBusyFactor: [1, 1e6],
  imbalanceSmtPct: [100, 1e4],
  imbalanceLlcPct: [100, 1e4],
  imbalanceNumaPct: [100, 1e4],
  pleGapCycles: [1, 1e9],
  pleWindowCycles: [1, 1e9],
  pleWindowGrow: [1, 1e3],
  haltPollStartNs: [1, 1e12],
  haltPollGrow: [1, 1e3],
  clockGhz: [0.01, 100],
  llcKib: [1, 1e9],
  l2Kib: [0, 1e9],
  smtThroughput: [1, 8],
  refillRemoteFactor: [1, 1e3],
  refillHalfNs: [1, 1e12],
}

const isWhere =
  (table: Table, other: string): ((key: string) => string) =>
  (key) =>
    Object.hasOwn(table, key) ? `it belongs under ${other}` : ''

function checkTable(
  path: string,
  table: Table,
  given: Readonly<Record<string, number>>,
  elsewhere: (key: string) => string,
): readonly Issue[] {
  return Object.entries(given).flatMap(([key, value]): readonly Issue[] => {
    const quantity = Object.hasOwn(table, key) ? table[key] : undefined
    if (quantity === undefined) {
      const hint = elsewhere(key) || didYouMean(key, Object.keys(table))
      return [{ path: `${path}.${key}`, message: 'is not a known parameter', hint }]
    }
    const [min, max] = RANGES[key] ?? [0, 1e12]
    if (value >= min && value <= max) return []
    const hint = `default ${quantity.value} ${quantity.unit}`
    return [
      {
        path: `${path}.${key}`,
        message: `must be ${min} … ${shortNumber(max)}, not ${value}`,
        hint,
      },
    ]
  })
}

/** Issues of `host.costs`. */
export const checkHostCosts = (given: Readonly<Record<string, number>>): readonly Issue[] =>
  checkTable('host.costs', HOST_COSTS, given, isWhere(GUEST_COSTS, 'guest'))

/** Issues of `guest`. */
export const checkGuestCosts = (given: Readonly<Record<string, number>>): readonly Issue[] =>
  checkTable('guest', GUEST_COSTS, given, isWhere(HOST_COSTS, 'host.costs'))
