/** Row 6: long slices and applications that synchronise. */
import { speedUp, suiteSpeedUp } from './estimates.ts'
import { beside, judged, MORE } from './row.ts'
import type { Row } from './row.ts'
import { twice } from './parsec.ts'

/** PARSEC's applications with more than a thousand barriers, locks or condition waits. */
const APPS: readonly string[] = [
  ...['bodytrack', 'dedup', 'facesim', 'ferret', 'fluidanimate', 'freqmine', 'streamcluster'],
  ...['vips', 'x264'],
]
const SHORT = { id: 'credit', params: { sliceNs: 1e6, ratelimitNs: 100_000 } }

/** Xen's slices. */
export const slices: Row = {
  id: 6,
  behaviour: 'Slices of 30 ms (Xen credit) are worse than CFS for what synchronises',
  source:
    'Direction only (simulator.md §6); that shorter slices help: Ahn, Park and Huh, Micro-sliced ' +
    'virtual processors, MICRO 2014',
  setup: [
    'Two VMs of 12 vCPUs on 12 pCPUs, both with the same application of those nine of PARSEC ' +
      'that synchronise. Beside it credit with slices of 1 ms.',
  ],
  rule: 'Time under `credit` over time under `cfs`, geometric mean over the applications: more.',
  found: [],
  async measure(trials) {
    const runs = await Promise.all(
      APPS.map((app) =>
        Promise.all([
          trials.run(twice(app, { id: 'credit' }, trials)),
          trials.run(twice(app, { id: 'cfs' }, trials)),
          trials.run(twice(app, SHORT, trials)),
        ]),
      ),
    )
    const longOverCfs = runs.map(([long, cfs]) => [long, cfs] as const)
    const longOverShort = runs.map(([long, , short]) => [long, short] as const)
    return [
      judged('credit’s time over CFS’s', MORE, 'change', suiteSpeedUp(longOverCfs)),
      judged('credit’s, 30 ms over 1 ms', MORE, 'change', suiteSpeedUp(longOverShort)),
      ...longOverCfs.map(([long, cfs], i) => beside(APPS[i]!, 'change', speedUp(long, cfs))),
    ]
  },
}
