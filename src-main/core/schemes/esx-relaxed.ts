/**
 * esx-relaxed: relaxed co-scheduling (VMware ESX 4). A vCPU that has got too far ahead of its
 * slowest sibling stops alone, until that one has caught up.
 */
import { setHeld, setTimer } from '../model/actions.ts'
import type { Machine } from '../model/machine.ts'
import type { VmState } from '../model/vm-state.ts'
import { VCPU } from '../model/vocabulary.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'
import { SkewMeter } from './skew.ts'

const PAPER = 'VMware, The CPU Scheduler in VMware ESX 4'

const info: SchemeText = {
  id: 'esx-relaxed',
  title: 'Relaxed co-scheduling (ESX 4)',
  summary: 'vCPUs that lead their slowest sibling by too much stop until it has caught up.',
  fixes: 'Skew between siblings is bounded, with far less fragmentation than strict co-scheduling.',
  breaks:
    'Siblings still do not run at the same time, so lock holders are preempted, and a leader may ' +
    'be stopped while it holds a lock; pCPUs of stopped leaders may idle.',
  source: `${PAPER}, white paper, 2010`,
  note: 'The queues are those of CFS: the rule of co-stop and co-start is what is compared.',
  parameters: [
    numberParameter('stopNs', 'Lead at which a vCPU stops', 3e6, 'ns', 'K', `${PAPER}: 3 ms`),
    numberParameter('startNs', 'Lead at which it goes on', 2e6, 'ns', 'K', `${PAPER}: 2 ms`),
    numberParameter('periodNs', 'Skew is looked at each', 1e6, 'ns', 'A', 'below the thresholds'),
  ],
}

/** Relaxed co-scheduling. */
export const esxRelaxed: Scheme = Object.freeze({
  id: 'esx-relaxed',
  info,
  create: (spec, given) => {
    const params = resolveParams(info, given)
    const stopNs = Number(params.stopNs)
    const startNs = Math.min(stopNs, Number(params.startNs))
    const periodNs = Number(params.periodNs)
    const skew = new SkewMeter(spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0))
    const check = (m: Machine, vm: VmState): void => {
      skew.measure(m, vm, periodNs)
      for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) {
        const leadNs = skew.leadNs[v]!
        if (m.vHeld[v] === 0) {
          if (leadNs > stopNs && m.vState[v]! >= VCPU.runnable) setHeld(m, v, true)
        } else if (leadNs < startNs) setHeld(m, v, false)
      }
    }
    return {
      start: (m) => setTimer(m, 0, periodNs),
      timer: (m) => {
        setTimer(m, 0, periodNs)
        for (const vm of m.vms) if (vm.vcpus > 1 && !vm.departed) check(m, vm)
      },
    }
  },
})
