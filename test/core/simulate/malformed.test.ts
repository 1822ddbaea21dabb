// Malformed files, each with what a user is told about it, in one golden file. UPDATE_GOLDEN=1
// writes the file anew; read the difference before committing it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Issue, Result } from '../../../src-main/core/base/result.ts'
import { formatIssue } from '../../../src-main/core/base/result.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'
import { readScenario } from '../../../src-main/core/simulate/read-scenario.ts'

const HERE = 'test/core/simulate'
const GOLDEN = `${HERE}/malformed.golden.txt`

type Read = (text: string) => Result<unknown, readonly Issue[]>

function report(folder: string, read: Read): string[] {
  const names = readdirSync(`${HERE}/${folder}`).sort()
  return names.map((name) => {
    const result = read(readFileSync(`${HERE}/${folder}/${name}`, 'utf8'))
    const lines = result.ok ? ['accepted'] : result.error.map(formatIssue)
    return `${folder}/${name}\n${lines.map((line) => `  ${line}\n`).join('')}`
  })
}

const scenarios = report('malformed', readScenario)
const campaigns = report('malformed-campaigns', readCampaign)
const all = [...scenarios, ...campaigns]

describe('a malformed file', () => {
  it('is refused with the words of the golden file', () => {
    const text = all.join('')
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, text)
    expect(text).toBe(readFileSync(GOLDEN, 'utf8'))
  })

  it('is never accepted', () => {
    expect(all.filter((entry) => entry.includes('\n  accepted\n'))).toEqual([])
  })

  it('is told on a line of its own for each fault, of bearable length', () => {
    for (const line of all.flatMap((entry) => entry.split('\n'))) {
      expect(line.length).toBeLessThanOrEqual(260)
    }
  })

  it('comes in at least 30 scenarios and 15 campaigns', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(30)
    expect(campaigns.length).toBeGreaterThanOrEqual(15)
  })
})
