/** compile-definition: a workload file and parameters in, the model's flat WorkloadSpec out. */
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { shortNumber } from '../base/short-number.ts'
import { NICE_MAX, NICE_MIN, niceWeight } from '../model/nice.ts'
import type { MemorySpec, Program, QueueSpec, WorkloadSpec } from '../model/program.ts'
import { unansweredWaits, unknownMutexes } from './check-conditions.ts'
import {
  duplicateNames,
  pipelineCycles,
  unbegunRequests,
  unclosedQueues,
  unmatchedBarriers,
} from './check-workload.ts'
import type { BuiltRole } from './check-workload.ts'
import { evaluate, mentions } from './expression.ts'
import type { Expression, Names } from './expression.ts'
import { ProgramBuilder } from './program-builder.ts'
import type { BuiltProgram, Shared } from './program-builder.ts'
import { resolveParams, THREADS_MAX } from './resolve-params.ts'
import type { ProgramNode, Role, WorkloadFile } from './workload-file.ts'

/** Operations that the programs of one workload may have together. */
export const OPS_MAX = 1_000_000

const NICE_RANGE = [NICE_MIN, NICE_MAX] as const

type Report = (path: string, message: string, hint?: string) => void
type Bounds = readonly [min: number, max: number]

/** Evaluates one number of the file; reports and returns `min` where it is refused. */
class Numbers {
  readonly names: Names
  readonly #report: Report

  constructor(names: Names, report: Report) {
    this.names = names
    this.#report = report
  }

  read(expression: Expression, path: string, [min, max]: Bounds): number {
    const value = evaluate(expression, this.names)
    if (!value.ok) this.#report(path, value.error.message, value.error.hint)
    else if (value.value >= min && value.value <= max) return value.value
    else this.#report(path, `must be ${min} … ${shortNumber(max)}, not ${value.value}`)
    return min
  }
}

const indexed = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, i) => [name, i]))

function shared(file: WorkloadFile, queueCounts: readonly number[]): Shared {
  const firsts: number[] = []
  queueCounts.reduce((first, count, i) => (firsts[i] = first) + count, 0)
  return {
    mutexes: indexed(file.mutexes),
    spinLocks: indexed(file.spinLocks.map((l) => l.name)),
    barriers: indexed(file.barriers.map((b) => b.name)),
    rwLocks: indexed(file.rwLocks.map((l) => l.name)),
    conditions: indexed(file.conditions.map((c) => c.name)),
    conditionMutexes: file.conditions.map((c) => file.mutexes.indexOf(c.mutex)),
    queues: new Map(file.queues.map((q, i) => [q.name, firsts[i] ?? 0])),
    queueCounts: new Map(file.queues.map((q, i) => [q.name, queueCounts[i] ?? 1])),
    firstQueueMutex: file.mutexes.length,
    counters: indexed(file.counters),
    lockSets: indexed(file.lockSets.map((l) => l.name)),
  }
}

const usesIndex = (node: ProgramNode): boolean =>
  Object.values(node).some((value) =>
    Array.isArray(value)
      ? value.some(usesIndex)
      : typeof value === 'string' && mentions(value, 'index'),
  )

type Compilation = {
  readonly file: WorkloadFile
  readonly shared: Shared
  readonly numbers: Numbers
  readonly issues: Issue[]
  ops: number
}

function buildRole(c: Compilation, role: Role, count: number, path: string): BuiltRole {
  const build = (index: number): BuiltProgram => {
    const names = { ...c.numbers.names, index }
    const built = new ProgramBuilder(c.shared, names, c.issues).build(
      role.program,
      `${path}.program`,
    )
    c.ops += built.ops.length
    return built
  }
  if (!role.program.some(usesIndex)) {
    return { name: role.name, programs: new Array<BuiltProgram>(count).fill(build(0)) }
  }
  const distinct = new Map<string, BuiltProgram>()
  const programs: BuiltProgram[] = []
  for (let i = 0; i < count && c.ops <= OPS_MAX && c.issues.length === 0; i++) {
    const built = build(i)
    const key = JSON.stringify(built.ops)
    if (!distinct.has(key)) distinct.set(key, built)
    programs.push(distinct.get(key) ?? built)
  }
  return { name: role.name, programs }
}

function roleCounts(c: Compilation): readonly number[] {
  const counts = c.file.roles.map((role, i) =>
    Math.round(c.numbers.read(role.count, `roles[${i}].count`, [0, THREADS_MAX])),
  )
  const threads = counts.reduce((sum, count) => sum + count, 0)
  if (c.issues.length === 0 && (threads < 1 || threads > THREADS_MAX)) {
    const message = `the workload has ${threads} threads, allowed are 1 … ${THREADS_MAX}`
    c.issues.push({ path: 'roles', message, hint: '' })
  }
  return counts
}

function buildRoles(c: Compilation): readonly BuiltRole[] {
  const counts = roleCounts(c)
  if (c.issues.length > 0) return []
  return c.file.roles.map((role, i) => buildRole(c, role, counts[i] ?? 0, `roles[${i}]`))
}

/** Each thread's left neighbour where its role is a ring of two or more, else −1. */
function predecessors(file: WorkloadFile, roles: readonly BuiltRole[]): readonly number[] {
  const result: number[] = []
  roles.forEach((role, r) => {
    const first = result.length
    const count = role.programs.length
    const ring = file.roles[r]?.ring === true && count > 1
    for (let i = 0; i < count; i++) result.push(ring ? first + ((i + count - 1) % count) : -1)
  })
  return result
}

/** Guest CFS weight of each thread, by the nice value of its role. */
function weights(c: Compilation, roles: readonly BuiltRole[]): readonly number[] {
  return roles.flatMap((role, r) => {
    const nice = c.numbers.read(c.file.roles[r]?.nice ?? 0, `roles[${r}].nice`, NICE_RANGE)
    return role.programs.map(() => niceWeight(Math.round(nice)))
  })
}

function queueSpecs(c: Compilation, threads: readonly BuiltProgram[]): readonly QueueSpec[] {
  return c.file.queues.flatMap((queue, i) => {
    const first = c.shared.queues.get(queue.name) ?? 0
    const count = c.shared.queueCounts.get(queue.name) ?? 1
    const capacity = Math.round(c.numbers.read(queue.capacity, `queues[${i}].capacity`, [1, 1e9]))
    return Array.from({ length: count }, (_, at) => ({
      capacity,
      // A queue that nobody closes stays open, so that a pop from it waits for an item.
      producers: Math.max(1, threads.filter((p) => p.closes.has(first + at)).length),
    }))
  })
}

function memorySpec(c: Compilation): MemorySpec {
  const { memory } = c.file
  const read = (key: keyof MemorySpec, max: number): number =>
    c.numbers.read(memory[key], `memory.${key}`, [0, max])
  return {
    privateKib: read('privateKib', 1e9),
    sharedKib: read('sharedKib', 1e9),
    missPenalty: read('missPenalty', 100),
    remotePenalty: read('remotePenalty', 100),
    sharedFraction: read('sharedFraction', 1),
  }
}

function assemble(c: Compilation, roles: readonly BuiltRole[]): WorkloadSpec {
  const threads = roles.flatMap((role) => role.programs)
  const programs = [...new Set(threads)]
  const programIndex = new Map(programs.map((program, i) => [program, i]))
  const queues = queueSpecs(c, threads)
  return {
    app: c.file.id,
    programs: programs.map((p): Program => p.ops),
    threadProgram: threads.map((p) => programIndex.get(p) ?? 0),
    threadPredecessor: predecessors(c.file, roles),
    threadWeight: weights(c, roles),
    mutexes: c.file.mutexes.length + queues.length,
    spinLocks: c.file.spinLocks.map((l) => l.kind),
    rwLocks: c.file.rwLocks.map((l) => l.kind),
    conditions: c.file.conditions.map((_, i) =>
      threads.some((p) => p.conditionUses.broadcast.has(i)) ? 'broadcast' : 'signal',
    ),
    barriers: c.file.barriers.map((barrier, i) => ({
      parties: threads.filter((p) => p.barrierPasses.has(i)).length,
      spinNs: c.numbers.read(barrier.spinNs, `barriers[${i}].spinNs`, [0, 1e15]),
    })),
    queues,
    counters: c.file.counters.length,
    lockSets: c.file.lockSets.map((set, i) => ({
      locks: Math.round(c.numbers.read(set.locks, `lockSets[${i}].locks`, [1, 1e9])),
      kind: set.kind,
    })),
    memory: memorySpec(c),
  }
}

/**
 * Compiles a workload for a VM of `vcpus`. Issues are relative to the reference: `params.cv` for a
 * parameter, `definition.roles[0].program[2].ns` for a number of the file.
 */
export function compileDefinition(
  file: WorkloadFile,
  params: Names,
  vcpus: number,
): Result<WorkloadSpec, readonly Issue[]> {
  const names = resolveParams(file, params, vcpus)
  if (!names.ok) return names
  const issues: Issue[] = []
  const report: Report = (path, message, hint = '') => issues.push({ path, message, hint })
  const numbers = new Numbers(names.value, report)
  const queueCounts = file.queues.map((queue, i) =>
    Math.round(numbers.read(queue.count, `queues[${i}].count`, [1, THREADS_MAX])),
  )
  const c: Compilation = {
    file,
    shared: shared(file, queueCounts),
    numbers,
    issues,
    ops: 0,
  }
  issues.push(...duplicateNames(file), ...unknownMutexes(file))
  issues.push(...pipelineCycles(file), ...unbegunRequests(file))
  const roles = buildRoles(c)
  const built = issues.length === 0
  if (built && c.ops > OPS_MAX) report('roles', `programs hold more than ${OPS_MAX} operations`)
  if (built)
    issues.push(
      ...unclosedQueues(file, c.shared, roles),
      ...unmatchedBarriers(file, roles),
      ...unansweredWaits(file, roles),
    )
  const spec = built ? assemble(c, roles) : null
  if (spec !== null && issues.length === 0) return ok(spec)
  return err(issues.map((issue) => ({ ...issue, path: `definition.${issue.path}` })))
}
