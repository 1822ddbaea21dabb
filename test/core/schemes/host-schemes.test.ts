/** Schemes of the agent: what they declare, refuse, and what the simulator has for each. */
import { describe, expect, it } from 'vitest'
import { checkScheme } from '../../../src-main/core/simulate/check-scheme.ts'
import {
  checkHostScheme,
  findHostScheme,
  HOST_SCHEMES,
  hostParams,
  simulatedScheme,
} from '../../../src-main/core/schemes/host-schemes.ts'

const messages = (id: string, params: Record<string, number | string | boolean>) =>
  checkHostScheme({ id, params }).map(({ path, message }) => `${path}: ${message}`)

describe('host schemes', () => {
  it('are the six of the design, each described in full', () => {
    expect(HOST_SCHEMES.map(({ id }) => id)).toEqual([
      'stock',
      'pin',
      'balance',
      'vcpu-bal',
      'flexcore',
      'preferred-cpus',
    ])
    for (const { id, info } of HOST_SCHEMES) {
      expect(info.id).toBe(id)
      for (const text of [info.title, info.summary, info.fixes, info.breaks, info.source])
        expect(text).not.toBe('')
      for (const parameter of info.parameters) expect(parameter.source).not.toBe('')
    }
  })

  it('have defaults that their own check accepts', () => {
    for (const { id } of HOST_SCHEMES)
      expect(checkHostScheme({ id, params: hostParams({ id, params: {} }) })).toEqual([])
  })

  it('stand for simulated schemes that the simulator accepts', () => {
    for (const { id } of HOST_SCHEMES) {
      const use = simulatedScheme({ id, params: {} }, 'eevdf')
      expect(checkScheme({ id: use.id, params: { ...use.params } })).toEqual([])
    }
  })

  it('stand for the fair class of the host’s kernel where nothing is changed', () => {
    expect(simulatedScheme({ id: 'stock', params: {} }, 'cfs')).toEqual({ id: 'cfs', params: {} })
    expect(simulatedScheme({ id: 'stock', params: {} }, 'eevdf').id).toBe('eevdf')
  })

  it('carry parameters over: a static flexcore decides only once in the simulator too', () => {
    const dynamic = { id: 'flexcore', params: { periodMs: 20, resize: 'hotplug' } }
    expect(simulatedScheme(dynamic, 'cfs').params).toMatchObject({
      periodNs: 20e6,
      resize: 'hotplug',
      hysteresis: 2,
    })
    const still = { id: 'flexcore', params: { dynamic: false } }
    expect(simulatedScheme(still, 'cfs').params).toMatchObject({ periodNs: 1e12 })
  })

  it('refuse what they do not know, by path and with a hint', () => {
    expect(messages('flexcore', { periodMs: 9 })).toEqual([
      'params.periodMs: must be 10 … 1000, not 9',
    ])
    expect(messages('flexcore', { periodMs: 1001 })).toHaveLength(1)
    expect(messages('flexcore', { resize: 'module' })).toEqual([
      'params.resize: must be one of hotplug, confinement, not module',
    ])
    expect(messages('flexcore', { dynamic: 1 })).toHaveLength(1)
    expect(messages('flexcore', { hysteresis: 0 })).toHaveLength(1)
    expect(messages('vcpu-bal', { vcpus: 1.5 })).toHaveLength(1)
    expect(checkHostScheme({ id: 'flexcor', params: {} })[0]?.hint).toContain('"flexcore"')
    expect(findHostScheme('cfs')).toBeUndefined()
  })
})
