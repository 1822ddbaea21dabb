/** PARSEC in two VMs of 12 vCPUs on 12 pCPUs: what rows 6 and 8 run, under any scheme. */
import type { Situation } from './situation.ts'
import type { Trials } from './trials.ts'

/** The suite. */
export const PARSEC: readonly string[] = [
  ...['blackscholes', 'bodytrack', 'canneal', 'dedup', 'facesim', 'ferret', 'fluidanimate'],
  ...['freqmine', 'raytrace', 'streamcluster', 'swaptions', 'vips', 'x264'],
]

/** vCPUs of a VM unless it is ballooned, and threads always. */
const VCPUS = 12
const SCALE = 0.4

/** Two VMs that run the app under the scheme; fewer vCPUs have as many threads. */
export function twice(
  app: string,
  scheme: Situation['scheme'],
  trials: Trials,
  vcpus = VCPUS,
): Situation {
  const params = { threads: VCPUS, scale: SCALE * trials.scale }
  const vm = { vcpus, workload: { app, params } }
  return { vms: [vm, vm], ...(scheme === undefined ? {} : { scheme }) }
}
