/**
 * Export to text: lines as ftrace prints them, with sched_switch and kvm_entry/kvm_exit for the
 * host's side and flexlab_* events for what only a simulator sees; and CSV, a row a record.
 */
import { POINT_KINDS } from '../base/point-kind.ts'
import {
  lockName,
  stateName,
  threadName,
  trackKind,
  trackName,
  VCPU_STATE,
  vcpuName,
} from './layout.ts'
import type { TraceLayout } from './layout.ts'
import { vcpuPid } from './perfetto.ts'
import { visitByTime } from './trace.ts'
import type { Trace } from './trace.ts'

const PIECE_CHARACTERS = 1 << 20
const NS = 1e9

/** Collects lines; the pieces are joined by the caller. */
class Lines {
  readonly pieces: string[] = []
  #open: string[] = []
  #size = 0

  add(line: string): void {
    this.#open.push(line)
    this.#size += line.length
    if (this.#size > PIECE_CHARACTERS) this.#close()
  }

  end(): string[] {
    this.#close()
    return this.pieces
  }

  #close(): void {
    if (this.#open.length > 0) this.pieces.push(`${this.#open.join('\n')}\n`)
    this.#open = []
    this.#size = 0
  }
}

/** The trace as pieces of ftrace-like text, in order of time. */
export function exportText(trace: Trace): string[] {
  const lines = new Lines()
  lines.add('# tracer: nop')
  lines.add('#')
  lines.add('#           TASK-PID       CPU#     TIMESTAMP  FUNCTION')
  const writer = new FtraceWriter(trace, (line) => lines.add(line))
  visitByTime(trace, writer)
  return lines.end()
}

/** Seconds with nine digits: `1.000000042`. */
const stamp = (timeNs: number): string => {
  const seconds = Math.floor(timeNs / NS)
  return `${seconds}.${String(timeNs - seconds * NS).padStart(9, '0')}`
}

class FtraceWriter {
  readonly #trace: Trace
  readonly #layout: TraceLayout
  readonly #add: (line: string) => void
  /** vCPU on each pCPU, state and pCPU of each vCPU, vCPU of each thread, as of now. */
  readonly #running: Int32Array
  readonly #vcpuState: Uint8Array
  readonly #vcpuOn: Int32Array
  readonly #threadOn: Int32Array

  constructor(trace: Trace, add: (line: string) => void) {
    this.#trace = trace
    this.#layout = trace.layout
    this.#add = add
    this.#running = new Int32Array(trace.layout.pcpus).fill(-1)
    this.#vcpuState = new Uint8Array(trace.layout.vcpus).fill(VCPU_STATE.halted)
    this.#vcpuOn = new Int32Array(trace.layout.vcpus)
    this.#threadOn = new Int32Array(trace.layout.threads).fill(-1)
  }

  interval(track: number, i: number): void {
    const { startNs, state, arg } = this.#trace.tracks[track]!
    const kind = trackKind(this.#layout, track)
    if (kind === 'pcpu') this.#switch(startNs[i]!, track, arg[i]!)
    else if (kind === 'vcpu') this.#vcpu(startNs[i]!, track, state[i]!, arg[i]!)
    else this.#thread(startNs[i]!, track, state[i]!, arg[i]!)
  }

  #line(timeNs: number, vcpu: number, pcpu: number, text: string): void {
    const task = vcpu < 0 ? '<idle>-0' : `${vcpuName(this.#layout, vcpu)}-${vcpuPid(vcpu)}`
    const cpu = String(Math.max(0, pcpu)).padStart(3, '0')
    this.#add(`${task.padStart(24)} [${cpu}] ${stamp(timeNs)}: ${text}`)
  }

  #switch(timeNs: number, p: number, next: number): void {
    const prev = this.#running[p]!
    if (prev === next) return
    this.#running[p] = next
    const isRunnable = prev < 0 || this.#vcpuState[prev]! >= VCPU_STATE.preempted
    const from = this.#task('prev', prev, p)
    const to = this.#task('next', next, p)
    const state = isRunnable ? 'R' : 'S'
    this.#line(timeNs, prev, p, `sched_switch: ${from} prev_state=${state} ==> ${to}`)
  }

  #task(side: 'prev' | 'next', v: number, p: number): string {
    const comm = v < 0 ? `swapper/${p}` : vcpuName(this.#layout, v)
    return `${side}_comm=${comm} ${side}_pid=${v < 0 ? 0 : vcpuPid(v)} ${side}_prio=120`
  }

  #vcpu(timeNs: number, track: number, state: number, p: number): void {
    const v = track - this.#layout.pcpus
    const before = this.#vcpuState[v]!
    const [wasRunning, runs] = [before === VCPU_STATE.running, state === VCPU_STATE.running]
    const from = this.#vcpuOn[v]!
    this.#vcpuState[v] = state
    this.#vcpuOn[v] = p
    const local = v - this.#layout.vms[this.#layout.vmOfVcpu[v]!]!.firstVcpu
    const reason = state === VCPU_STATE.halted ? 'HLT' : 'EXTERNAL_INTERRUPT'
    if (wasRunning && !(runs && from === p))
      this.#line(timeNs, v, from, `kvm_exit: vcpu ${local} reason ${reason}`)
    if (runs && !(wasRunning && from === p)) this.#line(timeNs, v, p, `kvm_entry: vcpu ${local}`)
  }

  #thread(timeNs: number, track: number, state: number, v: number): void {
    this.#threadOn[track - this.#layout.pcpus - this.#layout.vcpus] = v
    const name = trackName(this.#layout, track)
    const text = `flexlab_thread: thread=${name} class=${stateName(this.#layout, track, state)}`
    this.#line(timeNs, v, v < 0 ? -1 : this.#vcpuOn[v]!, text)
  }

  point(i: number): void {
    const { timeNs, kind, subject } = this.#trace.points
    const known = POINT_KINDS[kind[i]!]!
    const index = subject[i]!
    let v = -1
    if (known.subject === 'vcpu') v = index
    if (known.subject === 'thread') v = this.#threadOn[index]!
    const text = `flexlab_${known.key.replaceAll('-', '_')}: ${pointFields(this.#trace, i)}`
    this.#line(timeNs[i]!, v, v < 0 ? -1 : this.#vcpuOn[v]!, text)
  }
}

/** `thread=vm1/t3 lock="vm1 mutex 0" holder_thread=vm1/t5` */
function pointFields({ layout, points }: Trace, i: number): string {
  const known = POINT_KINDS[points.kind[i]!]!
  const fields = [
    [known.subject, points.subject[i]!],
    [known.object, points.object[i]!],
    [known.detail, points.detail[i]!],
  ] as const
  return fields
    .filter(([what]) => what !== '')
    .map(([what, value]) => `${what.replaceAll(' ', '_')}=${valueName(layout, what, value)}`)
    .join(' ')
}

/** The name of what a point's number stands for, by what it is called. */
function valueName(layout: TraceLayout, what: string, value: number): string {
  if (value < 0) return 'none'
  if (what === 'vm') return layout.vms[value]!.name
  if (what === 'lock') return `"${lockName(layout, value)}"`
  if (what.endsWith('thread')) return threadName(layout, value)
  return /\bvcpu\b/.test(what) ? vcpuName(layout, value) : String(value)
}

/** The trace as pieces of CSV in order of time; points have no duration. */
export function exportCsv(trace: Trace): string[] {
  const { layout, tracks, points } = trace
  const lines = new Lines()
  lines.add('time_ns,duration_ns,kind,track,state,on,object,detail')
  visitByTime(trace, {
    interval: (track, i) => {
      const { startNs, ns, state, arg } = tracks[track]!
      const kind = trackKind(layout, track)
      const on = kind === 'vcpu' ? `p${arg[i]!}` : vcpuName(layout, arg[i]!)
      const [name, cell] = [trackName(layout, track), stateName(layout, track, state[i]!)]
      lines.add([startNs[i], ns[i], kind, quote(name), quote(cell), quote(on), '', ''].join(','))
    },
    point: (i) => {
      const known = POINT_KINDS[points.kind[i]!]!
      const subject = valueName(layout, known.subject, points.subject[i]!)
      const more = [points.object[i], points.detail[i]]
      lines.add([points.timeNs[i], '', 'event', quote(subject), known.key, '', ...more].join(','))
    },
  })
  return lines.end()
}

/** A CSV cell; one that a spreadsheet would take for a formula is quoted as text. */
function quote(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
