// The catalogue is what every screen offers: it fits its schema and says where numbers come from.
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { MICRO_MODES } from '../../../src-main/core/contract/agent/program.ts'
import { CatalogueSchema } from '../../../src-main/core/contract/catalogue.ts'
import { catalogue } from '../../../src-main/core/simulate/catalogue.ts'

describe('the catalogue', () => {
  const all = catalogue()

  it('fits the contract', () => {
    expect(v.safeParse(CatalogueSchema, all).issues).toBeUndefined()
  })

  it('offers the five schemes, 13 PARSEC apps, kernel- and micro-workloads', () => {
    const ids = all.schemes.map((scheme) => scheme.id)
    expect(ids).toEqual(expect.arrayContaining(['cfs', 'gang', 'balance', 'vcpu-bal', 'flexcore']))
    const micro = all.apps.filter((app) => app.suite === 'micro').map((app) => app.id)
    const kernel = all.apps.filter((app) => app.suite === 'kernel').map((app) => app.id)
    expect(all.apps.filter((app) => app.suite === 'parsec')).toHaveLength(13)
    expect(kernel).toEqual(['ebizzy', 'kernbench', 'hackbench', 'interactive'])
    expect(micro).toEqual([
      'barrier',
      'spin',
      'spin-tas',
      'spin-mcs',
      'spin-pv-ticket',
      'spin-pv-qspinlock',
      'rwlock',
      'prwlock',
      'rcu',
      'mutex',
      'pipeline',
      'phases',
      'ep',
      'hog',
      ...MICRO_MODES.map((mode) => `micro-${mode}`),
    ])
  })

  it('gives every parameter a label and a source', () => {
    const parameters = [
      ...all.apps.flatMap((app) => app.parameters),
      ...all.hosts.flatMap((host) => host.costs),
      ...all.guest,
    ]
    for (const parameter of parameters) {
      expect(parameter.label).not.toBe('')
      expect(parameter.source).not.toBe('')
    }
  })

  it('shows the costs of a preset, not the defaults', () => {
    const epyc = all.hosts.find((host) => host.id === 'epyc-1x64')!
    const exit = epyc.costs.find((cost) => cost.key === 'vmExitNs')!
    expect(exit).toMatchObject({ value: 700, label: 'vm exit', unit: 'ns' })
  })
})
