// The built main process (dist/main) with its workers and migrations, run by Node with a stub for
// `electron`: the bundle loads, opens a library, simulates, prints a PDF and ends. Electron itself
// is not run here.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = path.join(import.meta.dirname, '..', '..')

let profile: string

beforeAll(async () => {
  profile = await mkdtemp(path.join(os.tmpdir(), 'flexlab-main-'))
})

afterAll(() => rm(profile, { recursive: true }))

test('the built main process runs a campaign and prints its report', async () => {
  const hook = path.join(import.meta.dirname, 'support', 'electron-hook.ts')
  const main = path.join(ROOT, 'dist', 'main', 'main.js')
  const database = `--flexlab-db=${path.join(profile, 'library.sqlite')}`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', hook, main, database],
    { cwd: profile, env: { ...process.env, FLEXLAB_TEST_PROFILE: profile } },
  )
  expect(JSON.parse(stdout)).toEqual({
    host: 'electron',
    version: '1.2.3',
    finished: 2,
    failed: 0,
    pdf: '%PDF-',
    added: 48,
    start: 200,
  })
})
