// The examples of docs/files.md are files that work, and its tables name what there is.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { formatIssue } from '../../src-main/core/base/result.ts'
import type { Issue, Result } from '../../src-main/core/base/result.ts'
import { CampaignSchema } from '../../src-main/core/contract/campaign.ts'
import { ScenarioSchema, VmSchema } from '../../src-main/core/contract/scenario.ts'
import { expandCampaign } from '../../src-main/core/simulate/expand-campaign.ts'
import { readCampaign } from '../../src-main/core/simulate/read-campaign.ts'
import { readScenario } from '../../src-main/core/simulate/read-scenario.ts'
import { simulate } from '../../src-main/core/simulate/simulate.ts'
import { compileDefinition, readWorkload } from '../../src-main/core/workloads/index.ts'
import { WorkloadFileSchema } from '../../src-main/core/workloads/workload-file.ts'

const DOCUMENT = readFileSync('docs/files.md', 'utf8')
const EXAMPLES = [...DOCUMENT.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!)

function valueOf<T>(result: Result<T, readonly Issue[]>): T {
  if (result.ok) return result.value
  return expect.fail(result.error.map(formatIssue).join('\n'))
}

const example = (kind: string): string =>
  EXAMPLES.find((text) => text.startsWith(`kind: ${kind}\n`)) ?? expect.fail(`no ${kind}`)

describe('the examples of docs/files.md', () => {
  it('are a scenario, two campaigns, the second one measured, and a workload', () => {
    const kinds = EXAMPLES.map((text) => (parse(text) as { kind: string }).kind)
    expect(kinds).toEqual(['scenario', 'campaign', 'campaign', 'workload'])
  })

  it('hold a scenario that runs', () => {
    const result = simulate(valueOf(readScenario(example('scenario'))))
    expect(result.vms.map((vm) => vm.name)).toEqual(['server', 'batch'])
    expect(result.vms[0]!.iterationNs.length).toBeGreaterThanOrEqual(3)
  })

  it('hold a campaign whose cells all run', () => {
    const cells = valueOf(expandCampaign(valueOf(readCampaign(example('campaign')))))
    expect(cells).toHaveLength(2 * 3 * 2 * 2 * 2 * 6)
    const first = cells.filter((cell) => cell.seed === 1)
    for (const { scenario } of first) expect(simulate(scenario).timeNs).toBeGreaterThan(0)
  })

  it('hold a measured campaign of two apps and a control', () => {
    const text = EXAMPLES.findLast((each) => each.startsWith('kind: campaign\n'))
    const cells = valueOf(expandCampaign(valueOf(readCampaign(text ?? ''))))
    expect(cells).toHaveLength(6 * 2 * (3 + 1))
    expect(cells.every(({ scenario }) => scenario.measured?.host === 'cellar')).toBe(true)
  })

  it('hold a workload that runs to its end', () => {
    const definition = valueOf(readWorkload(parse(example('workload'))))
    valueOf(compileDefinition(definition, {}, 2))
    const vm = { vcpus: 2, workload: { app: definition.id, definition } }
    const scenario = { kind: 'scenario', version: 1, name: 'frames', vms: [vm] }
    const result = simulate(valueOf(readScenario(JSON.stringify(scenario))))
    expect(result.vms[0]!.threads).toBe(4)
  })
})

describe('the files of docs/campaigns', () => {
  const names = readdirSync('docs/campaigns')

  it.each(names)('read and expand: %s', (name) => {
    const text = readFileSync(`docs/campaigns/${name}`, 'utf8')
    if (text.includes('kind: scenario')) valueOf(readScenario(text))
    else expect(valueOf(expandCampaign(valueOf(readCampaign(text)))).length).toBeGreaterThan(0)
  })

  it('are named in a report of docs/figures', () => {
    const reports = readdirSync('docs/figures').map((file) =>
      readFileSync(`docs/figures/${file}`, 'utf8'),
    )
    const isNamed = (name: string) => reports.join('\n').includes(`docs/campaigns/${name}`)
    expect(names.filter((name) => !isNamed(name))).toEqual([])
  })
})

describe('the tables of docs/files.md', () => {
  const words = new Set(DOCUMENT.match(/[A-Za-z][\w-]*/g))
  const keysOf = (schema: { entries: object }): string[] => Object.keys(schema.entries)

  it('name every field of the three files', () => {
    const schemas = [ScenarioSchema, VmSchema, CampaignSchema, WorkloadFileSchema]
    for (const key of schemas.flatMap(keysOf)) expect(words).toContain(key)
  })

  it('name every step of a program', () => {
    const wrong = { op: 'no such step' }
    const role = { name: 'worker', count: 1, program: [wrong] }
    const file = { ...(parse(example('workload')) as object), roles: [role] }
    const read = readWorkload(file)
    const message = read.ok
      ? ''
      : (read.error.find(({ path }) => path.endsWith('op'))?.message ?? '')
    const steps = message.match(/one of (.*?),? not /)?.[1]?.split(', ') ?? []
    expect(steps.length).toBeGreaterThan(10)
    for (const step of steps) expect(DOCUMENT).toContain(`\`${step}\``)
  })
})
