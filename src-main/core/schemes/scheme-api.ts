/**
 * Scheme API: what a scheme of a user's works with. Such a scheme imports nothing, so that its one
 * file is all there is to it; what the shipped schemes import is handed to it as a value.
 * `docs/flexlab.d.ts` describes it for editors; `docs/extending.md` for people.
 */
import { streamKey, uniformAt } from '../base/random.ts'
import * as actions from '../model/actions.ts'
import { requestReschedule } from '../model/events.ts'
import { CFS_HOST } from '../model/host-cfs.ts'
import { mayUse, runDelayNs } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import { POLICY_TIMERS } from '../model/slots.ts'
import { pcpuCount } from '../model/spec.ts'
import { THREAD, VCPU } from '../model/vocabulary.ts'
import { allocateVcpus, placeVcpus } from './allocation.ts'
import { holdVm } from './co-schedule.ts'
import { choiceParameter, numberParameter, resolveParams } from './scheme.ts'

/** The actions with their arguments checked: a wrong one would spoil the arrays in silence. */
const CHECKED = {
  /** Starts the scheme's timer `k`, 0 … 7: fires in `ns`. */
  setTimer(m: Machine, k: number, ns: number): void {
    requireIndex('timer', k, POLICY_TIMERS)
    if (!(ns > 0 && ns < Infinity)) throw new RangeError(`a timer cannot fire in ${ns} ns`)
    actions.setTimer(m, k, ns)
  },
  /** Pins a vCPU to a pCPU (−1: unpinned); it moves there at once. */
  setPin(m: Machine, v: number, p: number): void {
    requireIndex('vCPU', v, m.vcpus)
    if (p !== -1) requireIndex('pCPU', p, m.pcpus)
    actions.setPin(m, v, p)
  },
  /** Holds a vCPU back from running, or lets it go. */
  setHeld(m: Machine, v: number, held: boolean): void {
    requireIndex('vCPU', v, m.vcpus)
    actions.setHeld(m, v, held)
  },
  /** Changes how many vCPUs a VM has, and where they are pinned; see `actions.ts`. */
  resize(m: Machine, vm: number, pins: readonly number[], cost: ResizeCost): void {
    requireIndex('VM', vm, m.vms.length)
    requireIndex('number of vCPUs less one', pins.length - 1, m.vms[vm]!.vcpus)
    for (const p of pins) if (p !== -1) requireIndex('pCPU', p, m.pcpus)
    actions.resize(m, vm, pins, cost)
  },
}

type ResizeCost = { readonly latencyNs: number; readonly stopNs: number }

function requireIndex(what: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return
  throw new RangeError(`${what} ${index} is outside 0 … ${count - 1}`)
}

/** What a scheme of a user's gets. */
export const SCHEME_API = Object.freeze({
  ...actions,
  ...CHECKED,
  holdVm,
  requestReschedule,
  mayUse,
  runDelayNs,
  pcpuCount,
  allocateVcpus,
  placeVcpus,
  streamKey,
  uniformAt,
  numberParameter,
  choiceParameter,
  resolveParams,
  CFS_HOST,
  VCPU,
  THREAD,
})
