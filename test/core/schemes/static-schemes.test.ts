/**
 * The schemes that decide once or never: cfs, balance, pin, vcpu-bal; what the registry says of all
 */
import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../src-main/core/model/vocabulary.ts'
import { cfs } from '../../../src-main/core/schemes/cfs.ts'
import { findScheme, SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { resolveParams } from '../../../src-main/core/schemes/scheme.ts'
import {
  compute,
  hog,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  watch,
  withoutOverheads,
} from '../model/support/scenarios.ts'

const MS = 1e6

const onlineOf = (m: Machine): readonly number[] =>
  m.vms.map(({ firstV, vcpus }) => {
    const states = [...m.vState.subarray(firstV, firstV + vcpus)]
    return states.filter((s) => s !== VCPU.offline).length
  })

const nap = { op: 'sleep', ns: MS, cv: 1 }
const napping = (vcpus: number) => ({
  vcpus,
  workload: inline({ roles: [role(vcpus, [loop(40, [compute(MS, 1), nap])])] }),
})

describe('the registry', () => {
  it('lists each scheme once, with what it fixes, what it breaks and where it is from', () => {
    expect(new Set(SCHEMES.map((s) => s.id)).size).toBe(SCHEMES.length)
    for (const { id, info } of SCHEMES) {
      expect(info.id).toBe(id)
      for (const text of [info.title, info.summary, info.fixes, info.breaks, info.source])
        expect(text.length).toBeGreaterThan(0)
      expect(findScheme(id)?.id).toBe(id)
    }
  })

  it('knows no scheme of another name', () => {
    expect(findScheme('credit3')).toBeUndefined()
  })

  it('fills in the defaults of parameters that a scenario does not give', () => {
    const { info } = findScheme('flexcore')!
    const resolved = resolveParams(info, { periodNs: 1e6 })
    expect(resolved).toMatchObject({ periodNs: 1e6, hysteresis: 2, resize: 'module' })
  })
})

describe('cfs', () => {
  it('leaves everything to the host', () => {
    const { spec } = runScenario(scenarioOf(1, [hog(MS)]))
    expect(cfs.create(spec, {})).toEqual({})
  })
})

describe('balance', () => {
  it('keeps siblings on different pCPUs, however often they sleep and wake', () => {
    const vms = [napping(4), napping(3), napping(2)]
    const host = { sockets: 2, coresPerSocket: 2 }
    for (let seed = 0; seed < 5; seed++) {
      watch(scenarioOf(4, vms, { seed, host, scheme: { id: 'balance' } }), (m) => {
        expect(Math.max(...m.vmOnP)).toBeLessThanOrEqual(1)
      })
    }
  })

  it('runs a VM with more vCPUs than there are pCPUs', () => {
    const m = runScenario(scenarioOf(2, [napping(5)], { scheme: { id: 'balance' } }))
    expect(m.vmFinished).toBe(1)
  })
})

describe('pin', () => {
  const scheme = { id: 'pin' }

  it('keeps each VM with all its vCPUs on its own share of the pCPUs, by weight', () => {
    const vms = [hog(50 * MS, { weight: 2048 }, 6), { ...napping(6), repeat: 'stop' as const }]
    const used = vms.map(() => new Set<number>())
    const host = { sockets: 2, coresPerSocket: 3 }
    watch(scenarioOf(6, vms, { host, scheme }), (m) => {
      expect(onlineOf(m)).toEqual([6, 6])
      m.pCur.forEach((v, p) => v >= 0 && used[m.vVm[v]!]!.add(p))
    })
    expect(used.map((pcpus) => pcpus.size)).toEqual([4, 2])
    expect(new Set(used.flatMap((pcpus) => [...pcpus])).size).toBe(6)
  })

  it('leaves the pCPUs of an idle VM unused', () => {
    const vms = [hog(50 * MS, {}, 4), hog(MS, {}, 4)]
    const m = runScenario(withoutOverheads(scenarioOf(4, vms, { scheme })))
    // four threads of 50 ms on two pCPUs, whatever the other VM does
    expect(m.now / MS).toBeGreaterThanOrEqual(100)
  })

  it('lets a VM for which there is no pCPU use all', () => {
    const vms = [1, 2, 3].map(() => hog(20 * MS, {}, 2))
    expect(runScenario(scenarioOf(2, vms, { scheme })).vmFinished).toBe(3)
  })
})

describe('vcpu-bal', () => {
  it('gives each VM its share of the pCPUs by weight, and never changes that', () => {
    const vms = [hog(50 * MS, { weight: 2048, vcpus: 6 }, 2), hog(10 * MS, {}, 6)]
    const seen = new Set<string>()
    watch(scenarioOf(6, vms, { scheme: { id: 'vcpu-bal' } }), (m) =>
      seen.add(onlineOf(m).join(':')),
    )
    expect([...seen]).toEqual(['4:2'])
  })

  it('gives every VM as many as it is told, at most its own', () => {
    const scheme = { id: 'vcpu-bal', params: { vcpus: 3 } }
    const m = runScenario(scenarioOf(4, [hog(MS, {}, 4), hog(MS, {}, 2)], { scheme }))
    expect(onlineOf(m)).toEqual([3, 2])
  })

  it('pins nothing: its vCPUs go where the host puts them', () => {
    const m = runScenario(scenarioOf(2, [napping(2), napping(2)], { scheme: { id: 'vcpu-bal' } }))
    expect([...new Set(m.vPin)]).toEqual([-1])
  })
})
