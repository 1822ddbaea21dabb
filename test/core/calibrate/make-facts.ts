// Facts of a host and a VM, as an agent would tell them.
import type { HostFacts, VmFacts } from '../../../src-main/core/contract/agent/facts.ts'

const pcpu = (
  id: number,
  socket: number,
  core: number,
  llc: number,
): HostFacts['pcpus'][number] => ({
  ...{ id, socket, core, llc, numa: socket },
  maxKhz: null,
})

/** Two sockets of two cores with two hardware threads each; an LLC a socket. */
export const twoSockets: HostFacts['pcpus'] = Array.from({ length: 8 }, (_, id) => {
  const core = id % 4
  const socket = Math.floor(core / 2)
  return pcpu(id, socket, core % 2, socket * 2)
})

/** A host of two cores, emulating. */
export const hostFacts = (changes: Partial<HostFacts> = {}): HostFacts => ({
  ...{ hostname: 'bed', os: 'Debian', kernel: '6.12.0', cmdline: null, arch: 'x86_64' },
  ...{ cpuModel: 'CPU', microcode: '0x1', governor: null, turbo: null, clocksource: 'tsc' },
  memoryBytes: 2 ** 32,
  pcpus: [pcpu(0, 0, 0, 0), pcpu(1, 0, 1, 0)],
  caches: [
    { level: 1, type: 'Data', bytes: 48 * 1024 },
    { level: 2, type: 'Unified', bytes: 2 * 1024 * 1024 },
    { level: 3, type: 'Unified', bytes: 32 * 1024 * 1024 },
  ],
  ...{ mitigations: {}, fairClass: 'eevdf', kvmParameters: {}, cgroup: 'v2' },
  ...{ qemuVersion: '7.2.17', libvirtVersion: null, allowedCpus: [0, 1], loadAverage: 0, uid: 0 },
  notObservable: {},
  ...changes,
})

/** A guest of two vCPUs that answers. */
export const vmFacts = (changes: Partial<VmFacts> = {}): VmFacts => ({
  ...{ name: 'bed-1', backend: 'qemu', state: 'running', pid: 1, accel: 'tcg' },
  memoryBytes: 2 ** 29,
  vcpus: [0, 1].map((index) => ({ index, tid: 10 + index, affinity: [0, 1], online: true })),
  weight: 1024,
  guest: {
    ...{ agentVersion: '7.2', kernel: '6.1.0', os: null, allowedCpus: [0, 1] },
    ...{ canResize: true, canExec: true },
  },
  problem: null,
  ...changes,
})
