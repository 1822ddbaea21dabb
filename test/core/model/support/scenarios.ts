/** Small hand-made scenarios for tests of the model: hosts without costs, programs in one line. */
import * as v from 'valibot'
import { assert } from '../../../../src-main/core/base/assert.ts'
import type { TimeClassKey } from '../../../../src-main/core/base/time-class.ts'
import { ScenarioSchema } from '../../../../src-main/core/contract/scenario.ts'
import type { Scenario, ScenarioInput } from '../../../../src-main/core/contract/scenario.ts'
import type { Machine } from '../../../../src-main/core/model/machine.ts'
import { runMachine } from '../../../../src-main/core/model/run.ts'
import type { RunOptions } from '../../../../src-main/core/model/run.ts'
import { CLASS, CLASSES } from '../../../../src-main/core/model/vocabulary.ts'
import { findScheme } from '../../../../src-main/core/schemes/registry.ts'
import { buildSpec } from '../../../../src-main/core/simulate/build-spec.ts'
import { FINE_GRAIN, FREE_GUEST, FREE_HOST } from '../../../../src-main/lab/validate/situation.ts'

/** A VM as a scenario file has it. */
export type VmInput = ScenarioInput['vms'][number]
type Costs = Readonly<Record<string, number>>
type Step = Readonly<Record<string, unknown>>

export { FINE_GRAIN, FREE_GUEST, FREE_HOST }

/** A scenario on one socket of `cores`; everything else as in a file. */
export function scenarioOf(
  cores: number,
  vms: readonly VmInput[],
  rest: Partial<ScenarioInput> = {},
): Scenario {
  const { host = {}, ...others } = rest
  return v.parse(ScenarioSchema, {
    kind: 'scenario',
    version: 1,
    name: 'test',
    host: { sockets: 1, coresPerSocket: cores, ...host },
    vms,
    budget: { eventsMax: 5_000_000 },
    ...others,
  })
}

/** The same scenario on a host and guests without overheads. */
export function withoutOverheads(scenario: Scenario, constants: Costs = {}): Scenario {
  const host = { ...scenario.host, costs: { ...FREE_HOST, ...constants, ...scenario.host.costs } }
  return { ...scenario, host, guest: { ...FREE_GUEST, ...constants, ...scenario.guest } }
}

/** What the threads of an inline workload share; every field of a workload file may be given. */
export type ProgramParts = Readonly<Record<string, unknown>> & {
  readonly roles: readonly {
    readonly name: string
    readonly count: number | string
    readonly program: readonly Step[]
  }[]
}

/** An inline workload; its memory costs nothing. */
export function inline(parts: ProgramParts): VmInput['workload'] {
  const definition = {
    kind: 'workload',
    version: 1,
    id: 'inline',
    title: 'Inline',
    suite: 'user',
    summary: 'Of a test.',
    memory: { privateKib: 0, sharedKib: 0, missPenalty: 0, remotePenalty: 0, sharedFraction: 0 },
    ...parts,
  }
  return { app: 'inline', definition }
}

/** A role: `count` threads that run the steps. */
export const role = (
  count: number | string,
  program: readonly Step[],
  name = 'worker',
): ProgramParts['roles'][number] => ({ name, count, program })

/** A loop step. */
export const loop = (times: number | string, body: readonly Step[]): Step => ({
  op: 'loop',
  times,
  body,
})

/** A compute step. */
export const compute = (ns: number | string, cv = 0): Step => ({ op: 'compute', ns, cv })

/** A VM that computes `ns` on each of `threads` threads, in chunks, and is done. */
export function hog(ns: number, rest: Partial<VmInput> = {}, threads = 1): VmInput {
  const chunks = Math.max(1, Math.round(ns / 1e6))
  const workload = inline({ roles: [role(threads, [loop(chunks, [compute(ns / chunks)])])] })
  return { vcpus: threads, repeat: 'stop', workload, ...rest }
}

/** Runs a scenario and gives the machine at its end. */
export function runScenario(scenario: Scenario, options: RunOptions = {}): Machine {
  const spec = buildSpec(scenario)
  const scheme = findScheme(scenario.scheme.id)
  if (!spec.ok) throw new Error(spec.error.map((i) => `${i.path}: ${i.message}`).join('; '))
  assert(scheme !== undefined, 'the test names a scheme')
  return runMachine(spec.value, scheme.create(spec.value, scenario.scheme.params), options)
}

/** Runs a scenario and calls `look` with the machine after every event. */
export function watch(scenario: Scenario, look: (m: Machine, slot: number) => void): Machine {
  let machine: Machine | undefined
  return runScenario(scenario, {
    onStart: (m) => {
      machine = m
    },
    hooks: {
      after: (slot) => {
        if (machine !== undefined) look(machine, slot)
      },
    },
  })
}

/** Nanoseconds that one thread spent in a class by the end of a run. */
export const timeOfThread = (m: Machine, t: number, key: TimeClassKey): number =>
  m.time[t * CLASSES + CLASS[key]]!
