/**
 * asman: adaptive co-scheduling. A guest that reports an over-long wait for a spin lock gets its VM
 * co-scheduled for an interval; how long pays is learned, since such waits come in bursts.
 */
import { streamKey } from '../base/random.ts'
import type { Machine } from '../model/machine.ts'
import type { SimSpec } from '../model/spec.ts'
import { CREDIT_PARAMETERS, CreditHost } from './credit-host.ts'
import { RothErev } from './roth-erev.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeParams, SchemeText } from './scheme.ts'

/** Intervals to choose from: the shortest, and each twice the one before. */
const INTERVALS = 5

const info: SchemeText = {
  id: 'asman',
  title: 'ASMan (adaptive co-scheduling)',
  summary: 'A VM whose guest reports over-long spin waits is co-scheduled for a learned interval.',
  fixes:
    'Lock-holder preemption where it happens and while it happens; VMs that do not spin in the ' +
    'kernel are left alone.',
  breaks:
    'Reacts after the harm. Does not see user-level spinning, as at barriers. Needs a patched ' +
    'guest. Other VMs wait for co-scheduled slices.',
  source: 'Weng, Liu, Yu and Li, Dynamic adaptive scheduling for virtual machines, HPDC 2011',
  note:
    'From the abstract and later papers; the full text was not read. The rewards are ours: the ' +
    'interval if no long wait follows within as long again, else the next longer one.',
  parameters: [
    ...CREDIT_PARAMETERS,
    numberParameter('thresholdCycles', 'Over-long wait', 2 ** 20, 'cycles', 'K', 'HPDC 2011'),
    numberParameter('shortestNs', 'Shortest interval', 30e6, 'ns', 'A', 'a slice of credit'),
    numberParameter('forgetting', 'Forgetting', 0.1, '', 'A', 'Roth and Erev 1995: small'),
    numberParameter('experimentation', 'Experimentation', 0.2, '', 'A', 'Roth and Erev 1995'),
  ],
}

/** What is known of one VM: its learner, the choice that holds, and until when. */
class Asman {
  readonly host: CreditHost
  readonly #learners: readonly RothErev[]
  readonly #choice: Int32Array
  readonly #thresholdCycles: number
  readonly #shortestNs: number

  constructor(spec: SimSpec, params: SchemeParams) {
    const { forgetting, experimentation } = params
    this.host = new CreditHost(spec, params)
    this.#learners = spec.vms.map((_, vm) => {
      const key = streamKey(spec.seed, 5000 + vm)
      return new RothErev(INTERVALS, key, Number(forgetting), Number(experimentation))
    })
    this.#choice = new Int32Array(spec.vms.length).fill(-1)
    this.#thresholdCycles = Number(params.thresholdCycles)
    this.#shortestNs = Number(params.shortestNs)
  }

  /** The guest's monitor: an over-long wait while the VM is not co-scheduled starts an interval. */
  spinEnded(m: Machine, t: number, waitedNs: number): void {
    const vm = m.tVm[t]!
    const { untilNs } = this.host.turns
    if (waitedNs * m.costs.clockGhz < this.#thresholdCycles || m.now < untilNs[vm]!) return
    const learner = this.#learners[vm]!
    const last = this.#choice[vm]!
    if (last >= 0) {
      const wasShort = m.now - untilNs[vm]! < this.#lengthNs(last)
      learner.reinforce(wasShort ? Math.min(last + 1, INTERVALS - 1) : last, 1)
    }
    const next = learner.choose()
    this.#choice[vm] = next
    untilNs[vm] = m.now + this.#lengthNs(next)
    this.host.coSchedule(m, m.tV[t]!)
  }

  #lengthNs(choice: number): number {
    return this.#shortestNs * 2 ** choice
  }
}

/** Co-scheduling on demand of the guest. */
export const asman: Scheme = Object.freeze({
  id: 'asman',
  info,
  create: (spec, given) => {
    const asman = new Asman(spec, resolveParams(info, given))
    return {
      ...asman.host.policy(),
      spinEnded: (m, t, waitedNs) => asman.spinEnded(m, t, waitedNs),
    }
  },
})
