// A calibration keeps what it was made of, says when it no longer holds, and serves as a preset.
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  calibratedHost,
  calibrationRow,
  makeCalibration,
} from '../../../src-main/core/calibrate/calibration.ts'
import {
  calibratedFacts,
  cacheSizes,
  staleFacts,
  switchesOf,
  topologyOf,
} from '../../../src-main/core/calibrate/host-facts.ts'
import { measurementsOf } from '../../../src-main/core/calibrate/measurement.ts'
import { probesFor } from '../../../src-main/core/calibrate/probes.ts'
import { CalibrationSchema } from '../../../src-main/core/contract/calibration.ts'
import { hostFacts, twoSockets, vmFacts } from './make-facts.ts'
import { probeHost } from './simulated-host.ts'

const AT = '2026-11-24T10:00:00.000Z'
const COSTS = {
  host: {
    ...{ vmExitNs: 1200, wakeNs: 5000, hltNs: 3000, ipiNs: 2000, contextSwitchNs: 2000 },
    ...{ refillLlcNsPerKib: 80, refillMemoryNsPerKib: 320 },
  },
  guest: {
    ...{ syscallNs: 300, wakeCallNs: 1000, contextSwitchNs: 1500 },
    ...{ tlbFlushNs: 500, lockTransferNs: 120 },
  },
  pipeNs: 1000,
  tlb: { mmapNs: 2000, faultNs: 700, unmapPageNs: 100 },
}

const calibration = (disturbed = 0) =>
  makeCalibration({
    ...{ name: 'bed', host: 'bed', createdAt: AT, tookMs: 1000, resizes: [] },
    facts: hostFacts(),
    vm: vmFacts(),
    measurements: probesFor({ l2Kib: 2048, llcKib: 32_768 }).flatMap((probe) =>
      measurementsOf(probe, [probeHost(probe, COSTS, disturbed)], AT),
    ),
    warnings: ['one guest did not answer'],
  })

describe('a calibration', () => {
  const made = calibration()

  test('is as its schema says', () => expect(v.parse(CalibrationSchema, made)).toEqual(made))

  test('takes the sizes of caches from the host’s facts', () => {
    const l2 = made.parameters.find(({ key }) => key === 'l2Kib')!
    expect(l2).toMatchObject({ rule: 'facts', value: { value: 2048 } })
  })

  test('says which parameters it left alone, without the kernel’s constants', () => {
    const kept = made.kept.map(({ key }) => key)
    expect(kept).toContain('refillHalfNs')
    expect(kept).not.toContain('wakeNs')
    expect(kept).not.toContain('cfsLatencyNs')
  })

  test('knows how fast the guest computes beside its host', () => {
    expect(made.workScale!.value).toBe(1)
  })

  test('passes on what went wrong, and says where other work ran', () => {
    expect(made.warnings).toEqual(['one guest did not answer'])
    const warnings = calibration(0.8).warnings
    expect(warnings.some((w) => /^handover: \d+ % of its windows/.test(w))).toBe(true)
  })

  test('serves as a preset: topology, costs, guest, switches', () => {
    const preset = calibratedHost(made)
    expect(preset.host).toMatchObject({ sockets: 1, coresPerSocket: 2, threadsPerCore: 1 })
    expect(preset.host.costs['ipiNs']).toBeCloseTo(2000, -2)
    expect(preset.guest['syscallNs']).toBe(300)
    expect(preset.apps['micro-ring']!['pipeNs']).toBe(1000)
    expect(preset.switches).toEqual({ ple: false, haltPolling: false })
  })

  test('is a line of the list', () => {
    expect(calibrationRow(made)).toMatchObject({ name: 'bed', accel: 'tcg', warnings: 1 })
  })
})

describe('a calibration is stale', () => {
  const made = calibration()
  const now = calibratedFacts(hostFacts(), vmFacts())

  test('not while the host is the same', () => expect(staleFacts(made, now)).toEqual([]))

  test.each([
    ['kernel', 'kernel', '6.13.0'],
    ['cpuModel', 'CPU', 'Another CPU'],
    ['microcode', 'microcode', '0x2'],
    ['qemuVersion', 'QEMU', '9.2.0'],
    ['accel', 'accelerator', 'kvm'],
    ['guestKernel', 'guest kernel', '6.12.1'],
  ])('when its %s changes, and says so', (key, fact, is) => {
    expect(staleFacts(made, { ...now, [key]: is })).toMatchObject([{ fact, is }])
  })

  test('not because a guest does not answer now', () => {
    expect(staleFacts(made, { ...now, guestKernel: null, accel: 'unknown' })).toEqual([])
  })
})

describe('facts of a host', () => {
  test('give its topology', () => {
    const facts = hostFacts({ pcpus: twoSockets, allowedCpus: [0, 1, 2, 3, 4, 5, 6, 7] })
    const topology = { sockets: 2, coresPerSocket: 2, coresPerLlc: 2, threadsPerCore: 2 }
    expect(topologyOf(facts)).toEqual(topology)
  })

  test('count only the pCPUs that the agent may use', () => {
    const facts = hostFacts({ pcpus: twoSockets, allowedCpus: [0, 1] })
    const topology = { sockets: 1, coresPerSocket: 2, coresPerLlc: 2, threadsPerCore: 1 }
    expect(topologyOf(facts)).toEqual(topology)
  })

  test('may not tell the caches', () => {
    expect(cacheSizes(hostFacts({ caches: [] }))).toEqual({ l2Kib: null, llcKib: null })
  })

  test('say whether KVM polls and leaves loops; emulated guests do neither', () => {
    const kvmParameters = { 'kvm.halt_poll_ns': '200000', 'kvm_intel.ple_gap': '128' }
    const facts = hostFacts({ kvmParameters })
    expect(switchesOf(facts, vmFacts({ accel: 'kvm' }))).toEqual({ ple: true, haltPolling: true })
    expect(switchesOf(facts, vmFacts())).toEqual({ ple: false, haltPolling: false })
  })
})
