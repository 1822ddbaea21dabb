/**
 * Earliest deadline first on our engine: the real-time scheduling that SimSo simulates, so that the
 * two can be compared on one task set. Processors are equal and switching costs nothing; a task
 * that is late runs on, its later jobs wait. No ties are broken by chance: both take the task, and
 * the processor, that comes first in the list.
 */
import { Engine } from '../../core/sim/engine.ts'
import { EventQueue } from '../../core/sim/event-queue.ts'
import { packTasks } from './edf-tasks.ts'
import type { EdfCase } from './edf-tasks.ts'

/** What a run counted; on all of it SimSo must agree. */
export type EdfCounts = {
  /** How often a processor began with another job than it had before. */
  readonly switches: number
  readonly finished: number
  /** Finished jobs that ended after their deadline. */
  readonly missed: number
  /** Sum of the times, ticks, at which jobs finished. */
  readonly finishSum: number
}

const NONE = -1

/** Simulates the case from 0 to its end. */
export function runEdf(edfCase: EdfCase): EdfCounts {
  const edf = new Edf(edfCase)
  edf.run()
  return edf
}

class Edf implements EdfCounts {
  switches = 0
  finished = 0
  missed = 0
  finishSum = 0

  readonly #case: EdfCase
  /** Slot t releases task t's next job; slot tasks + c ends the job on processor c. */
  readonly #engine: Engine
  readonly #tasks: number
  readonly #period: Float64Array
  /** Jobs of the task that were released and not finished; the first of them is its current job. */
  readonly #pending: Int32Array
  /** Deadline of the current job. */
  readonly #deadline: Float64Array
  readonly #left: Float64Array
  /** Processor where the task runs or ran last. */
  readonly #home: Int32Array
  /** Waiting tasks by deadline: of the processor, or of all where any task may run anywhere. */
  readonly #waiting: readonly EventQueue[]
  /** By processor: the task that runs and since when, the last task and its job. */
  readonly #running: Int32Array
  readonly #since: Float64Array
  readonly #lastTask: Int32Array
  readonly #lastDeadline: Float64Array

  constructor(edfCase: EdfCase) {
    const { tasks, cpus, rule } = edfCase
    this.#case = edfCase
    this.#tasks = tasks.length
    this.#engine = new Engine(tasks.length + cpus)
    this.#period = Float64Array.from(tasks, ({ period }) => period)
    this.#pending = new Int32Array(tasks.length)
    this.#deadline = Float64Array.from(tasks, (task) => task.firstRelease + task.period)
    this.#left = Float64Array.from(tasks, ({ cost }) => cost)
    this.#home = Int32Array.from(rule === 'global' ? tasks.map(() => 0) : packTasks(tasks, cpus))
    const queues = rule === 'global' ? 1 : cpus
    const firstInList = (task: number): number => task
    const queue = (): EventQueue => new EventQueue(tasks.length, firstInList)
    this.#waiting = Array.from({ length: queues }, queue)
    this.#running = new Int32Array(cpus).fill(NONE)
    this.#since = new Float64Array(cpus)
    this.#lastTask = new Int32Array(cpus).fill(NONE)
    this.#lastDeadline = new Float64Array(cpus)
  }

  run(): void {
    const { tasks, duration } = this.#case
    const engine = this.#engine
    tasks.forEach(({ firstRelease }, t) => engine.queue.schedule(t, firstRelease))
    const handle = (slot: number, now: number): void => {
      if (now > duration) engine.stop()
      else if (slot < this.#tasks) this.#release(slot, now)
      else this.#finish(slot - this.#tasks, now)
    }
    engine.run(handle, { eventsMax: Infinity, simulatedNsMax: Infinity })
  }

  #release(task: number, now: number): void {
    this.#engine.queue.schedule(task, now + this.#period[task]!)
    if (++this.#pending[task]! > 1) return
    this.#wait(task)
    this.#decide(this.#home[task]!, now)
  }

  #finish(cpu: number, now: number): void {
    const task = this.#running[cpu]!
    this.finished++
    this.finishSum += now
    if (now > this.#deadline[task]!) this.missed++
    this.#running[cpu] = NONE
    this.#deadline[task]! += this.#period[task]!
    this.#left[task] = this.#case.tasks[task]!.cost
    const isLate = --this.#pending[task]! > 0
    if (isLate) this.#wait(task)
    this.#decide(cpu, now)
    // The next job of a late task may beat another than the one that has this place now.
    if (isLate) this.#decide(cpu, now)
  }

  /** The most urgent waiting task takes a processor, if it beats the task there. */
  #decide(cpu: number, now: number): void {
    const task = this.#waitingOf(cpu).fire()
    if (task < 0) return
    const place = this.#case.rule === 'global' ? this.#leastUrgent(cpu) : cpu
    const rival = this.#running[place]!
    if (rival !== NONE) {
      if (this.#deadline[rival]! <= this.#deadline[task]!) return
      this.#left[rival]! -= now - this.#since[place]!
      this.#wait(rival)
    }
    this.#start(task, place, now)
  }

  #start(task: number, cpu: number, now: number): void {
    const deadline = this.#deadline[task]!
    if (this.#lastTask[cpu] !== task || this.#lastDeadline[cpu] !== deadline) this.switches++
    this.#lastTask[cpu] = task
    this.#lastDeadline[cpu] = deadline
    this.#waitingOf(cpu).cancel(task)
    this.#home[task] = cpu
    this.#running[cpu] = task
    this.#since[cpu] = now
    this.#engine.queue.schedule(this.#tasks + cpu, now + this.#left[task]!)
  }

  #wait(task: number): void {
    this.#waitingOf(this.#home[task]!).schedule(task, this.#deadline[task]!)
  }

  #waitingOf(cpu: number): EventQueue {
    return this.#waiting[this.#waiting.length === 1 ? 0 : cpu]!
  }

  /** `self` if it is idle, else the first idle processor, else the one whose deadline is latest. */
  #leastUrgent(self: number): number {
    if (this.#running[self] === NONE) return self
    let latest = self
    for (let cpu = 0; cpu < this.#running.length; cpu++) {
      const task = this.#running[cpu]!
      if (task === NONE) return cpu
      if (this.#deadline[task]! > this.#deadline[this.#running[latest]!]!) latest = cpu
    }
    return latest
  }
}
