/** holding: a scheme applied to a host for as long as something is measured under it. */
import { LabError } from '../../core/base/lab-error.ts'
import type { SchemeRequest } from '../../core/contract/agent/change.ts'
import type { Applied } from '../../core/contract/agent/change.ts'
import type { AgentCalls } from './agent-calls.ts'

/**
 * Plans and applies the scheme, measures, and puts the host back, also when it was cancelled.
 * @throws LabError `conflict` when it cannot be applied or the host is not as it was afterwards
 */
export async function holding<T>(
  agent: AgentCalls,
  request: SchemeRequest,
  signal: AbortSignal | undefined,
  measure: (applied: Applied) => Promise<T>,
): Promise<T> {
  const plan = await agent.call('plan', request, signal)
  if (plan.refusals.length > 0) {
    const message = `${plan.scheme} cannot be applied: ${plan.refusals.join('; ')}`
    throw new LabError('conflict', message, 'a calibration places the vCPUs itself')
  }
  try {
    return await measure(await agent.call('apply', { ...request, planId: plan.id }, signal))
  } finally {
    if (agent.isOpen) await putBack(agent)
  }
}

async function putBack(agent: AgentCalls): Promise<void> {
  const { clean, differences } = await agent.call('restore', {})
  if (clean) return
  const message = `the host is not as it was: ${differences.join('; ')}`
  throw new LabError('conflict', message, 'see: flexlab host journal HOST')
}
