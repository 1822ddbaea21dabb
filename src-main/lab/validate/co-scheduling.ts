/** Row 5: balance scheduling against co-scheduling. */
import { speedUp, suiteSpeedUp } from './estimates.ts'
import { beside, judged } from './row.ts'
import type { Row } from './row.ts'
import { oneSocket } from './situation.ts'
import type { Situation } from './situation.ts'

const PCPUS = 4
/** What campaigns count as equivalent. */
const SIMILAR = 0.02

/** Concurrent and not, bound by CPU, locks and wake-ups, with how much of each is run. */
const APPS: readonly (readonly [string, number])[] = [
  ['x264', 0.5],
  ['streamcluster', 0.25],
  ['kernbench', 0.2],
  ['hackbench', 1],
  ['ep', 1],
]

/** Balance scheduling. */
export const coScheduling: Row = {
  id: 5,
  behaviour: 'Balance scheduling is as good as co-scheduling, or better by up to 8 %',
  source:
    'Sukwong and Kim, EuroSys 2011, abstract: “similar or (up to 8 %) better application ' +
    'performance than co-scheduling”',
  setup: [
    'KVM, 4 pCPUs (assumed), two VMs of 4 vCPUs that run the same application: x264 (as the ' +
      'paper), streamcluster, kernbench and hackbench for its other concurrent ones, ep for ' +
      'those that are not. Co-scheduling is `gang`, strict: the paper’s runs on CFS and lets ' +
      'other VMs fill idle pCPUs.',
  ],
  rule: 'Speed-up of `balance` over `gang`: −2 % (similar) … +8 %, for each application.',
  found: [
    'streamcluster: it meets at a barrier every 43 µs, which takes all four vCPUs at the same ' +
      'time. Under `balance` they are on four pCPUs, but for a quarter of the time the last to ' +
      'arrive is preempted; under `gang` for 5 %. The paper’s applications meet less often.',
    'hackbench: runs scatter with how each guest’s 400 threads fall on its vCPUs, so that the ' +
      'interval is wider than the source’s range.',
  ],
  async measure(trials) {
    const source = ['±0 … +8 %', { lo: -SIMILAR, hi: 0.08 }] as const
    const pairs = await Promise.all(
      APPS.map(async ([app, scale]) => {
        const workload = { app, params: { scale: Math.max(0.01, scale * trials.scale) } }
        const situation = (id: string): Situation => ({
          ...{ host: oneSocket(PCPUS), scheme: { id } },
          vms: [
            { vcpus: PCPUS, workload },
            { vcpus: PCPUS, workload },
          ],
        })
        return Promise.all([trials.run(situation('gang')), trials.run(situation('balance'))])
      }),
    )
    return [
      ...pairs.map(([gang, balance], i) =>
        judged(APPS[i]![0], source, 'change', speedUp(gang, balance)),
      ),
      beside('geometric mean', 'change', suiteSpeedUp(pairs)),
    ]
  },
}
