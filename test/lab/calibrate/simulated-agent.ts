// An agent whose host is a simulated one: it places nothing, but keeps account of what was asked.
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { probesFor } from '../../../src-main/core/calibrate/probes.ts'
import type { Probe } from '../../../src-main/core/calibrate/probes.ts'
import type { HostFacts, VmFacts } from '../../../src-main/core/contract/agent/facts.ts'
import type { MicroRequest } from '../../../src-main/core/contract/agent/micro.ts'
import type { AgentMethod } from '../../../src-main/core/contract/agent/protocol.ts'
import type { AgentCalls } from '../../../src-main/lab/calibrate/agent-calls.ts'
import { hostFacts, vmFacts } from '../../core/calibrate/make-facts.ts'
import { probeHost } from '../../core/calibrate/simulated-host.ts'
import type { TrueCosts } from '../../core/calibrate/simulated-host.ts'

/** Costs of the simulated host. */
export const COSTS: TrueCosts = {
  host: {
    ...{ vmExitNs: 7200, wakeNs: 30_000, hltNs: 18_000, ipiNs: 14_000, contextSwitchNs: 700 },
    ...{ refillLlcNsPerKib: 12, refillMemoryNsPerKib: 45 },
  },
  guest: {
    ...{ syscallNs: 1200, wakeCallNs: 3000, contextSwitchNs: 4500 },
    ...{ tlbFlushNs: 9000, lockTransferNs: 250 },
  },
  pipeNs: 900,
  tlb: { mmapNs: 12_000, faultNs: 21_000, unmapPageNs: 3000 },
}

/** What a test changes about it. */
export type Behaviour = {
  readonly vms?: readonly VmFacts[]
  /** Throws to let a request fail. */
  readonly before?: (method: AgentMethod, input: unknown) => void
  readonly refusals?: string[]
  readonly clean?: boolean
  readonly llcBytes?: number
}

const probes = probesFor({ l2Kib: 2048, llcKib: 32_768 })
const cache = new Map<string, ReturnType<typeof probeHost>>()

/** Which probe asks so, under what is applied. */
function probeOf({ vm, mode, options }: MicroRequest, where: Probe['where']): Probe | undefined {
  const same = probes.filter(
    (probe) => probe.mode === mode && probe.where === (vm === null ? 'host' : where),
  )
  return (
    same.find((probe) =>
      Object.entries(probe.options).every(([key, value]) => options?.[key] === value),
    ) ?? same[0]
  )
}

function measure(request: MicroRequest, where: Probe['where']) {
  const probe = probeOf(request, where)
  if (probe === undefined)
    throw new LabError('bad-input', `nobody asks for ${request.mode} ${where}`)
  const known = cache.get(probe.id) ?? probeHost(probe, COSTS, 0)
  cache.set(probe.id, known)
  return known
}

function factsWith(llcBytes: number | undefined): HostFacts {
  const facts = hostFacts()
  const size = (cache: HostFacts['caches'][number]) =>
    cache.level === 3 && llcBytes !== undefined ? { ...cache, bytes: llcBytes } : cache
  return { ...facts, caches: facts.caches.map(size) }
}

/** The agent, and all methods that it was asked for, in order. */
export function simulatedAgent(behaviour: Behaviour = {}) {
  const asked: string[] = []
  let where: Probe['where'] = 'guest-spread'
  const answers = {
    facts: () => factsWith(behaviour.llcBytes),
    vms: () => behaviour.vms ?? [vmFacts()],
    plan: (input: { scheme: { id: string }; pcpus: number[] }) => ({
      ...{ id: 'f'.repeat(64), scheme: input.scheme.id, changes: [], counts: [], controller: null },
      ...{ refusals: behaviour.refusals ?? [], warnings: [] },
    }),
    apply: (input: { scheme: { id: string }; pcpus: number[] }) => {
      where = input.scheme.id === 'pin' ? 'guest-stacked' : 'guest-spread'
      const resizeMs = input.scheme.id === 'flexcore' && input.pcpus.length === 1 ? [55] : []
      return { journalId: 'j', changes: [], tookMs: 60, resizeMs, guardian: { pid: 1, leaseMs: 1 } }
    },
    restore: () => ({
      ...{ journalId: 'j', clean: behaviour.clean ?? true, changes: [], tookMs: 1 },
      differences: behaviour.clean === false ? ['vCPU 1 is offline'] : [],
    }),
    micro: (input: MicroRequest) => measure(input, where),
  }
  const call = (method: AgentMethod, input: unknown, signal?: AbortSignal) => {
    asked.push(method === 'micro' ? `micro ${(input as MicroRequest).mode}` : method)
    behaviour.before?.(method, input)
    if (signal?.aborted === true) throw new LabError('cancelled', 'cancelled')
    return answers[method as keyof typeof answers](input as never)
  }
  const agent = {
    isOpen: true,
    // The load of a loaded guest runs until it is cancelled.
    call: (method: AgentMethod, input: unknown, signal?: AbortSignal) =>
      Promise.resolve().then(() =>
        method === 'micro' && (input as MicroRequest).mode === 'ep'
          ? untilAborted(signal!)
          : call(method, input, signal),
      ),
  } as unknown as AgentCalls
  return { agent, asked }
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new LabError('cancelled', 'cancelled')))
  })
