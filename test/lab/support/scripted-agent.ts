// An agent for tests of what the lab makes of its answers: the real session over real pipes, with
// handlers that do as the scenario's programs say. Its argument is a folder in which it keeps what
// would be the host's state, so that it outlives the process as a host does.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { Lease } from '../../../src-main/agent/serve/lease.ts'
import type { Agent } from '../../../src-main/agent/serve/handlers.ts'
import { Session } from '../../../src-main/agent/serve/session.ts'
import { PROTOCOL_VERSION } from '../../../src-main/core/contract/agent/protocol.ts'
import type { AgentOutput, AgentParams } from '../../../src-main/core/contract/agent/protocol.ts'
import { measuredHost } from '../../store/measured-fixture.ts'

const FOLDER = process.argv[2]!
const APPLIED = path.join(FOLDER, 'applied')
const COUNT = path.join(FOLDER, 'runs')
const PERIOD_MS = 5

const countOf = (file: string): number =>
  existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0

/** Which try of a run this is, from 1, over all agents of this folder. */
function nextRun(): number {
  const count = countOf(COUNT) + 1
  writeFileSync(COUNT, String(count))
  return count
}

function restored(): AgentOutput<'restore'> {
  const was = existsSync(APPLIED)
  rmSync(APPLIED, { force: true })
  const clean = !existsSync(path.join(FOLDER, 'stuck'))
  const differences = clean ? [] : ['vCPU 1 of a: affinity 0, was 0-1']
  return { journalId: was ? '1' : null, clean, changes: [], differences, tookMs: 1 }
}

const vm = (name: string): AgentOutput<'vms'>[number] => ({
  ...{ name, backend: 'qemu', state: 'running', pid: 1, accel: 'tcg', memoryBytes: 1e9 },
  vcpus: [0, 1].map((index) => ({ index, tid: index, affinity: [0, 1], online: true })),
  weight: 1024,
  guest: {
    ...{ agentVersion: '10.0', kernel: '6.12', os: null, allowedCpus: [0, 1] },
    ...{ canResize: true, canExec: true },
  },
  problem: null,
})

/** What a test asks for by the environment of a command program. */
function scriptOf({ vms }: AgentParams<'run'>): Readonly<Record<string, string>> {
  const [first] = vms
  return first?.program.kind === 'command' ? first.program.env : {}
}

const sampleAt = (atNs: number): AgentOutput<'run'>['samples'][number] => ({
  atNs,
  vms: ['a', 'b'].map((name) => ({
    ...{ vm: name, runNs: [atNs, atNs / 2], runDelayNs: [atNs / 4, 0], online: 1 },
    ...{ voluntary: [1, 1], involuntary: [0, 0], pcpu: [0, 1] },
  })),
  pcpuBusyNs: [atNs, atNs],
})

function reportOf({ vms }: AgentParams<'run'>, foreignCpuNs: number): AgentOutput<'run'> {
  const makespanNs = 1e9
  return {
    makespanNs,
    startSkewNs: 1e5,
    vms: vms.map(({ vm: name, iterations, repeat }, index) => ({
      vm: name,
      threads: 2,
      iterations: Array.from({ length: iterations + 1 }, (_, i) => {
        const counted = repeat !== 'load' && i < iterations
        return { startNs: i * 1e8, timeNs: 1e8 * (index + 1) + i, counted }
      }),
      counters: { cpuNs: 5e8, runDelayNs: 1e8 + index, voluntary: 40 },
      notObservable: { guestStealNs: 'emulated guests see no steal' },
      tail: '',
    })),
    counters: {},
    notObservable: { exits: 'no debugfs' },
    samples: [0, 1e8, 2e8].map(sampleAt),
    agentCpuNs: 1e6,
    foreignCpuNs,
  }
}

const handlers: Agent['handlers'] = {
  facts: () => Promise.resolve(measuredHost('scripted').facts),
  vms: () => Promise.resolve(['a', 'b'].map(vm)),
  plan: ({ scheme }) =>
    Promise.resolve({
      ...{ id: '0'.repeat(64), scheme: scheme.id, changes: [], counts: [], controller: null },
      refusals: scheme.id === 'balance' ? ['no cgroup of ours'] : [],
      warnings: [],
    }),
  apply: ({ leaseMs }) => {
    if (existsSync(APPLIED)) throw new LabError('conflict', 'another lab has applied a scheme')
    writeFileSync(APPLIED, '')
    const guardian = { pid: 1, leaseMs }
    return Promise.resolve({ journalId: '1', changes: [], tookMs: 3, resizeMs: [20, 30], guardian })
  },
  restore: () => Promise.resolve(restored()),
  run: async (params, call) => {
    const run = nextRun()
    const script = scriptOf(params)
    if (Number(script['DIES'] ?? 0) >= run) process.exit(9)
    if (script['STUCK'] !== undefined) writeFileSync(path.join(FOLDER, 'stuck'), '')
    if (Number(script['SILENT'] ?? 0) >= run) throw new LabError('unavailable', 'no answer')
    if (script['FAILS'] !== undefined) throw new LabError('budget', 'the program ran too long')
    for (let done = 0; done < Number(script['STEPS'] ?? 2); done++) {
      await call.emit({ progress: { phase: 'running', done, asked: 4 } })
      await call.emit({ sample: sampleAt(done * 1e8) })
      await sleep(PERIOD_MS)
      if (call.signal.aborted) throw new LabError('cancelled', 'the run was cancelled')
    }
    return reportOf(params, Number(script['DISTURBED'] ?? 0) >= run ? 1e9 : 0)
  },
}

const agent: Agent = {
  handlers,
  lease: new Lease(),
  recover: () => Promise.resolve(existsSync(APPLIED) ? restored() : null),
  end: () => {
    restored()
    return Promise.resolve()
  },
}

const session = new Session(agent, process.stdin, process.stdout)
await session.serve({
  ...{ protocol: PROTOCOL_VERSION, agentSha256: 'a'.repeat(64), appVersion: '0.0.1' },
  ...{ node: process.versions.node, pid: process.pid },
})
process.exit(0)
