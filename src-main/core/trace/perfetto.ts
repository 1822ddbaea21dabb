/**
 * Export to Perfetto: a `perfetto.protos.Trace` of TracePackets with track descriptors and track
 * events, as ui.perfetto.dev and trace_processor read it. Field numbers from google/perfetto,
 * protos/perfetto/trace/{trace,trace_packet}.proto, track_event/{track_event,track_descriptor,
 * process_descriptor,thread_descriptor,counter_descriptor,debug_annotation}.proto,
 * interned_data/interned_data.proto (commit ec5d16b14b74, 2026-08-22).
 *
 * The host and each VM are processes; pCPUs and vCPUs are tracks below, threads are their threads.
 */
import { POINT, POINT_KINDS } from '../base/point-kind.ts'
import { stateName, threadTrack, trackKind, trackName, VCPU_STATE, vcpuTrack } from './layout.ts'
import type { TraceLayout } from './layout.ts'
import { MessageWriter } from './protobuf.ts'
import type { Trace } from './trace.ts'

const TRACE = { packet: 1 } as const
const PACKET = {
  timestamp: 8,
  sequenceId: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const
const DESCRIPTOR = {
  uuid: 1,
  name: 2,
  process: 3,
  thread: 4,
  parentUuid: 5,
  counter: 8,
  childOrdering: 11,
  rank: 12,
  processOrdering: 19,
  threadOrdering: 20,
} as const
const PROCESS = { pid: 1, name: 6 } as const
const THREAD = { pid: 1, tid: 2, name: 5 } as const
const COUNTER = { unit: 3 } as const
const EVENT = {
  categoryIids: 3,
  annotations: 4,
  type: 9,
  nameIid: 10,
  trackUuid: 11,
  counterValue: 30,
  flowIds: 47,
  terminatingFlowIds: 48,
} as const
const ANNOTATION = { nameIid: 1, intValue: 4 } as const
const INTERNED = { categories: 1, names: 2, annotationNames: 3 } as const
const ENTRY = { iid: 1, name: 2 } as const

const TYPE = { begin: 1, end: 2, instant: 3, counter: 4 } as const
const FLAGS = { cleared: 1, needsState: 2 } as const
const EXPLICIT = { children: 3, processes: 1, threads: 1 } as const
const UNIT_COUNT = 2
const SEQUENCE = 1

/** Bytes that are given away at a time, about. */
const PIECE_BYTES = 1 << 20

/** UUIDs: 1 is the host's process, then the VMs', then groups and counters, then the tracks. */
const HOST_UUID = 1
const vmUuid = (vm: number): number => 2 + vm
const groupUuid = (vm: number): number => 1_000 + vm
const counterUuid = (vm: number): number => 2_000 + vm
const trackUuid = (track: number): number => 10_000 + track
const HOST_GROUP = -1

/** Process ids as the text export has them, too. */
export const vmPid = (vm: number): number => 1000 + vm
/** Id of a vCPU's thread on the host. */
export const vcpuPid = (vcpu: number): number => 10_000 + vcpu
/** Id of a thread in its VM. */
export const threadTid = (thread: number): number => 100_000 + thread

/** The trace as pieces of a file; each piece is whole packets. */
export function* exportPerfetto(trace: Trace): Generator<Uint8Array<ArrayBuffer>> {
  const out = new PerfettoWriter(trace)
  out.descriptors()
  for (let track = 0; track < trace.layout.tracks; track++) {
    for (let i = 0; i < trace.tracks[track]!.count; i++) {
      out.slice(track, i)
      if (out.isFull) yield out.take()
    }
  }
  for (let i = 0; i < trace.points.count; i++) {
    out.point(i)
    if (out.isFull) yield out.take()
  }
  yield out.take()
}

/** Names that events refer to by number; a new one is written before its first use. */
class Names {
  readonly #iids = new Map<string, number>()
  readonly #added: (iid: number, name: string) => void

  constructor(added: (iid: number, name: string) => void) {
    this.#added = added
  }

  /** The number of a name. */
  iid(name: string): number {
    const known = this.#iids.get(name)
    if (known !== undefined) return known
    const iid = this.#iids.size + 1
    this.#iids.set(name, iid)
    this.#added(iid, name)
    return iid
  }
}

class PerfettoWriter {
  readonly #trace: Trace
  readonly #layout: TraceLayout
  readonly #file = new MessageWriter()
  readonly #packet = new MessageWriter()
  readonly #event = new MessageWriter()
  readonly #annotation = new MessageWriter()
  readonly #names = new Names((iid, name) => this.#intern(INTERNED.names, iid, name))
  readonly #categories = new Names((iid, name) => this.#intern(INTERNED.categories, iid, name))
  readonly #labels = new Names((iid, name) => this.#intern(INTERNED.annotationNames, iid, name))
  /** Flows that wait for their end: of a lock to its next holder, of an IPI to its vCPU. */
  readonly #lockFlows = new Map<number, number>()
  readonly #ipiFlows = new Map<number, number>()
  readonly #contended = new Set<number>()
  #flows = 0
  #isFirst = true

  constructor(trace: Trace) {
    this.#trace = trace
    this.#layout = trace.layout
  }

  get isFull(): boolean {
    return this.#file.out.size >= PIECE_BYTES
  }

  take(): Uint8Array<ArrayBuffer> {
    const piece = this.#file.out.bytes()
    this.#file.clear()
    return piece
  }

  #write(packet: MessageWriter): void {
    packet.number(PACKET.sequenceId, SEQUENCE)
    packet.number(PACKET.sequenceFlags, this.#isFirst ? FLAGS.cleared : FLAGS.needsState)
    this.#isFirst = false
    this.#file.message(TRACE.packet, packet)
  }

  #intern(field: number, iid: number, name: string): void {
    const entry = new MessageWriter()
    entry.number(ENTRY.iid, iid)
    entry.text(ENTRY.name, name)
    const interned = new MessageWriter()
    interned.message(field, entry)
    const packet = new MessageWriter()
    packet.message(PACKET.internedData, interned)
    this.#write(packet)
  }

  /** All processes, groups, tracks and threads. */
  descriptors(): void {
    const { pcpus, vms } = this.#layout
    this.#describe(0, (d) => {
      d.number(DESCRIPTOR.processOrdering, EXPLICIT.processes)
      d.number(DESCRIPTOR.threadOrdering, EXPLICIT.threads)
    })
    this.#process(HOST_UUID, 1, 'Host', 0)
    this.#group(HOST_GROUP, HOST_UUID, 'pCPUs')
    for (let p = 0; p < pcpus; p++) this.#lane(p, HOST_GROUP, p)
    for (const vm of vms) {
      this.#process(vmUuid(vm.index), vmPid(vm.index), `${vm.name}: ${vm.app}`, 1 + vm.index)
      this.#group(vm.index, vmUuid(vm.index), 'vCPUs')
      for (let i = 0; i < vm.vcpus; i++)
        this.#lane(vcpuTrack(this.#layout, vm.firstVcpu + i), vm.index, i)
      for (let i = 0; i < vm.threads; i++) this.#thread(vm.index, vm.firstThread + i, i)
      this.#onlineCounter(vm.index, vm.vcpus)
    }
  }

  #describe(uuid: number, fill: (descriptor: MessageWriter) => void): void {
    const descriptor = new MessageWriter()
    descriptor.number(DESCRIPTOR.uuid, uuid)
    fill(descriptor)
    const packet = new MessageWriter()
    packet.message(PACKET.trackDescriptor, descriptor)
    this.#write(packet)
  }

  #process(uuid: number, pid: number, name: string, rank: number): void {
    const process = new MessageWriter()
    process.number(PROCESS.pid, pid)
    process.text(PROCESS.name, name)
    this.#describe(uuid, (d) => {
      d.message(DESCRIPTOR.process, process)
      d.number(DESCRIPTOR.rank, rank)
    })
  }

  #group(vm: number, parent: number, name: string): void {
    this.#describe(groupUuid(vm), (d) => {
      d.number(DESCRIPTOR.parentUuid, parent)
      d.text(DESCRIPTOR.name, name)
      d.number(DESCRIPTOR.childOrdering, EXPLICIT.children)
    })
  }

  #lane(track: number, group: number, rank: number): void {
    this.#describe(trackUuid(track), (d) => {
      d.number(DESCRIPTOR.parentUuid, groupUuid(group))
      d.text(DESCRIPTOR.name, trackName(this.#layout, track))
      d.number(DESCRIPTOR.rank, rank)
    })
  }

  #thread(vm: number, thread: number, rank: number): void {
    const track = threadTrack(this.#layout, thread)
    const message = new MessageWriter()
    message.number(THREAD.pid, vmPid(vm))
    message.number(THREAD.tid, threadTid(thread))
    message.text(THREAD.name, trackName(this.#layout, track))
    this.#describe(trackUuid(track), (d) => {
      d.message(DESCRIPTOR.thread, message)
      d.number(DESCRIPTOR.rank, rank)
    })
  }

  #onlineCounter(vm: number, vcpus: number): void {
    const counter = new MessageWriter()
    counter.number(COUNTER.unit, UNIT_COUNT)
    this.#describe(counterUuid(vm), (d) => {
      d.number(DESCRIPTOR.parentUuid, vmUuid(vm))
      d.text(DESCRIPTOR.name, 'online vCPUs')
      d.message(DESCRIPTOR.counter, counter)
    })
    this.#count(this.#trace.window.fromNs, vm, vcpus)
  }

  #count(timeNs: number, vm: number, online: number): void {
    const event = this.#begin(TYPE.counter, counterUuid(vm))
    event.number(EVENT.counterValue, online)
    this.#end(timeNs)
  }

  #begin(type: number, uuid: number): MessageWriter {
    const event = this.#event.clear()
    event.number(EVENT.type, type)
    event.number(EVENT.trackUuid, uuid)
    return event
  }

  #end(timeNs: number): void {
    const packet = this.#packet.clear()
    packet.number(PACKET.timestamp, timeNs)
    packet.message(PACKET.trackEvent, this.#event)
    this.#write(packet)
  }

  #annotate(label: string, value: number): void {
    const annotation = this.#annotation.clear()
    annotation.number(ANNOTATION.nameIid, this.#labels.iid(label))
    annotation.number(ANNOTATION.intValue, value)
    this.#event.message(EVENT.annotations, annotation)
  }

  /** An interval as a slice; a pCPU's idleness and a vCPU's halt are gaps. */
  slice(track: number, i: number): void {
    const { startNs, ns, state, arg } = this.#trace.tracks[track]!
    const kind = trackKind(this.#layout, track)
    if (kind === 'pcpu' && state[i] === 0) return
    if (kind === 'vcpu' && state[i] === VCPU_STATE.halted) return
    const name =
      kind === 'pcpu'
        ? trackName(this.#layout, vcpuTrack(this.#layout, arg[i]!))
        : stateName(this.#layout, track, state[i]!)
    if (kind === 'thread' && name === 'idle') return
    const category = this.#categories.iid(kind)
    const iid = this.#names.iid(name)
    const event = this.#begin(TYPE.begin, trackUuid(track))
    event.number(EVENT.categoryIids, category)
    event.number(EVENT.nameIid, iid)
    if (kind !== 'pcpu' && arg[i]! >= 0) this.#annotate(kind === 'vcpu' ? 'pcpu' : 'vcpu', arg[i]!)
    this.#end(startNs[i]!)
    this.#begin(TYPE.end, trackUuid(track))
    this.#end(startNs[i]! + ns[i]!)
  }

  /** A point as an instant, a resize as the counter's new value, too. */
  point(i: number): void {
    const { timeNs, kind, subject, object, detail } = this.#trace.points
    const known = POINT_KINDS[kind[i]!]!
    const category = this.#categories.iid('event')
    const iid = this.#names.iid(known.key)
    const event = this.#begin(TYPE.instant, this.#subjectUuid(known.subject, subject[i]!))
    event.number(EVENT.categoryIids, category)
    event.number(EVENT.nameIid, iid)
    if (known.object !== '' && object[i]! >= 0) this.#annotate(known.object, object[i]!)
    if (known.detail !== '' && detail[i]! >= 0) this.#annotate(known.detail, detail[i]!)
    this.#flow(kind[i]!, subject[i]!, object[i]!)
    this.#end(timeNs[i]!)
    if (kind[i] === POINT.resize) this.#count(timeNs[i]!, subject[i]!, object[i]!)
    if (kind[i] === POINT['vm-stop']) this.#count(timeNs[i]!, subject[i]!, 0)
  }

  #subjectUuid(subject: 'thread' | 'vcpu' | 'vm', index: number): number {
    if (subject === 'vm') return vmUuid(index)
    const track = subject === 'vcpu' ? vcpuTrack : threadTrack
    return trackUuid(track(this.#layout, index))
  }

  /** A contended lock flows to its next holder, an IPI to the kick that it causes. */
  #flow(kind: number, subject: number, object: number): void {
    if (kind === POINT['lock-contend']) this.#contended.add(object)
    if (kind === POINT['lock-release'] && this.#contended.delete(object))
      this.#startFlow(this.#lockFlows, object)
    if (kind === POINT['lock-acquire']) this.#endFlow(this.#lockFlows, object)
    if (kind === POINT.ipi) this.#startFlow(this.#ipiFlows, object)
    if (kind === POINT.kick) this.#endFlow(this.#ipiFlows, subject)
  }

  #startFlow(open: Map<number, number>, key: number): void {
    this.#event.fixed64(EVENT.flowIds, ++this.#flows)
    open.set(key, this.#flows)
  }

  #endFlow(open: Map<number, number>, key: number): void {
    const flow = open.get(key)
    if (flow === undefined) return
    open.delete(key)
    this.#event.fixed64(EVENT.terminatingFlowIds, flow)
  }
}
