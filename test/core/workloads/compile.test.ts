// The compiler keeps the promises of model/program.ts: targets in range, mutexes held where the
// interpreter expects them, every refusal with the field it is about.
import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../src-main/core/base/result.ts'
import type { Op } from '../../../src-main/core/model/program.ts'
import { REGISTERS_MAX } from '../../../src-main/core/model/program.ts'
import {
  APP_IDS,
  compileDefinition,
  compileWorkload,
  readWorkload,
} from '../../../src-main/core/workloads/index.ts'
import { dryRun } from './dry-run.ts'

const BASE = {
  kind: 'workload',
  version: 1,
  id: 'mine',
  title: 'Mine',
  suite: 'user',
  summary: '',
  params: {
    threads: { value: 'vcpus', unit: 'threads', mark: 'D', source: '', label: 'Threads' },
  },
  memory: { privateKib: 1, sharedKib: 0, missPenalty: 0, remotePenalty: 0, sharedFraction: 0 },
}

function compile(parts: object, params = {}, vcpus = 4) {
  const file = readWorkload({ ...BASE, ...parts })
  if (!file.ok) return file
  return compileDefinition(file.value, params, vcpus)
}

const issuesOf = (parts: object, params = {}) => {
  const result = compile(parts, params)
  return result.ok ? [] : result.error.map(formatIssue)
}

const worker = (...program: object[]) => ({ name: 'worker', count: 'threads', program })

const targets = (op: Op): number[] => [
  ...('exit' in op ? [op.exit] : []),
  ...('to' in op ? [op.to] : []),
]

describe('every shipped workload', () => {
  it.each(APP_IDS)('%s compiles for 1 to 40 vCPUs into well-formed programs', (app) => {
    for (const vcpus of [1, 2, 3, 7, 12, 40]) {
      const compiled = compileWorkload(app, {}, vcpus)
      if (!compiled.ok) expect.fail(compiled.error.map(formatIssue).join('\n'))
      for (const program of compiled.value.programs) {
        expect(program.at(-1)).toEqual({ op: 'end' })
        for (const op of program) {
          for (const to of targets(op)) {
            expect(to).toBeGreaterThanOrEqual(0)
            expect(to).toBeLessThan(program.length)
          }
          if ('register' in op) expect(op.register).toBeLessThan(REGISTERS_MAX)
        }
      }
    }
  })

  it.each(APP_IDS)('%s ends without hanging at odd numbers of threads', (app) => {
    for (const vcpus of [1, 2, 5, 13]) {
      const compiled = compileWorkload(app, { scale: 0.02 }, vcpus)
      if (!compiled.ok) expect.fail(compiled.error.map(formatIssue).join('\n'))
      expect(dryRun(compiled.value).workNs).toBeGreaterThan(0)
    }
  })

  it.each(APP_IDS)('%s is shortened by scale without touching its grain', (app) => {
    const spec = (scale: number) => {
      const compiled = compileWorkload(app, { scale }, 4)
      if (!compiled.ok) expect.fail(compiled.error.map(formatIssue).join('\n'))
      return compiled.value
    }
    const grains = (scale: number) =>
      spec(scale).programs.map((program) => program.map((op) => ('ns' in op ? op.ns : 0)))
    expect(grains(0.5)).toEqual(grains(1))
    const ratio = dryRun(spec(0.5)).workNs / dryRun(spec(1)).workNs
    expect(ratio).toBeGreaterThan(0.4)
    expect(ratio).toBeLessThan(0.6)
  })
})

describe('the compiler', () => {
  it('gives PARSEC one thread a vCPU unless told otherwise', () => {
    const threads = (params = {}) => {
      const compiled = compileWorkload('canneal', params, 6)
      return compiled.ok ? compiled.value.threadProgram.length : 0
    }
    expect(threads()).toBe(6)
    expect(threads({ threads: 9 })).toBe(9)
  })

  it('unlocks where a drained queue leaves its mutex held', () => {
    const compiled = compileWorkload('pipeline', {}, 3)
    const program = compiled.ok ? compiled.value.programs[1]! : []
    const pop = program.find((op) => op.op === 'pop')!
    expect(program[pop.exit]).toEqual({ op: 'unlock', mutex: pop.mutex })
  })

  it('keeps a queue that nobody closes open, so that a pop waits for an item', () => {
    const compiled = compile({
      queues: [{ name: 'a', capacity: 4 }],
      roles: [worker({ op: 'pop', queue: 'a' })],
    })
    expect(compiled.ok && compiled.value.queues[0]?.producers).toBe(1)
  })

  it("counts a barrier's parties and a queue's producers from the programs", () => {
    const compiled = compileWorkload('pipeline', { stageThreads: 3 }, 8)
    expect(compiled.ok && compiled.value.queues.map((queue) => queue.producers)).toEqual([
      1, 3, 3, 3,
    ])
    const barrier = compileWorkload('barrier', { threads: 5 }, 8)
    expect(barrier.ok && barrier.value.barriers[0]!.parties).toBe(5)
  })

  it('compiles a program once for threads that run the same', () => {
    const compiled = compileWorkload('swaptions', {}, 12)
    expect(compiled.ok && compiled.value.programs.length).toBe(2)
    expect(compiled.ok && compiled.value.threadProgram.length).toBe(12)
  })

  it('splits 64 swaptions over 12 threads into 5 or 6 each', () => {
    const compiled = compileWorkload('swaptions', {}, 12)
    if (!compiled.ok) expect.fail('compiles')
    const { threadNs, workNs } = dryRun(compiled.value)
    expect(workNs / (12 * Math.max(...threadNs))).toBeCloseTo(64 / 72, 6)
  })
})

describe('a workload is refused with the field', () => {
  it.each([
    ['a mistyped parameter', { thread: 2 }, 'params.thread: mine has no such parameter'],
    ['a billion threads', { threads: 1e9 }, 'params.threads: must be at most 100000'],
    ['half a thread', { threads: 1.5 }, 'params.threads: must be a whole number'],
    ['no scale', { scale: 0 }, 'params.scale: must be more than 0'],
    ['a huge scale', { scale: 11 }, 'params.scale: must be at most 10'],
  ])('for %s', (_what, params, message) => {
    const parts = { roles: [worker({ op: 'compute', ns: 5 })] }
    expect(issuesOf(parts, params).join('\n')).toContain(message)
  })

  it.each([
    ['negative work', { op: 'compute', ns: -5 }, 'program[0].ns: must be more than 0'],
    ['zero work', { op: 'compute', ns: 0 }, 'program[0].ns: must be more than 0'],
    ['a wild variation', { op: 'compute', ns: 5, cv: 3 }, 'program[0].cv: must be 0 … 1'],
    ['a broken expression', { op: 'compute', ns: '5 *' }, '"5 *" ends too early'],
    ['an unknown barrier', { op: 'barrier', barrier: 'b' }, '"b" is not among the barriers'],
    ['an unknown operation', { op: 'dance' }, 'program[0].op: must be one of compute'],
    [
      'a billion passes too many',
      { op: 'loop', times: 1e12, body: [] },
      'program[0].times: must be 0 … 1e9',
    ],
  ])('for %s', (_what, node, message) => {
    expect(issuesOf({ roles: [worker(node)] }).join('\n')).toContain(message)
  })

  it('for locks held longer than the work they are in', () => {
    const bulk = { op: 'bulk', ns: 100, lockSet: 's', locks: 10, holdNs: 20 }
    const parts = { roles: [worker(bulk)], lockSets: [{ name: 's', locks: 4, kind: 'mutex' }] }
    expect(issuesOf(parts).join('\n')).toContain('locks × holdNs must not exceed ns')
  })

  it('for loops nested deeper than the registers', () => {
    const nested = Array.from({ length: 9 }).reduce<object>(
      (body) => ({ op: 'loop', times: 2, body: [body] }),
      { op: 'compute', ns: 1 },
    )
    expect(issuesOf({ roles: [worker(nested)] }).join('\n')).toContain('nested deeper than 8')
  })

  it('for programs that expand beyond a million operations', () => {
    const steps = Array.from({ length: 40 }, () => ({ op: 'compute', ns: 'index + 1' }))
    const issues = issuesOf({ roles: [worker(...steps)] }, { threads: 50_000 })
    expect(issues.join('\n')).toContain('more than 1000000 operations')
  })
})

describe('a workload that would hang is refused', () => {
  const queue = (name: string) => ({ name, capacity: 4 })

  it('for a cyclic pipeline', () => {
    const stage = (name: string, from: string, to: string) => ({
      name,
      count: 1,
      program: [
        { op: 'each', queue: from, body: [{ op: 'push', queue: to }] },
        { op: 'close', queue: to },
      ],
    })
    const parts = {
      queues: [queue('a'), queue('b')],
      roles: [stage('x', 'a', 'b'), stage('y', 'b', 'a')],
    }
    expect(issuesOf(parts)[0]).toContain('queues[0]: "a" feeds itself: the pipeline is cyclic')
  })

  it('for a queue that nobody closes', () => {
    const parts = { queues: [queue('a')], roles: [worker({ op: 'each', queue: 'a', body: [] })] }
    expect(issuesOf(parts)[0]).toContain('no program closes it')
  })

  it('for a barrier that threads pass unequally often', () => {
    const loop = { op: 'loop', times: 'index', body: [{ op: 'barrier', barrier: 'b' }] }
    const parts = { barriers: [{ name: 'b', spinNs: 0 }], roles: [worker(loop)] }
    expect(issuesOf(parts)[0]).toContain('threads pass "b" unequally often')
  })

  it('for a barrier inside tickets', () => {
    const body = [{ op: 'barrier', barrier: 'b' }]
    const parts = {
      counters: ['c'],
      barriers: [{ name: 'b', spinNs: 0 }],
      roles: [worker({ op: 'tickets', counter: 'c', count: 5, body })],
    }
    expect(issuesOf(parts)[0]).toContain('"b" stands inside "tickets" or "each"')
  })
})

describe('a family of queues', () => {
  const pair = (at: string, count: number | string = 'threads') => ({
    queues: [
      { name: 'first', capacity: 1 },
      { name: 'mail', capacity: 3, count },
    ],
    mutexes: ['own'],
    roles: [
      worker({ op: 'push', queue: 'mail', at }, { op: 'close', queue: 'mail', at }),
      { ...worker({ op: 'each', queue: 'mail', at, body: [{ op: 'compute', ns: 5 }] }), name: 'b' },
    ],
  })

  it('is so many queues, each with its own mutex and producers', () => {
    const result = compile(pair('index'))
    if (!result.ok) expect.fail(result.error.map(formatIssue).join('\n'))
    expect(result.value.queues.slice(1)).toEqual(Array(4).fill({ capacity: 3, producers: 1 }))
    expect(result.value.mutexes).toBe(1 + 5)
    const pushes = result.value.programs.flatMap((ops) => ops.filter((op) => op.op === 'push'))
    expect(pushes.map(({ queue, mutex }) => [queue, mutex])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ])
    expect(dryRun(result.value).workNs).toBe(20)
  })

  it('is refused a member that it does not have, and one that nobody closes', () => {
    expect(issuesOf(pair('index + 1'))).toEqual([
      'definition.roles[0].program[0].at: must be 0 … 3, not 4',
      'definition.roles[0].program[1].at: must be 0 … 3, not 4',
    ])
    const { roles, ...parts } = pair('index')
    const open = { ...parts, roles: [worker({ op: 'push', queue: 'mail', at: 0 }), roles[1]] }
    expect(issuesOf(open)[0]).toMatch(/^definition.queues\[1\]: "mail" is drained by "each"/)
  })
})

describe('a critical section with a shootdown', () => {
  it('shoots down TLBs before it lets go of the mutex', () => {
    const critical = { op: 'critical', mutex: 'sem', ns: 5, tlb: true }
    const result = compile({ mutexes: ['sem'], roles: [worker(critical)] })
    const ops = result.ok ? result.value.programs[0]!.map((op) => op.op) : []
    expect(ops).toEqual(['lock', 'compute', 'tlb', 'unlock', 'end'])
  })
})
