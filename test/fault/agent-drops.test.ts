// The agent under drops and deaths on real VMs: the host is always what it was. `npm run
// test:fault` makes the full count; in `npm test` each kind of drop strikes once.
import { describe, expect, test } from 'vitest'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { runFault } from './fault-script.ts'

const isFull = process.env['FLEXLAB_FAULT'] === 'full'
const COUNT = Number(process.env['FLEXLAB_DROPS'] ?? (isFull ? 140 : 7))
const HOUR_MS = 3_600_000

describe.runIf(requiresTool(...BED_TOOLS))('a host whose scheme is applied', () => {
  const timeout = isFull ? HOUR_MS : 300_000
  test(
    'equals its snapshot after every drop, whoever is left to restore it',
    { timeout },
    async () => {
      const counts = await runFault('agent-drops.ts', { count: COUNT, seed: 20_261_124 })
      console.log(`agent-drops.ts ${JSON.stringify(counts)}`)
      expect(counts).toMatchObject({ drops: COUNT, equal: COUNT, notRestored: 0 })
      expect(counts['nothingToRestore']).toBeLessThan(COUNT)
    },
  )
})
