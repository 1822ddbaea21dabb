/**
 * pin: each VM keeps all of its vCPUs and has pCPUs of its own, its share by weight, as an
 * administrator sets it up by hand. What is then left of double scheduling is within the VM.
 */
import type { Policy } from '../model/policy.ts'
import type { SimSpec } from '../model/spec.ts'
import { allocateVcpus, placeVcpus } from './allocation.ts'
import type { Scheme } from './scheme.ts'

/** A VM that finds no pCPU left for it may use all. */
function confine(spec: SimSpec): Policy {
  let placed: readonly (readonly number[])[] = []
  return {
    start: (m) => {
      const none = spec.vms.map(() => [])
      placed = placeVcpus(allocateVcpus(m.pcpus, spec.vms), none, m)
    },
    allows: (m, v, p) => {
      const own = placed[m.vVm[v]!]!
      return own.length === 0 || own.includes(p)
    },
  }
}

/** All vCPUs on the VM's share of the pCPUs. */
export const pin: Scheme = Object.freeze({
  id: 'pin',
  info: {
    id: 'pin',
    title: 'Pinned to a share',
    summary: 'Each VM keeps all its vCPUs, pinned to its own share of the pCPUs.',
    fixes: 'Interference between VMs: none runs on the pCPUs of another.',
    breaks:
      'Not double scheduling: the vCPUs of a VM still take turns, now among themselves. Does not ' +
      'follow demand: pCPUs of idle VMs stay unused.',
    source: 'taskset(1), virsh vcpupin: what administrators do by hand',
    note: 'The share is the one that flexcore gives a busy VM, so that only the vCPUs differ.',
    parameters: [],
  },
  create: (spec) => confine(spec),
})
