/**
 * vcpu-bal: VCPU-Bal. Each VM gets a number of vCPUs once, and the host schedules them as it likes.
 */
import { resize } from '../model/actions.ts'
import { allocateVcpus } from './allocation.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'vcpu-bal',
  title: 'VCPU-Bal',
  summary: 'A static number of vCPUs a VM, so that together they are as many as the pCPUs.',
  fixes: 'Most double scheduling while all VMs are busy.',
  breaks: 'Does not follow demand: cores of idle VMs stay unused; vCPUs still wander.',
  source: 'Song et al., Schedule processes, not VCPUs, APSys 2013',
  note:
    'Default: the share of the pCPUs by weight, which need not be the best number. `search` ' +
    'finds that as the paper does, by trying: the same number for each VM, up to 16 of them, ' +
    'each in a run of its own with other draws. It is what could be had at most, and no host can ' +
    'do it; a run takes up to 17 times as long.',
  parameters: [
    numberParameter('vcpus', 'vCPUs of each VM (0: its share)', 0, 'vCPUs', 'A', 'share rule'),
    {
      key: 'search',
      label: 'Try every number, take the fastest',
      value: false,
      unit: '',
      mark: 'A',
      source: 'Song et al. 2013 give each VM its best number',
    },
  ],
}

/** A static number of vCPUs a VM, unpinned. */
export const vcpuBal: Scheme = Object.freeze({
  id: 'vcpu-bal',
  info,
  create: (spec, given) => {
    const fixed = Number(resolveParams(info, given).vcpus)
    return {
      start: (m) => {
        const counts = allocateVcpus(m.pcpus, spec.vms)
        m.vms.forEach((vm, i) => {
          const n = fixed > 0 ? Math.min(fixed, vm.vcpus) : counts[i]!
          resize(m, i, new Array<number>(n).fill(-1), { latencyNs: 0, stopNs: 0 })
        })
      },
    }
  },
})
