/** program-builder: compiles a role's nested program into the flat form of `model/program.ts`. */
import { assert } from '../base/assert.ts'
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import { joinPath } from '../base/schema-issues.ts'
import { REGISTERS_MAX } from '../model/program.ts'
import type { Op } from '../model/program.ts'
import { evaluate } from './expression.ts'
import type { Expression, Names } from './expression.ts'
import type { ProgramNode } from './workload-file.ts'

/** Indices of what a workload's threads share, by kind and name. Queues own a mutex each. */
export type Shared = {
  readonly mutexes: ReadonlyMap<string, number>
  readonly spinLocks: ReadonlyMap<string, number>
  readonly barriers: ReadonlyMap<string, number>
  /** First queue of each family, how many it has, and the mutex of queue 0. */
  readonly queues: ReadonlyMap<string, number>
  readonly queueCounts: ReadonlyMap<string, number>
  readonly firstQueueMutex: number
  readonly rwLocks: ReadonlyMap<string, number>
  /** Conditions, and the mutex of each. */
  readonly conditions: ReadonlyMap<string, number>
  readonly conditionMutexes: readonly number[]
  readonly counters: ReadonlyMap<string, number>
  readonly lockSets: ReadonlyMap<string, number>
}

type SharedKind = Exclude<keyof Shared, 'queueCounts' | 'firstQueueMutex' | 'conditionMutexes'>

/** A compiled program and what the checks need to know about it. */
export type BuiltProgram = {
  readonly ops: readonly Op[]
  /** How often the program passes each barrier it uses; NaN where that depends on other threads. */
  readonly barrierPasses: ReadonlyMap<number, number>
  /** How often it waits for, signals and broadcasts each condition; NaN likewise. */
  readonly conditionUses: Readonly<Record<ConditionOp, ReadonlyMap<number, number>>>
  readonly closes: ReadonlySet<number>
  readonly drains: ReadonlySet<number>
}

/** What a program does with a condition. */
export type ConditionOp = 'wait' | 'signal' | 'broadcast'

type Bounds = { readonly min: number; readonly max: number; readonly wording: string }

const DURATION: Bounds = { min: Number.MIN_VALUE, max: 1e15, wording: 'more than 0, up to 1e15' }
const HOLD: Bounds = { min: 0, max: 1e15, wording: '0 … 1e15' }
const FRACTION: Bounds = { min: 0, max: 1, wording: '0 … 1' }
const COUNT: Bounds = { min: 0, max: 1e9, wording: '0 … 1e9' }
const DEPTH_MAX = 32

type NodeOf<K extends ProgramNode['op']> = Extract<ProgramNode, { op: K }>

/** Compiles one program; use once. Issues name the step: `roles[0].program[2].ns`. */
export class ProgramBuilder {
  readonly #ops: Op[] = []
  readonly #shared: Shared
  readonly #names: Names
  readonly #issues: Issue[]
  readonly #barrierPasses = new Map<number, number>()
  readonly #conditionUses = { wait: new Map(), signal: new Map(), broadcast: new Map() } as Record<
    ConditionOp,
    Map<number, number>
  >
  readonly #closes = new Set<number>()
  readonly #drains = new Set<number>()
  #repeats = 1
  #registers = 0
  #depth = 0

  constructor(shared: Shared, names: Names, issues: Issue[]) {
    this.#shared = shared
    this.#names = names
    this.#issues = issues
  }

  /** Compiles a whole program; with issues the result is not to be run. */
  build(nodes: readonly ProgramNode[], path: string): BuiltProgram {
    this.#body(nodes, path)
    this.#ops.push({ op: 'end' })
    return {
      ops: this.#ops,
      barrierPasses: this.#barrierPasses,
      conditionUses: this.#conditionUses,
      closes: this.#closes,
      drains: this.#drains,
    }
  }

  #body(nodes: readonly ProgramNode[], path: string): void {
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) this.#issue(path, `is nested deeper than ${DEPTH_MAX}`)
    else nodes.forEach((node, i) => this.#node(node, `${path}[${i}]`))
    this.#depth -= 1
  }

  #node(node: ProgramNode, path: string): void {
    switch (node.op) {
      case 'loop':
        this.#loop(node, path)
        return
      case 'tickets':
        this.#tickets(node, path)
        return
      case 'each':
        this.#each(node, path)
        return
      case 'rows':
        this.#rows(node, path)
        return
      case 'push':
      case 'pop':
      case 'close':
        this.#queueStep(node, path)
        return
      default:
        this.#step(node, path)
        return
    }
  }

  #step(
    node: Exclude<ProgramNode, { body: ProgramNode[] } | { queue: string }>,
    path: string,
  ): void {
    switch (node.op) {
      case 'compute':
      case 'sleep':
      case 'arrive':
        this.#ops.push({ op: node.op, ...this.#work(node, path) })
        return
      case 'bulk':
        this.#bulk(node, path)
        return
      case 'critical': {
        const mutex = this.#index('mutexes', node.mutex, `${path}.mutex`)
        this.#ops.push({ op: 'lock', mutex })
        this.#ops.push({ op: 'compute', ...this.#work(node, path) })
        if (node.tlb) this.#ops.push({ op: 'tlb' })
        this.#ops.push({ op: 'unlock', mutex })
        return
      }
      case 'spin-critical': {
        const lock = this.#index('spinLocks', node.lock, `${path}.lock`)
        this.#ops.push({ op: 'spin-lock', lock })
        this.#ops.push({ op: 'compute', ...this.#work(node, path) }, { op: 'spin-unlock', lock })
        return
      }
      case 'read-critical':
        this.#section(node, path, 'read-lock', 'read-unlock')
        return
      case 'write-critical':
        this.#section(node, path, 'write-lock', 'write-unlock')
        return
      case 'rcu-read':
        this.#ops.push({ op: 'rcu-lock' }, { op: 'compute', ...this.#work(node, path) })
        this.#ops.push({ op: 'rcu-unlock' })
        return
      case 'cond-wait':
        this.#condition(node, path, 'wait')
        return
      case 'cond-signal':
        this.#condition(node, path, 'signal')
        return
      case 'cond-broadcast':
        this.#condition(node, path, 'broadcast')
        return
      case 'barrier': {
        const barrier = this.#index('barriers', node.barrier, `${path}.barrier`)
        const passes = this.#barrierPasses.get(barrier) ?? 0
        this.#barrierPasses.set(barrier, passes + this.#repeats)
        this.#ops.push({ op: 'barrier', barrier })
        return
      }
      case 'tlb':
      case 'rcu-sync':
      case 'request':
      case 'respond':
        this.#ops.push({ op: node.op })
    }
  }

  #section(
    node: NodeOf<'read-critical' | 'write-critical'>,
    path: string,
    enter: 'read-lock' | 'write-lock',
    leave: 'read-unlock' | 'write-unlock',
  ): void {
    const lock = this.#index('rwLocks', node.lock, `${path}.lock`)
    this.#ops.push({ op: enter, lock }, { op: 'compute', ...this.#work(node, path) })
    this.#ops.push({ op: leave, lock })
  }

  /** Takes the condition's mutex, looks at or changes the predicate, and lets go. */
  #condition(
    node: NodeOf<'cond-wait' | 'cond-signal' | 'cond-broadcast'>,
    path: string,
    op: ConditionOp,
  ): void {
    const condition = this.#index('conditions', node.condition, `${path}.condition`)
    const mutex = this.#shared.conditionMutexes[condition] ?? 0
    const uses = this.#conditionUses[op]
    uses.set(condition, (uses.get(condition) ?? 0) + this.#repeats)
    this.#enter(mutex, node.holdNs, path)
    this.#ops.push(op === 'wait' ? { op, condition, mutex } : { op, condition })
    this.#ops.push({ op: 'unlock', mutex })
  }

  #bulk(node: NodeOf<'bulk'>, path: string): void {
    const work = this.#work(node, path)
    const locks = this.#number(node.locks, COUNT, `${path}.locks`)
    const holdNs = this.#number(node.holdNs, HOLD, `${path}.holdNs`)
    const lockSet = this.#index('lockSets', node.lockSet, `${path}.lockSet`)
    const locksPerNs = locks / work.ns
    if (locksPerNs * holdNs > 1) {
      this.#issue(
        `${path}.locks`,
        'locks × holdNs must not exceed ns',
        'fewer locks, shorter holds',
      )
    }
    this.#ops.push({ op: 'bulk', ...work, lockSet, locksPerNs, holdNs })
  }

  #loop(node: NodeOf<'loop'>, path: string): void {
    const count = passes(this.#number(node.times, COUNT, `${path}.times`))
    this.#repeat(count, path, () => this.#body(node.body, `${path}.body`))
  }

  #rows(node: NodeOf<'rows'>, path: string): void {
    const rows = passes(this.#number(node.rows, COUNT, `${path}.rows`))
    const lag = Math.round(this.#number(node.lag, COUNT, `${path}.lag`))
    this.#repeat(rows, path, () => {
      this.#ops.push({ op: 'follow', rows, lag })
      this.#body(node.body, `${path}.body`)
      this.#ops.push({ op: 'publish' })
    })
  }

  #repeat(count: number, path: string, body: () => void): void {
    const register = this.#registers
    if (register >= REGISTERS_MAX) {
      this.#issue(path, `loops are nested deeper than ${REGISTERS_MAX}`)
      return
    }
    const set = this.#hole()
    const outer = this.#repeats
    this.#registers += 1
    this.#repeats = outer * count
    const start = this.#ops.length
    body()
    this.#ops.push({ op: 'again', register, to: start })
    this.#registers -= 1
    this.#repeats = outer
    this.#fill(set, { op: 'set', register, count, exit: this.#ops.length })
  }

  #tickets(node: NodeOf<'tickets'>, path: string): void {
    const counter = this.#index('counters', node.counter, `${path}.counter`)
    const count = passes(this.#number(node.count, COUNT, `${path}.count`))
    const mutex =
      node.mutex === undefined ? null : this.#index('mutexes', node.mutex, `${path}.mutex`)
    this.#ops.push({ op: 'arm', counter })
    this.#drain(mutex, node.holdNs, node.body, path, (exit) => ({
      op: 'take',
      counter,
      count,
      exit,
    }))
  }

  #each(node: NodeOf<'each'>, path: string): void {
    const queue = this.#queue(node, path)
    const mutex = this.#shared.firstQueueMutex + queue
    this.#drains.add(queue)
    this.#drain(mutex, node.holdNs, node.body, path, (exit) => ({ op: 'pop', queue, mutex, exit }))
  }

  /** lock, hold, take one (else leave), unlock, body, again; the mutex is still held on leaving. */
  #drain(
    mutex: number | null,
    hold: Expression,
    body: readonly ProgramNode[],
    path: string,
    take: (exit: number) => Op,
  ): void {
    const start = this.#ops.length
    this.#enter(mutex, hold, path)
    const hole = this.#hole()
    if (mutex !== null) this.#ops.push({ op: 'unlock', mutex })
    const outer = this.#repeats
    this.#repeats = NaN
    this.#body(body, `${path}.body`)
    this.#repeats = outer
    this.#ops.push({ op: 'jump', to: start })
    this.#fill(hole, take(this.#ops.length))
    if (mutex !== null) this.#ops.push({ op: 'unlock', mutex })
  }

  #queueStep(node: NodeOf<'push' | 'pop' | 'close'>, path: string): void {
    const queue = this.#queue(node, path)
    const mutex = this.#shared.firstQueueMutex + queue
    if (node.op === 'close') {
      this.#closes.add(queue)
      this.#ops.push({ op: 'close', queue })
      return
    }
    this.#enter(mutex, node.holdNs, path)
    const exit = this.#ops.length + 1
    this.#ops.push(
      node.op === 'push' ? { op: 'push', queue, mutex } : { op: 'pop', queue, mutex, exit },
      { op: 'unlock', mutex },
    )
  }

  #queue(node: { queue: string; at: Expression }, path: string): number {
    const first = this.#index('queues', node.queue, `${path}.queue`)
    const last = (this.#shared.queueCounts.get(node.queue) ?? 1) - 1
    const bounds = { min: 0, max: last, wording: last === 0 ? '0' : `0 … ${last}` }
    return first + Math.round(this.#number(node.at, bounds, `${path}.at`))
  }

  #enter(mutex: number | null, hold: Expression, path: string): void {
    const ns = this.#number(hold, HOLD, `${path}.holdNs`)
    if (mutex !== null) this.#ops.push({ op: 'lock', mutex })
    if (ns > 0) this.#ops.push({ op: 'compute', ns, cv: 0 })
  }

  #work(node: { ns: Expression; cv: Expression }, path: string): { ns: number; cv: number } {
    return {
      ns: this.#number(node.ns, DURATION, `${path}.ns`),
      cv: this.#number(node.cv, FRACTION, `${path}.cv`),
    }
  }

  #number(expression: Expression, bounds: Bounds, path: string): number {
    const value = evaluate(expression, this.#names)
    if (!value.ok) {
      this.#issue(path, value.error.message, value.error.hint)
      return 1
    }
    if (value.value < bounds.min || value.value > bounds.max) {
      this.#issue(path, `must be ${bounds.wording}, not ${value.value}`)
      return 1
    }
    return value.value
  }

  #index(kind: SharedKind, name: string, path: string): number {
    const index = this.#shared[kind].get(name)
    if (index !== undefined) return index
    const known = [...this.#shared[kind].keys()]
    this.#issue(path, `"${name}" is not among the ${kind} of the file`, didYouMean(name, known))
    return 0
  }

  #hole(): number {
    this.#ops.push({ op: 'end' })
    return this.#ops.length - 1
  }

  #fill(hole: number, op: Op): void {
    assert(this.#ops[hole]?.op === 'end', 'a hole is filled once')
    this.#ops[hole] = op
  }

  #issue(path: string, message: string, hint = ''): void {
    this.#issues.push({ path: joinPath('', path), message, hint })
  }
}

/** A count as whole passes: a small scale shortens a loop to one pass, never to none. */
const passes = (count: number): number => (count > 0 ? Math.max(1, Math.round(count)) : 0)
