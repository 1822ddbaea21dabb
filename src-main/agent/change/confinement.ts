/**
 * Confinement: the second way to take vCPUs from a guest. They stay online, but its processes are
 * kept off them by cpusets, so no stop_machine is needed. It is done by programs of the guest
 * (find, grep, tee, mkdir, rmdir; coreutils or busybox), with data as arguments and stdin.
 *
 * Programs started through the guest agent are confined because the agent is: by its service's
 * group, or because it is moved into a group of ours with all other processes of the root.
 */
import { formatCpus } from '../../core/base/cpu-list.ts'
import { LabError } from '../../core/base/lab-error.ts'
import { err, type Result } from '../../core/base/result.ts'
import type { GuestCpusets } from '../../core/contract/agent/change.ts'
import {
  contentsByFile,
  controlFile,
  cpusFile,
  findHierarchy,
  groupPaths,
  hasOwnGroup,
  narrowed,
  OWN_GROUP,
  pidsOf,
  readCpusets,
  userProcesses,
  withOwnGroup,
  writesBetween,
} from './cpusets.ts'
import type { GuestOutput, VmPort } from './vm-port.ts'

/** Rounds of moving processes: each moves what was forked during the one before. */
const ROUNDS_MAX = 10

/** A guest's cpusets through its agent. */
export class Confinement {
  readonly #vm: Pick<VmPort, 'name' | 'exec'>
  readonly #deadlineMs: number
  readonly #signal: AbortSignal | undefined
  /** As we left them; null: they have to be read first. */
  #current: GuestCpusets | null = null

  /**
   * @param deadlineMs of each guest call
   * @param signal stops it between two guest calls
   */
  constructor(vm: Pick<VmPort, 'name' | 'exec'>, deadlineMs: number, signal?: AbortSignal) {
    this.#vm = vm
    this.#deadlineMs = deadlineMs
    this.#signal = signal
  }

  /** The cpusets as they are, or why none can be read. @throws LabError when nobody answers */
  async read(): Promise<Result<GuestCpusets, string>> {
    const mounts = await this.#exec(['grep', '-s', '', '/proc/mounts'])
    const hierarchy = findHierarchy(mounts.stdout)
    if (!hierarchy.ok) return hierarchy
    const { version, root } = hierarchy.value
    const depth = version === 'v2' ? ['-maxdepth', '1'] : []
    const folders = await this.#exec(['find', root, ...depth, '-type', 'd'])
    if (folders.code !== 0) return err('the guest’s cgroups cannot be listed')
    const paths = groupPaths(hierarchy.value, folders.stdout)
    const files = [controlFile(root), ...paths.map((path) => cpusFile(root, path))]
    // -s: v2 has no such files where the controller is not handed down
    const contents = await this.#exec(['grep', '-Hs', '', ...files])
    return readCpusets(hierarchy.value, paths, contentsByFile(contents.stdout))
  }

  /** Keeps the guest's processes to these CPUs; `original`: as it was before all of our changes. */
  async confine(original: GuestCpusets, cpus: readonly number[]): Promise<void> {
    this.#current ??= await this.#prepare(original)
    const target = withOwnGroup(narrowed(original, cpus), cpus)
    await this.#reach(this.#current, target)
    this.#current = target
  }

  /** Puts everything back as it was; what could not be is seen by reading again. */
  async restore(original: GuestCpusets): Promise<void> {
    const now = await this.#now()
    const hasOurs = hasOwnGroup(now) && !hasOwnGroup(original)
    const { root } = original
    // first moved out: a group with processes cannot be removed
    if (hasOurs) await this.#moveAll(`${root}/${OWN_GROUP}`, root, pidsOf)
    await this.#reach(now, original)
    if (hasOurs) await this.#must(['rmdir', `${root}/${OWN_GROUP}`])
    if (now.delegated && !original.delegated) await this.#write([controlFile(root)], '-cpuset')
  }

  /** Makes our group and moves the root's processes there; narrows nothing yet. */
  async #prepare({ root, version }: GuestCpusets): Promise<GuestCpusets> {
    const before = await this.#now()
    if (!before.delegated) await this.#write([controlFile(root)], '+cpuset')
    const own = `${root}/${OWN_GROUP}`
    if (!hasOwnGroup(before)) await this.#must(['mkdir', own])
    if (version === 'v1') await this.#copyFromRoot(root, own)
    await this.#moveAll(root, own, (text) => this.#withoutKernelThreads(text))
    return await this.#now()
  }

  /** A new v1 group has neither CPUs nor memory, and takes no process without. */
  async #copyFromRoot(root: string, own: string): Promise<void> {
    for (const name of ['cpuset.cpus', 'cpuset.mems']) {
      const { stdout } = await this.#must(['grep', '', `${root}/${name}`])
      await this.#write([`${own}/${name}`], stdout.trim())
    }
  }

  async #moveAll(
    from: string,
    to: string,
    choose: (procs: string) => readonly number[] | Promise<readonly number[]>,
  ): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const { stdout } = await this.#exec(['grep', '-s', '', `${from}/cgroup.procs`])
      const pids = await choose(stdout)
      if (pids.length === 0) return
      // one that has ended meanwhile (the grep itself, say) cannot be moved, and need not be
      for (const pid of pids) await this.#exec(['tee', `${to}/cgroup.procs`], `${pid}\n`)
    }
    throw this.#error(`processes of ${from} could not be moved to ${to}`)
  }

  async #withoutKernelThreads(procs: string): Promise<readonly number[]> {
    const files = pidsOf(procs).map((pid) => `/proc/${pid}/stat`)
    if (files.length === 0) return []
    return userProcesses((await this.#exec(['grep', '-hs', '', ...files])).stdout)
  }

  async #reach(from: GuestCpusets, to: GuestCpusets): Promise<void> {
    this.#current = null
    for (const { files, content } of writesBetween(from, to)) await this.#write(files, content)
  }

  async #now(): Promise<GuestCpusets> {
    const cpusets = await this.read()
    if (!cpusets.ok) throw this.#error(cpusets.error)
    return cpusets.value
  }

  /** tee writes the same to all; the kernel's refusal is its exit code. */
  async #write(files: readonly string[], content: string): Promise<void> {
    await this.#must(['tee', ...files], `${content}\n`)
  }

  async #must(argv: readonly string[], stdin = ''): Promise<GuestOutput> {
    const output = await this.#exec(argv, stdin)
    if (output.code === 0) return output
    const said = output.stderr.trim().slice(0, 300)
    throw this.#error(`${argv.slice(0, 3).join(' ')} failed in the guest: ${said}`)
  }

  async #exec(argv: readonly string[], stdin = ''): Promise<GuestOutput> {
    this.#signal?.throwIfAborted()
    return await this.#vm.exec(argv, stdin, this.#deadlineMs)
  }

  #error(message: string): LabError {
    return new LabError('unavailable', `${this.#vm.name}: ${message}`)
  }
}

/** What confining would write, for people: each group, from and to. */
export const confinedTo = (original: GuestCpusets, cpus: readonly number[]): GuestCpusets =>
  withOwnGroup(narrowed(original, cpus), cpus)

/** CPUs as a cpuset file has them, in words where it is empty. */
export const cpusText = (cpus: string | readonly number[]): string =>
  (typeof cpus === 'string' ? cpus : formatCpus(cpus)) || 'all'
