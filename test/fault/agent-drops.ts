/**
 * Connections that drop and processes that die while the agent changes real VMs, at random moments:
 * after each, affinities, guest CPUs and cgroups must be what they were, as read past the agent.
 *
 *     node test/fault/agent-drops.ts --count 100 --seed 1 --figure docs/figures/agent-safety.md
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { parseJournal, type Journal } from '../../src-main/agent/change/journal-format.ts'
import { killProcess } from '../../src-main/agent/change/processes.ts'
import { bedState, startInGuest } from '../bed/bed-state.ts'
import { startBed, type Bed } from '../bed/bed.ts'
import { processKey } from '../bed/process-table.ts'
import { AGENT_MAIN, AgentProcess } from '../support/agent-process.ts'
import { figureOf, type Drop } from './agent-drops-figure.ts'
import { draws } from './fault-script.ts'

/** Short, so that a frozen client costs little; people get three seconds. */
const LEASE_MS = 1500
const BEAT_MS = 300
/** One drop in five strikes within so long after `apply` was sent: while the agent looks. */
const EARLY_SHARE = 0.2
const EARLY_MS_MAX = 500
/** The others within so long after the journal began: while the VMs are changed, and after. */
const DROP_MS_MAX = 1500
const RESTORED_MS_MAX = 60_000
const POLL_MS = 5
const REFUSED_MAX = 50

const SCHEMES = [
  { id: 'flexcore', params: { resize: 'hotplug', dynamic: false } },
  { id: 'flexcore', params: { resize: 'confinement', dynamic: false } },
  { id: 'flexcore', params: { resize: 'hotplug', dynamic: true, periodMs: 50 } },
  { id: 'flexcore', params: { resize: 'confinement', dynamic: true, periodMs: 50 } },
  { id: 'vcpu-bal', params: { resize: 'hotplug' } },
  { id: 'pin', params: {} },
] as const

/** What may happen; each takes the session and does it. */
const DROPS = {
  'ssh killed': ({ agent }: Session) => agent.kill('SIGKILL'),
  'ssh frozen': ({ agent }: Session) => agent.kill('SIGSTOP'),
  'connection reset': ({ pid }: Session) => kill(parentOf(pid)),
  'agent killed': ({ pid }: Session) => kill(pid),
  'agent frozen': ({ pid }: Session) => process.kill(pid, 'SIGSTOP'),
  'guardian killed, then the agent': async ({ pid }: Session) => {
    killGuardian()
    await sleep(draw() * 300)
    kill(pid)
  },
  'both killed at once': ({ pid }: Session) => {
    killGuardian()
    kill(pid)
  },
} as const

type Session = { readonly agent: AgentProcess; readonly pid: number }

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    figure: { type: 'string' },
  },
})
const seed = Number(values.seed)
const draw = draws(seed, 7)
const bed = await startBed({ guests: 2, vcpus: 2, ssh: true, cgroup: draw() < 0.5 ? 1 : 2 })
try {
  await run(bed)
} finally {
  await bed.stop()
}

async function run({ guests, accelerator }: Bed): Promise<void> {
  const before = await bedState(guests)
  const drops: Drop[] = []
  let refused = 0
  const kinds = Object.keys(DROPS) as (keyof typeof DROPS)[]
  for (let i = 0; i < Number(values.count); i++) {
    const drop = await strike(kinds[i % kinds.length]!)
    if (drop === null) {
      // the guest was too busy to be planned for: nothing was changed, so nothing can be dropped
      if (++refused > REFUSED_MAX) throw new Error('the host is too busy to apply anything')
      i--
      continue
    }
    const after = await bedState(guests)
    const equal = isDeepStrictEqual(after, before)
    drops.push({ ...drop, equal })
    if (!equal) console.error(JSON.stringify({ ...drop, before, after }))
  }
  const figure = figureOf(drops, { seed, accelerator, commit: commit(), leaseMs: LEASE_MS })
  if (values.figure !== undefined) writeFileSync(values.figure, figure.markdown)
  console.log(JSON.stringify(figure.counts))
}

/** One drop: a session, a scheme, the drop at a random moment, the way back; null: refused. */
async function strike(kind: keyof typeof DROPS): Promise<Omit<Drop, 'equal'> | null> {
  const scheme = SCHEMES[Math.floor(draw() * SCHEMES.length)]!
  const loaded = draw() < 0.5
  if (loaded) await load()
  const session = await open()
  const known = journalIds().length
  const beats = setInterval(() => session.agent.send({ beat: 1 }), BEAT_MS)
  try {
    const vms = bed.guests.map(({ name }) => name)
    const { id: planId } = await session.agent.call('plan', { scheme, vms })
    const request = session.agent.request('apply', { scheme, vms, planId, leaseMs: LEASE_MS })
    const isRefused = (): boolean =>
      session.agent.frames.some(({ id, error }) => id === request && error !== undefined)
    if (draw() < EARLY_SHARE) await sleep(draw() * EARLY_MS_MAX)
    else {
      while (journalIds().length === known && !isRefused()) await sleep(POLL_MS)
      if (isRefused()) return null
      await sleep(draw() * DROP_MS_MAX)
    }
    await DROPS[kind](session)
    const startMs = performance.now()
    const by = await restored(kind, session, known)
    const restoredMs = performance.now() - startMs
    return { kind, scheme: scheme.id, loaded, by, restoredMs }
  } finally {
    clearInterval(beats)
    end(session)
  }
}

/** Two busy programs in each guest for a while. */
async function load(): Promise<void> {
  const busy = ['/usr/bin/timeout', '4', '/usr/bin/flexlab-micro', 'ep', '--seconds', '4']
  for (const guest of bed.guests) await startInGuest(guest, busy)
}

async function open(): Promise<Session> {
  const { configFile } = bed.ssh!
  const command = ['ssh', '-F', configFile, 'bed', '--', process.execPath, AGENT_MAIN]
  const agent = new AgentProcess({ command })
  const { hello } = await agent.frame((frame) => frame.hello !== undefined)
  return { agent, pid: hello!.pid }
}

/** Who put the host back; null: nobody had to. A next start is made where nobody is left. */
async function restored(
  kind: keyof typeof DROPS,
  { pid }: Session,
  known: number,
): Promise<Drop['by']> {
  if (kind === 'both killed at once' || kind === 'guardian killed, then the agent') {
    const next = await open()
    end(next)
  }
  const endMs = performance.now() + RESTORED_MS_MAX
  for (; performance.now() < endMs; await sleep(POLL_MS)) {
    const isOver = processKey(pid) === undefined
    const journal = journalIds().length > known ? newestJournal() : null
    if (journal?.end?.state === 'restored') return journal.end.by
    // an agent that is gone begins no journal; one whose lab is frozen notices that within a lease
    const noticed = performance.now() > endMs - RESTORED_MS_MAX + 2 * LEASE_MS
    if (journal === null && (isOver || noticed)) return null
  }
  return 'nobody'
}

function end({ agent, pid }: Session): void {
  agent.kill('SIGKILL')
  kill(pid)
}

/** This very process: a number alone may be another one's by now. */
function killGuardian(): void {
  const guardian = newestJournal()?.guardian ?? null
  if (guardian !== null) killProcess(guardian)
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it was quicker
  }
}

function journalFolder(): string {
  return path.join(bed.ssh!.home, '.local/state/flexlab/journal')
}

function journalIds(): string[] {
  return existsSync(journalFolder()) ? readdirSync(journalFolder()).sort() : []
}

function newestJournal(): Journal | null {
  const name = journalIds().at(-1)
  if (name === undefined) return null
  const parsed = parseJournal(readFileSync(path.join(journalFolder(), name), 'utf8'))
  return parsed.ok ? parsed.value : null
}

function parentOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1])
}

function commit(): string {
  const options = { cwd: import.meta.dirname, encoding: 'utf8' as const }
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim()
}
