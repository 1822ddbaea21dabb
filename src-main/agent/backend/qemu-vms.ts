/** VMs of bare QEMU: threads from the monitor, pins by taskset, guests over their own sockets. */
import { LabError } from '../../core/base/lab-error.ts'
import { formatCpus } from '../../core/base/cpu-list.ts'
import type { HostFiles } from '../proc/host-files.ts'
import {
  isAlive,
  namedVcpus,
  threadAffinity,
  tidsByIndex,
  type NamedVcpu,
} from '../proc/threads.ts'
import { Guest } from './guest.ts'
import { QgaSocket } from './qga-socket.ts'
import type { QemuProcess } from './qemu-processes.ts'
import { QmpClient } from './qmp.ts'
import { runProgram } from './run-program.ts'
import { Vm, type VmIdentity } from './vm.ts'

const TASKSET_MS = 5000

type Seen = Pick<VmIdentity, 'tids' | 'accel' | 'state' | 'problem'>
type Connections = {
  readonly pid: number
  readonly monitor: QmpClient | null
  readonly guest: Guest | null
}

/** Describes QEMU processes, and keeps its sockets to them: connecting costs more than asking. */
export class QemuVms {
  readonly #files: HostFiles
  readonly #open = new Map<string, Connections>()

  constructor(files: HostFiles) {
    this.#files = files
  }

  /** The VMs that these processes are. */
  find(processes: readonly QemuProcess[]): Promise<Vm[]> {
    for (const [key, { pid }] of this.#open) if (!isAlive(this.#files, pid)) this.#close(key)
    return Promise.all(processes.map((process) => this.#vm(process)))
  }

  /** Closes all sockets. */
  close(): void {
    for (const key of this.#open.keys()) this.#close(key)
  }

  async #vm(process: QemuProcess): Promise<Vm> {
    const { name, pid, memoryBytes } = process
    const { monitor, guest } = this.#connections(process)
    const seen = await this.#look(process, monitor)
    return new Vm(
      { name, backend: 'qemu', pid, memoryBytes, ...seen },
      { guest, pin: (_vcpu, tid, cpus) => taskset(tid, cpus) },
      this.#files,
    )
  }

  /** The monitor knows best; where it serves another client, QEMU's names of its threads do. */
  async #look(process: QemuProcess, monitor: QmpClient | null): Promise<Seen> {
    const named = namedVcpus(this.#files, process.pid)
    if (monitor === null) return this.#byNames(process, named, 'QEMU has no monitor socket')
    try {
      const threads = await monitor.vcpuThreads()
      const state = (await monitor.isRunning()) ? ('running' as const) : ('paused' as const)
      const accel = (await monitor.usesKvm()) ? ('kvm' as const) : ('tcg' as const)
      return this.#checked(process.pid, { tids: tidsByIndex(threads), accel, state, problem: null })
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      return this.#byNames(process, named, error.message)
    }
  }

  #byNames(process: QemuProcess, named: readonly NamedVcpu[], why: string): Seen {
    const accel = named[0]?.accel ?? process.accel
    const unseen = named.length > 0 ? 'whether it is paused' : 'its vCPUs (no debug-threads=on)'
    const problem = `${why}: ${unseen} cannot be seen`
    return { tids: tidsByIndex(named), accel, state: 'running', problem }
  }

  /** In another PID namespace QEMU's numbers of its threads are not ours. */
  #checked(pid: number, seen: Seen): Seen {
    const isOurs = seen.tids.every(
      (tid) => tid !== null && threadAffinity(this.#files, pid, tid) !== null,
    )
    if (isOurs) return seen
    const named = tidsByIndex(namedVcpus(this.#files, pid))
    const problem = named.length > 0 ? null : 'its threads have other numbers here (a container?)'
    return { ...seen, tids: named.length > 0 ? named : seen.tids.map(() => null), problem }
  }

  #connections({ pid, qmpPath, qgaPath }: QemuProcess): Connections {
    // Another VM may get the number of one that has ended.
    const key = `${pid} ${qmpPath} ${qgaPath}`
    const open = this.#open.get(key) ?? {
      pid,
      monitor: qmpPath === null ? null : new QmpClient(qmpPath),
      guest: qgaPath === null ? null : new Guest(new QgaSocket(qgaPath)),
    }
    this.#open.set(key, open)
    return open
  }

  #close(key: string): void {
    this.#open.get(key)?.monitor?.close()
    this.#open.get(key)?.guest?.close()
    this.#open.delete(key)
  }
}

/** Node has no sched_setaffinity of its own; util-linux's is on every Linux. */
async function taskset(tid: number, cpus: readonly number[]): Promise<void> {
  const argv = ['taskset', '--cpu-list', '--pid', formatCpus(cpus), String(tid)]
  const { code, stderr } = await runProgram(argv, TASKSET_MS)
  if (code === 0) return
  throw new LabError('unavailable', stderr.trim().slice(0, 1000), tasksetHint(stderr))
}

function tasksetHint(stderr: string): string {
  if (/not permitted/.test(stderr)) return 'changing VMs of others needs root'
  if (!/Invalid argument/.test(stderr)) return ''
  return 'the host has no such CPU, or a cgroup keeps the VM from it'
}
