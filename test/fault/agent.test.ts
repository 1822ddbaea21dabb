// The agent under faults: `npm run test:fault` makes the full counts, `npm test` a few of each.
import { describe, expect, test } from 'vitest'
import { runFault } from './fault-script.ts'

const isFull = process.env['FLEXLAB_FAULT'] === 'full'
const SEED = 20_261_124
const HOUR_MS = 3_600_000

describe.runIf(process.platform === 'linux')('the agent', { timeout: HOUR_MS }, () => {
  test('neither crashes nor hangs nor grows on mutated frames', async () => {
    const count = isFull ? 100_000 : 2000
    const counts = await runFault('agent-frames.ts', { count, seed: SEED })
    console.log(`agent-frames.ts ${JSON.stringify(counts)}`)
    expect(counts).toMatchObject({ frames: count, crashes: 0, hangs: 0 })
    expect(counts['probes']).toBeGreaterThan(0)
    expect(counts['broken']).toBeGreaterThan(0)
    expect(counts['memoryMaxKib']).toBeLessThan(512 * 1024)
  })
})
