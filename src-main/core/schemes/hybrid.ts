/** hybrid: VMs marked as concurrent are co-scheduled, the others have Xen's credit scheduler. */
import { LabError } from '../base/lab-error.ts'
import type { SimSpec, VmSpec } from '../model/spec.ts'
import { CREDIT_PARAMETERS, CreditHost } from './credit-host.ts'
import { resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'hybrid',
  title: 'Hybrid scheduling',
  summary:
    'VMs marked as concurrent are co-scheduled for a slice at a time, the rest as by credit.',
  fixes:
    'Lock-holder preemption and waits for preempted siblings in the marked VMs, without idle ' +
    'pCPUs: others use what a co-scheduled VM leaves.',
  breaks:
    'The other VMs: for a slice of 30 ms nothing preempts a co-scheduled vCPU, so their wake-ups ' +
    'wait. Somebody has to know which VMs are concurrent.',
  source: 'Weng, Wang, Li and Lu, The hybrid scheduling framework, VEE 2009',
  note:
    'From the abstract and later papers; the full text was not read. A VM takes a turn when one ' +
    'of its vCPUs is picked and it has credit left, or nobody waits who has some.',
  parameters: [
    ...CREDIT_PARAMETERS,
    {
      key: 'concurrent',
      label: 'Names of concurrent VMs (empty: SMP, with barriers, spin locks or shootdowns)',
      value: '',
      unit: '',
      mark: 'A',
      source: 'in the paper the administrator says so',
    },
  ],
}

/** Threads of the VM wait for each other in a way that a preempted vCPU prolongs. */
function synchronises({ vcpus, workload }: VmSpec): boolean {
  const shootsDown = workload.programs.some((p) => p.some((op) => op.op === 'tlb'))
  const spinSets = workload.lockSets.some((set) => set.kind === 'spin')
  const { spinLocks, barriers } = workload
  return vcpus > 1 && (shootsDown || spinSets || spinLocks.length + barriers.length > 0)
}

/** Throws LabError `bad-input` for a name that no VM has. */
function marked(spec: SimSpec, list: string): readonly boolean[] {
  const names = list.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
  const known = spec.vms.map((vm) => vm.name)
  const stranger = names.find((name) => !known.includes(name))
  if (stranger !== undefined)
    throw new LabError(
      'bad-input',
      `scheme.params.concurrent: there is no VM "${stranger}"`,
      `the VMs are ${known.join(', ')}`,
    )
  return spec.vms.map((vm) => (names.length > 0 ? names.includes(vm.name) : synchronises(vm)))
}

/** Co-scheduling for some VMs, credit for the others. */
export const hybrid: Scheme = Object.freeze({
  id: 'hybrid',
  info,
  create: (spec, given) => {
    const params = resolveParams(info, given)
    const host = new CreditHost(spec, params)
    marked(spec, String(params.concurrent)).forEach((isConcurrent, vm) => {
      if (isConcurrent) host.turns.untilNs[vm] = Infinity
    })
    return host.policy()
  },
})
