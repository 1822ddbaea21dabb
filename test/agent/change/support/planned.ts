// VMs and hosts as plans see them, for the tests of plans: all there, all well, unless said.
import type { PlannedVm } from '../../../../src-main/agent/change/plan.ts'
import type { VmSnapshot } from '../../../../src-main/core/contract/agent/change.ts'
import type { HostFacts, VmFacts } from '../../../../src-main/core/contract/agent/facts.ts'

type Host = Pick<HostFacts, 'pcpus' | 'allowedCpus'>

/** A host of one socket; `perCore` hardware threads a core. */
export function hostOf(pcpus: number, perCore = 1): Host {
  const ids = Array.from({ length: pcpus }, (_, id) => id)
  const shared = { socket: 0, llc: 0, numa: 0, maxKhz: null }
  return {
    pcpus: ids.map((id) => ({ id, core: Math.floor(id / perCore), ...shared })),
    allowedCpus: ids,
  }
}

/** A running VM with a guest that allows everything, on all of the host. */
export function vmOf(
  name: string,
  vcpus: number,
  pcpus: number,
  facts: Partial<VmFacts> = {},
  snapshot: Partial<VmSnapshot> = {},
): PlannedVm {
  const all = Array.from({ length: pcpus }, (_, id) => id)
  const cpus = Array.from({ length: vcpus }, (_, id) => id)
  const cpusets = { version: 'v2' as const, root: '/sys/fs/cgroup', delegated: true, groups: [] }
  return {
    facts: {
      name,
      backend: 'qemu',
      state: 'running',
      pid: 100,
      accel: 'tcg',
      memoryBytes: null,
      vcpus: cpus.map((index) => ({ index, tid: 200 + index, affinity: all, online: true })),
      weight: 1024,
      guest: {
        agentVersion: '10',
        kernel: null,
        os: null,
        allowedCpus: null,
        canResize: true,
        canExec: true,
      },
      problem: null,
      ...facts,
    },
    seen: {
      snapshot: {
        name,
        process: { pid: 100, startTicks: 1 },
        affinity: cpus.map(() => all),
        online: cpus,
        cpusets,
        ...snapshot,
      },
      guestProblem: null,
      cpusetProblem: null,
    },
  }
}
