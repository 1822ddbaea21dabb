/** Row 8: what ballooning vCPUs brings. */
import { FLEXCORE_BAND } from '../../core/stats/reference-bands.ts'
import type { SimulatedResult } from '../../core/contract/result.ts'
import { speedUp, suiteSpeedUp } from './estimates.ts'
import { beside, change, changes, judged } from './row.ts'
import type { Figure, Row } from './row.ts'
import { PARSEC, twice } from './parsec.ts'

/** A VM's share of the 12 pCPUs. */
const SHARE = 6
/** VCPU-Bal's claims, from its abstract. */
const [ON_XEN, ON_KVM] = [changes(0.015, 0.579), changes(0.082, 0.638)]

type Pair = readonly [readonly SimulatedResult[], readonly SimulatedResult[]]

/** The least and the most improved application, both of which the source's range holds. */
function extremes(what: string, source: ReturnType<typeof changes>, pairs: readonly Pair[]) {
  const apps = pairs
    .map(([base, other], i) => ({ app: PARSEC[i]!, model: speedUp(base, other) }))
    .sort((a, b) => a.model.value - b.model.value)
  const [least, most] = [apps[0]!, apps.at(-1)!]
  return [
    judged(`${what}, least (${least.app})`, source, 'change', least.model),
    judged(`${what}, most (${most.app})`, source, 'change', most.model),
  ]
}

type RunsOf = (app: string) => Promise<readonly SimulatedResult[]>

const pairsOf = (base: RunsOf, other: RunsOf): Promise<readonly Pair[]> =>
  Promise.all(PARSEC.map((app) => Promise.all([base(app), other(app)])))

/** Ballooning. */
export const ballooning: Row = {
  id: 8,
  behaviour: 'Fewer vCPUs, as many as a VM’s share of the pCPUs, make PARSEC faster',
  source:
    'Song, Shi, Chen and Zang, Schedule processes, not VCPUs, APSys 2013 (VCPU-Bal, simulated by ' +
    `giving each VM its best number of vCPUs); ${FLEXCORE_BAND.source}`,
  setup: [
    'Two VMs of 12 vCPUs and 12 threads on 12 pCPUs (2 × 6, assumed), both with the same ' +
      'application of PARSEC. VCPU-Bal: 6 vCPUs a VM and 12 threads, under `credit` (Xen) and by ' +
      '`vcpu-bal` (KVM); the best number is taken to be the share. FlexCore: `flexcore` with its ' +
      'defaults. Improvement: speed-up; the papers do not define it.',
  ],
  rule:
    'The least and the most improved application against the source’s range; FlexCore’s mean is ' +
    'a single figure.',
  found: [
    'VCPU-Bal on Xen, too good: vips and dedup flush TLBs, and under 30 ms slices each flush ' +
      'waits for preempted siblings (vips: 64 % of its threads’ time; it runs 12 times as long ' +
      'as under CFS). Paravirtual guests of Xen leave flushes to the hypervisor, which need ' +
      'not wait for who is preempted; the model’s guests send IPIs.',
    'VCPU-Bal, too bad: with 12 threads on 6 vCPUs the guest’s own scheduler is what is waited ' +
      'for. Threads of facesim stand in a guest queue for 29 % of the time, while other vCPUs of ' +
      'the same VM halt and pCPUs idle more than before (20 % against 13 %). Where little is ' +
      'synchronised little is saved: host and guest share a pCPU equally well.',
    'FlexCore: what synchronises gains, by no more preempted siblings, no switches of vCPUs ' +
      'and more locality. blackscholes and swaptions, which hardly meet, cannot: none of the ' +
      'model’s mechanisms gives them a third. Which assumptions would is in [floor.md](floor.md).',
  ],
  async measure(trials) {
    const under = (id: string, vcpus?: number) => (app: string) =>
      trials.run(twice(app, { id }, trials, vcpus))
    const [xen, kvm, flexcore] = await Promise.all([
      pairsOf(under('credit'), under('credit', SHARE)),
      pairsOf(under('cfs'), under('vcpu-bal')),
      pairsOf(under('cfs'), under('flexcore')),
    ])
    const { lo, hi, mean } = FLEXCORE_BAND
    const whole: Figure[] = [
      ...extremes('VCPU-Bal on Xen', ON_XEN, xen),
      beside('VCPU-Bal on Xen, mean', 'change', suiteSpeedUp(xen)),
      ...extremes('VCPU-Bal on KVM', ON_KVM, kvm),
      beside('VCPU-Bal on KVM, mean', 'change', suiteSpeedUp(kvm)),
      ...extremes('FlexCore', changes(lo, hi), flexcore),
      judged('FlexCore, mean', change(mean), 'change', suiteSpeedUp(flexcore)),
    ]
    return whole
  },
}
