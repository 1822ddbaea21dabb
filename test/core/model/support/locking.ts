/**
 * Lock-heavy work in two forms: as one bulk operation, and as a program in which each lock is taken
 * and released one by one, drawn in advance. The second is what the first has to agree with.
 */
import { exponentialAt, streamKey, uniformAt } from '../../../../src-main/core/base/random.ts'
import type { Scenario } from '../../../../src-main/core/contract/scenario.ts'
import type { LockSetState } from '../../../../src-main/core/model/lock-set.ts'
import type { Machine } from '../../../../src-main/core/model/machine.ts'
import type { Op, Program, WorkloadSpec } from '../../../../src-main/core/model/program.ts'
import { runMachine } from '../../../../src-main/core/model/run.ts'
import type { SimSpec } from '../../../../src-main/core/model/spec.ts'
import { findScheme } from '../../../../src-main/core/schemes/registry.ts'
import { buildSpec } from '../../../../src-main/core/simulate/build-spec.ts'
import { inline, role } from './scenarios.ts'
import type { VmInput } from './scenarios.ts'

/** Threads that alternate between an exponential time outside and a fixed time inside a section. */
export type Locking = {
  readonly kind: 'mutex' | 'spin'
  readonly locks: number
  readonly threads: number
  readonly vcpus: number
  readonly outsideNs: number
  readonly holdNs: number
  /** Work of each thread, sections included. */
  readonly workNs: number
}

/** The VM whose threads take the locks in bulk. */
export function lockingVm({ vcpus, threads, ...locking }: Locking): VmInput {
  const { kind, locks, outsideNs, holdNs, workNs } = locking
  const attempts = workNs / (outsideNs + holdNs)
  const step = { op: 'bulk', ns: workNs, lockSet: 'set', locks: attempts, holdNs }
  const parts = { lockSets: [{ name: 'set', locks, kind }], roles: [role(threads, [step])] }
  return { vcpus, repeat: 'stop', workload: inline(parts) }
}

function lockByLock(locking: Locking, key: number): Program {
  const { kind, locks, outsideNs, holdNs } = locking
  const ops: Op[] = []
  let left = locking.workNs
  const work = (ns: number): void => {
    const part = Math.min(left, ns)
    left -= part
    if (part > 0) ops.push({ op: 'compute', ns: part, cv: 0 })
  }
  for (let draws = 0; left > 0;) {
    work(Math.round(outsideNs * exponentialAt(key, draws++)))
    if (left === 0) break
    const lock = Math.floor(locks * uniformAt(key, draws++))
    ops.push(kind === 'spin' ? { op: 'spin-lock', lock } : { op: 'lock', mutex: lock })
    work(holdNs)
    ops.push(kind === 'spin' ? { op: 'spin-unlock', lock } : { op: 'unlock', mutex: lock })
  }
  return [...ops, { op: 'end' }]
}

function explicitWorkload(w: WorkloadSpec, locking: Locking, seed: number): WorkloadSpec {
  const { kind, locks, threads } = locking
  const threadProgram = Array.from({ length: threads }, (_, t) => t)
  const programs = threadProgram.map((t) => lockByLock(locking, streamKey(seed, 9000, t)))
  const spinLocks = new Array<'ticket'>(locks).fill('ticket')
  const shared = kind === 'spin' ? { spinLocks } : { mutexes: locks }
  return { ...w, ...shared, programs, threadProgram, lockSets: [] }
}

/** How the first VM's locks are simulated: lock by lock in its program, or by its lock set. */
export type Manner = 'explicit' | 'bulk' | 'thinned' | 'singly'

/** Runs a scenario whose first VM is `lockingVm(locking)`. */
export function runLocking(scenario: Scenario, locking: Locking, manner: Manner): Machine {
  const built = buildSpec(scenario)
  if (!built.ok) throw new Error(built.error.map((i) => `${i.path}: ${i.message}`).join('; '))
  const scheme = findScheme(scenario.scheme.id)!
  const spec = manner === 'explicit' ? explicit(built.value, locking) : built.value
  return runMachine(spec, scheme.create(spec, scenario.scheme.params), {
    onStart: (m) => {
      if (manner === 'thinned' || manner === 'singly') lockSet(m).singly = manner === 'singly'
    },
  })
}

/** The lock set of a machine's first VM. */
export const lockSet = (m: Machine): LockSetState => m.vms[0]!.lockSets[0]!

function explicit(spec: SimSpec, locking: Locking): SimSpec {
  const vms = spec.vms.map((vm, i) =>
    i > 0 ? vm : { ...vm, workload: explicitWorkload(vm.workload, locking, spec.seed) },
  )
  return { ...spec, vms }
}
