/**
 * Yardsticks: the hold model on other event queues, where this machine can run them. What is
 * compiled is compiled there and then, against what the machine has.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { assert } from '../../core/base/assert.ts'
import { findProgram } from '../doctor/programs.ts'
import type { HoldRun } from './hold.ts'
import { findPython } from './python.ts'
import { outputOf } from './start-program.ts'

/** Which event queue a yardstick is. */
export type YardstickId = 'c++' | 'simpy' | 'ns-3' | 'ns-3 best' | 'simgrid' | 'simgrid timers'

/** An implementation of the hold model that can be run here. */
export type Yardstick = {
  readonly id: YardstickId
  /** What it is, with versions. */
  readonly name: string
  readonly run: (entities: number, holds: number, signal: AbortSignal) => Promise<HoldRun>
}

/** A yardstick that cannot be run here, and what to do about it. */
export type Missing = { readonly id: YardstickId | 'simso'; readonly reason: string }

/** Yardsticks of one program, or why there are none. */
type Found = readonly Yardstick[] | Missing

const SOURCES = import.meta.dirname
/** Event queues that come with ns-3, its default first. */
const NS3_QUEUES = ['Map', 'Heap', 'List', 'Calendar', 'PriorityQueue'] as const
/** Pending events of the hold model: about what a run of 12 pCPUs and 24 vCPUs has. */
export const ENTITIES = 48
const HOLDS_TO_CHOOSE = 300_000
const TRIES_TO_CHOOSE = 3

/** Compiles and finds what there is; `close` removes what was compiled. */
export async function openYardsticks(signal: AbortSignal): Promise<{
  readonly there: readonly Yardstick[]
  readonly missing: readonly Missing[]
  readonly close: () => Promise<void>
}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'flexlab-bench-'))
  const finders = [findCpp, findNs3, findSimgrid]
  const found: Found[] = []
  for (const find of finders) found.push(await find(folder, signal))
  found.push(await findSimpy(signal))
  return {
    there: found.flatMap((one) => ('reason' in one ? [] : one)),
    missing: found.filter((one) => 'reason' in one),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Our engine, as a program like the others: each round starts with nothing compiled. */
export const runEngine: Yardstick['run'] = (entities, holds, signal) =>
  hold(process.execPath, [path.join(SOURCES, 'hold-program.ts'), `${entities}`, `${holds}`], signal)

async function findCpp(folder: string, signal: AbortSignal): Promise<Found> {
  const built = await compile(folder, 'hold', [], signal)
  if (built === null) return { id: 'c++', reason: 'g++ is not here (Debian package g++)' }
  const name = `C++ std::priority_queue, g++ ${built.version} -O2`
  return [{ id: 'c++', name, run: built.run() }]
}

/** ns-3 with the event queue that it has by default, and with the one that is fastest here. */
async function findNs3(folder: string, signal: AbortSignal): Promise<Found> {
  const built = await compile(folder, 'hold-ns3', ['-lns3-core'], signal)
  if (built === null) {
    return {
      id: 'ns-3',
      reason: 'nothing for ns-3 can be built here (Debian packages g++, libns3-dev)',
    }
  }
  const named = (id: YardstickId, queue: string, which: string): Yardstick => ({
    id,
    name: `ns-3 ${built.version}, ${queue}Scheduler (${which})`,
    run: built.run(queue),
  })
  const fastest = await fastestOf(NS3_QUEUES, (queue) => built.run(queue), signal)
  return [named('ns-3', NS3_QUEUES[0], 'default'), named('ns-3 best', fastest, 'its fastest')]
}

/** SimGrid as its manual has it, and by the timers underneath. */
async function findSimgrid(folder: string, signal: AbortSignal): Promise<Found> {
  const built = await compile(folder, 'hold-simgrid', ['-lsimgrid'], signal)
  if (built === null) {
    const reason = 'nothing for SimGrid can be built here (Debian packages g++, libsimgrid-dev)'
    return { id: 'simgrid', reason }
  }
  const name = `SimGrid ${built.version}`
  return [
    { id: 'simgrid', name: `${name}, actors that sleep`, run: built.run('actors') },
    { id: 'simgrid timers', name: `${name}, kernel timers`, run: built.run('timers') },
  ]
}

async function findSimpy(signal: AbortSignal): Promise<Found> {
  const ask = 'import sys, simpy; print(sys.version.split()[0], simpy.__version__)'
  const found = await findPython(ask, signal)
  if (found === null) {
    return { id: 'simpy', reason: 'SimPy is not here (Debian package python3-simpy3)' }
  }
  const [version = '', simpy = ''] = found.answer.split(' ')
  const script = path.join(SOURCES, 'hold.py')
  const run: Yardstick['run'] = (entities, holds, stop) =>
    hold(found.python, [script, `${entities}`, `${holds}`], stop)
  return [{ id: 'simpy', name: `SimPy ${simpy}, Python ${version}`, run }]
}

/** Builds a source of this folder; null where the compiler or the library is not here. */
async function compile(
  folder: string,
  source: string,
  libraries: readonly string[],
  signal: AbortSignal,
) {
  const compiler = findProgram(['g++'])
  if (compiler === null) return null
  const program = path.join(folder, source)
  const input = path.join(SOURCES, `${source}.cpp`)
  const args = ['-O2', '-std=c++17', '-o', program, input, ...libraries]
  try {
    await outputOf(compiler, args, signal)
  } catch (error) {
    signal.throwIfAborted()
    // Without libraries nothing but our own source can be at fault.
    if (libraries.length === 0) throw error
    return null
  }
  const run =
    (...more: readonly string[]): Yardstick['run'] =>
    (entities, holds, stop) =>
      hold(program, [`${entities}`, `${holds}`, ...more], stop)
  return { version: await outputOf(program, [], signal), run }
}

/** The kind whose best try takes the least CPU time. */
async function fastestOf<Kind extends string>(
  kinds: readonly Kind[],
  runOf: (kind: Kind) => Yardstick['run'],
  signal: AbortSignal,
): Promise<Kind> {
  const best = new Map<Kind, number>()
  for (let round = 0; round < TRIES_TO_CHOOSE; round++) {
    for (const kind of kinds) {
      const { cpuSeconds } = await runOf(kind)(ENTITIES, HOLDS_TO_CHOOSE, signal)
      best.set(kind, Math.min(best.get(kind) ?? Infinity, cpuSeconds))
    }
  }
  return kinds.toSorted((a, b) => best.get(a)! - best.get(b)!)[0]!
}

async function hold(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<HoldRun> {
  const printed = await outputOf(program, args, signal)
  const [cpuSeconds = NaN, lastTime = NaN] = printed.split(' ').map(Number)
  assert(cpuSeconds >= 0 && lastTime > 0, `${program} printed ${printed}`)
  return { cpuSeconds, lastTime }
}
