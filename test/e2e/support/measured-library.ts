/**
 * A library as after a morning at a host: the host, a calibration of it, and a measured campaign.
 * The host is a simulated one with known costs; what the workbench does with it is real.
 */
import { makeCalibration } from '../../../src-main/core/calibrate/calibration.ts'
import { measureHost } from '../../../src-main/lab/calibrate/measure-host.ts'
import { CAMPAIGN, measuredCampaign } from '../../lab/calibrate/measured-campaign.ts'
import { simulatedAgent } from '../../lab/calibrate/simulated-agent.ts'
import { open } from '../../store/library-fixture.ts'

/** Fills a new library. @returns the campaign's id */
export async function fillMeasuredLibrary(file: string): Promise<string> {
  const store = await open(file)
  const now = () => new Date('2026-11-24T10:00:00.000Z')
  const found = await measureHost(simulatedAgent().agent, null, now)
  const createdAt = now().toISOString()
  await store.addHost({ name: 'bed', target: 'local:', sshConfig: null })
  await store.saveCalibration(
    makeCalibration({ name: 'bed', host: 'bed', ...found, createdAt, tookMs: 61_000 }),
  )
  const id = await measuredCampaign(store, CAMPAIGN)
  await store.close()
  return id
}
