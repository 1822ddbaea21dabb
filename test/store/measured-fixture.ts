/** Measured scenarios, results and hosts for tests of what keeps and shows them, made by rule. */
import * as v from 'valibot'
import { HostFactsSchema } from '../../src-main/core/contract/agent/facts.ts'
import type { MeasuredHost } from '../../src-main/core/contract/library.ts'
import type { RunResult, VmResult } from '../../src-main/core/contract/result.ts'
import { ScenarioSchema, type Scenario } from '../../src-main/core/contract/scenario.ts'

/** The scenario as one that is measured. */
export const onHost = (scenario: Scenario, host: string): Scenario =>
  v.parse(ScenarioSchema, { ...scenario, measured: { host } })

/** A host of two pCPUs with emulated VMs. */
export function measuredHost(name: string): MeasuredHost {
  const facts = v.parse(HostFactsSchema, {
    ...{ hostname: name, os: 'Debian 13', kernel: '6.12.0', cmdline: null, arch: 'x86_64' },
    ...{ cpuModel: 'test CPU', microcode: null, governor: null, turbo: null, clocksource: 'tsc' },
    memoryBytes: 8e9,
    pcpus: [0, 1].map((id) => ({ id, socket: 0, core: id, llc: 0, numa: 0, maxKhz: null })),
    caches: [{ level: 3, type: 'Unified', bytes: 33_554_432 }],
    ...{ mitigations: { spectre_v2: 'Mitigation: IBRS' }, fairClass: 'eevdf', kvmParameters: {} },
    ...{ cgroup: 'v2', qemuVersion: '10.0.0', libvirtVersion: null, allowedCpus: [0, 1] },
    ...{ loadAverage: 0.5, uid: 0, notObservable: { microcode: 'not in /proc/cpuinfo' } },
  })
  const agent = { appVersion: '0.1.0', sha256: 'a'.repeat(64), node: '24.21.0' }
  return { name, facts, vms: [], accel: 'tcg', agent }
}

/** A result whose figures follow from the seed. */
export function measuredResultOf(seed: number): RunResult {
  const makespanNs = 2_000_000_000 + seed
  return {
    kind: 'measured',
    makespanNs,
    timeNs: makespanNs / 2,
    vms: ['a', 'b'].map((name) => vmResult(name, seed, makespanNs)),
    counters: { redone: 1 },
    notObservable: { exits: 'debugfs is not mounted' },
    series: {
      endNs: [1e8, 2e8],
      vms: ['a', 'b'].map((name) => ({ name, online: [null, 1], used: [0.5, 1], waiting: [1, 0] })),
    },
    events: 0,
    wallMs: 4000 + seed,
    traceHash: '',
  }
}

function vmResult(name: string, seed: number, makespanNs: number): VmResult {
  return {
    name,
    app: 'ring',
    vcpus: 2,
    threads: 2,
    iterationNs: [makespanNs / 2],
    iterationsAsked: 1,
    attributionNs: null,
    cpuNs: makespanNs,
    counters: { cpuNs: makespanNs, runDelayNs: 5_000_000 + seed, voluntary: 1000 },
    notObservable: { guestStealNs: 'TCG guests see no steal' },
  }
}
