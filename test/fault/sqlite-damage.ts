/**
 * Flipped bytes, zeroed pages and cut-off files: opening such a library must never crash. Either it
 * opens and every answer is data or a LabError, or the original is kept aside byte for byte and the
 * backup can be restored.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { listBackups, recoverStore, type Store } from '../../src-main/store/index.ts'
import { ask, finishedCampaign, open, withFile } from '../store/library-fixture.ts'
import { draws, faultOptions } from './fault-script.ts'

const PAGE_BYTES = 4096

const { count, seed } = faultOptions()
const draw = draws(seed, 3)
const below = (limit: number): number => Math.floor(draw() * limit)
const totals = {
  seed,
  damaged: 0,
  opened: 0,
  refused: 0,
  keptAside: 0,
  leftInPlace: 0,
  recovered: 0,
  answers: 0,
  labErrors: 0,
  otherErrors: 0,
}

type Damage = (bytes: Buffer) => Buffer

const flip: Damage = (bytes) => {
  for (let left = 1 + below(8); left > 0; left -= 1) {
    const at = below(bytes.length)
    bytes[at] = bytes[at]! ^ (1 << below(8))
  }
  return bytes
}

const flipHeader: Damage = (bytes) => {
  const at = below(100)
  bytes[at] = bytes[at]! ^ (1 << below(8))
  return bytes
}

const zeroPage: Damage = (bytes) => {
  const at = below(bytes.length / PAGE_BYTES) * PAGE_BYTES
  return bytes.fill(0, at, at + PAGE_BYTES)
}

const truncate: Damage = (bytes) => bytes.subarray(0, below(bytes.length))

const KINDS: readonly Damage[] = [flip, flip, flipHeader, zeroPage, truncate]

/** A sound library with a backup, and a copy of it as a crash leaves it, with a log. */
async function makeSound(file: string): Promise<void> {
  const store = await open(file)
  await finishedCampaign(store, 3)
  await store.close()
  await (await open(file)).close()
}

/** Asks a library everything that reads; no answer may be anything but data or a LabError. */
async function askAll(store: Store): Promise<void> {
  const count1 = await settle(store.queryRuns(ask({ limit: 1000 })))
  await settle(store.facets(ask()))
  await settle(store.queryRuns(ask({ search: 'dedup' })))
  await settle(store.wallHistory(10, 'simulated'))
  for (const row of count1?.rows ?? []) await settle(store.getRun(row.id))
  for (const row of (await settle(store.listCampaigns())) ?? []) {
    await settle(store.getCampaign(row.id))
    await settle(store.campaignRuns(row.id, 'time'))
  }
}

async function settle<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    const value = await answer
    totals.answers += 1
    return value
  } catch (error) {
    if (error instanceof LabError) totals.labErrors += 1
    else totals.otherErrors += 1
    return undefined
  }
}

function copyLibrary(from: string, to: string): void {
  mkdirSync(`${to}.backups`, { recursive: true })
  const backup = listBackups(from)[0]!
  copyFileSync(backup.file, path.join(`${to}.backups`, path.basename(backup.file)))
}

/** Where the bytes of a library are now: in its place, or in a file beside it. */
function keptBytes(file: string): Buffer | undefined {
  const folder = path.dirname(file)
  const aside = readdirSync(folder).find((name) =>
    new RegExp(`^${path.basename(file)}\\.damaged-[^-]+-[^-]+-[^-]+-[^-]+-[^-]+Z$`).test(name),
  )
  if (aside !== undefined) return readFileSync(path.join(folder, aside))
  return existsSync(file) ? readFileSync(file) : undefined
}

async function strike(sound: string, file: string): Promise<void> {
  copyLibrary(sound, file)
  const kind = KINDS[below(KINDS.length)]!
  const bytes = Buffer.from(kind(readFileSync(sound)))
  writeFileSync(file, bytes)
  totals.damaged += 1
  try {
    const store = await open(file)
    totals.opened += 1
    await askAll(store)
    await store.close()
    if (existsSync(file)) totals.leftInPlace += 1
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    totals.refused += 1
    if (keptBytes(file)?.equals(bytes) === true) totals.keptAside += 1
    await recover(file)
  }
}

async function recover(file: string): Promise<void> {
  await recoverStore({ file })
  const store = await open(file)
  if ((await store.info()).runs === 12) totals.recovered += 1
  await store.close()
}

await withFile(async (sound) => {
  await makeSound(sound)
  for (let index = 0; index < count; index += 1) {
    await withFile((file) => strike(sound, file))
  }
})
console.log(JSON.stringify(totals))
