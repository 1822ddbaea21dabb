/** Apply and restore are the identity, wherever they are cut off: over models of many guests. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restoreVm } from '../../../src-main/agent/change/restore-vm.ts'
import { seeVm } from '../../../src-main/agent/change/see-vm.ts'
import { VmChanger } from '../../../src-main/agent/change/vm-changer.ts'
import { formatCpus } from '../../../src-main/core/base/cpu-list.ts'
import type { VmSnapshot } from '../../../src-main/core/contract/agent/change.ts'
import { ModelVm } from './support/model-vm.ts'
import type { GuestSpec } from './support/model-guest.ts'

const PCPUS = [0, 1, 2, 3]
const ALL = { guest: true, cpusets: true }

const cpuList = (of: readonly number[]) => fc.subarray([...of], { minLength: 1 })

/** Guests with and without groups, nested ones, processes in them and in the root. */
const guestSpec: fc.Arbitrary<GuestSpec> = fc
  .record({
    version: fc.constantFrom('v1', 'v2'),
    delegated: fc.boolean(),
    outer: cpuList([1, 2, 3]),
    inner: cpuList([1, 2, 3]),
    free: fc.boolean(),
    inRoot: fc.boolean(),
  })
  .map(({ version, delegated, outer, inner, free, inRoot }) => {
    const holds = version === 'v1' || delegated
    // each group has CPU 0, as the plan demands of v1
    const a = [0, ...outer]
    const b = [0, ...inner.filter((cpu) => outer.includes(cpu))]
    const text = (cpus: number[]): string =>
      holds && !(version === 'v2' && free) ? formatCpus(cpus) : ''
    const groups = { 'system.slice': text(a), 'system.slice/x:y.service': text(b), user: text(a) }
    const processes = { 10: 'system.slice', 11: 'user', ...(inRoot ? { 1: '', 12: '' } : {}) }
    return { version, cpus: 4, groups, delegated, processes }
  })

const modelVm = fc
  .tuple(guestSpec, fc.array(cpuList(PCPUS), { minLength: 4, maxLength: 4 }))
  .map(([spec, affinity]) => new ModelVm('vm', affinity, spec))

const goals = fc.array(
  fc.record({
    affinity: fc.array(cpuList(PCPUS), { minLength: 4, maxLength: 4 }),
    cpus: fc.integer({ min: 1, max: 4 }).map((n) => [0, 1, 2, 3].slice(0, n)),
  }),
  { minLength: 1, maxLength: 4 },
)

const snapshotOf = async (vm: ModelVm): Promise<VmSnapshot> => (await seeVm(vm.port, ALL)).snapshot

async function reachAll(
  vm: ModelVm,
  snapshot: VmSnapshot,
  mechanism: 'hotplug' | 'confinement',
  to: readonly { affinity: number[][]; cpus: number[] }[],
): Promise<void> {
  const changer = new VmChanger(vm.port, snapshot, mechanism, new AbortController().signal)
  for (const goal of to) await changer.reach(goal)
}

const mechanisms = fc.constantFrom('hotplug' as const, 'confinement' as const)

describe('a VM', () => {
  it('gets what it is to have, and is as before after the restore', async () => {
    await fc.assert(
      fc.asyncProperty(modelVm, mechanisms, goals, async (vm, mechanism, to) => {
        const before = vm.state
        const snapshot = await snapshotOf(vm)
        await reachAll(vm, snapshot, mechanism, to)
        const last = to.at(-1)!
        expect(vm.affinity).toEqual(last.affinity)
        if (mechanism === 'hotplug') expect([...vm.guest.online].sort()).toEqual(last.cpus)
        else if (to.some(({ cpus }) => cpus.length < 4)) {
          const running = [...vm.guest.processes].filter(([pid]) => pid !== 2)
          for (const [, group] of running) expect(group).not.toBe('')
        }
        const { differences } = await restoreVm(vm.port, snapshot)
        expect(differences).toEqual([])
        expect(vm.state).toEqual(before)
      }),
    )
  })

  it('is as before after an apply that was cut off at any call', async () => {
    await fc.assert(
      fc.asyncProperty(
        modelVm,
        mechanisms,
        goals,
        fc.integer({ min: 1, max: 25 }),
        async (vm, mechanism, to, failsAt) => {
          const before = vm.state
          const snapshot = await snapshotOf(vm)
          vm.failsAt = failsAt
          await reachAll(vm, snapshot, mechanism, to).catch(() => undefined)
          vm.failsAt = Infinity
          expect((await restoreVm(vm.port, snapshot)).differences).toEqual([])
          expect(vm.state).toEqual(before)
        },
      ),
    )
  })

  it('is as before after a restore that was cut off and done again', async () => {
    await fc.assert(
      fc.asyncProperty(
        modelVm,
        mechanisms,
        goals,
        fc.integer({ min: 1, max: 10 }),
        async (vm, mechanism, to, failsAfter) => {
          const before = vm.state
          const snapshot = await snapshotOf(vm)
          await reachAll(vm, snapshot, mechanism, to)
          vm.failsAt = vm.calls + failsAfter
          const pauses = { tries: 1 }
          await restoreVm(vm.port, snapshot, undefined, pauses)
          vm.failsAt = Infinity
          expect((await restoreVm(vm.port, snapshot)).differences).toEqual([])
          expect(vm.state).toEqual(before)
        },
      ),
    )
  })

  it('is left alone by a second restore', async () => {
    await fc.assert(
      fc.asyncProperty(modelVm, goals, async (vm, to) => {
        const snapshot = await snapshotOf(vm)
        await reachAll(vm, snapshot, 'confinement', to)
        await restoreVm(vm.port, snapshot)
        const { calls } = vm
        expect(await restoreVm(vm.port, snapshot)).toEqual({ changes: [], differences: [] })
        expect(vm.calls).toBe(calls)
      }),
    )
  })

  it('that cannot be put back is told of, with what differs', async () => {
    const spec = {
      version: 'v2' as const,
      cpus: 2,
      groups: {},
      delegated: true,
      processes: { 1: '' },
    }
    const vm = new ModelVm(
      'vm',
      [
        [0, 1],
        [0, 1],
      ],
      spec,
    )
    const snapshot = await snapshotOf(vm)
    await reachAll(vm, snapshot, 'hotplug', [{ affinity: [[0], [0]], cpus: [0] }])
    vm.failsAt = vm.calls + 3
    const { differences } = await restoreVm(vm.port, snapshot, undefined, { tries: 1 })
    expect(vm.affinity).toEqual([
      [0, 1],
      [0, 1],
    ])
    expect(differences).toContain('the model does not answer')
  })
})
