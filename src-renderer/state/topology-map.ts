/** The topology map: which vCPU may run on which pCPU, and where each ran last. Pure. */
import type { HostFacts, Pcpu, VmFacts } from '../../src-main/core/contract/agent/facts.ts'
import type { Sample } from '../../src-main/core/contract/agent/work.ts'

/** A place of the map. `only`: the vCPU may run nowhere else. */
export type MapCell = { readonly may: boolean; readonly only: boolean; readonly here: boolean }

/** A vCPU's line. `online` null: the guest agent does not say. */
export type MapRow = {
  readonly vm: string
  readonly index: number
  readonly online: boolean | null
  readonly cells: readonly MapCell[]
}

/** The map of a host. */
export type TopologyMap = { readonly pcpus: readonly Pcpu[]; readonly rows: readonly MapRow[] }

/** One row a vCPU of the running VMs; `sample` tells where each ran last. */
export function topologyMap(
  facts: HostFacts,
  vms: readonly VmFacts[],
  sample: Sample | null,
): TopologyMap {
  const pcpus = facts.pcpus.toSorted((a, b) => a.socket - b.socket || a.llc - b.llc || a.id - b.id)
  const rows = vms
    .filter((vm) => vm.state !== 'off')
    .flatMap((vm) => {
      const last = sample?.vms.find((seen) => seen.vm === vm.name)
      return vm.vcpus.map(({ index, online, affinity }) => {
        const here = last?.pcpu[index] ?? null
        const may = new Set(affinity)
        const cells = pcpus.map(({ id }) => ({
          may: may.has(id),
          only: may.has(id) && may.size === 1 && pcpus.length > 1,
          here: id === here,
        }))
        return { vm: vm.name, index, online, cells }
      })
    })
  return { pcpus, rows }
}

/** A row in words, for those who do not see the map: `vm1 vCPU 0, on pCPU 2 only, last on 2`. */
export function describeRow(row: MapRow, pcpus: readonly Pcpu[]): string {
  const allowed = pcpus.filter((_, i) => row.cells[i]!.may).map((pcpu) => pcpu.id)
  const here = pcpus.find((_, i) => row.cells[i]!.here)
  const where =
    allowed.length === pcpus.length ? 'on any pCPU' : `on pCPU ${allowed.join(', ')} only`
  const state = row.online === false ? ', offline' : ''
  const last = here === undefined ? '' : `, last on ${here.id}`
  return `${row.vm} vCPU ${row.index}, ${where}${state}${last}`
}
