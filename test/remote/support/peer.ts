// The other end of a session, for what a good agent never does: it prints banners, dies, lies about
// its version and sends what is no frame. Started as `node peer.ts MODE`.
import { Buffer } from 'node:buffer'
import {
  AGENT_MAGIC,
  BANNER_BYTES_MAX,
  encodeFrame,
  FrameReader,
} from '../../../src-main/core/contract/agent/frame.ts'
import { PROTOCOL_VERSION, type LabFrame } from '../../../src-main/core/contract/agent/protocol.ts'

const MODE = process.argv[2] ?? ''
const SAMPLE = { atNs: 1, vms: [], pcpuBusyNs: [] }

const hello = {
  protocol: MODE === 'old' ? PROTOCOL_VERSION - 1 : PROTOCOL_VERSION,
  agentSha256: (MODE === 'other' ? 'b' : 'a').repeat(64),
  appVersion: '0.0.1',
  node: process.versions.node,
  pid: process.pid,
  recovered: null,
}

let beats = 0
const streaming = new Map<number, NodeJS.Timeout>()

if (MODE === 'noise') process.stdout.write(`Welcome!\u001b[31m\nFLEXLAB-AGENT/1 soon\r\n`)
if (MODE === 'endless') process.stdout.write('x'.repeat(2 * BANNER_BYTES_MAX))
if (MODE === 'mute') end(3, 'no tape in the drive\u001b]0;title\u0007\n')
if (MODE !== 'endless' && MODE !== 'mute') start()

function start(): void {
  // A byte at a time: nothing may depend on how the bytes come in chunks.
  for (const byte of Buffer.from(AGENT_MAGIC)) process.stdout.write(Buffer.of(byte))
  setTimeout(() => send(MODE === 'silent' ? {} : { hello }), MODE === 'late' ? 500 : 0)
  const frames = new FrameReader()
  process.stdin.on('data', (chunk: Buffer) => {
    const values = frames.push(chunk)
    if (values.ok) for (const value of values.value) take(value as LabFrame)
  })
  process.stdin.on('end', () => process.exit(0))
}

function take(frame: LabFrame): void {
  if ('beat' in frame) answerBeat(frame.beat)
  else if ('cancel' in frame) stop(frame.cancel)
  else if (frame.method === 'journal') misbehave(frame.id)
  else if (frame.method === 'sample') stream(frame.id)
  else if (frame.method === 'vms') setTimeout(() => send({ id: frame.id, result: [] }), 20)
  else if (frame.method === 'facts') fail(frame.id, `beats ${beats}`)
  else if (frame.method === 'restore') fail(null, 'the lease was lost')
}

function answerBeat(beat: number): void {
  beats = beat
  if (MODE !== 'stuck') send({ beat })
}

/** What the mode is about, on the first request for the journal. */
function misbehave(id: number): void {
  if (MODE === 'dies') end(7, 'out of luck\n')
  if (MODE === 'no-json') process.stdout.write(Buffer.from([0, 0, 0, 1, 0x7b]))
  if (MODE === 'no-frame') send({ id, hello })
  if (MODE === 'huge') process.stdout.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
  if (MODE === 'wrong') send({ id, result: 'no list' })
  else send({ id, result: [] })
}

function stream(id: number): void {
  const send1 = () => send({ id, event: { sample: SAMPLE } })
  streaming.set(
    id,
    setInterval(() => (MODE === 'flood' ? flood(send1) : send1()), 5),
  )
}

function flood(send1: () => void): void {
  for (let i = 0; i < 1000; i++) send1()
}

function stop(id: number): void {
  clearInterval(streaming.get(id))
  fail(id, 'stopped')
}

function fail(id: number | null, message: string): void {
  send({ id, error: { code: 'cancelled', message, hint: '' } })
}

function send(value: unknown): void {
  process.stdout.write(encodeFrame(value))
}

function end(code: number, message: string): never {
  process.stderr.write(message)
  process.exit(code)
}
