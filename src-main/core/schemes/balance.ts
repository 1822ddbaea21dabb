/**
 * balance: balance scheduling. A vCPU is never queued where a sibling is, so siblings can run at
 * the same time; nothing makes them do so.
 */
import type { Machine } from '../model/machine.ts'
import type { Scheme } from './scheme.ts'

/** No sibling on the pCPU; a VM with more vCPUs than there are pCPUs is not restricted. */
function allows(m: Machine, v: number, p: number): boolean {
  const vm = m.vVm[v]!
  const siblings = m.vmOnP[vm * m.pcpus + p]!
  const own = m.vP[v] === p && isLoad(m, v) ? 1 : 0
  return siblings - own <= 0 || m.vms[vm]!.vcpus > m.pcpus
}

const isLoad = (m: Machine, v: number): boolean => m.vState[v]! >= 2

/** Balance scheduling (Sukwong and Kim). */
export const balance: Scheme = Object.freeze({
  id: 'balance',
  info: {
    id: 'balance',
    title: 'Balance scheduling',
    summary: 'Sibling vCPUs are kept on different run queues.',
    fixes: 'vCPU stacking; most of what co-scheduling brings, without its fragmentation.',
    breaks: 'Lock holders are still preempted: siblings are apart but not at the same time.',
    source: 'Sukwong and Kim, Is co-scheduling too expensive for SMP VMs?, EuroSys 2011',
    note: '',
    parameters: [],
  },
  create: () => ({ allows }),
})
