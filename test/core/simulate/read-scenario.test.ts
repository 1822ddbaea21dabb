// What a scenario file may leave out, what it may override, and what becomes of it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../src-main/core/base/result.ts'
import type { Scenario } from '../../../src-main/core/contract/scenario.ts'
import { buildSpec } from '../../../src-main/core/simulate/build-spec.ts'
import { readScenario } from '../../../src-main/core/simulate/read-scenario.ts'

const MINIMAL = `
kind: scenario
version: 1
name: minimal
vms:
  - { vcpus: 4, workload: { app: canneal } }
`

function read(text: string): Scenario {
  const scenario = readScenario(text)
  if (!scenario.ok) expect.fail(scenario.error.map(formatIssue).join('\n'))
  return scenario.value
}

function build(text: string) {
  const spec = buildSpec(read(text))
  if (!spec.ok) expect.fail(spec.error.map(formatIssue).join('\n'))
  return spec.value
}

describe('a scenario file', () => {
  it('may leave out everything but its VMs', () => {
    const scenario = read(MINIMAL)
    expect(scenario.scheme.id).toBe('cfs')
    expect(scenario.host.preset).toBe('intel-2x6-2014')
    expect(scenario.vms[0]).toMatchObject({ weight: 1024, iterations: 1, startNs: 0 })
  })

  it('is the same in YAML and in JSON', () => {
    const fromYaml = read(MINIMAL)
    expect(read(JSON.stringify(fromYaml))).toEqual(fromYaml)
  })

  it('overrides topology, costs and guest parameters of the preset', () => {
    const host = 'host: { preset: epyc-1x64, sockets: 2, costs: { wakeNs: 1 } }'
    const spec = build(`${MINIMAL}${host}\nguest: { syscallNs: 2 }`)
    expect(spec.topology).toEqual({
      sockets: 2,
      coresPerSocket: 64,
      coresPerLlc: 8,
      threadsPerCore: 1,
    })
    expect(spec.costs).toMatchObject({ wakeNs: 1, vmExitNs: 700, hltNs: 3000 })
    expect(spec.guest.syscallNs).toBe(2)
  })

  it('names VMs that have no name', () => {
    const text = `${MINIMAL}  - { vcpus: 2, name: second, workload: { app: ep } }\n`
    expect(build(text).vms.map((vm) => vm.name)).toEqual(['vm1', 'second'])
  })

  it('may carry a workload of its own', () => {
    const definition = {
      kind: 'workload',
      version: 1,
      id: 'relay',
      title: 'Relay',
      suite: 'user',
      summary: 'one after another',
      params: { ns: { value: 1000, unit: 'ns', mark: 'A', source: 'free', label: 'Work' } },
      mutexes: ['baton'],
      roles: [
        {
          name: 'runner',
          count: 'vcpus',
          program: [
            {
              op: 'loop',
              times: '10 * scale',
              body: [{ op: 'critical', mutex: 'baton', ns: 'ns' }],
            },
          ],
        },
      ],
      memory: { privateKib: 1, sharedKib: 0, missPenalty: 0, remotePenalty: 0, sharedFraction: 0 },
    }
    const workload = { app: 'relay', params: { ns: 500 }, definition }
    const scenario = { kind: 'scenario', version: 1, name: 'x', vms: [{ vcpus: 3, workload }] }
    const compiled = build(JSON.stringify(scenario)).vms[0]!.workload
    expect(compiled.threadProgram).toHaveLength(3)
    expect(compiled.programs[0]).toContainEqual({ op: 'compute', ns: 500, cv: 0 })
  })

  it('compiles equal workloads once', () => {
    const text = `${MINIMAL}  - { vcpus: 4, workload: { app: canneal } }\n`
    const [first, second] = build(text).vms
    expect(first!.workload).toBe(second!.workload)
  })
})

describe('reading a scenario never throws', () => {
  it('on any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readScenario(text)))
  })

  it('on any value in place of any field', () => {
    const scenario = JSON.parse(JSON.stringify(read(MINIMAL))) as object
    const paths = fieldPaths(scenario)
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        readScenario(JSON.stringify(withField(scenario, path, value)))
      }),
      { numRuns: 300 },
    )
  })

  it('on a valid file with characters removed, doubled or replaced', () => {
    const edit = fc.tuple(fc.nat(MINIMAL.length), fc.nat(8), fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce(
          (current, [at, length, put]) => current.slice(0, at) + put + current.slice(at + length),
          MINIMAL,
        )
        readScenario(text)
      }),
      { numRuns: 300 },
    )
  })

  it.each(['[', '{"a":', '- ', '&a [', '!!binary '])('on 20,000 times "%s"', (piece) => {
    expect(readScenario(piece.repeat(20_000)).ok).toBe(false)
  })
})

type Path = readonly (string | number)[]

function fieldPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, child]) => {
    const step = Array.isArray(value) ? Number(key) : key
    return [[...path, step], ...fieldPaths(child, [...path, step])]
  })
}

function withField(root: object, path: Path, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(root)) as Record<string | number, unknown>
  const parent = path.slice(0, -1).reduce((current, step) => current[step] as typeof copy, copy)
  parent[path.at(-1)!] = value
  return copy
}
