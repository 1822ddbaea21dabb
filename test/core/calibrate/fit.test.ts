// A calibration of a simulated host finds the costs that the host was given.
import { describe, expect, test } from 'vitest'
import { fitCosts } from '../../../src-main/core/calibrate/fit.ts'
import { measurementsOf } from '../../../src-main/core/calibrate/measurement.ts'
import { probesFor } from '../../../src-main/core/calibrate/probes.ts'
import { probeHost } from './simulated-host.ts'
import type { TrueCosts } from './simulated-host.ts'

const AT = '2026-11-24T10:00:00.000Z'
const probes = probesFor({ l2Kib: 1024, llcKib: 32_768 })

const measure = (costs: TrueCosts, disturbed = 0) =>
  probes.flatMap((probe) => {
    const runs = Array.from({ length: probe.runs }, () => probeHost(probe, costs, disturbed))
    return measurementsOf(probe, runs, AT)
  })

const fitOf = (costs: TrueCosts, disturbed = 0) => fitCosts(measure(costs, disturbed))

const found = (fit: ReturnType<typeof fitOf>, table: string, key: string): number =>
  fit.parameters.find((p) => p.table === table && p.key === key)!.value.value

/** As on an emulated guest: all costs far from the defaults, in the defaults' proportions. */
const SLOW: TrueCosts = {
  host: {
    ...{ vmExitNs: 7200, wakeNs: 30_000, hltNs: 18_000, ipiNs: 14_000, contextSwitchNs: 700 },
    ...{ refillLlcNsPerKib: 12, refillMemoryNsPerKib: 45 },
  },
  guest: {
    ...{ syscallNs: 1200, wakeCallNs: 3000, contextSwitchNs: 4500 },
    ...{ tlbFlushNs: 9000, lockTransferNs: 250 },
  },
  pipeNs: 900,
  tlb: { mmapNs: 12_000, faultNs: 21_000, unmapPageNs: 3000 },
}

const FAST: TrueCosts = {
  host: {
    ...{ vmExitNs: 600, wakeNs: 2500, hltNs: 1500, ipiNs: 900, contextSwitchNs: 1500 },
    ...{ refillLlcNsPerKib: 60, refillMemoryNsPerKib: 250 },
  },
  guest: {
    ...{ syscallNs: 150, wakeCallNs: 600, contextSwitchNs: 900 },
    ...{ tlbFlushNs: 300, lockTransferNs: 90 },
  },
  pipeNs: 150,
  tlb: { mmapNs: 900, faultNs: 490, unmapPageNs: 70 },
}

describe.each([
  ['slow', SLOW],
  ['fast', FAST],
])('a host that is %s', (_name, costs) => {
  const fit = fitOf(costs)
  const all = [
    ...Object.entries(costs.host).map(([key, value]) => ['host', key, value] as const),
    ...Object.entries(costs.guest).map(([key, value]) => ['guest', key, value] as const),
    ['app:micro-ring', 'pipeNs', costs.pipeNs] as const,
    ...Object.entries(costs.tlb).map(([key, value]) => ['app:micro-tlb', key, value] as const),
  ]

  test.each(all)('its %s parameter %s is found', (table, key, value) => {
    expect(Math.abs(found(fit, table, key) / value - 1)).toBeLessThan(0.05)
  })

  test.each(['wake', 'stacked'])('%s, which was not used, comes out right', (id) => {
    const check = fit.checks.find((one) => one.id === id)!
    expect(Math.abs(check.predictedNs / check.measured.value - 1)).toBeLessThan(0.05)
  })

  test('nothing is left to warn of', () => expect(fit.warnings).toEqual([]))
})

describe('a host on which other work runs', () => {
  const fit = fitOf(SLOW, 0.6)

  test.each(['wakeNs', 'ipiNs', 'contextSwitchNs'])('its %s is found all the same', (key) => {
    expect(Math.abs(found(fit, 'host', key) / SLOW.host[key]! - 1)).toBeLessThan(0.05)
  })

  test('says how many of its windows were disturbed', () => {
    const probe = probes.find(({ id }) => id === 'handover')!
    const [measurement] = measurementsOf(probe, [probeHost(probe, SLOW, 0.6)], AT)
    expect(measurement!.disturbed).toBeGreaterThan(0.3)
    expect(measurement!.disturbed).toBeLessThan(0.7)
  })
})

describe('a fit', () => {
  test('shares what only a sum shows as the defaults are, and says so', () => {
    const fit = fitOf(SLOW)
    const wake = fit.parameters.find((p) => p.key === 'wakeNs')!
    expect(wake.rule).toBe('shared')
    expect(wake.from).toEqual(['handover', 'call'])
    expect(found(fit, 'host', 'wakeNs') / found(fit, 'host', 'vmExitNs')).toBeCloseTo(5000 / 1200)
  })

  test('keeps the defaults of what was not measured', () => {
    const probe = probes.find(({ id }) => id === 'ipi')!
    const fit = fitCosts(measurementsOf(probe, [probeHost(probe, SLOW, 0)], AT))
    expect(fit.parameters.map((p) => p.key)).toEqual(['ipiNs'])
  })

  test('gives 0 and a warning where the known part exceeds the figure', () => {
    const measurements = measure(SLOW).map((m) =>
      m.id === 'shootdown' ? { ...m, estimate: { value: 5000, lo: null, hi: null } } : m,
    )
    const fit = fitCosts(measurements)
    expect(found(fit, 'guest', 'tlbFlushNs')).toBe(0)
    expect(fit.warnings).toHaveLength(1)
    expect(fit.warnings[0]).toMatch(/^shootdown: the costs known before already exceed it by \d+/)
  })

  test('has intervals that hold the value', () => {
    for (const { value } of fitOf(SLOW, 0.3).parameters) {
      expect(value.lo).toBeLessThanOrEqual(value.value)
      expect(value.hi).toBeGreaterThanOrEqual(value.value)
    }
  })
})
