/** The journal: on the disk before anything changes, and whatever becomes of it is seen. */
import fc from 'fast-check'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  formatRecord,
  parseJournal,
  type JournalBegin,
} from '../../../src-main/agent/change/journal-format.ts'
import { JournalFolder, stateFolder } from '../../../src-main/agent/change/journal.ts'
import { isAlive, processId } from '../../../src-main/agent/change/processes.ts'

const begin = (): Omit<JournalBegin, 'record' | 'version' | 'id'> => ({
  startedAt: '2026-11-24T09:30:00.123Z',
  bootId: 'b',
  scheme: 'flexcore',
  agent: processId(process.pid),
  vms: [
    {
      name: 'a "quoted"; $(name)\n',
      process: { pid: 1, startTicks: 2 },
      affinity: [[0, 1], [0]],
      online: [0, 1],
      cpusets: null,
    },
  ].map((vm) => ({ ...vm, name: vm.name.trim() })),
  changes: [],
})
const end = (state: 'restored' | 'dirty') => {
  const differences = state === 'dirty' ? ['vCPU 0 …'] : []
  return { record: 'end', state, by: 'guardian', endedAt: 'later', differences } as const
}

describe('a journal', () => {
  let state: string
  let journals: JournalFolder
  beforeEach(() => {
    state = mkdtempSync(path.join(os.tmpdir(), 'flexlab-journal-'))
    journals = new JournalFolder(state)
  })
  afterEach(() => {
    rmSync(state, { recursive: true })
  })

  it('is open until it ends, and may end again after it was dirty', () => {
    const id = journals.begin(begin())
    expect(journals.entries(9)).toMatchObject([{ id, state: 'open', restoredBy: null }])
    journals.append(id, end('dirty'))
    expect(journals.entries(9)).toMatchObject([{ state: 'dirty', differences: ['vCPU 0 …'] }])
    journals.append(id, end('restored'))
    expect(journals.entries(9)).toMatchObject([{ state: 'restored', restoredBy: 'guardian' }])
    expect(journals.read(id).begin.vms).toEqual(begin().vms)
  })

  it('can be read by its owner only', () => {
    const id = journals.begin(begin())
    expect(statSync(journals.folder).mode & 0o777).toBe(0o700)
    expect(statSync(journals.fileOf(id)).mode & 0o777).toBe(0o600)
  })

  it('lists the latest first', () => {
    const older = journals.begin(begin())
    const newer = journals.begin({ ...begin(), startedAt: '2026-11-24T09:31:00.000Z' })
    expect(journals.entries(9).map(({ id }) => id)).toEqual([newer, older])
    expect(journals.entries(1)).toHaveLength(1)
  })

  it('that was cut off in its first line tells that nothing was changed', () => {
    const id = journals.begin(begin())
    const text = readFileSync(journals.fileOf(id), 'utf8')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
        expect(parseJournal(text.slice(0, length))).toEqual({ ok: true, value: null })
      }),
    )
    writeFileSync(journals.fileOf(id), text.slice(0, 20))
    expect(journals.entries(9)).toEqual([])
  })

  it('that was cut off in a later line is as it was before that line', () => {
    const id = journals.begin(begin())
    const whole = readFileSync(journals.fileOf(id), 'utf8')
    const cut = `${whole}${formatRecord(end('restored')).slice(0, -1)}`
    const parsed = parseJournal(cut)
    expect(parsed.ok && parsed.value).toMatchObject({ end: null, damage: null })
  })

  it('with a changed byte is never taken for whole', () => {
    const id = journals.begin(begin())
    journals.append(id, end('restored'))
    const bytes = readFileSync(journals.fileOf(id))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(bytes)
        changed[at]! ^= by
        const parsed = parseJournal(changed.toString())
        const isWhole =
          parsed.ok && (parsed.value?.end ?? null) !== null && parsed.value?.damage === null
        expect(isWhole).toBe(false)
      }),
      { numRuns: 1000 },
    )
    bytes[30]! ^= 1
    writeFileSync(journals.fileOf(id), bytes)
    expect(journals.entries(9)).toMatchObject([{ id, state: 'dirty' }])
    expect(() => journals.read(id)).toThrow('damaged')
  })

  it('of nonsense is refused without a throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseJournal(text)
        expect(parsed.ok ? parsed.value : null).toBeNull()
      }),
    )
  })
})

describe('where it is kept', () => {
  it('follows the XDG specification, which takes absolute paths only', () => {
    expect(stateFolder({ XDG_STATE_HOME: '/var/x' })).toBe('/var/x/flexlab')
    const home = path.join(os.homedir(), '.local', 'state', 'flexlab')
    expect(stateFolder({})).toBe(home)
    expect(stateFolder({ XDG_STATE_HOME: 'relative' })).toBe(home)
  })
})

describe('a process', () => {
  it('is known by number and start, so that a later one of its number is another', () => {
    const own = processId(process.pid)
    expect(isAlive(own)).toBe(true)
    expect(isAlive({ ...own, startTicks: own.startTicks - 1 })).toBe(false)
    expect(isAlive({ pid: 2 ** 22 + 1, startTicks: 0 })).toBe(false)
  })
})
