// A model of a VM: vCPU threads with affinities and a guest, behind the same port as QEMU's and
// libvirt's. It can be told to fail, or to stop answering, at any of its calls.
import { LabError } from '../../../../src-main/core/base/lab-error.ts'
import type { VmPort } from '../../../../src-main/agent/change/vm-port.ts'
import { ModelGuest, type GuestSpec } from './model-guest.ts'

/** A VM whose every changing call can be made to fail. */
export class ModelVm {
  readonly guest: ModelGuest
  readonly affinity: number[][]
  /** Calls that change something, so far. */
  calls = 0
  /** The call at which it fails, and all after it; Infinity: none. */
  failsAt = Infinity
  readonly port: VmPort

  constructor(name: string, affinity: readonly (readonly number[])[], spec: GuestSpec) {
    this.guest = new ModelGuest(spec)
    this.affinity = affinity.map((cpus) => [...cpus])
    this.port = this.#port(name)
  }

  /** All that may be changed, for comparing. */
  get state(): object {
    return { affinity: this.affinity.map((cpus) => [...cpus]), guest: this.guest.state }
  }

  #port(name: string): VmPort {
    const { guest, affinity } = this
    return {
      name,
      // A process that is certainly there, so that snapshots hold.
      pid: process.pid,
      tids: affinity.map((_, vcpu) => 1000 + vcpu),
      affinity: (vcpu) => [...affinity[vcpu]!],
      setAffinity: async (vcpu, cpus) => {
        await this.#act()
        affinity[vcpu] = [...cpus]
      },
      online: async () => {
        await this.#act(false)
        return [...guest.online].sort((a, b) => a - b)
      },
      setOnline: async (cpus) => {
        await this.#act()
        guest.setOnline(cpus)
      },
      exec: async (argv, stdin) => {
        await this.#act(['tee', 'mkdir', 'rmdir'].includes(argv[0]!))
        return guest.run(argv, stdin)
      },
    }
  }

  async #act(changes = true): Promise<void> {
    await Promise.resolve()
    if (changes) this.calls++
    if (this.calls >= this.failsAt) throw new LabError('unavailable', 'the model does not answer')
  }
}
