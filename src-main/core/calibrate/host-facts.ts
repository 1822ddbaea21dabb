/** host-facts: what a calibration takes from a host's facts, and which of them make it stale. */
import type { HostFacts, VmFacts } from '../contract/agent/facts.ts'
import type { CalibratedFacts, Calibration, StaleFact } from '../contract/calibration.ts'
import type { CacheSizes } from './probes.ts'

const KIB = 1024

/** Facts on which the measured costs hang. */
export const calibratedFacts = (host: HostFacts, vm: VmFacts): CalibratedFacts => ({
  kernel: host.kernel,
  cpuModel: host.cpuModel,
  microcode: host.microcode,
  qemuVersion: host.qemuVersion,
  accel: vm.accel,
  guestKernel: vm.guest?.kernel ?? null,
})

const NAMES: Readonly<Record<keyof CalibratedFacts, string>> = {
  kernel: 'kernel',
  cpuModel: 'CPU',
  microcode: 'microcode',
  qemuVersion: 'QEMU',
  accel: 'accelerator',
  guestKernel: 'guest kernel',
}

/**
 * What has changed on the host since; empty when the calibration holds. What cannot be seen now, as
 * the kernel of a guest that does not answer, has not changed.
 */
export function staleFacts(calibration: Calibration, now: CalibratedFacts): readonly StaleFact[] {
  const keys = Object.keys(NAMES) as (keyof CalibratedFacts)[]
  return keys.flatMap((key) => {
    const was = calibration.facts[key]
    const is = now[key]
    if (is === null || is === 'unknown' || was === is) return []
    return [{ fact: NAMES[key], was: was ?? 'not known', is }]
  })
}

const distinct = (values: readonly (number | string)[]): number => new Set(values).size

/** The pCPUs that the agent may use, as the simulator has them: all sockets alike. */
export function topologyOf({ pcpus, allowedCpus }: HostFacts): Calibration['topology'] {
  const usable = pcpus.filter(({ id }) => allowedCpus.includes(id))
  const sockets = distinct(usable.map(({ socket }) => socket))
  const cores = distinct(usable.map(({ socket, core }) => `${socket}/${core}`))
  const llcs = distinct(usable.map(({ llc }) => llc))
  const coresPerSocket = Math.max(1, Math.round(cores / sockets))
  const coresPerLlc = Math.max(1, Math.round(cores / llcs))
  return {
    ...{ sockets, coresPerSocket },
    coresPerLlc: coresPerSocket % coresPerLlc === 0 ? coresPerLlc : coresPerSocket,
    threadsPerCore: Math.max(1, Math.round(usable.length / cores)),
  }
}

/** Sizes of the caches; null where the host does not tell. */
export function cacheSizes({ caches }: HostFacts): {
  readonly [Key in keyof CacheSizes]: number | null
} {
  const kibOf = (level: number): number | null => {
    const found = caches.find((cache) => cache.level === level && cache.type !== 'Instruction')
    return found === undefined ? null : found.bytes / KIB
  }
  return { l2Kib: kibOf(2), llcKib: kibOf(3) ?? kibOf(2) }
}

/** Host features of KVM; an emulated guest has none. */
export function switchesOf(host: HostFacts, vm: VmFacts): Calibration['switches'] {
  if (vm.accel !== 'kvm') return { ple: false, haltPolling: false }
  const isOn = (...names: readonly string[]): boolean =>
    names.some((name) => Number(host.kvmParameters[name] ?? 0) > 0)
  return {
    ple: isOn('kvm_intel.ple_gap', 'kvm_amd.pause_filter_count'),
    haltPolling: isOn('kvm.halt_poll_ns'),
  }
}
