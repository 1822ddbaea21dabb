/**
 * Published claims that are drawn beside a prediction. They stand here and not in `core/model`
 * because no model, workload or scheme may read them.
 */
import type { ReferenceBand } from '../contract/comparison.ts'

/**
 * FlexCore's claim, from the abstract: "the average performance improvement for PARSEC applications
 * on a 12-core Intel machine is approximately 52.9 %, ranging from 35.4 % to 79.6 %". Whether
 * improvement means speed-up or time saved is not said, so both are shown beside it.
 */
export const FLEXCORE_BAND: ReferenceBand = {
  label: 'FlexCore, as published',
  source:
    'T. Miao, H. Chen: FlexCore: Dynamic Virtual Machine Scheduling Using VCPU Ballooning. ' +
    'Tsinghua Science and Technology 20(1), 2015, pp. 7–16, doi:10.1109/TST.2015.7040515; ' +
    'PARSEC on a 12-core Intel machine, KVM',
  lo: 0.354,
  hi: 0.796,
  mean: 0.529,
  scheme: 'flexcore',
  baseline: 'cfs',
  apps: [
    ...['blackscholes', 'bodytrack', 'canneal', 'dedup', 'facesim', 'ferret', 'fluidanimate'],
    ...['freqmine', 'raytrace', 'streamcluster', 'swaptions', 'vips', 'x264'],
  ],
}

/** Every published claim that the app knows. */
export const REFERENCE_BANDS: readonly ReferenceBand[] = [FLEXCORE_BAND]
