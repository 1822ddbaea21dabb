// A model of a guest's cgroups for the tests of what is changed and put back: the rules of cpusets
// that matter there (cgroups v1: children within parents, offline CPUs lost for good; v2: neither),
// behind the few programs that the agent runs in a guest.
import { formatCpus, parseCpus } from '../../../../src-main/core/base/cpu-list.ts'
import type { GuestOutput } from '../../../../src-main/agent/change/vm-port.ts'

/** A guest as the tests describe it. */
export interface GuestSpec {
  readonly version: 'v1' | 'v2'
  readonly cpus: number
  /** Groups below the root by path, parents first; v2: '' takes what the parent has. */
  readonly groups: Readonly<Record<string, string>>
  /** v2: whether the root hands the controller down. */
  readonly delegated: boolean
  /** Processes by group; '' is the root. */
  readonly processes: Readonly<Record<number, string>>
}

const FAILED: GuestOutput = { code: 1, stdout: '', stderr: 'refused\n' }
const KERNEL_THREAD = 2

/** The guest's programs and what they act on. */
export class ModelGuest {
  readonly version: 'v1' | 'v2'
  readonly root: string
  readonly online: Set<number>
  readonly groups = new Map<string, string>()
  readonly processes = new Map<number, string>()
  readonly #all: readonly number[]
  #delegated: boolean

  constructor({ version, cpus, groups, delegated, processes }: GuestSpec) {
    this.version = version
    this.root = version === 'v1' ? '/sys/fs/cgroup/cpuset' : '/sys/fs/cgroup'
    this.#all = Array.from({ length: cpus }, (_, cpu) => cpu)
    this.online = new Set(this.#all)
    this.#delegated = version === 'v1' || delegated
    for (const [path, text] of Object.entries(groups)) this.groups.set(path, text)
    for (const [pid, path] of Object.entries(processes)) this.processes.set(Number(pid), path)
    this.processes.set(KERNEL_THREAD, '')
  }

  /** All that may be changed, for comparing. */
  get state(): object {
    return {
      online: [...this.online].sort(),
      groups: [...this.groups].sort(),
      processes: [...this.processes].sort(),
      delegated: this.#delegated,
    }
  }

  setOnline(cpus: readonly number[]): void {
    const off = [...this.online].filter((cpu) => !cpus.includes(cpu))
    for (const cpu of cpus) this.online.add(cpu)
    for (const cpu of off) this.online.delete(cpu)
    if (this.version === 'v1') this.#loseOffline()
  }

  run(argv: readonly string[], stdin: string): GuestOutput {
    const [program, ...args] = argv
    if (program === 'grep') return this.#grep(args)
    if (program === 'find') return this.#find()
    if (program === 'mkdir') return this.#make(this.#path(args[0]!))
    if (program === 'rmdir') return this.#remove(this.#path(args[0]!))
    if (program !== 'tee') throw new Error(`the model has no ${program}`)
    const results = args.map((file) => this.#write(file, stdin.trim()))
    return results.every(Boolean) ? { code: 0, stdout: stdin, stderr: '' } : FAILED
  }

  /** cpuset_hotplug_update_tasks: v1 takes the CPU out of every group, and empties some. */
  #loseOffline(): void {
    for (const [path, text] of this.groups) {
      const left = cpusOf(text).filter((cpu) => this.online.has(cpu))
      this.groups.set(path, formatCpus(left))
      if (left.length > 0) continue
      for (const [pid, group] of this.processes)
        if (group === path) this.processes.set(pid, parentOf(path))
    }
  }

  #path(file: string): string {
    if (!file.startsWith(`${this.root}/`)) throw new Error(`${file} is outside the model`)
    return file.slice(this.root.length + 1)
  }

  #grep(args: readonly string[]): GuestOutput {
    const options = args.filter((arg) => arg.startsWith('-')).join('')
    const files = args.filter((arg) => arg.startsWith('/'))
    const lines = files.flatMap((file) => {
      const prefix = options.includes('H') ? `${file}:` : ''
      return (this.#read(file) ?? []).map((line) => `${prefix}${line}\n`)
    })
    return { code: lines.length > 0 ? 0 : 1, stdout: lines.join(''), stderr: '' }
  }

  #read(file: string): readonly string[] | null {
    if (file === '/proc/mounts') return this.#mounts()
    const pid = /^\/proc\/(\d+)\/stat$/.exec(file)?.[1]
    if (pid !== undefined) return this.#stat(Number(pid))
    const path = this.#path(file)
    if (path === 'cgroup.subtree_control')
      return this.version === 'v1' ? null : [this.#delegated ? 'cpuset cpu' : 'cpu']
    if (path === 'cpuset.cpus') return [formatCpus([...this.online].sort((a, b) => a - b))]
    if (path === 'cpuset.mems') return ['0']
    if (path === 'cgroup.procs') return this.#members('')
    const [, group, name] = /^(.*)\/(cpuset\.cpus|cgroup\.procs)$/.exec(path) ?? []
    if (group === undefined || !this.groups.has(group)) return null
    if (name === 'cgroup.procs') return this.#members(group)
    return this.#delegated ? [this.groups.get(group)!] : null
  }

  #mounts(): readonly string[] {
    const type = this.version === 'v1' ? 'cgroup' : 'cgroup2'
    const options = this.version === 'v1' ? 'rw,cpuset' : 'rw'
    return ['proc /proc proc rw 0 0', `cgroup ${this.root} ${type} ${options} 0 0`]
  }

  #stat(pid: number): readonly string[] | null {
    if (!this.processes.has(pid)) return null
    const flags = pid === KERNEL_THREAD ? 0x00208040 : 0x00400100
    return [`${pid} (a (b) c) S 1 ${pid} ${pid} 0 -1 ${flags} 0 0 0`]
  }

  #members(group: string): readonly string[] {
    return [...this.processes].filter(([, path]) => path === group).map(([pid]) => String(pid))
  }

  #find(): GuestOutput {
    const paths = [...this.groups.keys()].filter((path) => {
      return this.version === 'v1' || !path.includes('/')
    })
    const folders = [this.root, ...paths.map((path) => `${this.root}/${path}`)]
    return { code: 0, stdout: `${folders.join('\n')}\n`, stderr: '' }
  }

  #make(path: string): GuestOutput {
    if (this.groups.has(path)) return FAILED
    this.groups.set(path, '')
    return { code: 0, stdout: '', stderr: '' }
  }

  #remove(path: string): GuestOutput {
    if (!this.groups.has(path) || this.#members(path).length > 0) return FAILED
    this.groups.delete(path)
    return { code: 0, stdout: '', stderr: '' }
  }

  #write(file: string, content: string): boolean {
    const path = this.#path(file)
    if (path === 'cgroup.subtree_control') return this.#delegate(content)
    const [, group = '', name] = /^(?:(.*)\/)?(cpuset\.\w+|cgroup\.procs)$/.exec(path) ?? []
    if (group !== '' && !this.groups.has(group)) return false
    if (name === 'cgroup.procs') return this.#move(Number(content), group)
    if (name === 'cpuset.mems') return this.version === 'v1'
    return name === 'cpuset.cpus' && this.#delegated && this.#setCpus(group, content)
  }

  #delegate(content: string): boolean {
    if (this.version === 'v1') return false
    this.#delegated = content === '+cpuset'
    // the controller's files come and go with it
    for (const path of this.groups.keys()) if (!this.#delegated) this.groups.set(path, '')
    return true
  }

  #move(pid: number, group: string): boolean {
    if (!this.processes.has(pid)) return false
    if (this.version === 'v1' && group !== '' && cpusOf(this.groups.get(group)!).length === 0)
      return false
    this.processes.set(pid, group)
    return true
  }

  #setCpus(path: string, content: string): boolean {
    const cpus = parseCpus(content)
    if (!cpus.ok || cpus.value.some((cpu) => !this.#all.includes(cpu))) return false
    if (this.version === 'v1' && !this.#fits(path, cpus.value)) return false
    this.groups.set(path, formatCpus(cpus.value))
    return true
  }

  /** v1: within the parent and what is online, around the children, never empty with processes. */
  #fits(path: string, cpus: readonly number[]): boolean {
    const parent = parentOf(path)
    const outer = parent === '' ? [...this.online] : cpusOf(this.groups.get(parent)!)
    const inner = [...this.groups]
      .filter(([child]) => child.startsWith(`${path}/`))
      .flatMap(([, text]) => cpusOf(text))
    if (cpus.length === 0 && this.#members(path).length > 0) return false
    return cpus.every((cpu) => outer.includes(cpu)) && inner.every((cpu) => cpus.includes(cpu))
  }
}

const parentOf = (path: string): string => path.split('/').slice(0, -1).join('/')

function cpusOf(text: string): readonly number[] {
  const cpus = parseCpus(text)
  if (!cpus.ok) throw new Error(cpus.error)
  return cpus.value
}
