/** The experiment as the report tells it: levels by name say what they change. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { catalogue } from '../../src-main/core/simulate/catalogue.ts'
import { readCampaign } from '../../src-main/core/simulate/read-campaign.ts'
import { setupSection } from '../../src-main/report/sections/setup.ts'

it('tells what a level changes, and that load is not measured', () => {
  const tell = (name: string): string => {
    const campaign = readCampaign(readFileSync(`docs/campaigns/${name}.yaml`, 'utf8'))
    if (!campaign.ok) throw new Error(campaign.error.map(({ message }) => message).join())
    return JSON.stringify(setupSection(campaign.value, catalogue(), []))
  }
  const changed = tell('floor-one-at-a-time')
  expect(changed).toContain('as shipped, refill × 4 (host.costs.refillLlcNsPerKib × 4, ')
  expect(changed).toContain('no pause-loop exits (switches.ple = false)')
  expect(tell('floor-neighbours')).toContain('load; not measured')
})
