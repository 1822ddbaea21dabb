/**
 * Puts one VM back as its snapshot has it, and reads it back. Idempotent: what is as it was is left
 * alone, so it may run twice, after half an apply, or after half a restore.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { formatCpus } from '../../core/base/cpu-list.ts'
import { LabError } from '../../core/base/lab-error.ts'
import type { Change, VmSnapshot } from '../../core/contract/agent/change.ts'
import { Confinement } from './confinement.ts'
import { cpusetDifferences } from './cpusets.ts'
import { DEADLINES, type Deadlines } from './see-vm.ts'
import type { VmPort } from './vm-port.ts'

/** What was put back, and what still differs. */
export type VmRestored = { readonly changes: Change[]; readonly differences: string[] }

/** How often it is tried; a guest that is just coming round may need several. */
export type Patience = Deadlines & { readonly tries: number }

const PATIENCE: Patience = { ...DEADLINES, tries: 5 }
const PAUSE_MS = 300

/**
 * Puts a VM back. Never throws: what could not be done is among the differences.
 *
 * @param quiet settles when a change that was under way is over; the affinities do not wait for it,
 *   since it may want for CPU time
 */
export async function restoreVm(
  vm: VmPort,
  snapshot: VmSnapshot,
  quiet: Promise<unknown> = Promise.resolve(),
  patience: Partial<Patience> = {},
): Promise<VmRestored> {
  const { tries, ...deadlines } = { ...PATIENCE, ...patience }
  const first = new Restorer(vm, snapshot, deadlines)
  await first.runOnHost()
  await Promise.allSettled([quiet])
  const changes = [...first.changes]
  for (let tried = 1; ; tried++) {
    const restorer = new Restorer(vm, snapshot, deadlines)
    const differences = await restorer.run()
    changes.push(...restorer.changes)
    if (differences.length === 0 || tried >= tries) return { changes, differences }
    await sleep(PAUSE_MS * tried)
  }
}

/** One try. */
class Restorer {
  readonly changes: Change[] = []
  readonly #vm: VmPort
  readonly #snapshot: VmSnapshot
  readonly #deadlines: Deadlines
  readonly #differences: string[] = []

  constructor(vm: VmPort, snapshot: VmSnapshot, deadlines: Deadlines) {
    this.#vm = vm
    this.#snapshot = snapshot
    this.#deadlines = deadlines
  }

  /** What still differs. The host first: it needs no guest, and gives the guest CPU time. */
  async run(): Promise<string[]> {
    await this.runOnHost()
    await this.#attempt(() => this.#restoreOnline())
    await this.#attempt(() => this.#restoreCpusets())
    return this.#differences
  }

  /** The host's part alone. */
  async runOnHost(): Promise<void> {
    for (const vcpu of this.#snapshot.affinity.keys())
      await this.#attempt(() => this.#restoreAffinity(vcpu))
  }

  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      const text = error instanceof LabError ? error.message : String(error)
      this.#differences.push(text.slice(0, 1000))
    }
  }

  async #restoreAffinity(vcpu: number): Promise<void> {
    const wanted = this.#snapshot.affinity[vcpu]!
    const now = this.#vm.affinity(vcpu)
    if (now === null || wanted.length === 0 || formatCpus(now) === formatCpus(wanted)) return
    await this.#vm.setAffinity(vcpu, wanted)
    this.#note('affinity', `vCPU ${vcpu}`, formatCpus(now), formatCpus(wanted))
    const found = formatCpus(this.#vm.affinity(vcpu) ?? [])
    this.#compare(`vCPU ${vcpu} may run on`, found, formatCpus(wanted))
  }

  async #restoreOnline(): Promise<void> {
    const { online } = this.#snapshot
    if (online === null) return
    const now = await this.#vm.online()
    if (formatCpus(now) === formatCpus(online)) return
    await this.#vm.setOnline(online, this.#deadlines.changeMs)
    this.#note('online', 'guest CPUs', formatCpus(now), formatCpus(online))
    this.#compare('guest CPUs online:', formatCpus(await this.#vm.online()), formatCpus(online))
  }

  /** After the CPUs: a cpuset of v1 takes none that is offline. */
  async #restoreCpusets(): Promise<void> {
    const { cpusets } = this.#snapshot
    if (cpusets === null) return
    const confinement = new Confinement(this.#vm, this.#deadlines.changeMs)
    const differences = async (): Promise<readonly string[]> => {
      const now = await confinement.read()
      return now.ok ? cpusetDifferences(now.value, cpusets) : [now.error]
    }
    const before = await differences()
    if (before.length === 0) return
    await confinement.restore(cpusets)
    for (const text of before) this.#note('cpuset', text, 'as found', 'as before')
    this.#differences.push(...(await differences()).map((text) => `${this.#vm.name}: ${text}`))
  }

  #compare(what: string, is: string, should: string): void {
    if (is === should) return
    this.#differences.push(`${this.#vm.name}: ${what} ${is || 'none'} in place of ${should}`)
  }

  #note(kind: Change['kind'], target: string, from: string, to: string): void {
    const [command, revert] = [`put back: ${target} → ${to}`, '']
    this.changes.push({ vm: this.#vm.name, kind, target, from, to, command, revert })
  }
}
