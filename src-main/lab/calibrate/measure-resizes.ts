/** measure-resizes: how long a guest takes to get by with one vCPU, idle and loaded. */
import { LabError } from '../../core/base/lab-error.ts'
import type { VmFacts } from '../../core/contract/agent/facts.ts'
import type { ResizeTimes } from '../../core/contract/calibration.ts'
import { quantileEstimate } from '../../core/stats/quantile-interval.ts'
import type { AgentCalls } from './agent-calls.ts'
import { holding } from './holding.ts'

/** One way of resizing under one load. */
export type ResizeStep = Pick<ResizeTimes, 'mechanism' | 'load'>

/** How often each is done: the fewest of which a median has an interval. */
const RESIZES = 6

/** Longer than all resizes of a loaded guest take; the load is cancelled after the last. */
const LOAD_TIMEOUT_MS = 120_000

/** What can be measured in this guest. */
export const resizeSteps = (vm: VmFacts): readonly ResizeStep[] =>
  (['idle', 'loaded'] as const).flatMap((load): ResizeStep[] => [
    ...(vm.guest?.canResize === true ? [{ mechanism: 'hotplug' as const, load }] : []),
    { mechanism: 'confinement', load },
  ])

/** How it is followed. */
export type ResizeHooks = {
  readonly signal?: AbortSignal
  readonly onStep: (title: string) => void
  /** Told of a step that failed; throws to end all. */
  readonly onFailure: (step: string, error: unknown) => void
}

/** Measures the steps; one that fails is left out. */
export async function measureResizes(
  agent: AgentCalls,
  vm: VmFacts,
  pcpus: readonly number[],
  steps: readonly ResizeStep[],
  hooks: ResizeHooks,
): Promise<readonly ResizeTimes[]> {
  const found: ResizeTimes[] = []
  for (const step of steps) {
    hooks.onStep(`Resize by ${step.mechanism}, ${step.load}`)
    try {
      const shrink = () => shrinkOften(agent, vm, pcpus, step, hooks.signal)
      const valuesMs = step.load === 'idle' ? await shrink() : await whileLoaded(agent, vm, shrink)
      found.push({ ...step, valuesMs: [...valuesMs], medianMs: quantileEstimate(valuesMs, 0.5) })
    } catch (error) {
      hooks.onFailure(`resize by ${step.mechanism}, ${step.load}`, error)
    }
  }
  return found
}

/** One pCPU for a VM of two vCPUs or more: it must give up all but one. */
async function shrinkOften(
  agent: AgentCalls,
  vm: VmFacts,
  pcpus: readonly number[],
  { mechanism }: ResizeStep,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const scheme = { id: 'flexcore', params: { dynamic: false, resize: mechanism } }
  const request = { scheme, vms: [vm.name], pcpus: pcpus.slice(0, 1) }
  const valuesMs: number[] = []
  for (let i = 0; i < RESIZES; i++) {
    const { resizeMs } = await holding(agent, request, signal, (applied) =>
      Promise.resolve(applied),
    )
    valuesMs.push(...resizeMs)
  }
  if (valuesMs.length > 0) return valuesMs
  throw new LabError('unavailable', 'the agent reports no times of resizes')
}

/** Keeps all vCPUs of the guest busy meanwhile. */
async function whileLoaded<T>(agent: AgentCalls, vm: VmFacts, act: () => Promise<T>): Promise<T> {
  const ending = new AbortController()
  const options = { threads: vm.vcpus.length, iterations: 1e6, workNs: 1e6 }
  const load = agent.call(
    'micro',
    { vm: vm.name, mode: 'ep', options, timeoutMs: LOAD_TIMEOUT_MS },
    ending.signal,
  )
  // It ends by being cancelled, or earlier with what it says itself.
  const ended = load.then(() => null).catch((error: unknown) => error)
  try {
    return await act()
  } finally {
    ending.abort()
    await ended
  }
}
