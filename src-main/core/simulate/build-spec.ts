/** build-spec: a scenario with names in, the numbers that the model runs on out. */
import { didYouMean } from '../base/did-you-mean.ts'
import { err, ok } from '../base/result.ts'
import type { Issue, Result } from '../base/result.ts'
import { issuesUnder } from '../base/schema-issues.ts'
import type { Scenario, ScenarioVm } from '../contract/scenario.ts'
import { GUEST_COSTS, HOST_COSTS, resolveCosts } from '../model/parameters.ts'
import { HOST_PRESETS } from '../model/presets.ts'
import type { HostPreset } from '../model/presets.ts'
import type { WorkloadSpec } from '../model/program.ts'
import { pcpuCount } from '../model/spec.ts'
import type { SimSpec, Topology, VmSpec } from '../model/spec.ts'
import { VCPUS_MAX } from '../schemes/check-params.ts'
import { compileDefinition, compileWorkload, readWorkload } from '../workloads/index.ts'
import { calibratedPreset } from './calibrated-host.ts'
import { checkGuestCosts, checkHostCosts } from './check-costs.ts'

/** Most pCPUs of a host, vCPUs of all VMs, and threads of all VMs. */
export const LIMITS = Object.freeze({ pcpus: 4096, vcpus: VCPUS_MAX, threads: 100_000 })

type Compiled = Result<WorkloadSpec, readonly Issue[]>

/** Compiled workloads by app, parameters and vCPUs: campaigns ask for the same few again. */
const compiledCache = new Map<string, Compiled>()
const CACHE_MAX = 64

function compile({ workload, vcpus }: ScenarioVm): Compiled {
  if (workload.definition === undefined) {
    return compileWorkload(workload.app, workload.params, vcpus)
  }
  const file = readWorkload(workload.definition)
  if (!file.ok) return err(issuesUnder('definition', file.error))
  if (file.value.id !== workload.app) {
    const message = `must be the same as app, "${workload.app}"`
    return err([{ path: 'definition.id', message, hint: '' }])
  }
  return compileDefinition(file.value, workload.params, vcpus)
}

function compileOnce(vm: ScenarioVm): Compiled {
  const key = JSON.stringify([vm.vcpus, vm.workload])
  const known = compiledCache.get(key)
  if (known !== undefined) return known
  const compiled = compile(vm)
  if (compiledCache.size >= CACHE_MAX) compiledCache.clear()
  compiledCache.set(key, compiled)
  return compiled
}

const findPreset = (host: Scenario['host']): HostPreset | undefined =>
  HOST_PRESETS.find((preset) => preset.id === host.preset) ?? calibratedPreset(host)

function unknownPreset(id: string): Issue {
  const known = HOST_PRESETS.map((preset) => preset.id)
  return {
    path: 'host.preset',
    message: `"${id}" is not a known host`,
    hint: didYouMean(id, known),
  }
}

function topologyOf(host: Scenario['host'], preset: HostPreset): Topology {
  const coresPerSocket = host.coresPerSocket ?? preset.topology.coresPerSocket
  // a socket of another size than the preset's has one LLC unless the file says more
  const { coresPerLlc } = preset.topology
  const usual = host.coresPerSocket === undefined ? coresPerLlc : coresPerSocket
  return {
    sockets: host.sockets ?? preset.topology.sockets,
    coresPerSocket,
    coresPerLlc: host.coresPerLlc ?? usual,
    threadsPerCore: host.threadsPerCore ?? preset.topology.threadsPerCore,
  }
}

/** pCPUs of a host; 0 where its preset is unknown. */
export function hostPcpus(host: Scenario['host']): number {
  const preset = findPreset(host)
  return preset === undefined ? 0 : pcpuCount(topologyOf(host, preset))
}

function llcIssues(host: Scenario['host'], preset: HostPreset | undefined): readonly Issue[] {
  if (preset === undefined) return []
  const { coresPerSocket, coresPerLlc } = topologyOf(host, preset)
  if (coresPerSocket % coresPerLlc === 0) return []
  const message = `${coresPerLlc} do not divide the ${coresPerSocket} cores of a socket`
  const hint = 'each LLC of a socket serves as many cores'
  return [{ path: 'host.coresPerLlc', message, hint }]
}

const vmName = (vm: ScenarioVm, i: number): string => vm.name ?? `vm${i + 1}`

function repeatedNames(vms: readonly ScenarioVm[]): readonly Issue[] {
  const names = vms.map(vmName)
  return names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [{ path: `vms[${i}].name`, message: `"${name}" is taken`, hint: 'names must differ' }],
  )
}

function departureIssues(vms: readonly ScenarioVm[]): readonly Issue[] {
  if (vms.every((vm) => vm.stopNs !== undefined || vm.repeat === 'load')) {
    const hint =
      'one VM needs neither stopNs nor repeat: load; the run lasts until it has its iterations'
    return [{ path: 'vms', message: 'every VM departs or is load, nothing is measured', hint }]
  }
  return vms.flatMap(({ startNs, stopNs }, i) =>
    stopNs === undefined || stopNs > startNs
      ? []
      : [
          {
            path: `vms[${i}].stopNs`,
            message: `must be more than startNs, ${startNs}, not ${stopNs}`,
            hint: 'a VM departs after it has arrived',
          },
        ],
  )
}

function limitIssues(scenario: Scenario, vms: readonly VmSpec[]): readonly Issue[] {
  const sum = (of: (vm: VmSpec) => number): number => vms.reduce((total, vm) => total + of(vm), 0)
  const over = (path: string, what: string, found: number, max: number): readonly Issue[] =>
    found <= max
      ? []
      : [{ path, message: `${found} ${what}, at most ${max} are allowed`, hint: '' }]
  return [
    ...over('host', 'pCPUs', hostPcpus(scenario.host), LIMITS.pcpus),
    ...over(
      'vms',
      'vCPUs altogether',
      sum((vm) => vm.vcpus),
      LIMITS.vcpus,
    ),
    ...over(
      'vms',
      'threads altogether',
      sum((vm) => vm.workload.threadProgram.length),
      LIMITS.threads,
    ),
  ]
}

function buildVms(scenario: Scenario, issues: Issue[]): readonly VmSpec[] {
  return scenario.vms.flatMap((vm, i): readonly VmSpec[] => {
    const workload = compileOnce(vm)
    if (!workload.ok) {
      issues.push(...issuesUnder(`vms[${i}].workload`, workload.error))
      return []
    }
    const { stopNs = Infinity, vcpus, weight, startNs, iterations, repeat } = vm
    const name = vmName(vm, i)
    return [{ name, vcpus, weight, workload: workload.value, startNs, stopNs, iterations, repeat }]
  })
}

/**
 * Everything the model needs besides the scheme: preset, overrides and compiled workloads. Issues
 * name the scenario's field: `host.costs.tickNs`, `vms[0].workload.params.cv`.
 */
export function buildSpec(scenario: Scenario): Result<SimSpec, readonly Issue[]> {
  const preset = findPreset(scenario.host)
  const issues: Issue[] = [
    ...(preset === undefined ? [unknownPreset(scenario.host.preset)] : []),
    ...llcIssues(scenario.host, preset),
    ...checkHostCosts(scenario.host.costs),
    ...checkGuestCosts(scenario.guest),
    ...repeatedNames(scenario.vms),
    ...departureIssues(scenario.vms),
  ]
  const vms = buildVms(scenario, issues)
  issues.push(...limitIssues(scenario, vms))
  if (preset === undefined || issues.length > 0) return err(issues)
  const { eventsMax, simulatedNsMax } = scenario.budget
  return ok({
    topology: topologyOf(scenario.host, preset),
    costs: resolveCosts(HOST_COSTS, { ...preset.costs, ...scenario.host.costs }),
    guest: resolveCosts(GUEST_COSTS, scenario.guest),
    switches: scenario.switches,
    vms,
    oracle: { locks: false, ipis: false, backfill: false },
    seed: scenario.seed,
    budget: { eventsMax, simulatedNsMax },
  })
}
