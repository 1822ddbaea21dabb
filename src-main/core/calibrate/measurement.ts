/** measurement: values of a figure with their estimate, as a calibration keeps them. */
import type { MicroResult } from '../contract/agent/micro.ts'
import type { Measurement } from '../contract/calibration.ts'
import { quantileEstimate } from '../stats/quantile-interval.ts'
import { quantileOf } from './probes.ts'
import type { Probe } from './probes.ts'

const DISTURBED_FACTOR = 1.5

/** The figures of a probe's runs; those without any value are left out. `at`: ISO time. */
export function measurementsOf(
  probe: Probe,
  results: readonly MicroResult[],
  at: string,
): readonly Measurement[] {
  const quantile = quantileOf(probe)
  return Object.entries(probe.figures).flatMap(([id, { unit, of }]) => {
    const values = results.flatMap((result) => of(result))
    if (values.length === 0) return []
    const estimate = quantileEstimate(values, quantile)
    const above = values.filter((value) => value > DISTURBED_FACTOR * estimate.value)
    const disturbed = above.length / values.length
    return [{ id, where: probe.where, at, unit, values, quantile, estimate, disturbed }]
  })
}
