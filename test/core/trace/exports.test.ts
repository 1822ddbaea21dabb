// The exports, read back by readers of their own: Perfetto's protobuf (by a decoder of ours and by
// protoc, both from a .proto written after Perfetto's), ftrace's text, CSV.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { POINT } from '../../../src-main/core/base/point-kind.ts'
import { ScenarioSchema } from '../../../src-main/core/contract/scenario.ts'
import { trackName, VCPU_STATE, vcpuName, vcpuTrack } from '../../../src-main/core/trace/layout.ts'
import { exportPerfetto } from '../../../src-main/core/trace/perfetto.ts'
import { exportCsv, exportText } from '../../../src-main/core/trace/text-export.ts'
import { requiresTool } from '../../support/requires.ts'
import { PROTO_FILE, readMessage } from './read-protobuf.ts'
import type { Message } from './read-protobuf.ts'
import { recordRun } from './record-run.ts'

const vm = (name: string, app: string) => ({
  name,
  vcpus: 3,
  workload: { app, params: { scale: 0.004 } },
})

/** VMs whose names need care, with locks, barriers and resizes. */
const scenario = v.parse(ScenarioSchema, {
  kind: 'scenario',
  version: 1,
  name: 'exports',
  host: { sockets: 1, coresPerSocket: 3 },
  vms: [vm('größe, "a"', 'bodytrack'), vm('=b ☃ 𝕏', 'streamcluster')],
  scheme: { id: 'flexcore' },
})
const { trace, header } = recordRun(scenario)
const { layout } = trace
const file = Buffer.concat([...exportPerfetto(trace)])

const only = <T>(list: readonly T[] | undefined): T => {
  if (list?.length !== 1) throw new Error(`${list?.length ?? 0} values instead of one`)
  return list[0]!
}
const packets = readMessage(file, 'Trace')['packet'] as readonly Message[]
const partsOf = (field: string): Message[] =>
  packets.flatMap((packet) => (packet[field] ?? []) as readonly Message[])
const names = new Map(
  partsOf('interned_data')
    .flatMap((data) => (data['event_names'] ?? []) as readonly Message[])
    .map((entry) => [only(entry['iid']) as bigint, only(entry['name']) as string]),
)

/** Track events with their time, by track, in the order of the file. */
const eventsOf = (uuid: bigint) =>
  packets.flatMap((packet) => {
    const [event] = (packet['track_event'] ?? []) as readonly Message[]
    return event === undefined || event['track_uuid']?.[0] !== uuid
      ? []
      : [{ timeNs: Number(only(packet['timestamp'])), event, type: only(event['type']) as bigint }]
  })

const uuidNamed = (name: string): bigint => {
  const found = partsOf('track_descriptor').find((descriptor) => {
    const thread = descriptor['thread']?.[0] as Message | undefined
    return (descriptor['name']?.[0] ?? thread?.['thread_name']?.[0]) === name
  })
  return only(found?.['uuid']) as bigint
}

describe('the Perfetto export', () => {
  it('has a descriptor of its own for each process, group, track, thread and counter', () => {
    const descriptors = partsOf('track_descriptor')
    const uuids = descriptors.map((descriptor) => only(descriptor['uuid']) as bigint)
    expect(new Set(uuids).size).toBe(uuids.length)
    const processes = descriptors.flatMap((d) => (d['process'] ?? []) as readonly Message[])
    expect(processes.map((process) => only(process['process_name']))).toEqual([
      'Host',
      'größe, "a": bodytrack',
      '=b ☃ 𝕏: streamcluster',
    ])
    expect(descriptors).toHaveLength(1 + 3 + 3 + layout.tracks + 2)
    const known = new Set(uuids)
    const used = new Set(partsOf('track_event').map((event) => only(event['track_uuid'])))
    for (const uuid of used) expect(known.has(uuid as bigint)).toBe(true)
    for (const { parent_uuid: parent } of descriptors)
      if (parent !== undefined) expect(known.has(only(parent) as bigint)).toBe(true)
  })

  it('draws what ran on each pCPU as slices that begin and end where the intervals do', () => {
    for (let p = 0; p < layout.pcpus; p++) {
      const events = eventsOf(uuidNamed(`p${p}`))
      const slices = []
      for (let i = 0; i < events.length; i += 2) {
        const [begin, end] = [events[i]!, events[i + 1]!]
        expect([begin.type, end.type]).toEqual([1n, 2n])
        const name = names.get(only(begin.event['name_iid']) as bigint)
        slices.push([begin.timeNs, end.timeNs, name])
      }
      const { count, startNs, ns, arg } = trace.tracks[p]!
      const expected = Array.from({ length: count }, (_, i) => i)
        .filter((i) => arg[i]! >= 0)
        .map((i) => [startNs[i], startNs[i]! + ns[i]!, vcpuName(layout, arg[i]!)])
      expect(slices).toEqual(expected)
    }
  })

  it('gives every thread slices with its class, and instants for its events', () => {
    const name = trackName(layout, layout.pcpus + layout.vcpus)
    const events = eventsOf(uuidNamed(name))
    const used = new Set(events.flatMap(({ event }) => event['name_iid'] ?? []))
    const classes = [...used].map((iid) => names.get(iid as bigint))
    expect(classes).toEqual(expect.arrayContaining(['useful', 'lock-acquire', 'barrier-arrive']))
    expect(classes).not.toContain('idle')
  })

  it('writes a name before its first use, in one sequence that says so', () => {
    const known = new Set<bigint>()
    const strays: Message[] = []
    packets.forEach((packet, at) => {
      const { trusted_packet_sequence_id: sequence, sequence_flags: flags } = packet
      if (only(sequence) !== 1n || only(flags) !== (at === 0 ? 1n : 2n)) strays.push(packet)
      for (const data of (packet['interned_data'] ?? []) as readonly Message[])
        for (const entry of (data['event_names'] ?? []) as readonly Message[])
          known.add(only(entry['iid']) as bigint)
      for (const event of (packet['track_event'] ?? []) as readonly Message[])
        for (const iid of event['name_iid'] ?? []) if (!known.has(iid as bigint)) strays.push(event)
    })
    expect(strays).toEqual([])
  })

  it('ends every flow once, after it began, and counts online vCPUs at each resize', () => {
    const begun = partsOf('track_event').flatMap((event) => event['flow_ids'] ?? [])
    const ended = partsOf('track_event').flatMap((event) => event['terminating_flow_ids'] ?? [])
    expect(new Set(begun).size).toBe(begun.length)
    expect(new Set(ended).size).toBe(ended.length)
    // no more than one thread waits for a lock at a time in this run
    const starts: readonly number[] = [POINT['lock-contend'], POINT.ipi]
    expect(begun).toHaveLength(trace.points.kind.filter((kind) => starts.includes(kind)).length)
    expect(ended.length).toBeGreaterThan(3)
    const open = new Set(begun)
    expect(ended.filter((flow) => !open.has(flow))).toEqual([])
    const counters = partsOf('track_event').filter((event) => event['type']?.[0] === 4n)
    const resizes = trace.points.kind.filter((kind) => kind === POINT.resize).length
    expect(resizes).toBeGreaterThan(0)
    expect(counters).toHaveLength(2 + resizes)
  })

  it('has no time after the end of the run', () => {
    const times = packets.flatMap(({ timestamp }) => (timestamp ?? []).map(Number))
    expect(times.length).toBeGreaterThan(1000)
    expect(times.filter((timeNs) => timeNs > header.endNs)).toEqual([])
  })
})

describe.runIf(requiresTool('protoc'))('protoc', () => {
  it('decodes the Perfetto export with Perfetto’s field numbers, and knows every field', () => {
    const args = [`--proto_path=${path.dirname(PROTO_FILE)}`, '--decode=perfetto.protos.Trace']
    const { status, stdout, stderr } = spawnSync('protoc', [...args, path.basename(PROTO_FILE)], {
      input: file,
      shell: false,
      maxBuffer: 1 << 30,
    })
    expect([status, stderr.toString()]).toEqual([0, ''])
    const lines = stdout.toString().split('\n')
    // a field that the .proto does not know is printed by its number
    expect(lines.filter((line) => /^\s*\d+[:{ ]/.test(line))).toEqual([])
    expect(lines.filter((line) => line === 'packet {')).toHaveLength(packets.length)
    const begins = lines.filter((line) => line.includes('type: TYPE_SLICE_BEGIN')).length
    expect(lines.filter((line) => line.includes('type: TYPE_SLICE_END'))).toHaveLength(begins)
  })
})

describe('the text export', () => {
  const lines = exportText(trace).join('').trimEnd().split('\n')
  const events = lines.filter((line) => !line.startsWith('#'))

  it('has lines as ftrace prints them, in order of time', () => {
    let before = -1
    const wrong: string[] = []
    for (const line of events) {
      const parsed = /^ *.+-\d+ \[\d{3,}\] (\d+)\.(\d{9}): [a-z_]+: /u.exec(line)
      const timeNs = parsed === null ? NaN : Number(parsed[1]) * 1e9 + Number(parsed[2])
      if (!(timeNs >= before)) wrong.push(line)
      before = timeNs
    }
    expect(wrong).toEqual([])
  })

  it('switches each pCPU from what ran before, and prev_state tells preemption from a halt', () => {
    const running = new Map<string, string>()
    const states = new Set<string>()
    for (const line of events.filter((candidate) => candidate.includes('sched_switch'))) {
      const parsed =
        /\[(\d+)\] .*prev_comm=(.*) prev_pid=.* prev_state=(.) ==> next_comm=(.*) next_pid/u.exec(
          line,
        )!
      const [, cpu, prev, state, next] = parsed as unknown as string[]
      expect(prev).toBe(running.get(cpu!) ?? `swapper/${Number(cpu)}`)
      running.set(cpu!, next!)
      states.add(state!)
    }
    expect([...states].sort()).toEqual(['R', 'S'])
  })

  it('enters and exits each vCPU in turn', () => {
    for (let i = 0; i < layout.vcpus; i++) {
      const name = `${vcpuName(layout, i)}-`
      const turns = events
        .filter((line) => line.trimStart().startsWith(name) && / kvm_(entry|exit): /.test(line))
        .map((line) => /kvm_(entry|exit)/.exec(line)![1])
      expect(turns).toEqual(turns.map((_, k) => (k % 2 === 0 ? 'entry' : 'exit')))
      const track = trace.tracks[vcpuTrack(layout, i)]!
      if (track.state.includes(VCPU_STATE.running)) expect(turns.length).toBeGreaterThan(0)
    }
  })
})

describe('the CSV export', () => {
  it('has a row for each record, with as many cells, names quoted and made harmless', () => {
    const [head, ...rows] = exportCsv(trace).join('').trimEnd().split('\n')
    expect(rows).toHaveLength(header.intervals + header.points)
    const cells = (row: string) => row.replaceAll(/"([^"]|"")*"/g, '').split(',').length
    expect(rows.filter((row) => cells(row) !== cells(head!))).toEqual([])
    expect(rows.some((row) => row.includes(`"größe, ""a""/v0"`))).toBe(true)
    expect(rows.some((row) => row.includes(',=b'))).toBe(false)
  })
})
