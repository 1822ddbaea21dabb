/** check-workload: refuses programs that would hang: cyclic pipelines, unmatched barriers, … */
import type { Issue } from '../base/result.ts'
import type { BuiltProgram, Shared } from './program-builder.ts'
import type { ProgramNode, WorkloadFile } from './workload-file.ts'

/** A role as compiled: the program of each of its threads. */
export type BuiltRole = { readonly name: string; readonly programs: readonly BuiltProgram[] }

/** Names that stand twice in a list of the file. */
export function duplicateNames(file: WorkloadFile): readonly Issue[] {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['mutexes', file.mutexes],
    ['spinLocks', file.spinLocks.map((l) => l.name)],
    ['rwLocks', file.rwLocks.map((l) => l.name)],
    ['conditions', file.conditions.map((c) => c.name)],
    ['counters', file.counters],
    ['barriers', file.barriers.map((b) => b.name)],
    ['queues', file.queues.map((q) => q.name)],
    ['lockSets', file.lockSets.map((l) => l.name)],
    ['roles', file.roles.map((r) => r.name)],
  ]
  return lists.flatMap(([path, names]) =>
    names
      .filter((name, i) => names.indexOf(name) !== i)
      .map((name) => ({ path, message: `"${name}" stands there twice`, hint: 'rename one' })),
  )
}

type Edge = readonly [from: string, to: string]

/** Queue to queue: a stage that takes from one and, for each item, gives to the other. */
function edges(nodes: readonly ProgramNode[], from: readonly string[]): readonly Edge[] {
  return nodes.flatMap((node): readonly Edge[] => {
    if (node.op === 'push') return from.map((queue) => [queue, node.queue] as const)
    if (node.op === 'each') return edges(node.body, [...from, node.queue])
    return 'body' in node ? edges(node.body, from) : []
  })
}

function cycleFrom(start: string, all: readonly Edge[]): boolean {
  const seen = new Set<string>()
  const open = [start]
  for (let queue = open.pop(); queue !== undefined; queue = open.pop()) {
    for (const [from, to] of all) {
      if (from !== queue) continue
      if (to === start) return true
      if (!seen.has(to)) open.push(to)
      seen.add(to)
    }
  }
  return false
}

/** Queues that feed themselves: with bounded queues such a pipeline can stop for ever. */
export function pipelineCycles(file: WorkloadFile): readonly Issue[] {
  const all = file.roles.flatMap((role) => edges(role.program, []))
  return file.queues
    .map((queue, i) => ({ queue, i }))
    .filter(({ queue }) => cycleFrom(queue.name, all))
    .map(({ queue, i }) => ({
      path: `queues[${i}]`,
      message: `"${queue.name}" feeds itself: the pipeline is cyclic`,
      hint: 'a stage must not push to a queue that leads back to its own',
    }))
}

const uses = (nodes: readonly ProgramNode[], ops: readonly ProgramNode['op'][]): boolean =>
  nodes.some((node) => ops.includes(node.op) || ('body' in node && uses(node.body, ops)))

/** Roles that respond to requests which nobody begins. */
export function unbegunRequests(file: WorkloadFile): readonly Issue[] {
  const isBegun = file.roles.some((role) => uses(role.program, ['arrive', 'request']))
  const source = isBegun
    ? (['arrive', 'request', 'pop', 'each'] as const)
    : (['arrive', 'request'] as const)
  return file.roles.flatMap((role, i) =>
    uses(role.program, ['respond']) && !uses(role.program, source)
      ? [
          {
            path: `roles[${i}].program`,
            message: 'responds to requests that nobody begins',
            hint: 'begin them with arrive or request, here or before the push of what it takes',
          },
        ]
      : [],
  )
}

/** Queues that a stage drains until they close, but which nobody closes. */
export function unclosedQueues(
  file: WorkloadFile,
  shared: Shared,
  roles: readonly BuiltRole[],
): readonly Issue[] {
  const programs = roles.flatMap((role) => role.programs)
  const closed = new Set(programs.flatMap((p) => [...p.closes]))
  const drained = new Set(programs.flatMap((p) => [...p.drains]))
  const isStuck = (name: string): boolean => {
    const first = shared.queues.get(name) ?? 0
    const end = first + (shared.queueCounts.get(name) ?? 1)
    return [...drained].some((i) => i >= first && i < end && !closed.has(i))
  }
  return file.queues.flatMap((queue, i) =>
    isStuck(queue.name)
      ? [
          {
            path: `queues[${i}]`,
            message: `"${queue.name}" is drained by "each" but no program closes it`,
            hint: `add {"op": "close", "queue": "${queue.name}"} where its producers end`,
          },
        ]
      : [],
  )
}

/** Barriers whose threads do not all pass them equally often. */
export function unmatchedBarriers(
  file: WorkloadFile,
  roles: readonly BuiltRole[],
): readonly Issue[] {
  const programs = new Set(roles.flatMap((role) => role.programs))
  return file.barriers.flatMap((barrier, i) => {
    const passes = [...programs].flatMap((p) => {
      const count = p.barrierPasses.get(i)
      return count === undefined ? [] : [count]
    })
    const path = `barriers[${i}]`
    if (passes.some(Number.isNaN)) {
      const message = `"${barrier.name}" stands inside "tickets" or "each"`
      return [{ path, message, hint: 'threads would pass it unequally often and hang' }]
    }
    if (new Set(passes).size <= 1) return []
    const counts = [...new Set(passes)].join(', ')
    const message = `threads pass "${barrier.name}" unequally often: ${counts}`
    return [{ path, message, hint: 'every thread that uses a barrier must pass it equally often' }]
  })
}
