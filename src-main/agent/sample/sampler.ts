/**
 * Samples of VMs and host, cheap enough for ten a second: files stay open, and nothing is asked of
 * guests, monitors or libvirt.
 */
import { performance } from 'node:perf_hooks'
import { LabError } from '../../core/base/lab-error.ts'
import type { Sample, VmSample } from '../../core/contract/agent/work.ts'
import type { Vm } from '../backend/vm.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { parseBusyNs } from './busy-time.ts'
import { ProcReader } from './proc-reader.ts'
import { VcpuReader } from './vcpu-counters.ts'

/** Some 100 bytes a CPU, which come first. */
const STAT_BYTES = 256 * 1024

/** vCPUs that the scheme in force gives a VM; null where none of ours is. */
export type CountInForce = (vm: string) => number | null

type VmReader = { readonly vm: string; readonly vcpus: readonly VcpuReader[] }

/** Reads samples of some VMs from now on. */
export class Sampler {
  readonly #startMs = performance.now()
  readonly #countInForce: CountInForce
  readonly #stat: ProcReader
  readonly #vms: VmReader[] = []

  /** @throws LabError `unavailable` when a VM's threads are unknown, `not-found` when it is over */
  constructor(files: HostFiles, vms: readonly Vm[], countInForce: CountInForce) {
    this.#countInForce = countInForce
    this.#stat = new ProcReader(files, 'proc/stat', STAT_BYTES)
    try {
      for (const vm of vms) this.#vms.push(openVm(files, vm))
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Everything now. @throws LabError `not-found` when a VM has ended */
  read(): Sample {
    return {
      atNs: Math.round((performance.now() - this.#startMs) * 1e6),
      vms: this.#vms.map((vm) => this.#readVm(vm)),
      pcpuBusyNs: parseBusyNs(this.#stat.read()),
    }
  }

  close(): void {
    this.#stat.close()
    for (const { vcpus } of this.#vms) for (const vcpu of vcpus) vcpu.close()
  }

  #readVm({ vm, vcpus }: VmReader): VmSample {
    const counters = whileAlive(vm, () => vcpus.map((vcpu) => vcpu.read()))
    return {
      vm,
      runNs: counters.map(({ runNs }) => runNs),
      runDelayNs: counters.map(({ runDelayNs }) => runDelayNs),
      voluntary: counters.map(({ voluntary }) => voluntary),
      involuntary: counters.map(({ involuntary }) => involuntary),
      pcpu: counters.map(({ pcpu }) => pcpu),
      online: this.#countInForce(vm),
    }
  }
}

function openVm(files: HostFiles, vm: Vm): VmReader {
  const threads = vm.identity.tids.map((_tid, vcpu) => vm.thread(vcpu))
  const vcpus = whileAlive(vm.name, () => threads.map((thread) => new VcpuReader(files, thread)))
  return { vm: vm.name, vcpus }
}

/** A thread that has ended reads as ESRCH or ENOENT. @throws LabError `not-found` instead */
function whileAlive<T>(vm: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'ESRCH' || code === 'ENOENT') throw new LabError('not-found', `${vm} has ended`)
    const why = error instanceof Error ? error.message : String(error)
    throw new LabError('unavailable', `${vm}: its counters cannot be read: ${why}`)
  }
}
