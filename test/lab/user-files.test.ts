// What a user has added: reading schemes that hang or lie, ids that clash, files that are too long.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { SCHEME_LENGTH_MAX } from '../../src-main/core/contract/scenario.ts'
import { catalogue } from '../../src-main/core/simulate/catalogue.ts'
import { SHIPPED } from '../../src-main/core/simulate/known.ts'
import { readScenario } from '../../src-main/core/simulate/read-scenario.ts'
import { loadUserFiles } from '../../src-main/lab/user-files/load-user-files.ts'
import { readSchemes } from '../../src-main/lab/user-files/read-schemes.ts'
import { temporaryFolder } from './support/scripted-campaign.ts'
import { SMALL_SCENARIO } from './support/small-campaign.ts'

const named = (id: string): string =>
  `export default () => ({ info: { id: '${id}', title: 'T', summary: 'S' }, create: () => ({}) })\n`

function folderOf(schemes: Readonly<Record<string, string>>) {
  const folder = temporaryFolder()
  mkdirSync(path.join(folder, 'schemes'))
  for (const [name, text] of Object.entries(schemes))
    writeFileSync(path.join(folder, 'schemes', name), text)
  return { folder, schemeFiles: [], workloadFiles: [] }
}

const source = (file: string, text: string) => ({ file: `/x/${file}`, text, sha256: file })

describe('reading schemes', () => {
  it('ends one that hangs, and reads those before and after it', async () => {
    const sources = [
      source('a.ts', named('a')),
      source('b.ts', 'for (;;);'),
      source('c.ts', 'export default () => { for (;;); }'),
      source('d.ts', named('d')),
    ]
    const readings = await readSchemes(sources, 1500)
    expect(readings.map(({ ok }) => ok)).toEqual([true, false, false, true])
    expect(readings[1]).toMatchObject({ error: { message: expect.stringContaining('/x/b.ts') } })
    expect(readings[3]).toMatchObject({ value: { id: 'd', parameters: [], note: '' } })
  })

  it('takes what the scheme says as plain data', async () => {
    const text = `export default () => ({
      info: { id: 'a', title: 'T', get summary() { return 'S' } }, create: () => ({}) })`
    const [reading] = await readSchemes([source('a.mjs', text)])
    expect(reading).toMatchObject({ ok: true, value: { summary: 'S' } })
  })
})

describe('the files of a user', () => {
  it('are none where the folder is not there', async () => {
    const places = {
      folder: path.join(temporaryFolder(), 'no'),
      schemeFiles: [],
      workloadFiles: [],
    }
    const { known, problems } = await loadUserFiles(places)
    expect(known.schemes).toEqual(SHIPPED.schemes)
    expect(problems).toEqual([])
  })

  it('cannot take an id twice: the first by name has it', async () => {
    const places = folderOf({ 'a.ts': named('mine'), 'b.ts': named('mine'), 'c.ts': named('gang') })
    const { known, problems } = await loadUserFiles(places)
    expect(known.schemes.at(-1)?.info).toMatchObject({
      id: 'mine',
      file: path.join(places.folder, 'schemes', 'a.ts'),
    })
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/b\.ts: "mine" is the id of the scheme of .*a\.ts already$/),
      expect.stringMatching(/c\.ts: "gang" is the id of the scheme that ships/),
    ])
  })

  it('are refused when they are too long or no text', async () => {
    const long = `// ${'x'.repeat(SCHEME_LENGTH_MAX)}\n`
    const places = folderOf({ 'a.ts': long, 'b.ts': '' })
    writeFileSync(path.join(places.folder, 'schemes', 'b.ts'), Uint8Array.of(0xff, 0xfe))
    const { problems } = await loadUserFiles(places)
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('is longer than 65536 characters'),
      expect.stringContaining('cannot be read'),
    ])
  })

  it('change nothing for whoever does not load them', async () => {
    const places = folderOf({ 'a.ts': named('mine') })
    const { known } = await loadUserFiles(places)
    const text = `${SMALL_SCENARIO}scheme: { id: mine }\n`
    expect(readScenario(text, known).ok).toBe(true)
    expect(readScenario(text).ok).toBe(false)
    expect(catalogue(known).schemes.at(-1)?.id).toBe('mine')
    expect(catalogue().schemes.map(({ id }) => id)).not.toContain('mine')
  })
})

describe('a scenario that brings the code of a scheme', () => {
  const code = { sha256: '0'.repeat(64), text: named('mine') }
  const withCode = (id: string): string =>
    JSON.stringify({
      kind: 'scenario',
      version: 1,
      name: 'foreign',
      vms: [{ vcpus: 1, workload: { app: 'ep' } }],
      scheme: { id, code },
    })

  it('is refused unless the very code is loaded', async () => {
    const { known } = await loadUserFiles(folderOf({ 'a.ts': named('mine') }))
    expect(readScenario(withCode('mine'))).toMatchObject({
      error: [{ path: 'scheme.id', message: '"mine" is a scheme of a user’s that is not loaded' }],
    })
    expect(readScenario(withCode('mine'), known)).toMatchObject({
      error: [{ path: 'scheme.code', message: expect.stringContaining('has changed') }],
    })
    expect(readScenario(withCode('cfs'))).toMatchObject({ error: [{ path: 'scheme.code' }] })
  })
})
