/**
 * The journal's text: a record a line, each behind the start of its hash, so that what a crash or a
 * disk did to it is seen. The first record has all that is needed to put the host back.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { err, ok, type Result } from '../../core/base/result.ts'
import {
  ChangeSchema,
  RestoredBySchema,
  VmSnapshotSchema,
  type JournalEntry,
} from '../../core/contract/agent/change.ts'
import { CountSchema } from '../../core/contract/agent/names.ts'

const Text = v.pipe(v.string(), v.maxLength(4096))
const ProcessSchema = v.object({ pid: CountSchema, startTicks: CountSchema })
/** A process by what no other one has. */
export type ProcessId = v.InferOutput<typeof ProcessSchema>

const BeginSchema = v.object({
  record: v.literal('begin'),
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[0-9TZ-]{16,30}[0-9a-f]{6}$/)),
  startedAt: Text,
  /** The host's boot: after another one nothing of ours is left. */
  bootId: Text,
  scheme: Text,
  agent: ProcessSchema,
  vms: v.array(VmSnapshotSchema),
  changes: v.array(ChangeSchema),
})
/** What is written, and on the disk, before the first change. */
export type JournalBegin = v.InferOutput<typeof BeginSchema>

const GuardianSchema = v.object({ record: v.literal('guardian'), guardian: ProcessSchema })

const EndSchema = v.object({
  record: v.literal('end'),
  state: v.picklist(['restored', 'dirty']),
  by: RestoredBySchema,
  endedAt: Text,
  differences: v.array(Text),
})
/** How it ended; a dirty one may end again. */
export type JournalEnd = v.InferOutput<typeof EndSchema>

const RecordSchema = v.variant('record', [BeginSchema, GuardianSchema, EndSchema])
/** A line of the journal. */
export type JournalRecord = v.InferOutput<typeof RecordSchema>

/** A journal as read. */
export type Journal = {
  readonly begin: JournalBegin
  readonly guardian: ProcessId | null
  readonly end: JournalEnd | null
  /** A line after the first that cannot be read; null: all can. */
  readonly damage: string | null
}

const hashOf = (json: string): string =>
  createHash('sha256').update(json).digest('hex').slice(0, 16)

/** A record as a line. */
export function formatRecord(record: JournalRecord): string {
  const json = JSON.stringify(record)
  return `${hashOf(json)} ${json}\n`
}

/**
 * A journal's text. Null: not even its first line is whole, so nothing was changed yet. A last line
 * without its end was being written when the agent was killed, and is left out.
 */
export function parseJournal(text: string): Result<Journal | null, string> {
  const lines = text.split('\n').slice(0, -1)
  if (lines.length === 0) return ok(null)
  const [first, ...others] = lines.map(parseLine)
  if (first === undefined || !first.ok) return err('its first line is damaged')
  const begin = first.value
  if (begin.record !== 'begin') return err('its first line is of another kind')
  const journal = { begin, guardian: null as ProcessId | null, end: null as JournalEnd | null }
  for (const [i, line] of others.entries()) {
    if (!line.ok) return ok({ ...journal, damage: `line ${i + 2} is damaged` })
    if (line.value.record === 'guardian') journal.guardian = line.value.guardian
    if (line.value.record === 'end') journal.end = line.value
  }
  return ok({ ...journal, damage: null })
}

function parseLine(line: string): Result<JournalRecord, null> {
  const json = line.slice(17)
  if (line[16] !== ' ' || hashOf(json) !== line.slice(0, 16)) return err(null)
  try {
    const parsed = v.safeParse(RecordSchema, JSON.parse(json))
    return parsed.success ? ok(parsed.output) : err(null)
  } catch {
    return err(null)
  }
}

/** A journal for people and the lab. */
export function entryOf({ begin, end, damage }: Journal): JournalEntry {
  const { id, startedAt, scheme, vms, changes } = begin
  const shared = { id, startedAt, scheme, vms: vms.map(({ name }) => name), changes }
  if (damage !== null) {
    const differences = [`the journal cannot be read to its end: ${damage}`]
    return { ...shared, state: 'dirty', restoredBy: null, endedAt: null, differences }
  }
  const { state = 'open', by = null, endedAt = null, differences = [] } = end ?? {}
  return { ...shared, state, restoredBy: by, endedAt, differences }
}
