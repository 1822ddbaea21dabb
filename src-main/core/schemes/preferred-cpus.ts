/**
 * preferred-cpus: the guest folds itself (Linux RFC 2025–26, steal monitor). Each second it looks
 * at its own steal time: much of it, and it uses one core less; hardly any, and it uses one more.
 */
import { resize, setTimer } from '../model/actions.ts'
import { runDelayNs } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import type { VmState } from '../model/vm-state.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const RFC = 'Linux RFC "steal monitor" (Hegde, 2025–26)'

const info: SchemeText = {
  id: 'preferred-cpus',
  title: 'Preferred CPUs (steal monitor)',
  summary: 'Each guest watches its steal time and folds itself onto fewer vCPUs, one a second.',
  fixes: 'Double scheduling between guests that take part, without any help of the host.',
  breaks:
    'Slow: one core a second. Never at rest: without steal each guest grows again. Blind to ' +
    'weights: every guest folds, and one that does not take part gets what the others give up.',
  source: `${RFC}, Documentation/driver-api/steal-monitor.rst`,
  note: 'A core is one vCPU here: guests see no SMT siblings. Folded vCPUs take no threads at all.',
  parameters: [
    numberParameter('periodNs', 'Sampling period', 1e9, 'ns', 'K', `${RFC}: each second`),
    numberParameter('high', 'Steal above which a core goes', 0.05, '', 'K', `${RFC}: 5 %`),
    numberParameter('low', 'Steal up to which a core comes', 0.02, '', 'K', `${RFC}: 2 %`),
    numberParameter('foldUs', 'To move the threads of a core', 100, 'µs', 'A', 'stopper thread'),
  ],
}

/** Steal of each VM since it was last asked. */
class StealMeter {
  readonly #stolenNs: Float64Array

  constructor(vms: number) {
    this.#stolenNs = new Float64Array(vms)
  }

  /** Part of the time of the vCPUs in use that they were runnable without a pCPU, 0 … 1. */
  read(m: Machine, vm: VmState, periodNs: number): number {
    let stolen = 0
    for (let v = vm.firstV; v < vm.firstV + vm.vcpus; v++) stolen += runDelayNs(m, v)
    const since = stolen - this.#stolenNs[vm.index]!
    this.#stolenNs[vm.index] = stolen
    return since / (periodNs * vm.online)
  }
}

/** Guests that fold themselves by their steal time. */
export const preferredCpus: Scheme = Object.freeze({
  id: 'preferred-cpus',
  info,
  create: (spec, given) => {
    const params = resolveParams(info, given)
    const periodNs = Number(params.periodNs)
    const cost = { latencyNs: Number(params.foldUs) * 1000, stopNs: 0 }
    const meter = new StealMeter(spec.vms.length)
    const sample = (m: Machine, vm: VmState): void => {
      const steal = meter.read(m, vm, periodNs)
      const change = steal > Number(params.high) ? -1 : steal <= Number(params.low) ? 1 : 0
      const n = Math.min(vm.vcpus, Math.max(1, vm.online + change))
      if (n === vm.online || vm.leaving > 0) return
      resize(m, vm.index, new Array<number>(n).fill(-1), cost)
    }
    return {
      start: (m) => setTimer(m, 0, periodNs),
      timer: (m) => {
        setTimer(m, 0, periodNs)
        for (const vm of m.vms) if (!vm.departed) sample(m, vm)
      },
    }
  },
})
