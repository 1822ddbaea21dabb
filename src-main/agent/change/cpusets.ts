/**
 * A guest's cpusets as values: read from what its files say, narrowed to some CPUs, and the writes
 * that lead from one state to another. No input or output here.
 *
 * Processes are confined by the groups below the root; those in the root itself (there is no
 * systemd) are moved into a group of ours. v1 wants parents to have all that their children have,
 * so it is widened from above and narrowed from below.
 */
import { formatCpus, parseCpus } from '../../core/base/cpu-list.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { GuestCpusets } from '../../core/contract/agent/change.ts'

/** The group of ours: exists while a guest is confined. */
export const OWN_GROUP = 'flexlab'

/** `content` written to `files`, all of them. */
export type FileWrite = { readonly files: readonly string[]; readonly content: string }

/** A hierarchy with the cpuset controller, as /proc/mounts shows it. */
export type Hierarchy = { readonly version: 'v1' | 'v2'; readonly root: string }

/** The cpuset hierarchy among a guest's mounts; v1 where both are there. */
export function findHierarchy(mounts: string): Result<Hierarchy, string> {
  const lines = mounts.split('\n').map((line) => line.split(' '))
  const v1 = lines.find(([, , type, options]) => {
    return type === 'cgroup' && options?.split(',').includes('cpuset')
  })
  const found = v1 ?? lines.find(([, , type]) => type === 'cgroup2')
  const root = found?.[1]
  if (root === undefined) return err('the guest has mounted no cpuset hierarchy')
  if (!/^\/[\w/.-]+$/.test(root)) return err('the guest has its cgroups in an unusual place')
  return ok({ version: v1 === undefined ? 'v2' : 'v1', root })
}

/** Groups of a hierarchy from `find`'s folders, parents first; the root itself is left out. */
export function groupPaths({ root }: Hierarchy, folders: string): readonly string[] {
  const paths = folders
    .split('\n')
    .filter((line) => line.startsWith(`${root}/`))
    .map((line) => line.slice(root.length + 1))
  return paths.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1))
}

const depthOf = (path: string): number => path.split('/').length

/** The file with a group's CPUs. */
export const cpusFile = (root: string, path: string): string => `${root}/${path}/cpuset.cpus`

/** The file by which a v2 root hands controllers down. */
export const controlFile = (root: string): string => `${root}/cgroup.subtree_control`

/** Contents by file, of what `grep -H ''` printed: a line `FILE:content` for each line. */
export function contentsByFile(printed: string): ReadonlyMap<string, string> {
  const contents = new Map<string, string>()
  for (const line of printed.split('\n')) {
    const colon = line.lastIndexOf(':')
    if (colon > 0) contents.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return contents
}

/** Cpusets from the contents of their files. A group without the file takes what its parent has. */
export function readCpusets(
  { version, root }: Hierarchy,
  paths: readonly string[],
  contents: ReadonlyMap<string, string>,
): Result<GuestCpusets, string> {
  const control = contents.get(controlFile(root)) ?? ''
  const delegated = version === 'v1' || control.split(' ').includes('cpuset')
  const groups = paths.map((path) => ({ path, cpus: contents.get(cpusFile(root, path)) ?? '' }))
  const bad = groups.find(({ cpus }) => !parseCpus(cpus).ok)
  return bad === undefined
    ? ok({ version, root, delegated, groups })
    : err(`the cpuset of the guest’s ${bad.path} cannot be read`)
}

/** Guest CPUs of a group; null: it has all that its parent has. */
function cpusOf({ version }: GuestCpusets, cpus: string): readonly number[] | null {
  const parsed = parseCpus(cpus)
  if (!parsed.ok) throw new Error(parsed.error)
  return cpus === '' && version === 'v2' ? null : parsed.value
}

/** The cpusets with every group kept to these CPUs. */
export function narrowed(all: GuestCpusets, cpus: readonly number[]): GuestCpusets {
  const keep = new Set(cpus)
  const groups = all.groups.map(({ path, cpus: text }) => {
    const had = cpusOf(all, text)
    return { path, cpus: formatCpus(had === null ? cpus : had.filter((cpu) => keep.has(cpu))) }
  })
  return { ...all, delegated: true, groups }
}

/** Whether our group is there. */
export const hasOwnGroup = ({ groups }: GuestCpusets): boolean =>
  groups.some(({ path }) => path === OWN_GROUP)

/** The cpusets with our group, of these CPUs. */
export function withOwnGroup(all: GuestCpusets, cpus: readonly number[]): GuestCpusets {
  const others = all.groups.filter(({ path }) => path !== OWN_GROUP)
  return { ...all, groups: [{ path: OWN_GROUP, cpus: formatCpus(cpus) }, ...others] }
}

/** Groups of v1 that would have no CPU left: the kernel moves their processes out for good. */
export const emptiedGroups = (all: GuestCpusets, cpus: readonly number[]): readonly string[] =>
  all.groups
    .filter(({ cpus: text }) => {
      const had = cpusOf(all, text)
      return had !== null && had.length > 0 && !had.some((cpu) => cpus.includes(cpu))
    })
    .map(({ path }) => path)

/** Writes that bring groups from one state to another; groups that are gone meanwhile are left. */
export function writesBetween(from: GuestCpusets, to: GuestCpusets): readonly FileWrite[] {
  const now = new Map(from.groups.map(({ path, cpus }) => [path, cpus]))
  const writes: { files: string[]; content: string }[] = []
  const narrowedLater: string[] = []
  const add = (path: string, content: string): void => {
    const file = cpusFile(from.root, path)
    const last = writes.at(-1)
    if (last?.content === content) last.files.push(file)
    else writes.push({ files: [file], content })
  }
  const changed = to.groups.filter(({ path, cpus }) => (now.get(path) ?? cpus) !== cpus)
  // v1: first each group to all it has or gets, from above, then to what it gets, from below
  for (const { path, cpus } of changed) {
    const union = from.version === 'v1' ? unionOf(now.get(path)!, cpus) : cpus
    if (union !== now.get(path)) add(path, union)
    if (union !== cpus) narrowedLater.push(path)
  }
  for (const path of narrowedLater.reverse())
    add(path, changed.find((group) => group.path === path)!.cpus)
  return writes
}

function unionOf(a: string, b: string): string {
  const [x, y] = [parseCpus(a), parseCpus(b)]
  if (!x.ok || !y.ok) throw new Error('cpusets were read before')
  return formatCpus([...new Set([...x.value, ...y.value])].sort((p, q) => p - q))
}

/** Where one state differs from what it should be, in words. */
export function cpusetDifferences(is: GuestCpusets, should: GuestCpusets): readonly string[] {
  const now = new Map(is.groups.map(({ path, cpus }) => [path, cpus]))
  const differences = should.groups.flatMap(({ path, cpus }) => {
    const found = now.get(path)
    if (found === undefined || found === cpus) return []
    return [`cpuset of ${path}: ${found || 'all'} in place of ${cpus || 'all'}`]
  })
  if (hasOwnGroup(is) && !hasOwnGroup(should))
    differences.push(`the guest’s cgroup ${OWN_GROUP} is still there`)
  if (is.delegated !== should.delegated)
    differences.push('the guest’s root still hands cpusets down')
  return differences
}

/** Processes of the guest's own (not the kernel's threads) among lines of /proc/PID/stat. */
export function userProcesses(stats: string): readonly number[] {
  const KERNEL_THREAD = 0x00200000
  return stats.split('\n').flatMap((line) => {
    const match = /^(?:\/proc\/\d+\/stat:)?(\d+) \(.*\) \S (?:-?\d+ ){5}(\d+)/.exec(line)
    if (match === null || (Number(match[2]) & KERNEL_THREAD) !== 0) return []
    return [Number(match[1])]
  })
}

/** Process ids, one a line, as cgroup.procs has them. */
export const pidsOf = (text: string): readonly number[] =>
  text
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
