/**
 * check-measured: a scenario that is to be measured, against what an agent can do: host schemes,
 * VMs by the names that the host has, programs that a guest can run. What only the host knows (are
 * the VMs there, with so many vCPUs?) is asked of it before each run.
 */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import { issuesUnder } from '../base/schema-issues.ts'
import { VmNameSchema } from '../contract/agent/names.ts'
import { MICRO_MODES } from '../contract/agent/program.ts'
import type { MicroMode, Program } from '../contract/agent/program.ts'
import type { Scenario, ScenarioVm } from '../contract/scenario.ts'
import { checkHostScheme } from '../schemes/host-schemes.ts'
import { compilePattern } from '../work/pattern-output.ts'
import * as v from 'valibot'

/** Options of the micro-benchmark that a file may give, and their least values (docs/micro.md). */
const MICRO_OPTIONS: Readonly<Record<string, number>> = {
  ...{ threads: 1, iterations: 1, workNs: 0, holdNs: 0, pages: 1, windows: 1, loopsPerUs: 0 },
}
const OPTION_MAX = 1e12

const isMicroMode = (app: string): app is MicroMode =>
  (MICRO_MODES as readonly string[]).includes(app)

/** What a VM's guest runs: its program, or the micro-benchmark's mode of the app's name. */
export function programOf({ workload }: Pick<ScenarioVm, 'workload'>): Program | null {
  if (workload.program !== undefined) return workload.program
  if (!isMicroMode(workload.app)) return null
  return { kind: 'micro', mode: workload.app, options: workload.params }
}

function optionIssues(path: string, options: Readonly<Record<string, number>>): readonly Issue[] {
  return Object.entries(options).flatMap(([key, value]) => {
    const least = Object.hasOwn(MICRO_OPTIONS, key) ? MICRO_OPTIONS[key] : undefined
    const at = `${path}.${key}`
    if (least === undefined) {
      const hint = didYouMean(key, Object.keys(MICRO_OPTIONS))
      return [{ path: at, message: 'the micro-benchmark has no such option', hint }]
    }
    const whole = key === 'loopsPerUs' || Number.isInteger(value)
    if (whole && value >= least && value <= OPTION_MAX) return []
    const kind = key === 'loopsPerUs' ? 'a number' : 'a whole number'
    return [{ path: at, message: `must be ${kind} from ${least} on, not ${value}`, hint: '' }]
  })
}

/** A pattern is one that the agent can use: it reads outputs with the same engine (RE2). */
function patternIssues(path: string, pattern: string): readonly Issue[] {
  const compiled = compilePattern(pattern)
  if (compiled.ok) return []
  return [{ path, message: compiled.error, hint: 'e.g. time: (?<value>[0-9.]+) s' }]
}

function programIssues({ workload }: ScenarioVm): readonly Issue[] {
  const { app, params, program } = workload
  if (program === undefined && !isMicroMode(app)) {
    const hint = `${didYouMean(app, MICRO_MODES)}, or give it a program`
    const message = `"${app}" is no mode of the micro-benchmark and has no program`
    return [{ path: 'workload.app', message, hint }]
  }
  if (program === undefined) return optionIssues('workload.params', params)
  if (program.kind === 'micro') return optionIssues('workload.program.options', program.options)
  const { output } = program
  if (output.kind !== 'pattern') return []
  return patternIssues('workload.program.output.pattern', output.pattern)
}

function nameIssues({ name }: ScenarioVm): readonly Issue[] {
  if (name === undefined) {
    const hint = 'the VM’s name on the host: flexlab host vms'
    return [{ path: 'name', message: 'is needed where VMs are measured', hint }]
  }
  const parsed = v.safeParse(VmNameSchema, name)
  return parsed.success ? [] : [{ path: 'name', message: parsed.issues[0].message, hint: '' }]
}

function vmIssues(vm: ScenarioVm, i: number, vms: readonly ScenarioVm[]): readonly Issue[] {
  const first = vms.findIndex(({ name }) => name === vm.name)
  const issues = [...nameIssues(vm), ...programIssues(vm)]
  if (vm.name !== undefined && first !== i) {
    issues.push({ path: 'name', message: `"${vm.name}" is taken`, hint: 'a VM runs one workload' })
  }
  if (vm.stopNs !== undefined) {
    const message = 'a measured VM is not shut down in mid-run'
    issues.push({ path: 'stopNs', message, hint: 'leave it out' })
  }
  return issuesUnder(`vms[${i}]`, issues)
}

/** What is wrong with a scenario that is to be measured, as far as that can be told here. */
export function checkMeasured({ vms, scheme, without }: Scenario): readonly Issue[] {
  const issues = [...vms.flatMap(vmIssues), ...issuesUnder('scheme', checkHostScheme(scheme))]
  if (vms.every((vm) => vm.repeat === 'load')) {
    const hint = 'the run lasts until a VM that is not only load has its iterations'
    issues.push({ path: 'vms', message: 'every VM is load, nothing is measured', hint })
  }
  if (without.length > 0) {
    const message = 'only a simulated run can do without a harm'
    issues.push({ path: 'without', message, hint: 'leave it out' })
  }
  return issues
}
