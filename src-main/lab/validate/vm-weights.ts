/** Row 9: weights of VMs, whatever their number of vCPUs. */
import { findScheme } from '../../core/schemes/registry.ts'
import { signedMean } from '../../core/stats/order-averaged.ts'
import type { SimulatedResult } from '../../core/contract/result.ts'
import { beside, judged, missing } from './row.ts'
import type { Row } from './row.ts'
import { oneSocket } from './situation.ts'
import type { Situation, VmInput } from './situation.ts'

const PCPUS = 8
/** vCPUs and weights: by vCPU they would get shares of 12 and 4, and 2 times 8. */
const VMS: readonly (readonly [number, number])[] = [
  [8, 1024],
  [4, 1024],
  [8, 2048],
]
const AT_MOST = ['at most 5 %', { lo: 0, hi: 0.05 }] as const

/** The largest relative error of a VM's share of CPU time. */
function errorOf({ vms }: SimulatedResult): number {
  const cpu = vms.reduce((sum, vm) => sum + vm.cpuNs, 0)
  const weight = VMS.reduce((sum, [, own]) => sum + own, 0)
  const errors = vms.map((vm, i) => Math.abs(vm.cpuNs / cpu / (VMS[i]![1] / weight) - 1))
  return Math.max(...errors)
}

/** Weights of VMs. */
export const vmWeights: Row = {
  id: 9,
  behaviour: 'Flex gives each VM its share by weight, to 5 %',
  source: 'Rao and Zhou, Towards fair and efficient SMP virtual machine scheduling, PPoPP 2014',
  setup: [
    'Three VMs of 8, 4 and 8 vCPUs and weights 1, 1 and 2 on 8 pCPUs, a busy thread on every ' +
      'vCPU all the time. No VM is due more CPU time than its vCPUs can use. Beside it stock ' +
      'KVM, which is fair to vCPUs.',
  ],
  rule: 'The largest relative error of a VM’s share of the CPU time that all used.',
  found: [],
  async measure(trials) {
    const params = { scale: 4 * Math.max(0.25, trials.scale) }
    const vms: readonly VmInput[] = VMS.map(([vcpus, weight]) => ({
      ...{ vcpus, weight },
      workload: { app: 'hog', params: { ...params, threads: vcpus } },
    }))
    const situation = (id: string): Situation => ({
      ...{ host: oneSocket(PCPUS), scheme: { id }, vms: [...vms] },
    })
    const error = async (id: string) => signedMean((await trials.run(situation(id))).map(errorOf))
    const name = 'error of a VM’s share'
    const stock = beside('the same under stock KVM', 'share', await error('cfs'))
    if (findScheme('flex') === undefined) return [missing(name, AT_MOST[0], 'share'), stock]
    return [judged(name, AT_MOST, 'share', await error('flex')), stock]
  },
}
