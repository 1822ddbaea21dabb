/** Plans: every change of every scheme, shown before it is made, and what is refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planScheme } from '../../../src-main/agent/change/plan.ts'
import {
  HostPlanSchema,
  type HostPlan,
  type SchemeRequest,
} from '../../../src-main/core/contract/agent/change.ts'
import { HOST_SCHEMES } from '../../../src-main/core/schemes/host-schemes.ts'
import * as v from 'valibot'
import { hostOf, vmOf } from './support/planned.ts'

type Params = SchemeRequest['scheme']['params']

const request = (id: string, vms: string[], params: Params = {}): SchemeRequest => ({
  scheme: { id, params },
  vms,
})

const two = () => [vmOf('a', 2, 2), vmOf('b', 2, 2)]
const planTwo = (id: string, params: Params = {}): HostPlan =>
  planScheme(request(id, ['a', 'b'], params), hostOf(2), two()).shown

const told = ({ changes }: HostPlan): readonly string[] =>
  changes.map(({ vm, kind, target, from, to }) => `${vm} ${kind} ${target}: ${from} → ${to}`)

describe('a plan for two VMs of two vCPUs on two pCPUs', () => {
  it('changes nothing under stock', () => {
    expect(planTwo('stock')).toMatchObject({ changes: [], counts: [2, 2], controller: null })
  })

  it('pins each VM to its own pCPU, all vCPUs online', () => {
    expect(told(planTwo('pin'))).toEqual([
      'a affinity vCPU 0 (thread 200): 0-1 → 0',
      'a affinity vCPU 1 (thread 201): 0-1 → 0',
      'b affinity vCPU 0 (thread 200): 0-1 → 1',
      'b affinity vCPU 1 (thread 201): 0-1 → 1',
    ])
    expect(planTwo('pin').counts).toEqual([2, 2])
  })

  it('takes a vCPU from each under vcpu-bal, and pins none', () => {
    const plan = planTwo('vcpu-bal', { resize: 'hotplug' })
    expect(told(plan)).toEqual(['a online guest CPUs: 0-1 → 0', 'b online guest CPUs: 0-1 → 0'])
    expect(plan.changes[0]).toMatchObject({
      command: 'guest-set-vcpus 1 offline',
      revert: 'guest-set-vcpus 1 online',
    })
  })

  it('gives each one vCPU on a pCPU of its own under flexcore, by either mechanism', () => {
    const hotplug = planTwo('flexcore', { resize: 'hotplug', dynamic: false })
    expect(told(hotplug)).toEqual([
      'a affinity vCPU 0 (thread 200): 0-1 → 0',
      'a affinity vCPU 1 (thread 201): 0-1 → 0',
      'a online guest CPUs: 0-1 → 0',
      'b affinity vCPU 0 (thread 200): 0-1 → 1',
      'b affinity vCPU 1 (thread 201): 0-1 → 1',
      'b online guest CPUs: 0-1 → 0',
    ])
    expect(hotplug).toMatchObject({ counts: [1, 1], controller: null, refusals: [] })
    const confined = planTwo('flexcore', { dynamic: false })
    expect(told(confined)).toContain('a cpuset /sys/fs/cgroup/flexlab/cpuset.cpus: none → 0')
  })

  it('keeps siblings apart under balance', () => {
    expect(told(planTwo('balance'))).toEqual([
      'a affinity vCPU 0 (thread 200): 0-1 → 0',
      'a affinity vCPU 1 (thread 201): 0-1 → 1',
      'b affinity vCPU 0 (thread 200): 0-1 → 1',
      'b affinity vCPU 1 (thread 201): 0-1 → 0',
    ])
  })

  it('says what a scheme that goes on may change, and how often', () => {
    for (const id of ['balance', 'flexcore', 'preferred-cpus']) {
      const { controller } = planTwo(id, { periodMs: 250 })
      expect(controller?.periodMs).toBe(250)
      expect(controller?.changes.join()).toContain('a, b')
    }
  })

  it('names libvirt’s commands for libvirt’s VMs', () => {
    const vms = [vmOf('a b', 2, 2, { backend: 'libvirt' }), vmOf('b', 2, 2)]
    const { changes } = planScheme(request('flexcore', ['a b', 'b']), hostOf(2), vms).shown
    expect(changes[0]?.command).toBe('virsh vcpupin a b 0 0 --live')
  })
})

describe('a plan', () => {
  it('fits the contract for every scheme, and has the same id for the same host only', () => {
    for (const { id } of HOST_SCHEMES) {
      expect(v.is(HostPlanSchema, planTwo(id))).toBe(true)
      expect(planTwo(id).id).toBe(planTwo(id).id)
    }
    const ids = HOST_SCHEMES.map(({ id }) => planTwo(id).id)
    expect(new Set(ids).size).toBe(ids.length)
    const other = [vmOf('a', 2, 2, {}, { affinity: [[0], [1]] }), vmOf('b', 2, 2)]
    expect(planScheme(request('pin', ['a', 'b']), hostOf(2), other).shown.id).not.toBe(
      planTwo('pin').id,
    )
  })

  it('shares by weight', () => {
    const vms = [vmOf('a', 8, 8, { weight: 3072 }), vmOf('b', 8, 8)]
    expect(planScheme(request('flexcore', ['a', 'b']), hostOf(8), vms).shown.counts).toEqual([6, 2])
  })

  it('shares only the pCPUs that it is given', () => {
    const asked = { ...request('pin', ['a']), pcpus: [2, 3] }
    const { changes } = planScheme(asked, hostOf(4), [vmOf('a', 2, 4)]).shown
    expect(new Set(changes.map(({ to }) => to))).toEqual(new Set(['2-3']))
  })

  it('never gives a vCPU to a guest that has it offline, and says so', () => {
    const vms = [vmOf('a', 4, 4, {}, { online: [0, 2] })]
    const plan = planScheme(request('flexcore', ['a'], { resize: 'hotplug' }), hostOf(4), vms).shown
    expect(plan.counts).toEqual([2])
    expect(plan.changes.filter(({ kind }) => kind === 'online')).toEqual([])
    expect(plan.warnings.join()).toContain('only guest CPUs 0,2 online')
  })

  it('pins exactly one vCPU to each pCPU under flexcore when there are enough', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 4, max: 16 }), (vcpus, pcpus) => {
        const vms = vcpus.map((n, i) => vmOf(`vm${i}`, n, pcpus))
        const names = vms.map(({ facts }) => facts.name)
        const { shown, work } = planScheme(request('flexcore', names), hostOf(pcpus), vms)
        const pins = work.start.flatMap(({ affinity, cpus }) => cpus.map((cpu) => affinity[cpu]!))
        expect(pins.every((cpus) => cpus.length === 1)).toBe(true)
        expect(new Set(pins.flat()).size).toBe(pins.length)
        expect(shown.counts.reduce((a, b) => a + b)).toBe(
          Math.min(
            pcpus,
            vcpus.reduce((a, b) => a + b),
          ),
        )
      }),
    )
  })
})

const v1 = (groups: { path: string; cpus: string }[]) => {
  return { version: 'v1' as const, root: '/sys/fs/cgroup/cpuset', delegated: true, groups }
}

describe('a plan is refused', () => {
  const refusals = (id: string, vm: ReturnType<typeof vmOf>, params: Params = {}) =>
    planScheme(request(id, [vm.facts.name], params), hostOf(1), [vm]).shown.refusals.join()

  it('when the VM is paused', () => {
    expect(refusals('pin', vmOf('a', 2, 1, { state: 'paused' }))).toContain('it is paused')
  })

  it('when the guest agent does not answer, but only if the guest is touched', () => {
    const vm = vmOf('a', 2, 1, { guest: null, problem: 'no answer' }, { online: null })
    expect(refusals('vcpu-bal', vm)).toContain('guest agent does not answer (no answer)')
    expect(refusals('pin', vm)).toBe('')
  })

  it('when the guest agent does not allow what the mechanism needs', () => {
    const guest = { ...vmOf('a', 2, 1).facts.guest!, canResize: false, canExec: false }
    const vm = vmOf('a', 2, 1, { guest })
    expect(refusals('flexcore', vm, { resize: 'hotplug' })).toContain('guest-set-vcpus')
    expect(refusals('flexcore', vm, { resize: 'confinement' })).toContain('guest-exec')
  })

  it('when threads cannot be seen', () => {
    const vm = vmOf('a', 2, 2, {}, { affinity: [[0, 1], []] })
    expect(refusals('pin', vm)).toContain('vCPUs 1 cannot be seen')
  })

  it('when a cpuset of cgroup v1 would be emptied, since nobody could tell its processes', () => {
    const cpusets = v1([{ path: 'db', cpus: '1' }])
    for (const resize of ['hotplug', 'confinement'])
      expect(refusals('vcpu-bal', vmOf('a', 2, 1, {}, { cpusets }), { resize })).toContain('db')
    const also0 = v1([{ path: 'db', cpus: '0-1' }])
    expect(refusals('vcpu-bal', vmOf('a', 2, 1, {}, { cpusets: also0 }))).toBe('')
  })

  it('when the guest’s cpusets cannot be read, or a group of ours is there already', () => {
    expect(refusals('vcpu-bal', vmOf('a', 2, 1, {}, { cpusets: null }))).toContain('cpusets')
    const cpusets = v1([{ path: 'flexlab', cpus: '0' }])
    expect(refusals('vcpu-bal', vmOf('a', 2, 1, {}, { cpusets }))).toContain('flexlab')
  })

  it('when pCPUs are asked that the agent may not use', () => {
    const asked = { ...request('pin', ['a']), pcpus: [0, 7] }
    const { refusals: why } = planScheme(asked, hostOf(2), [vmOf('a', 2, 2)]).shown
    expect(why).toEqual(['pCPUs 7 are not the agent’s to use: it has 0-1'])
  })

  it('at once, as bad input, when scheme or parameters are none, or a VM comes twice', () => {
    expect(() => planTwo('cfs')).toThrow('not a scheme for a real host')
    expect(() => planTwo('flexcore', { periodMs: 5 })).toThrow('10 … 1000')
    expect(() => planScheme(request('pin', ['a', 'a']), hostOf(2), two())).toThrow('twice')
  })
})
