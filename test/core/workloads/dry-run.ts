// An untimed run of a compiled workload: threads take turns, every operation has its meaning but no
// duration. It counts what a program does and shows that it ends, independently of the simulator.
import type { Op, WorkloadSpec } from '../../../src-main/core/model/program.ts'

/** What a workload did in one iteration. */
export type DryRun = {
  readonly workNs: number
  readonly bulkLocks: number
  readonly explicitLocks: number
  readonly barrierEpisodes: number
  readonly tickets: number
  readonly pushes: number
  readonly tlb: number
  /** Mean work in front of a barrier, by thread. */
  readonly threadNs: readonly number[]
}

type Counts = { -readonly [K in keyof DryRun]: DryRun[K] extends number ? number : number[] }

type Thread = {
  pc: number
  readonly registers: number[]
  readonly rounds: Map<number, number>
  frame: number
  row: number
  published: number
  waiting: boolean
  /** Mutex to take again after a condition wait; −1: none. */
  relock: number
  done: boolean
}

const newThread = (): Thread => ({
  pc: 0,
  registers: [],
  rounds: new Map(),
  frame: -1,
  row: 0,
  published: 0,
  waiting: false,
  relock: -1,
  done: false,
})

/** One iteration of a workload without time. */
export class DryRunner {
  readonly #spec: WorkloadSpec
  readonly #threads: readonly Thread[]
  readonly #owner = new Map<number, number>()
  readonly #queue: { items: number; open: number }[]
  readonly #arrived: number[]
  readonly #counter: { round: number; taken: number }[]
  readonly #counts: Counts

  constructor(spec: WorkloadSpec) {
    this.#spec = spec
    this.#threads = spec.threadProgram.map(newThread)
    this.#queue = spec.queues.map((queue) => ({ items: 0, open: queue.producers }))
    this.#arrived = spec.barriers.map(() => 0)
    this.#counter = Array.from({ length: spec.counters }, () => ({ round: 0, taken: 0 }))
    this.#counts = {
      workNs: 0,
      bulkLocks: 0,
      explicitLocks: 0,
      barrierEpisodes: 0,
      tickets: 0,
      pushes: 0,
      tlb: 0,
      threadNs: spec.threadProgram.map(() => 0),
    }
  }

  /** Runs to the end; throws when no thread can go on. */
  run(): DryRun {
    let left = this.#threads.length
    while (left > 0) {
      let moved = false
      this.#threads.forEach((thread, t) => {
        if (thread.done) return
        if (this.#turn(thread, t)) moved = true
        if (thread.done) left -= 1
      })
      if (!moved) throw new Error(`${this.#spec.app}: ${left} threads wait for ever`)
    }
    return this.#counts
  }

  /** Goes on until the thread has computed something, waits or ends. */
  #turn(thread: Thread, t: number): boolean {
    const program = this.#spec.programs[this.#spec.threadProgram[t]!]!
    const again = thread.relock >= 0
    if (again && this.#owner.has(thread.relock)) return false
    if (again) this.#owner.set(thread.relock, t)
    thread.relock = -1
    for (let moved = false; ; moved = true) {
      const op = program[thread.pc]!
      // Letting go of the mutex for the first time is progress for those who wait for it.
      if (!this.#execute(op, thread, t)) return moved || (thread.relock >= 0 && !again)
      if (op.op === 'compute' || op.op === 'bulk' || op.op === 'sleep' || thread.done) return true
    }
  }

  #execute(op: Op, thread: Thread, t: number): boolean {
    switch (op.op) {
      case 'set':
        thread.registers[op.register] = op.count
        thread.pc = op.count > 0 ? thread.pc + 1 : op.exit
        return true
      case 'again': {
        const left = (thread.registers[op.register] ?? 0) - 1
        thread.registers[op.register] = left
        thread.pc = left > 0 ? op.to : thread.pc + 1
        return true
      }
      case 'jump':
        thread.pc = op.to
        return true
      case 'end':
        thread.done = true
        return true
      case 'take':
        return this.#take(op, thread)
      case 'pop':
        return this.#pop(op, thread)
      default:
        if (!this.#step(op, thread, t)) return false
        thread.pc += 1
        return true
    }
  }

  #step(op: Op, thread: Thread, t: number): boolean {
    switch (op.op) {
      case 'compute':
      case 'bulk':
        this.#counts.workNs += op.ns
        this.#counts.threadNs[t]! += op.ns
        if (op.op === 'bulk') this.#counts.bulkLocks += op.ns * op.locksPerNs
        return true
      case 'lock':
      case 'spin-lock':
        return this.#lock(op.op === 'lock' ? op.mutex : -1 - op.lock, t)
      case 'unlock':
      case 'spin-unlock':
        this.#owner.delete(op.op === 'unlock' ? op.mutex : -1 - op.lock)
        return true
      case 'barrier':
        return this.#barrier(op.barrier, thread)
      case 'arm':
        this.#arm(op.counter, thread)
        return true
      case 'push':
        return this.#push(op, thread)
      case 'close':
        this.#queue[op.queue]!.open -= 1
        return true
      case 'tlb':
        this.#counts.tlb += 1
        return true
      case 'follow':
        return this.#follow(op, thread, t)
      case 'publish':
        thread.published += 1
        thread.row += 1
        return true
      default:
        return true
    }
  }

  #lock(lock: number, t: number): boolean {
    if (this.#owner.has(lock)) return false
    this.#owner.set(lock, t)
    this.#counts.explicitLocks += 1
    return true
  }

  #barrier(barrier: number, thread: Thread): boolean {
    const parties = this.#spec.barriers[barrier]!.parties
    if (!thread.waiting) {
      this.#arrived[barrier]! += 1
      thread.waiting = true
    }
    const passed = this.#arrived[barrier]! >= parties * (1 + (thread.rounds.get(-1 - barrier) ?? 0))
    if (!passed) return false
    thread.waiting = false
    const rounds = (thread.rounds.get(-1 - barrier) ?? 0) + 1
    thread.rounds.set(-1 - barrier, rounds)
    this.#counts.barrierEpisodes += 1 / parties
    return true
  }

  #arm(index: number, thread: Thread): void {
    const counter = this.#counter[index]!
    const round = (thread.rounds.get(index) ?? 0) + 1
    thread.rounds.set(index, round)
    if (round <= counter.round) return
    counter.round = round
    counter.taken = 0
  }

  #take(op: Extract<Op, { op: 'take' }>, thread: Thread): boolean {
    const counter = this.#counter[op.counter]!
    const more = counter.taken < op.count
    if (more) {
      counter.taken += 1
      this.#counts.tickets += 1
    }
    thread.pc = more ? thread.pc + 1 : op.exit
    return true
  }

  /** A full or empty queue is waited for without its mutex, and tried again with it. */
  #push(op: Extract<Op, { op: 'push' }>, thread: Thread): boolean {
    const queue = this.#queue[op.queue]!
    const full = queue.items >= this.#spec.queues[op.queue]!.capacity
    if (full) return this.#waitWithout(op.mutex, thread)
    queue.items += 1
    this.#counts.pushes += 1
    return true
  }

  #pop(op: Extract<Op, { op: 'pop' }>, thread: Thread): boolean {
    const queue = this.#queue[op.queue]!
    if (queue.items === 0 && queue.open > 0) return this.#waitWithout(op.mutex, thread)
    thread.pc = queue.items > 0 ? thread.pc + 1 : op.exit
    queue.items = Math.max(0, queue.items - 1)
    return true
  }

  #waitWithout(mutex: number, thread: Thread): false {
    thread.relock = mutex
    this.#owner.delete(mutex)
    return false
  }

  #follow(op: Extract<Op, { op: 'follow' }>, thread: Thread, t: number): boolean {
    const predecessor = this.#spec.threadPredecessor[t]!
    if (predecessor < 0) return true
    const frame = Math.floor(thread.published / op.rows)
    const row = thread.published % op.rows
    const before = predecessor < t ? frame : frame - 1
    const needs = before < 0 ? 0 : before * op.rows + Math.min(row + op.lag, op.rows)
    return this.#threads[predecessor]!.published >= needs
  }
}

/** One iteration of a workload without time. */
export const dryRun = (spec: WorkloadSpec): DryRun => new DryRunner(spec).run()
