/** Logical CPUs, caches and NUMA nodes, from /sys/devices/system/cpu. */
import { parseCpus } from '../../core/base/cpu-list.ts'
import type { HostFacts, Pcpu } from '../../core/contract/agent/facts.ts'
import type { HostFiles } from '../proc/host-files.ts'

const CPUS = 'sys/devices/system/cpu'
const KIB: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

type Cache = HostFacts['caches'][number] & { readonly sharedBy: readonly number[] }

/** CPUs that are online, ascending. Where a kernel tells less, each is a core of socket 0. */
export function readPcpus(files: HostFiles): Pcpu[] {
  const online = parseCpus(files.text(`${CPUS}/online`) ?? '')
  const ids = online.ok ? online.value : []
  return ids.map((id) => {
    const topology = `${CPUS}/cpu${id}/topology`
    return {
      id,
      // Some machines have -1 for a package that firmware does not tell.
      socket: Math.max(0, files.number(`${topology}/physical_package_id`) ?? 0),
      core: Math.max(0, files.number(`${topology}/core_id`) ?? id),
      llc: lastLevel(files, id),
      numa: numaNode(files, id),
      maxKhz: files.number(`${CPUS}/cpu${id}/cpufreq/cpuinfo_max_freq`),
    }
  })
}

/** Caches of CPU 0, one of each level and type. */
export function readCaches(files: HostFiles): HostFacts['caches'] {
  return cachesOf(files, 0).map(({ level, type, bytes }) => ({ level, type, bytes }))
}

function cachesOf(files: HostFiles, cpu: number): Cache[] {
  const folder = `${CPUS}/cpu${cpu}/cache`
  const indices = files.names(folder).filter((name) => name.startsWith('index'))
  return indices.flatMap((index) => {
    const text = (name: string) => files.text(`${folder}/${index}/${name}`)
    const level = files.number(`${folder}/${index}/level`)
    const size = /^(\d+)([KMG]?)$/.exec(text('size') ?? '')
    if (level === null || size === null) return []
    const shared = parseCpus(text('shared_cpu_list') ?? '')
    return [
      {
        level,
        type: text('type') ?? 'Unified',
        bytes: Number(size[1]) * (KIB[size[2] ?? ''] ?? 1),
        sharedBy: shared.ok ? shared.value : [],
      },
    ]
  })
}

function lastLevel(files: HostFiles, cpu: number): number {
  const caches = cachesOf(files, cpu).sort((a, b) => b.level - a.level)
  return caches[0]?.sharedBy[0] ?? cpu
}

function numaNode(files: HostFiles, cpu: number): number {
  const names = files.names(`${CPUS}/cpu${cpu}`)
  const node = names.map((name) => /^node(\d+)$/.exec(name)?.[1]).find((id) => id !== undefined)
  return Number(node ?? 0)
}
