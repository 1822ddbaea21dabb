/**
 * Cores: the pCPUs that a scheme shares out, in the order in which the allocation code counts them,
 * neighbours together. Allocation and placement are the simulator's (`core/schemes/allocation`).
 */
import type { Pcpu } from '../../core/contract/agent/facts.ts'
import type { Grouping } from '../../core/schemes/allocation.ts'

/** pCPUs by place: `ids[i]` is the host's number of the i-th. */
export type Cores = { readonly ids: readonly number[]; readonly grouping: Grouping }

/**
 * These pCPUs by place. Where groups are uneven (some pCPUs are not ours to use), they are one: a
 * neighbourhood that is not there is worse than none.
 */
export function coresOf(pcpus: readonly Pcpu[], use: readonly number[]): Cores {
  const keys = ['socket', 'numa', 'llc', 'core', 'id'] as const
  const known = new Map(pcpus.map((pcpu) => [pcpu.id, pcpu]))
  const own = use.map((id) => known.get(id) ?? { id, socket: 0, core: id, llc: 0, numa: 0 })
  own.sort((a, b) => keys.map((key) => a[key] - b[key]).find((by) => by !== 0) ?? 0)
  const size = (group: (pcpu: (typeof own)[number]) => string): number =>
    evenSize(own.map(group)) ?? own.length
  const perSocket = size(({ socket }) => `${socket}`)
  const perCore = evenSize(own.map(({ socket, core }) => `${socket}:${core}`)) ?? 1
  const perLlc = Math.min(
    perSocket,
    size(({ socket, llc }) => `${socket}:${llc}`),
  )
  const grouping = { pcpus: own.length, perSocket, perLlc, perCore }
  return { ids: own.map(({ id }) => id), grouping }
}

/** Size of runs of equal keys when all have one size, else undefined. */
function evenSize(keys: readonly string[]): number | undefined {
  const sizes = new Map<string, number>()
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1)
  const all = new Set(sizes.values())
  return all.size === 1 ? [...all][0] : undefined
}

/** CPU numbers ascending, each once. */
export const ascending = (cpus: Iterable<number>): number[] =>
  [...new Set(cpus)].sort((a, b) => a - b)
