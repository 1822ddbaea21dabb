/** The same scenario and seed give the same run in Node and in Chromium, to the last digit. */
import path from 'node:path'
import { build } from 'vite'
import type { Rolldown } from 'vite'
import { describe, expect, it } from 'vitest'
import { SCHEMES } from '../../../src-main/core/schemes/registry.ts'
import { launchChromium } from '../../hosts/web/support/chromium.ts'
import { randomScenario } from '../../support/random-scenario.ts'
import { requiresTool } from '../../support/requires.ts'
import { resultText } from './support/run-in-any-engine.ts'

const SCENARIOS = 1000
/** A loaded machine takes its time. */
const PATIENCE_MS = 300_000
const FIRST_SEED = 20_000
const seeds = Array.from({ length: SCENARIOS }, (_, i) => FIRST_SEED + i)

declare global {
  /** The bundle's exports in the page. */
  var lab: { readonly resultText: typeof resultText }
}

/** The simulator as one script that sets `globalThis.lab`. */
async function bundle(): Promise<string> {
  const entry = path.join(import.meta.dirname, 'support', 'run-in-any-engine.ts')
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'chrome140', lib: { entry, formats: ['iife'], name: 'lab' } },
  })
  const [{ output }] = built as [Rolldown.RolldownOutput]
  return output[0].code
}

describe.runIf(requiresTool('chromium'))('Node and Chromium', () => {
  it(
    `give the same result in ${SCENARIOS} random scenarios over all schemes`,
    async () => {
      const browser = await launchChromium()
      try {
        const page = await browser.newPage()
        await page.addScriptTag({ content: await bundle() })
        const there = await page.evaluate(
          (list) => list.map((seed) => globalThis.lab.resultText(seed)),
          seeds,
        )
        const here = seeds.map(resultText)
        expect(there).toEqual(here)
        expect(new Set(here).size).toBeGreaterThan(0.9 * SCENARIOS)
        const schemes = new Set(seeds.map((seed) => randomScenario(seed).scheme.id))
        expect([...schemes].sort()).toEqual(SCHEMES.map(({ id }) => id).sort())
      } finally {
        await browser.close()
      }
    },
    PATIENCE_MS,
  )
})
