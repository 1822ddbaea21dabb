/**
 * Makes the sample that ships with the app: runs the template `two-schemes` and writes every run.
 * Ids follow from the content, so made again by the same simulator it has the same ids.
 *
 *   node test/lab/support/make-sample.ts
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import packageJson from '../../../package.json' with { type: 'json' }
import { canonicalJson } from '../../../src-main/core/base/canonical-json.ts'
import { runContentJson } from '../../../src-main/core/contract/run-content.ts'
import { expandCampaign } from '../../../src-main/core/simulate/expand-campaign.ts'
import { readCampaign } from '../../../src-main/core/simulate/read-campaign.ts'
import { simulate } from '../../../src-main/core/simulate/simulate.ts'
import { TEMPLATES } from '../../../src-main/core/simulate/templates/index.ts'
import { describeMachine, sourceCommit } from '../../../src-main/lab/environment.ts'
import { defaultMigrationsFolder } from '../../../src-main/store/locations.ts'
import { headVersion, readMigrations } from '../../../src-main/store/migrate.ts'

const FILE = path.join(import.meta.dirname, '../../../src-main/lab/sample.json.gz')

/** An id in the form of a UUID (version 8, RFC 9562) that follows from a text. */
export function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`]
  return [...parts, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-')
}

function makeSample(): void {
  const template = TEMPLATES.find(({ id }) => id === 'two-schemes')
  const read = readCampaign(template?.text ?? '')
  if (!read.ok) throw new Error('the template is refused')
  const definition = { ...read.value, name: `Sample: ${read.value.name.toLowerCase()}` }
  const cells = expandCampaign(definition)
  if (!cells.ok) throw new Error('the campaign cannot be laid out')
  const createdAt = new Date().toISOString()
  const runs = cells.value.map(({ index, scenario }) => {
    const started = performance.now()
    const made = simulate(scenario)
    const result = { ...made, wallMs: Math.round(performance.now() - started) }
    return { id: idOf(runContentJson(scenario, result)), createdAt, cellIndex: index, result }
  })
  const environment = {
    ...{ appVersion: packageJson.version, commit: sourceCommit(), ...describeMachine() },
    ...{ schemaVersion: headVersion(readMigrations(defaultMigrationsFolder())), host: null },
  }
  const id = idOf(canonicalJson(definition))
  const sample = { id, createdAt, definition, environment, runs }
  const text = JSON.stringify({ kind: 'flexlab-sample', version: 1, ...sample })
  const bytes = gzipSync(text, { level: 9 })
  writeFileSync(FILE, bytes)
  process.stdout.write(`${FILE}: ${runs.length} runs, ${text.length} → ${bytes.length} bytes\n`)
}

if (import.meta.main) makeSample()
