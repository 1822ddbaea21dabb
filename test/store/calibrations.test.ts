// Calibrations in the library come back as they were, one of each name.
import { describe, expect, test } from 'vitest'
import { makeCalibration } from '../../src-main/core/calibrate/calibration.ts'
import type { Calibration } from '../../src-main/core/contract/calibration.ts'
import { hostFacts, vmFacts } from '../core/calibrate/make-facts.ts'
import { withStore } from './library-fixture.ts'

const calibration = (name: string, createdAt: string): Calibration =>
  makeCalibration({
    ...{ name, host: 'bed', facts: hostFacts(), vm: vmFacts(), createdAt, tookMs: 1 },
    ...{ measurements: [], resizes: [], warnings: [] },
  })

const MORNING = '2026-11-24T08:00:00.000Z'
const NOON = '2026-11-24T12:00:00.000Z'

describe('a calibration', () => {
  test('comes back as it was', () =>
    withStore(async (store) => {
      const kept = calibration('bed', MORNING)
      await store.saveCalibration(kept)
      expect(await store.getCalibration('bed')).toEqual(kept)
    }))

  test('takes the place of an earlier one of its name', () =>
    withStore(async (store) => {
      await store.saveCalibration(calibration('bed', MORNING))
      await store.saveCalibration(calibration('bed', NOON))
      const all = await store.listCalibrations()
      expect(all.map(({ createdAt }) => createdAt)).toEqual([NOON])
    }))

  test('is listed before older ones', () =>
    withStore(async (store) => {
      await store.saveCalibration(calibration('later', NOON))
      await store.saveCalibration(calibration('earlier', MORNING))
      const all = await store.listCalibrations()
      expect(all.map(({ name }) => name)).toEqual(['later', 'earlier'])
    }))

  test('is gone when it is removed; asking for it says how to make one', () =>
    withStore(async (store) => {
      await store.saveCalibration(calibration('bed', MORNING))
      expect(await store.removeCalibration('bed')).toBe(1)
      expect(await store.removeCalibration('bed')).toBe(0)
      await expect(store.getCalibration('bed')).rejects.toMatchObject({ code: 'not-found' })
    }))
})
