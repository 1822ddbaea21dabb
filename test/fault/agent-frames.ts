/**
 * Mutated frames at the real agent process: it must never crash, hang or grow. Most are frames with
 * the wrong things in them, which it answers and goes on; after some the stream cannot be read any
 * more, and it must say so and end in order. Between them it gets something it must answer.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FRAME_BYTES_MAX } from '../../src-main/core/contract/agent/frame.ts'
import { AGENT_METHODS } from '../../src-main/core/contract/agent/protocol.ts'
import { AgentProcess } from '../support/agent-process.ts'
import { draws, faultOptions } from './fault-script.ts'

/** Frames between two questions, and how many of them break the stream. */
const BATCH = 100
const BREAKING = 0.002
const ANSWER_MS = 20_000

const { count, seed } = faultOptions()
const draw = draws(seed, 1)
const below = (limit: number): number => Math.floor(draw() * limit)
const pick = <T>(items: readonly T[]): T => items[below(items.length)]!
const totals = { seed, frames: 0, agents: 0, broken: 0, probes: 0, crashes: 0, hangs: 0 }
let memoryMaxKib = 0

const NAMES = ['none-such', '-x', '', 'a\nb', '$(id)', "a'b", '--connect=x', '\0', 'é'.repeat(150)]
const ODD = [
  null,
  true,
  -1,
  1e308,
  2 ** 53,
  0.5,
  '',
  'x',
  [],
  {},
  [[]],
  { length: 1e9 },
  'x'.repeat(9e4),
]

/** Every method with parameters that fit, of VMs that are not there; so nothing is ever changed. */
const REQUESTS: readonly (readonly [method: string, params: unknown])[] = [
  ['sample', { vms: ['none-such'], periodMs: 100, durationMs: 50 }],
  ['plan', { scheme: { id: 'pin' }, vms: ['none-such'] }],
  ['apply', { scheme: { id: 'pin' }, vms: ['none-such'], planId: '0' }],
  ['run', { vms: [{ vm: 'none-such', program: { kind: 'micro', mode: 'ep' }, iterations: 1 }] }],
  // With a mode that there is and `vm` null it would run on this machine.
  ['micro', { vm: 'none-such', mode: 'none-such' }],
  ['journal', { limit: 1 }],
  ['restore', { no: 1 }],
  ['facts', { no: 1 }],
  ['vms', { no: 1 }],
]

type Kind = (id: number) => Buffer

/** A request in which something else is where something should be. */
const mutatedRequest: Kind = (id) => {
  const [method, params] = pick(REQUESTS)
  const frame: Record<string, unknown> = { id, method, params: mutated(params, 0) }
  if (draw() < 0.3) frame[pick(['id', 'method', 'params', 'beat', '__proto__'])] = odd()
  if (draw() < 0.1) Reflect.deleteProperty(frame, pick(['id', 'method', 'params']))
  return framed(JSON.stringify(frame))
}

const otherFrame: Kind = () =>
  framed(JSON.stringify(pick([{ cancel: odd() }, { beat: odd() }, { beat: 1, cancel: 1 }, odd()])))

const nested: Kind = (id) => {
  const depth = 1 + below(25)
  return framed(`{"id":${id},"method":"plan","params":${'['.repeat(depth)}${']'.repeat(depth)}}`)
}

/** Keys that JavaScript objects have, as text, since object literals cannot say them. */
const pollution: Kind = (id) =>
  framed(`{"id":${id},"method":"journal","params":{"__proto__":{"limit":1},"constructor":1}}`)

const GENTLE = [mutatedRequest, mutatedRequest, mutatedRequest, otherFrame, nested, pollution]

/** Streams that cannot go on: no JSON, no UTF-8, too deep, too long, no frames at all. */
const BREAKERS: readonly Kind[] = [
  () => framed('{"id":1'),
  () => framed(Buffer.from([0xff, 0xfe, 0xc0])),
  () => framed('['.repeat(1000)),
  () => header(FRAME_BYTES_MAX + 1 + below(2 ** 31)),
  () => Buffer.from(`GET / HTTP/1.1\r\nHost: ${'x'.repeat(below(500))}\r\n\r\n`),
  (id) => flipped(mutatedRequest(id)),
]

function framed(body: string | Buffer): Buffer {
  const bytes = Buffer.from(body as string)
  return Buffer.concat([header(bytes.length), bytes])
}

function header(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

/** One byte of the header or the body changed; so the agent may also wait for more. */
function flipped(frame: Buffer): Buffer {
  const at = draw() < 0.3 ? below(4) : below(frame.length)
  frame[at] = frame[at]! ^ (1 << below(8))
  return frame
}

const odd = (): unknown => (draw() < 0.3 ? pick(NAMES) : pick(ODD))

function mutated(value: unknown, depth: number): unknown {
  if (draw() < 0.15 + depth * 0.1) return odd()
  if (Array.isArray(value)) return value.map((item) => mutated(item, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, mutated(item, depth + 1)])
  return Object.fromEntries(draw() < 0.2 ? [...entries, ['extra', odd()]] : entries)
}

/** A question that must be answered: whatever came before, the agent still serves. */
async function probe(agent: AgentProcess, id: number): Promise<boolean> {
  totals.probes++
  agent.send({ id, method: 'journal', params: { limit: -1 } })
  return inTime(agent.frame((frame) => frame.id === id).then(() => undefined))
}

async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_MS)
  })
  const isDone = await Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    late,
  ])
  clearTimeout(timer)
  return isDone
}

function noteMemory(pid: number): void {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  memoryMaxKib = Math.max(memoryMaxKib, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0))
}

/** One agent until its stream is broken or the frames are out. */
async function oneAgent(home: string): Promise<void> {
  totals.agents++
  const env = { HOME: home, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: home }
  const agent = new AgentProcess({ env })
  let id = 1
  try {
    await agent.frame((frame) => frame.hello !== undefined)
    while (totals.frames < count) {
      let isBroken = false
      for (let i = 0; i < BATCH && !isBroken && totals.frames < count; i++) {
        isBroken = draw() < BREAKING
        totals.frames++
        agent.sendBytes(pick(isBroken ? BREAKERS : GENTLE)(id++))
      }
      if (isBroken) {
        totals.broken++
        break
      }
      if (!(await probe(agent, id++))) {
        totals.hangs++
        return
      }
      agent.frames.length = 0
    }
    noteMemory(agent.child.pid!)
    await endInOrder(agent)
  } finally {
    agent.kill()
  }
}

async function endInOrder(agent: AgentProcess): Promise<void> {
  let code: number | null = null
  const isOver = await inTime(agent.end().then((found) => (code = found)))
  if (!isOver) totals.hangs++
  else if (code !== 0) {
    totals.crashes++
    process.stderr.write(agent.stderr)
  }
}

const home = mkdtempSync(path.join(os.tmpdir(), 'flexlab-frames-'))
try {
  while (totals.frames < count) await oneAgent(home)
} finally {
  rmSync(home, { recursive: true, force: true })
}
const methods = Object.keys(AGENT_METHODS).length
console.log(JSON.stringify({ ...totals, methods, memoryMaxKib }))
