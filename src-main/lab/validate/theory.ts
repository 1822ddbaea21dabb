/** Row 1: queueing theory, processor sharing, weights, work conservation. */
import type { SimulatedResult } from '../../core/contract/result.ts'
import { signedMean } from '../../core/stats/order-averaged.ts'
import { judged, theoretical } from './row.ts'
import type { Figure, Row } from './row.ts'
import { computing, FINE_GRAIN, frictionless, inline, role } from './situation.ts'
import type { Step } from './situation.ts'
import type { Trials } from './trials.ts'

const MS = 1e6
const [GAP, SERVICE, THINK] = [100e3, 50e3, 200e3]
const CONFIDENCE = 0.99
/** Runs for each seed of the validation: theory is exact, so its intervals are to be narrow. */
const TIMES = 5
/** Requests of a run, and cycles of a closed network. */
const [REQUESTS, CYCLES] = [100_000, 30_000]

/** So many of them in shortened runs, whose intervals are too wide to agree. */
const lengthOf = (count: number, trials: Trials): number => Math.round(count * trials.scale)

const loop = (times: number, body: readonly Step[]): Step => ({ op: 'loop', times, body })
const compute = (ns: number): Step => ({ op: 'compute', ns, cv: 1 })
const ARRIVE: Step = { op: 'arrive', ns: GAP }
const RESPOND: Step = { op: 'respond' }

/** Sojourn times of M/M/1 at a load of a half. */
async function singleServer(trials: Trials): Promise<readonly Figure[]> {
  const program = [loop(lengthOf(REQUESTS, trials), [ARRIVE, compute(SERVICE), RESPOND])]
  const workload = inline({ roles: [role('server', 1, program)] })
  const runs = await trials.run(frictionless(1, [{ vcpus: 1, workload, repeat: 'stop' }]), TIMES)
  const of = (key: 'meanNs' | 'p95Ns') =>
    signedMean(
      runs.map((run) => run.vms[0]!.latency![key]),
      CONFIDENCE,
    )
  const mean = 1 / (1 / SERVICE - 1 / GAP)
  const p95 = -Math.log(0.05) * mean
  return [
    theoretical('M/M/1, mean sojourn', ['1 / (μ − λ)', mean], 'ns', of('meanNs')),
    theoretical('M/M/1, 95th percentile', ['ln 20 / (μ − λ)', p95], 'ns', of('p95Ns')),
  ]
}

/** Mean sojourn time of M/M/c by Erlang's C formula. */
function erlangSojourn(servers: number, gapNs: number, serviceNs: number): number {
  const offered = serviceNs / gapNs
  let term = 1
  let sum = 0
  for (let k = 0; k < servers; k++) {
    sum += term
    term *= offered / (k + 1)
  }
  const last = term / (1 - offered / servers)
  return serviceNs + last / (sum + last) / (servers / serviceNs - 1 / gapNs)
}

/** Mean sojourn time of M/M/3 behind a queue, at a load of a half. */
async function severalServers(trials: Trials): Promise<Figure> {
  const servers = 3
  const serviceNs = servers * SERVICE
  const workload = inline({
    queues: [{ name: 'inbox', capacity: 1e6 }],
    roles: [
      role('source', 1, [
        loop(lengthOf(REQUESTS, trials), [ARRIVE, { op: 'push', queue: 'inbox' }]),
        { op: 'close', queue: 'inbox' },
      ]),
      role('server', servers, [
        { op: 'each', queue: 'inbox', body: [compute(serviceNs), RESPOND] },
      ]),
    ],
  })
  const vm = { vcpus: servers + 1, workload, repeat: 'stop' } as const
  const runs = await trials.run(frictionless(servers + 1, [vm]), TIMES)
  const means = runs.map((run) => run.vms[0]!.latency!.meanNs)
  const theory = erlangSojourn(servers, GAP, serviceNs)
  const source: readonly [string, number] = ['Erlang C', theory]
  return theoretical('M/M/3, mean sojourn', source, 'ns', signedMean(means, CONFIDENCE))
}

/** Mean number of busy servers of the machine repairman M/M/c//N. */
function busyServers(servers: number, threads: number): number {
  let weight = 1
  let total = 1
  let busy = 0
  for (let k = 1; k <= threads; k++) {
    weight *= ((threads - k + 1) * (SERVICE / THINK)) / Math.min(k, servers)
    total += weight
    busy += Math.min(k, servers) * weight
  }
  return busy / total
}

/** Six threads on as many vCPUs think and compute on two pCPUs: work is conserved twice over. */
async function repairmen(trials: Trials): Promise<Figure> {
  const [pcpus, threads] = [2, 6]
  const cycles = lengthOf(CYCLES, trials)
  const body = [{ op: 'sleep', ns: THINK, cv: 1 }, compute(SERVICE)]
  const program = [{ op: 'tickets', counter: 'cycle', count: cycles, body }]
  const workload = inline({ counters: ['cycle'], roles: [role('worker', threads, program)] })
  const runs = await trials.run(
    frictionless(pcpus, [{ vcpus: threads, workload, repeat: 'stop' }]),
    TIMES,
  )
  const busy = runs.map(({ makespanNs }) => (cycles * SERVICE) / makespanNs)
  const theory = busyServers(pcpus, threads)
  const name = 'M/M/2//6 on 6 vCPUs, 2 pCPUs: busy pCPUs'
  return theoretical(name, ['closed form', theory], 'factor', signedMean(busy, CONFIDENCE))
}

const WORKS: readonly number[] = [40 * MS, 100 * MS, 100 * MS, 240 * MS, 400 * MS]
const WITHIN_1_PERCENT: readonly [string, { lo: number; hi: number }] = [
  'at most 1 %',
  { lo: 0, hi: 0.01 },
]

/** When each of the works, which ascend, is done under egalitarian processor sharing. */
function processorSharing(works: readonly number[]): readonly number[] {
  let now = 0
  let done = 0
  return works.map((work, k) => {
    now += (work - done) * (works.length - k)
    done = work
    return now
  })
}

/** The largest relative deviation of the VMs' ends from what they should be, for each run. */
const deviations = (runs: readonly SimulatedResult[], due: readonly number[]): readonly number[] =>
  runs.map(({ vms }) => Math.max(...due.map((ns, i) => Math.abs(vms[i]!.iterationNs[0]! / ns - 1))))

async function sharing(trials: Trials): Promise<Figure> {
  const vms = WORKS.map((ns) => computing(ns))
  const runs = await trials.run(frictionless(1, vms, FINE_GRAIN))
  const found = signedMean(deviations(runs, processorSharing(WORKS)))
  return judged('processor sharing: latest or earliest end', WITHIN_1_PERCENT, 'share', found)
}

const WEIGHTS: readonly number[] = [335, 1024, 3121, 1024]

/** Work in proportion to weight is done at the same time: then it was shared by weight. */
async function weights(trials: Trials): Promise<readonly Figure[]> {
  const total = WEIGHTS.reduce((a, b) => a + b, 0)
  const wholeNs = 16e9
  const vms = WEIGHTS.map((weight) => computing((wholeNs * weight) / total, { weight }))
  const runs = await trials.run(frictionless(1, vms))
  const due = WEIGHTS.map(() => wholeNs)
  const name = `shares of weights ${WEIGHTS.join(', ')}`
  const idle = runs.map(({ makespanNs }) => Math.abs(makespanNs / wholeNs - 1))
  return [
    judged(name, WITHIN_1_PERCENT, 'share', signedMean(deviations(runs, due))),
    judged('their pCPU beside work: idle', WITHIN_1_PERCENT, 'share', signedMean(idle)),
  ]
}

/** Theory. */
export const theory: Row = {
  id: 1,
  behaviour: 'Queues, processor sharing, weights and work conservation are those of theory',
  source: 'Queueing theory (Erlang; Kleinrock, Queueing Systems, vols. 1 and 2)',
  setup: [
    'Overheads are off; queues are run with five times as many seeds. M/M/1 and M/M/3 with ' +
      'open arrivals at a load of a half; a closed network (machine repairman) whose six vCPUs ' +
      'share two pCPUs; five VMs of unequal work on one pCPU; four VMs of unequal weight on one ' +
      'pCPU.',
  ],
  rule:
    'Sojourn times and busy pCPUs: theory, 99 %. Ends of VMs and idling: at most 1 % from what ' +
    'sharing by weight gives.',
  found: [],
  async measure(trials) {
    const [single, several, closed, shared, weighted] = await Promise.all([
      singleServer(trials),
      severalServers(trials),
      repairmen(trials),
      sharing(trials),
      weights(trials),
    ])
    return [...single, several, closed, shared, ...weighted]
  },
}
