/** Threads of a process as /proc shows them: names, and where each may run. */
import { parseCpus } from '../../core/base/cpu-list.ts'
import type { HostFiles } from './host-files.ts'

/** A vCPU's thread as QEMU names it with `debug-threads=on`. */
export type NamedVcpu = {
  readonly index: number
  readonly tid: number
  readonly accel: 'kvm' | 'tcg'
}

/** Threads named `CPU 0/KVM` or `CPU 0/TCG`, by vCPU; empty when QEMU does not name them. */
export function namedVcpus(files: HostFiles, pid: number): NamedVcpu[] {
  const tids = files.names(`proc/${pid}/task`).map(Number)
  const vcpus = tids.flatMap((tid) => {
    const name = /^CPU (\d+)\/(KVM|TCG)$/.exec(files.text(`proc/${pid}/task/${tid}/comm`) ?? '')
    if (name === null) return []
    const accel = name[2] === 'KVM' ? ('kvm' as const) : ('tcg' as const)
    return [{ index: Number(name[1]), tid, accel }]
  })
  return vcpus.sort((a, b) => a.index - b.index)
}

/** Host threads by vCPU index, null where there is none: a vCPU that is not plugged in. */
export function tidsByIndex(vcpus: readonly Pick<NamedVcpu, 'index' | 'tid'>[]): (number | null)[] {
  const count = Math.max(0, ...vcpus.map(({ index }) => index + 1))
  const byIndex = new Map(vcpus.map(({ index, tid }) => [index, tid]))
  return Array.from({ length: count }, (_, vcpu) => byIndex.get(vcpu) ?? null)
}

/** CPUs that a thread may run on; null when the thread is gone. */
export function threadAffinity(files: HostFiles, pid: number, tid: number): number[] | null {
  return allowedCpus(files.text(`proc/${pid}/task/${tid}/status`))
}

/** `Cpus_allowed_list` of a /proc/…/status, or null. */
export function allowedCpus(status: string | null): number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? '')?.[1]
  const cpus = parseCpus(list ?? 'none')
  return cpus.ok ? cpus.value : null
}

/** Whether a process is (still) there. */
export const isAlive = (files: HostFiles, pid: number): boolean =>
  files.text(`proc/${pid}/comm`) !== null
