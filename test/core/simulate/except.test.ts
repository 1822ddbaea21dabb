// Cells of a campaign that are left out: by rules of its file, told to whoever plans it.
import { describe, expect, it } from 'vitest'
import { expandCampaign, leftOut } from '../../../src-main/core/simulate/expand-campaign.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'

const FILE = `
kind: campaign
version: 1
name: partly
host: { preset: bed-2 }
axes:
  app: [ep, swaptions]
  scheme: [cfs, gang, flexcore]
  mix: [{ name: two, vms: [{ vcpus: 2, workload: { app: $app } }] }]
seeds: { count: 3 }
baseline: cfs
`

const read = (except: string) => {
  const campaign = readCampaign(`${FILE}except: ${except}\n`)
  if (!campaign.ok) throw new Error(JSON.stringify(campaign.error))
  return campaign.value
}

const expand = (except: string) => {
  const cells = expandCampaign(read(except))
  return cells.ok ? cells.value : cells.error
}

describe('cells that are left out', () => {
  it('are not run; the others are, in their order, with their seeds', () => {
    const cells = expand('[{ app: ep, scheme: gang }]')
    expect(cells).toHaveLength(15)
    const campaign = read('[{ app: ep, scheme: gang }]')
    expect(leftOut(campaign).map(({ app, scheme }) => `${app} ${scheme}`)).toEqual(['ep gang'])
  })

  it('are all that have every factor of a rule', () => {
    expect(expand('[{ app: ep }]')).toHaveLength(9)
    expect(expand('[{ scheme: gang }, { scheme: flexcore, app: ep }]')).toHaveLength(9)
  })

  it.each([
    ['[{ app: nothing }]', 'except[0]', 'leaves no cell out'],
    ['[{ scheme: cfs, app: ep }]', 'except[0]', 'leaves out the baseline cfs'],
    ['[{ mix: two }]', 'except', 'leaves every cell out'],
  ])('are refused where that makes no sense: %s', (except, path, message) => {
    expect(expand(except)).toMatchObject([
      { path, message: expect.stringContaining(message) as unknown },
    ])
  })
})
