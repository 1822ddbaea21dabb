// The library under faults: killed processes, damaged files, full disks. `npm run test:fault` makes
// the full counts; in `npm test` each fault strikes a few times.
import { describe, expect, test } from 'vitest'
import { runFault } from './fault-script.ts'

const isFull = process.env['FLEXLAB_FAULT'] === 'full'
const SEED = 20_261_123
const HOUR_MS = 3_600_000

/** Runs a script with its full or its small count, and prints what it counted. */
async function strike(name: string, few: number, full: number): Promise<Record<string, unknown>> {
  const counts = await runFault(name, { count: isFull ? full : few, seed: SEED })
  console.log(`${name} ${JSON.stringify(counts)}`)
  return counts
}

describe('the library', { timeout: isFull ? HOUR_MS : 300_000 }, () => {
  test('loses no acknowledged run when its process is killed while it writes', async () => {
    const counts = await strike('sqlite-kills.ts', 5, 2000)
    expect(counts).toMatchObject({ lost: 0, doubled: 0, unsound: 0 })
    expect(counts['acknowledged']).toBeGreaterThan(0)
  })

  test('has the old schema or the new one when it is killed while it migrates', async () => {
    const counts = await strike('sqlite-migration-kills.ts', 4, 200)
    expect(counts).toMatchObject({ mixed: 0, lost: 0, unsound: 0 })
    expect(counts['reopened']).toBe(counts['kills'])
  })

  test('is never lost to damaged bytes and never crashes on them', async () => {
    const counts = await strike('sqlite-damage.ts', 8, 1000)
    expect(counts['otherErrors']).toBe(0)
    expect(counts['keptAside']).toBe(counts['refused'])
    expect(counts['leftInPlace']).toBe(counts['opened'])
    expect(counts['recovered']).toBe(counts['refused'])
  })

  const limited = test.skipIf(process.platform === 'win32')
  limited('says clearly that a file cannot grow, and keeps what it acknowledged', async () => {
    const counts = await strike('sqlite-full-disk.ts', 3, 100)
    expect(counts).toMatchObject({ lost: 0, broken: 0, unsound: 0 })
  })
})
