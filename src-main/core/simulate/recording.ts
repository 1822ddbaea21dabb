/**
 * Recording: turns a run into a trace. What pCPUs and vCPUs do is read off the machine after every
 * event, so no scheme and no path of the host scheduler has to tell it; threads are told by the one
 * place that charges their time. It changes nothing: the run is the same with and without.
 */
import type { TraceHeader } from '../contract/trace.ts'
import type { Machine } from '../model/machine.ts'
import type { Recorder } from '../model/recorder.ts'
import { VCPU } from '../model/vocabulary.ts'
import { layoutTrace, threadTrack, VCPU_STATE } from '../trace/layout.ts'
import type { TraceLayout } from '../trace/layout.ts'
import { LEVELS } from '../trace/pyramid.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import type { TraceSink } from '../trace/trace-writer.ts'

/** Most records of a trace unless told otherwise: some 10 s of 12 busy pCPUs. */
export const RECORDS_MAX_DEFAULT = 20_000_000

/** What is recorded, and where it goes. */
export type TraceOptions = TraceSink & {
  /** When so many records are reached, recording stops and the header says when that was. */
  readonly recordsMax: number
}

const STATE_OF = new Uint8Array(4)
STATE_OF[VCPU.offline] = VCPU_STATE.offline
STATE_OF[VCPU.halted] = VCPU_STATE.halted
STATE_OF[VCPU.runnable] = VCPU_STATE.preempted
STATE_OF[VCPU.running] = VCPU_STATE.running

/** Open intervals of tracks that are read off the machine. */
type Open = {
  readonly state: Int32Array
  readonly arg: Int32Array
  readonly sinceNs: Float64Array
}

const openTracks = (count: number, state: number): Open => ({
  state: new Int32Array(count).fill(state),
  arg: new Int32Array(count).fill(-1),
  sinceNs: new Float64Array(count),
})

/** Records one run, from its machine's first event to its last. */
export class Recording implements Recorder {
  readonly #m: Machine
  readonly #layout: TraceLayout
  readonly #vms: TraceHeader['vms']
  readonly #writer: TraceWriter
  readonly #recordsMax: number
  readonly #pcpus: Open
  readonly #vcpus: Open
  /** Threads: `sinceNs` to `untilNs` were spent in `state` on the vCPU `arg`. */
  readonly #threads: Open
  readonly #untilNs: Float64Array
  #truncatedAtNs: number | null = null

  constructor(m: Machine, { recordsMax, ...sink }: TraceOptions) {
    this.#m = m
    this.#recordsMax = recordsMax
    this.#vms = m.vms.map((vm) => ({
      name: m.spec.vms[vm.index]!.name,
      app: vm.workload.app,
      vcpus: vm.vcpus,
      threads: vm.threads,
      mutexes: vm.workload.mutexes,
      spinLocks: vm.workload.spinLocks.length,
    }))
    this.#layout = layoutTrace({ pcpus: m.pcpus, vms: this.#vms })
    this.#writer = new TraceWriter(this.#layout, sink)
    this.#pcpus = openTracks(m.pcpus, 0)
    this.#vcpus = openTracks(m.vcpus, VCPU_STATE.halted)
    this.#threads = openTracks(m.threads, m.idleClass)
    this.#untilNs = new Float64Array(m.threads)
    m.recorder = this
  }

  /** See Recorder. */
  charged(t: number, timeClass: number, ns: number): void {
    const open = this.#threads
    const v = this.#m.tV[t]!
    if (open.state[t] !== timeClass || open.arg[t] !== v) {
      this.#closeThread(t)
      open.state[t] = timeClass
      open.arg[t] = v
    }
    this.#untilNs[t]! += ns
  }

  /** See Recorder. */
  point(kind: number, subject: number, object: number, detail: number): void {
    this.#writer.point(this.#m.now, kind, subject, object, detail)
  }

  /** Looks at all CPUs after an event. */
  afterEvent(): void {
    if (this.#truncatedAtNs !== null) return
    const { pCur, vVm, vState, vHeld, vP } = this.#m
    for (let p = 0; p < pCur.length; p++) {
      const v = pCur[p]!
      if (v !== this.#pcpus.arg[p]) this.#turn(this.#pcpus, 0, p, v < 0 ? 0 : vVm[v]! + 1, v)
    }
    const { state, arg } = this.#vcpus
    for (let v = 0; v < vState.length; v++) {
      const isHeld = vHeld[v] !== 0 && vState[v] === VCPU.runnable
      const now = isHeld ? VCPU_STATE.held : STATE_OF[vState[v]!]!
      if (now !== state[v] || vP[v] !== arg[v])
        this.#turn(this.#vcpus, this.#layout.pcpus, v, now, vP[v]!)
    }
    if (this.#writer.intervals + this.#writer.points >= this.#recordsMax) this.#truncate()
  }

  /** Closes all intervals at the end of the run; nothing is recorded afterwards. */
  finish(): TraceHeader {
    if (this.#truncatedAtNs === null) this.#closeAll()
    this.#writer.finish()
    this.#m.recorder = null
    return {
      version: 1,
      pcpus: this.#layout.pcpus,
      vms: this.#vms,
      endNs: this.#m.now,
      intervals: this.#writer.intervals,
      points: this.#writer.points,
      truncatedAtNs: this.#truncatedAtNs,
      levels: [...LEVELS],
      traceHash: this.#m.engine.hash.digest(),
    }
  }

  #truncate(): void {
    this.#truncatedAtNs = this.#m.now
    this.#closeAll()
    this.#m.recorder = null
  }

  #closeAll(): void {
    const { pcpus } = this.#layout
    for (let p = 0; p < this.#m.pcpus; p++) this.#close(this.#pcpus, 0, p)
    for (let v = 0; v < this.#m.vcpus; v++) this.#close(this.#vcpus, pcpus, v)
    for (let t = 0; t < this.#m.threads; t++) this.#closeThread(t)
  }

  #turn(open: Open, firstTrack: number, i: number, state: number, arg: number): void {
    this.#close(open, firstTrack, i)
    open.state[i] = state
    open.arg[i] = arg
  }

  #close(open: Open, firstTrack: number, i: number): void {
    const since = open.sinceNs[i]!
    const ns = this.#m.now - since
    if (ns === 0) return
    this.#writer.interval(firstTrack + i, since, ns, open.state[i]!, open.arg[i]!)
    open.sinceNs[i] = this.#m.now
  }

  #closeThread(t: number): void {
    const open = this.#threads
    const since = open.sinceNs[t]!
    const ns = this.#untilNs[t]! - since
    if (ns === 0) return
    const track = threadTrack(this.#layout, t)
    this.#writer.interval(track, since, ns, open.state[t]!, open.arg[t]!)
    open.sinceNs[t] = this.#untilNs[t]!
  }
}
