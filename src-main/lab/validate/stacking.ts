/** Row 4: how likely siblings are to stand in the same run queue. */
import { streamKey, uniformAt } from '../../core/base/random.ts'
import { setTimer } from '../../core/model/actions.ts'
import { CFS_HOST } from '../../core/model/host-cfs.ts'
import type { Machine } from '../../core/model/machine.ts'
import type { Policy } from '../../core/model/policy.ts'
import { VCPU } from '../../core/model/vocabulary.ts'
import { share99 } from './estimates.ts'
import { beside, theoretical } from './row.ts'
import type { Figure, Row } from './row.ts'
import { computing, frictionless, inline, role } from './situation.ts'
import type { Situation } from './situation.ts'
import type { Trials } from './trials.ts'

const MS = 1e6
/** All threads of the observed VM wake at once, each period. */
const PERIOD = 10 * MS
/** When after that the queues are looked at: all have woken, none is done. */
const LOOK = 0.1 * MS
const WAKES = 500

/** vCPUs wake on any pCPU, and stay there. */
const RANDOM_HOST = {
  ...CFS_HOST,
  selectPcpu: (m: Machine, v: number): number =>
    Math.floor(uniformAt(streamKey(m.spec.seed, 9000, v), m.now) * m.pcpus),
  pullIdle: () => false,
  balance: () => undefined,
}

/** How often all vCPUs of the first VM were awake, and how often two of them shared a queue. */
type Looks = { awake: number; stacked: number }

/** Looks at the queues after every wake-up of the first VM. */
function observing(looks: Looks, policy: Policy): Policy {
  return {
    ...policy,
    start: (m) => setTimer(m, 0, PERIOD + LOOK),
    timer: (m) => {
      setTimer(m, 0, PERIOD)
      look(m, looks)
    },
  }
}

function look(m: Machine, looks: Looks): void {
  const { firstV, vcpus } = m.vms[0]!
  const places = new Set<number>()
  for (let v = firstV; v < firstV + vcpus; v++) {
    if (m.vState[v]! < VCPU.runnable) return
    places.add(m.vP[v]!)
  }
  looks.awake++
  if (places.size < vcpus) looks.stacked++
}

/** A VM whose threads all wake at once, beside one that keeps every pCPU busy. */
function situationOf(n: number, trials: Trials): Situation {
  const times = Math.max(20, Math.round(WAKES * trials.scale))
  const body = [{ op: 'arrive', ns: PERIOD, cv: 0 }, { op: 'compute', ns: MS }, { op: 'respond' }]
  const workload = inline({ roles: [role('worker', n, [{ op: 'loop', times, body }])] })
  const busy = computing(10 * MS, { repeat: 'until-others' }, n)
  return frictionless(n, [{ vcpus: n, workload, repeat: 'stop' }, busy])
}

async function looksAt(n: number, trials: Trials, policy: Policy): Promise<Looks> {
  const looks = { awake: 0, stacked: 0 }
  await trials.runHere(situationOf(n, trials), () => observing(looks, policy))
  return looks
}

/** All n of n placed at random in different queues: n! / nⁿ. */
function chance(n: number): number {
  let apart = 1
  for (let k = 1; k <= n; k++) apart *= k / n
  return 1 - apart
}

async function figuresOf(n: number, text: string, trials: Trials): Promise<readonly Figure[]> {
  const random = await looksAt(n, trials, { host: RANDOM_HOST })
  const own = await looksAt(n, trials, {})
  const name = `${n} vCPUs on ${n} pCPUs`
  const found = share99(random.stacked, random.awake)
  return [
    theoretical(`${name}, placed at random`, [text, chance(n)], 'share', found),
    beside(`${name}, placed by CFS`, 'share', share99(own.stacked, own.awake)),
  ]
}

/** Stacking. */
export const stacking: Row = {
  id: 4,
  behaviour: 'Siblings that are queued at random share a run queue nearly always',
  source: 'Sukwong and Kim, Is co-scheduling too expensive for SMP VMs?, EuroSys 2011: 1 − n!/nⁿ',
  setup: [
    'A VM whose n threads wake all at once every 10 ms, beside one that keeps all n pCPUs ' +
      'busy; the queues are looked at 0.1 ms later. At random: a policy of this row, which wakes ' +
      'a vCPU on any pCPU and never balances. Beside it CFS’s own choice, which prefers where a ' +
      'vCPU was.',
  ],
  rule: 'Part of the wake-ups after which two siblings share a queue: theory, 99 % (Wilson).',
  found: [],
  async measure(trials) {
    return [...(await figuresOf(4, '90.6 %', trials)), ...(await figuresOf(12, '99.995 %', trials))]
  },
}
