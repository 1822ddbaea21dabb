// Measuring a host: every figure is found, and the host is put back whatever happens.
import { describe, expect, test } from 'vitest'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { makeCalibration } from '../../../src-main/core/calibrate/calibration.ts'
import type { AgentMethod } from '../../../src-main/core/contract/agent/protocol.ts'
import { measureHost } from '../../../src-main/lab/calibrate/measure-host.ts'
import { vmFacts } from '../../core/calibrate/make-facts.ts'
import { COSTS, simulatedAgent } from './simulated-agent.ts'
import type { Behaviour } from './simulated-agent.ts'

const now = () => new Date('2026-11-24T10:00:00.000Z')

const failing = (mode: string, error: Error): Behaviour => ({
  before: (method, input) => {
    if (method === 'micro' && (input as { mode: string }).mode === mode) throw error
  },
})

const applies = (asked: readonly string[]) => asked.filter((method) => method === 'apply').length
const restores = (asked: readonly string[]) => asked.filter((method) => method === 'restore').length

describe('a host', () => {
  test('is measured so that its costs come out', async () => {
    const { agent } = simulatedAgent()
    const found = await measureHost(agent, null, now)
    expect(found.warnings).toEqual([])
    const made = makeCalibration({
      ...{ name: 'bed', host: 'bed', ...found, createdAt: now().toISOString(), tookMs: 1 },
    })
    for (const [key, value] of Object.entries(COSTS.host)) {
      const fitted = made.parameters.find((p) => p.table === 'host' && p.key === key)!
      expect(Math.abs(fitted.value.value / value - 1), key).toBeLessThan(0.05)
    }
  })

  test('is put back after each placement', async () => {
    const { agent, asked } = simulatedAgent()
    await measureHost(agent, null, now)
    expect(applies(asked)).toBeGreaterThan(2)
    expect(restores(asked)).toBe(applies(asked))
    expect(asked.at(-1)).toBe('restore')
  })

  test('has its resizes timed by each mechanism, idle and loaded', async () => {
    const { resizes } = await measureHost(simulatedAgent().agent, null, now)
    expect(resizes.map(({ mechanism, load }) => `${mechanism} ${load}`)).toEqual([
      ...['hotplug idle', 'confinement idle', 'hotplug loaded', 'confinement loaded'],
    ])
    expect(resizes[0]).toMatchObject({ medianMs: { value: 55, lo: 55, hi: 55 } })
  })

  test('tells how far it is, to the end', async () => {
    const steps: string[] = []
    const onProgress = ({ title, done, of }: { title: string; done: number; of: number }) =>
      steps.push(`${done}/${of} ${title}`)
    await measureHost(simulatedAgent().agent, null, now, { onProgress })
    const [last] = steps.slice(-1)
    expect(last).toMatch(/^(\d+)\/\1 done$/)
  })
})

describe('what cannot be measured', () => {
  test('is a warning, and the rest goes on', async () => {
    const broken = failing('ipi', new LabError('unavailable', 'no expedited membarrier'))
    const { agent, asked } = simulatedAgent(broken)
    const found = await measureHost(agent, null, now)
    expect(found.warnings).toContain('ipi: not measured: no expedited membarrier')
    expect(found.measurements.map(({ id }) => id)).toContain('stacked')
    expect(restores(asked)).toBe(applies(asked))
  })

  test('for want of memory is said: a cache larger than what a guest can walk over', async () => {
    const { agent, asked } = simulatedAgent({ llcBytes: 480 * 2 ** 20 })
    const found = await measureHost(agent, null, now)
    expect(found.measurements.map(({ id }) => id)).not.toContain('refill-far')
    expect(found.warnings).toEqual([expect.stringMatching(/^refill-far: not measured/)])
    expect(asked.filter((method) => method === 'micro refill')).toHaveLength(6)
  })

  test('on the host itself leaves the guest’s figures', async () => {
    const { agent } = simulatedAgent({
      before: (method, input) => {
        if (method === 'micro' && (input as { vm: unknown }).vm === null)
          throw new LabError('unavailable', 'no C compiler')
      },
    })
    const found = await measureHost(agent, null, now)
    expect(found.warnings).toContain('host-switch: not measured: no C compiler')
    expect(found.measurements.map(({ id }) => id)).toContain('handover')
  })

  test('because a scheme cannot be applied ends it, with the agent’s reason', async () => {
    const { agent } = simulatedAgent({ refusals: ['bed-1 does not run'] })
    await expect(measureHost(agent, null, now)).rejects.toMatchObject({
      ...{ code: 'conflict', message: 'flexcore cannot be applied: bed-1 does not run' },
    })
  })
})

describe('a calibration that is ended', () => {
  test.each<AgentMethod>(['micro', 'apply', 'plan'])('during %s puts the host back', async (at) => {
    const ending = new AbortController()
    let calls = 0
    const { agent, asked } = simulatedAgent({
      before: (method) => {
        if (method === at && ++calls === 3) ending.abort()
      },
    })
    const run = measureHost(agent, null, now, { signal: ending.signal })
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect(restores(asked)).toBe(applies(asked))
  })

  test('by a host that is not as it was says so', async () => {
    const { agent } = simulatedAgent({ clean: false })
    await expect(measureHost(agent, null, now)).rejects.toThrow('vCPU 1 is offline')
  })

  test('by a bug of ours is not taken for a warning', async () => {
    const { agent } = simulatedAgent(failing('wake', new TypeError('x is undefined')))
    await expect(measureHost(agent, null, now)).rejects.toThrow(TypeError)
  })
})

describe('the VM', () => {
  test('is the first that has two vCPUs and runs programs', async () => {
    const [single] = vmFacts().vcpus
    const small = vmFacts({ name: 'small', vcpus: [single!] })
    const mute = vmFacts({ name: 'mute', guest: null })
    const { agent } = simulatedAgent({ vms: [small, mute, vmFacts({ name: 'right' })] })
    expect((await measureHost(agent, null, now)).vm.name).toBe('right')
  })

  test('that was asked for is refused where it does not fit, with the reason', async () => {
    const { agent } = simulatedAgent({ vms: [vmFacts({ name: 'mute', guest: null })] })
    await expect(measureHost(agent, 'mute', now)).rejects.toThrow(
      'mute has 2 vCPUs, and a guest agent that does not run programs',
    )
    await expect(measureHost(agent, 'other', now)).rejects.toThrow('there is no VM "other"')
    await expect(measureHost(agent, null, now)).rejects.toThrow('no VM has two vCPUs')
  })
})
