/**
 * How fast a core follows the load: two busy VMs share two pCPUs under the dynamic controller, one
 * falls idle, the other gets its core, and gives it back when the load returns. Times of both, and
 * the budget that they are held against: the controller's periods and the guest's own resize.
 *
 *     node test/bed/core-moves.ts --moves 12 --figure docs/figures/core-moves.md
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { DeadlineError } from '../../src-main/agent/backend/deadline.ts'
import { QgaSocket } from '../../src-main/agent/backend/qga-socket.ts'
import type { Sample } from '../../src-main/core/contract/agent/work.ts'
import { quantile } from '../../src-main/core/stats/descriptive.ts'
import { AgentProcess } from '../support/agent-process.ts'
import { bedState, startInGuest } from './bed-state.ts'
import { startBed, type Bed } from './bed.ts'
import type { Guest } from './guest.ts'

const PERIOD_MS = 100
const SAMPLE_MS = 25
const BEAT_MS = 500
const CALL_MS = 20_000
const TRIES = 5
/** Guests of the translator use up to a tenth of a pCPU for their ticks alone. */
const IDLE_FRACTION = 0.2
const LOAD = ['/usr/bin/flexlab-micro', 'ep', '--seconds', '900']
const NO_LOAD = ['/usr/bin/killall', 'flexlab-micro']

/** One way to move cores, and how long the moves took, ms. */
type Moves = {
  readonly resize: string
  readonly hysteresis: number
  readonly awayMs: readonly number[]
  readonly backMs: readonly number[]
}

const { values } = parseArgs({
  options: { moves: { type: 'string', default: '12' }, figure: { type: 'string' } },
})
const bed = await startBed({ guests: 2, vcpus: 2, ssh: false })
try {
  const { resizeMs, moves } = await measure(bed, Number(values.moves))
  const markdown = page(bed.accelerator, resizeMs, moves)
  if (values.figure !== undefined) writeFileSync(values.figure, markdown)
  console.log(markdown)
} finally {
  await bed.stop()
}

async function measure({ guests }: Bed, count: number) {
  const before = await bedState(guests)
  const agent = new AgentProcess()
  const beats = setInterval(() => agent.send({ beat: 1 }), BEAT_MS)
  const [first, second] = guests as readonly [Guest, Guest]
  const moves: Moves[] = []
  try {
    for (const guest of guests) await startInGuest(guest, LOAD)
    const resizeMs = await resizesOf(second, count)
    for (const resize of ['hotplug', 'confinement'])
      for (const hysteresis of [1, 2])
        moves.push(await movesOf(agent, [first, second], { resize, hysteresis, count }))
    for (const guest of guests) await startInGuest(guest, NO_LOAD)
    if (!isDeepStrictEqual(await bedState(guests), before)) throw new Error('not as before')
    return { resizeMs, moves }
  } finally {
    clearInterval(beats)
    await agent.end()
  }
}

/** The guest's own part, ms: a vCPU off and on again, without the agent. */
async function resizesOf({ agentSocket }: Guest, count: number): Promise<number[]> {
  const channel = new QgaSocket(agentSocket)
  const tookMs: number[] = []
  try {
    for (let i = 0; i < 2 * count; i++) {
      const vcpus = [{ 'logical-id': 1, online: i % 2 === 1 }]
      const startMs = performance.now()
      await channel.call('guest-set-vcpus', { vcpus }, CALL_MS)
      tookMs.push(performance.now() - startMs)
    }
    return tookMs
  } finally {
    channel.close()
  }
}

async function movesOf(
  agent: AgentProcess,
  guests: readonly [Guest, Guest],
  { resize, hysteresis, count }: { resize: string; hysteresis: number; count: number },
): Promise<Moves> {
  const vms = guests.map(({ name }) => name)
  const rules = { periodMs: PERIOD_MS, hysteresis, idleFraction: IDLE_FRACTION }
  const scheme = { id: 'flexcore', params: { resize, dynamic: true, ...rules } }
  const { id: planId } = await agent.call('plan', { scheme, vms })
  await agent.call('apply', { scheme, vms, planId })
  const watching = agent.request('sample', { vms, periodMs: SAMPLE_MS })
  const awayMs: number[] = []
  const backMs: number[] = []
  await seen(agent, watching, [1, 1])
  for (let i = 0; i < count; i++) {
    awayMs.push(await timed(agent, watching, guests[1], NO_LOAD, [2, 1]))
    backMs.push(await timed(agent, watching, guests[1], LOAD, [1, 1]))
  }
  agent.send({ cancel: watching })
  await agent.call('restore')
  return { resize, hysteresis, awayMs, backMs }
}

/** From the change of the load until a sample has these vCPU counts. */
async function timed(
  agent: AgentProcess,
  watching: number,
  guest: Guest,
  program: readonly string[],
  counts: readonly number[],
): Promise<number> {
  await insist(() => startInGuest(guest, program))
  const startMs = performance.now()
  await seen(agent, watching, counts)
  return performance.now() - startMs
}

/** The agent may have the guest's channel, which takes one client, for longer than a call waits. */
async function insist(call: () => Promise<void>): Promise<void> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await call()
    } catch (error) {
      if (left === 0 || !(error instanceof DeadlineError)) throw error
    }
  }
}

async function seen(agent: AgentProcess, watching: number, counts: readonly number[]) {
  const after = agent.frames.length
  await agent.frame((frame) => {
    if (frame.id !== watching || agent.frames.indexOf(frame) < after) return false
    const { sample } = (frame.event ?? {}) as { sample?: Sample }
    const online = sample?.vms.map((vm) => vm.online)
    return isDeepStrictEqual(online, counts)
  })
}

function page(accelerator: string, resizeMs: readonly number[], moves: readonly Moves[]): string {
  const off = resizeMs.filter((_, i) => i % 2 === 0)
  const on = resizeMs.filter((_, i) => i % 2 === 1)
  const slowestMs = Math.max(...off) + Math.max(...on)
  const rows = moves.flatMap(({ resize, hysteresis, awayMs, backMs }) => [
    row(`${resize}, ${hysteresis}`, 'to the busy VM', awayMs, slowestMs),
    row(`${resize}, ${hysteresis}`, 'back', backMs, slowestMs),
  ])
  return `# How fast a core follows the load

Measured (${accelerator.toUpperCase()} guests) at commit ${commit()} by
\`node test/bed/core-moves.ts --figure docs/figures/core-moves.md\`. Two VMs of two vCPUs are busy
on two pCPUs, one vCPU each; one falls idle and its core goes to the other, then it is busy again
and gets it back. Times from the change of the load until a sample (every ${SAMPLE_MS} ms) shows
the new vCPU counts. The controller looks every ${PERIOD_MS} ms and acts on what has lasted
*hysteresis* periods; a VM is idle below ${IDLE_FRACTION} of a pCPU here, since guests of the
translator use more for ticks than the default of 0.05. A vCPU of a busy guest goes off in
${spread(off)} and on in ${spread(on)} without us (guest-set-vcpus).
*In budget*: within two periods, the slowest off and on, and a sample.

| mechanism, hysteresis | core moves | n | p50 ms | max ms | in budget |
| --- | --- | --: | --: | --: | --: |
${rows.join('\n')}
`
}

function row(name: string, way: string, ms: readonly number[], resizeMs: number): string {
  const budgetMs = 2 * PERIOD_MS + resizeMs + SAMPLE_MS
  const inBudget = ms.filter((one) => one <= budgetMs).length
  const max = Math.max(...ms).toFixed(0)
  return `| ${name} | ${way} | ${ms.length} | ${p50(ms)} | ${max} | ${inBudget} |`
}

function p50(ms: readonly number[]): string {
  return quantile(ms, 0.5).toFixed(0)
}

function spread(ms: readonly number[]): string {
  return `${p50(ms)} (max ${Math.max(...ms).toFixed(0)}) ms`
}

function commit(): string {
  const options = { cwd: import.meta.dirname, encoding: 'utf8' as const }
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim()
}
