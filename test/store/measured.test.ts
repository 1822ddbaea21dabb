// Measured runs and their hosts in the library: nothing of them is lost, nothing unseen becomes 0.
import { describe, expect, test } from 'vitest'
import type { HostProbe } from '../../src-main/core/contract/hosts.ts'
import { campaignOf, machine, planOf, resultOf, scenarioOf, withStore } from './library-fixture.ts'
import { measuredHost, measuredResultOf, onHost } from './measured-fixture.ts'

describe('a measured run', () => {
  test('comes back as it was: no attribution, reasons, series, and its host', () =>
    withStore(async (store) => {
      const scenario = onHost(scenarioOf('ring', 'flexcore', 3), 'bed')
      const result = measuredResultOf(3)
      const host = measuredHost('bed')
      const id = await store.saveRun({ scenario, result, machine: { ...machine, host } })
      const run = await store.getRun(id)
      expect(run.result).toEqual(result)
      expect(run.scenario).toEqual(scenario)
      expect(run.environment.host).toEqual(host)
      expect(run.row).toMatchObject({ kind: 'measured', host: 'bed', accel: 'tcg', traceHash: '' })
    }))

  test('has another content hash when only a reason or its series differs', () =>
    withStore(async (store) => {
      const scenario = onHost(scenarioOf('ring', 'flexcore', 3), 'bed')
      const result = measuredResultOf(3)
      const { series: _series, ...bare } = result
      const reasoned = { ...result, notObservable: { exits: 'no debugfs' } }
      const hashes = []
      for (const each of [result, bare, reasoned]) {
        const id = await store.saveRun({ scenario, result: each, machine })
        hashes.push((await store.getRun(id)).row.contentHash)
      }
      expect(new Set(hashes).size).toBe(3)
    }))

  test('of the same host shares the environment, of another host does not', () =>
    withStore(async (store) => {
      const ids = []
      for (const name of ['bed', 'bed', 'other']) {
        const scenario = onHost(scenarioOf('ring', 'stock', 1), name)
        const on = { ...machine, host: measuredHost(name) }
        const id = await store.saveRun({ scenario, result: measuredResultOf(1), machine: on })
        ids.push((await store.getRun(id)).environment.id)
      }
      expect(ids[0]).toBe(ids[1])
      expect(ids[2]).not.toBe(ids[0])
    }))

  test('goes into a comparison with its counters instead of an attribution', () =>
    withStore(async (store) => {
      const { id } = await store.createCampaign(campaignOf(1), planOf(1))
      const scenario = await store.cellScenario(id, 0)
      await store.finishCell(id, 0, scenario, measuredResultOf(2), machine)
      await store.finishCell(id, 1, scenario, resultOf(2), machine)
      const [measured, simulated] = await store.campaignRuns(id, 'time')
      expect(measured).toMatchObject({
        attributionNs: null,
        counters: { runDelayNs: 2 * 5_000_002, redone: 1 },
        notObservable: { guestStealNs: 'TCG guests see no steal' },
      })
      expect(simulated).toMatchObject({ counters: null, notObservable: {} })
    }))
})

describe('hosts', () => {
  const place = { name: 'bed', target: 'user@bed.example', sshConfig: '/etc/bed/ssh_config' }

  test('are kept with the key that was trusted, the last probe and a note', () =>
    withStore(async (store) => {
      await store.addHost(place)
      const key = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:abc', trustedAt: '2026-11-24' }
      await store.trustHost('bed', key)
      const probe: HostProbe = {
        ...{ name: 'bed', at: '2026-11-24T09:00:00.000Z', resolved: null, key: null, agent: null },
        ...{ facts: measuredHost('bed').facts, vms: [], problem: null, tookMs: 812 },
      }
      expect(await store.keepProbe(probe)).toBe(1)
      expect(await store.noteHost('bed', 'in the cellar')).toBe(1)
      expect(await store.listHosts()).toMatchObject([
        { ...place, trusted: key, probe, note: 'in the cellar' },
      ])
    }))

  test('of a name that is taken are a conflict, unknown ones are not found', () =>
    withStore(async (store) => {
      await store.addHost(place)
      await expect(store.addHost(place)).rejects.toMatchObject({ code: 'conflict' })
      await expect(store.getHost('other')).rejects.toMatchObject({ code: 'not-found' })
      await expect(store.noteHost('other', '')).rejects.toMatchObject({ code: 'not-found' })
    }))

  test('can go while their runs stay', () =>
    withStore(async (store) => {
      await store.addHost(place)
      const scenario = onHost(scenarioOf('ring', 'stock', 1), 'bed')
      const on = { ...machine, host: measuredHost('bed') }
      const id = await store.saveRun({ scenario, result: measuredResultOf(1), machine: on })
      expect(await store.removeHost('bed')).toBe(1)
      expect(await store.removeHost('bed')).toBe(0)
      expect((await store.getRun(id)).row.host).toBe('bed')
    }))
})
