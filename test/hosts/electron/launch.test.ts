// The launcher's choice between the desktop app and the browser, and that it says which and why.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { databaseArgument, databaseFileOf } from '../../../src-main/hosts/electron/arguments.ts'
import { findElectron } from '../../../src-main/hosts/electron/electron-binary.ts'
import type { ElectronBinary } from '../../../src-main/hosts/electron/electron-binary.ts'
import { start } from '../../../src-main/hosts/electron/launch.ts'
import type { LaunchMachine } from '../../../src-main/hosts/electron/launch.ts'

let packageDir: string

beforeEach(async () => {
  packageDir = await mkdtemp(path.join(os.tmpdir(), 'flexlab-electron-'))
  await writeFile(path.join(packageDir, 'package.json'), '{"version": "45.4.1"}')
})

afterEach(() => rm(packageDir, { recursive: true }))

const find = (env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') =>
  findElectron({ packageDir, env, platform })

async function placeBinary(version: string): Promise<string> {
  await mkdir(path.join(packageDir, 'dist'))
  await writeFile(path.join(packageDir, 'dist', 'version'), version)
  await writeFile(path.join(packageDir, 'dist', 'electron'), '')
  return path.join(packageDir, 'dist', 'electron')
}

describe('the binary of Electron', () => {
  test('is found where it has exactly the version of the package', async () => {
    const program = await placeBinary('45.4.1')
    expect(find()).toEqual({ kind: 'found', program })
  })

  test('can be installed where it is missing or of another version', async () => {
    expect(find()).toEqual({
      kind: 'missing',
      reason: 'Electron 45.4.1 is not downloaded',
      canInstall: true,
    })
    await placeBinary('v44.0.0')
    expect(find()).toMatchObject({
      reason: 'Electron 44.0.0 is there instead of 45.4.1',
      canInstall: true,
    })
  })

  test("the user's own distribution comes first, whatever its version", async () => {
    await placeBinary('44.0.0')
    const own = { ELECTRON_OVERRIDE_DIST_PATH: path.join(packageDir, 'dist') }
    expect(find(own).kind).toBe('found')
    expect(find({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' })).toMatchObject({
      reason: 'ELECTRON_OVERRIDE_DIST_PATH holds no electron',
      canInstall: false,
    })
  })

  test('cannot be installed without the package, or on an unknown system', async () => {
    await rm(path.join(packageDir, 'package.json'))
    expect(find()).toMatchObject({ canInstall: false })
    expect(find({}, 'freebsd')).toMatchObject({
      reason: 'Electron does not exist for freebsd',
      canInstall: false,
    })
  })
})

const FOUND: ElectronBinary = { kind: 'found', program: 'electron' }
const NOT_DOWNLOADED: ElectronBinary = {
  kind: 'missing',
  reason: 'Electron 45.4.1 is not downloaded',
  canInstall: true,
}

type Situation = Partial<{
  hasDisplay: boolean
  isRoot: boolean
  binaries: ElectronBinary[]
  installCode: number
  desktopCode: number
  desktopMs: number
}>

/** Starts in a situation; what was done and said, in order. */
async function started(situation: Situation) {
  const done: string[] = []
  const binaries = [...(situation.binaries ?? [FOUND])]
  let nowMs = 0
  const machine: LaunchMachine = {
    hasDisplay: () => situation.hasDisplay ?? true,
    isRoot: () => situation.isRoot ?? false,
    findElectron: () => binaries.shift() ?? FOUND,
    installElectron: () => {
      done.push('install')
      return Promise.resolve(situation.installCode ?? 0)
    },
    run: (program, args) => {
      done.push(`run ${program} ${args.at(-1) ?? ''}`)
      nowMs += situation.desktopMs ?? 60_000
      return Promise.resolve(situation.desktopCode ?? 0)
    },
    nowMs: () => nowMs,
    serve: ({ open }) => {
      done.push(open === true ? 'serve and open' : 'serve')
      return Promise.resolve()
    },
  }
  const said: string[] = []
  const say = (line: string) => said.push(line)
  const { signal } = new AbortController()
  const options = { databaseFile: '/library.sqlite', appVersion: '1', say, signal }
  const code = await start(options, machine)
  return { code, done, said }
}

const RUN = 'run electron --flexlab-db=/library.sqlite'

describe('npm start', () => {
  test('runs the desktop app with the same library where it can', async () => {
    expect(await started({})).toEqual({ code: 0, done: [RUN], said: ['Starting the desktop app.'] })
  })

  test('serves to the browser without a display, and downloads nothing', async () => {
    const { code, done, said } = await started({ hasDisplay: false, binaries: [NOT_DOWNLOADED] })
    expect({ code, done }).toEqual({ code: 0, done: ['serve and open'] })
    expect(said).toEqual(['Starting in the browser: there is no display for the desktop app.'])
  })

  test('serves to the browser for root, whom the sandbox refuses', async () => {
    const { done, said } = await started({ isRoot: true })
    expect(done).toEqual(['serve and open'])
    expect(said[0]).toContain('does not run as root')
  })

  test('downloads the binary once where a display is there', async () => {
    const { done, said } = await started({ binaries: [NOT_DOWNLOADED, FOUND] })
    expect(done).toEqual(['install', RUN])
    expect(said[0]).toBe(
      'Electron 45.4.1 is not downloaded: downloading it now, once (about 110 MB) …',
    )
  })

  test('serves to the browser where the download fails', async () => {
    const { done, said } = await started({ binaries: [NOT_DOWNLOADED], installCode: 1 })
    expect(done).toEqual(['install', 'serve and open'])
    expect(said.at(-1)).toBe(
      'Starting in the browser: Electron could not be downloaded (exit code 1).',
    )
  })

  test('serves to the browser where the desktop app cannot start', async () => {
    const { done, said } = await started({ desktopCode: 127, desktopMs: 40 })
    expect(done).toEqual([RUN, 'serve and open'])
    expect(said.at(-1)).toBe(
      'Starting in the browser: the desktop app did not start (exit code 127).',
    )
  })

  test('ends with the exit code of a desktop app that had been running', async () => {
    expect(await started({ desktopCode: 133, desktopMs: 60_000 })).toMatchObject({
      code: 133,
      done: [RUN],
    })
  })
})

test('the desktop app reads the library that the launcher names', () => {
  const argument = databaseArgument('/a folder/library.sqlite')
  expect(databaseFileOf(['electron', '.', argument])).toBe('/a folder/library.sqlite')
  expect(databaseFileOf(['electron', '.'])).toBeNull()
})
