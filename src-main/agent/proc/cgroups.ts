/** CPU weights of cgroups: what a VM gets when others want the same CPUs. Version 1 and 2. */
import type { HostFiles } from './host-files.ts'

/** CFS's weight of nice 0, and what version 2 writes for it. */
const SHARES_DEFAULT = 1024
const WEIGHT_DEFAULT = 100

/** libvirt puts QEMU's threads below the VM's own group, which is the one with the weight. */
const LIBVIRT_BELOW = /(\/libvirt)?\/(emulator|vcpu\d+|iothread\d+)$/

/** Which hierarchy controls CPU time here. */
export function cgroupVersion(files: HostFiles): 'v1' | 'v2' | 'none' {
  const mount = cpuMount(files)
  return mount === null ? 'none' : mount.version
}

/** Weight of a process's cgroup in CFS's unit, 1024 unless it is set; null when it is hidden. */
export function cpuWeight(files: HostFiles, pid: number): number | null {
  const mount = cpuMount(files)
  const groups = files.text(`proc/${pid}/cgroup`)
  if (groups === null) return null
  if (mount === null) return SHARES_DEFAULT
  const group = groupOf(groups, mount.version)?.replace(LIBVIRT_BELOW, '') ?? '/'
  const folder = `${mount.folder}${group}`
  if (mount.version === 'v1') return files.number(`${folder}/cpu.shares`) ?? SHARES_DEFAULT
  const weight = files.number(`${folder}/cpu.weight`) ?? WEIGHT_DEFAULT
  return (weight * SHARES_DEFAULT) / WEIGHT_DEFAULT
}

function groupOf(groups: string, version: 'v1' | 'v2'): string | null {
  const lines = groups.split('\n').map((line) => /^(\d+):([^:]*):(.*)$/.exec(line))
  const line = lines.find((match) =>
    version === 'v2' ? match?.[1] === '0' : match?.[2]?.split(',').includes('cpu'),
  )
  return line?.[3] ?? null
}

/** Where the cpu controller is mounted: version 1 first, since in a mixed system it has it. */
function cpuMount(files: HostFiles): { version: 'v1' | 'v2'; folder: string } | null {
  const mounts = (files.text('proc/self/mounts') ?? '').split('\n').map((line) => line.split(' '))
  const v1 = mounts.find(([, , type, options]) => {
    return type === 'cgroup' && (options ?? '').split(',').includes('cpu')
  })
  if (v1?.[1] !== undefined) return { version: 'v1', folder: v1[1] }
  const v2 = mounts.find(([, , type]) => type === 'cgroup2')
  return v2?.[1] === undefined ? null : { version: 'v2', folder: v2[1] }
}
