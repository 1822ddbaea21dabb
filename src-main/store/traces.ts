/** Traces of runs: whole ones in, parts out. Their bytes are compressed; the store reads none. */
import type { ChunkTimes, TracedRun, TraceEntry, TraceHeader } from '../core/contract/trace.ts'
import type { PackedTrace } from '../core/trace/packed-trace.ts'
import type { LevelBlock } from '../core/trace/pyramid.ts'
import type { EncodedChunk } from '../core/trace/trace-writer.ts'
import { LabError } from '../core/base/lab-error.ts'
import type { Connection } from './connection.ts'
import { nowIso } from './identity.ts'
import { runKey } from './keys.ts'
import { readJson } from './stored-json.ts'

/** See StoreOperations. */
export function saveTrace(db: Connection, runId: string, trace: PackedTrace): number {
  const key = runKey(db, runId)
  db.run('DELETE FROM traces WHERE run_key = ?', key)
  const header = JSON.stringify(trace.header)
  db.run('INSERT INTO traces (run_key, header, created_at) VALUES (?, ?, ?)', key, header, nowIso())
  trace.chunks.forEach((chunk, index) => {
    const { startNs, endNs, records, bytes } = chunk
    const sql = 'INSERT INTO trace_chunks VALUES (?, ?, ?, ?, ?, ?)'
    db.run(sql, key, index, startNs, endNs, records, bytes)
  })
  for (const { level, block, track, bytes } of trace.blocks)
    db.run('INSERT INTO trace_blocks VALUES (?, ?, ?, ?, ?)', key, level, block, track, bytes)
  return traceBytes(db, key)
}

const traceBytes = (db: Connection, key: number): number =>
  db.one<{ bytes: number }>(
    `SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM (
      SELECT bytes FROM trace_chunks WHERE run_key = ?
      UNION ALL SELECT bytes FROM trace_blocks WHERE run_key = ?)`,
    key,
    key,
  )!.bytes

/** See StoreOperations. */
export function getTrace(db: Connection, runId: string): TraceEntry {
  const key = runKey(db, runId)
  const found = db.one<{ header: string; createdAt: string }>(
    'SELECT header, created_at AS createdAt FROM traces WHERE run_key = ?',
    key,
  )
  if (found === undefined) throw noTrace(runId)
  const header = readJson<TraceHeader>(found.header)
  return { header, bytes: traceBytes(db, key), createdAt: found.createdAt }
}

function noTrace(runId: string): LabError {
  const hint = `record one: flexlab trace record ${runId}`
  return new LabError('not-found', `run ${runId} has no trace`, hint)
}

/** See StoreOperations. */
export function traceChunks(
  db: Connection,
  runId: string,
  fromNs: number,
  toNs: number,
): EncodedChunk[] {
  return db.all<EncodedChunk>(
    `SELECT start_ns AS startNs, end_ns AS endNs, records, bytes FROM trace_chunks
      WHERE run_key = ? AND start_ns <= ? AND end_ns >= ? ORDER BY chunk_index`,
    runKey(db, runId),
    toNs,
    fromNs,
  )
}

/** See StoreOperations. */
export function chunkTimes(db: Connection, runId: string): ChunkTimes {
  const rows = db.all<{ startNs: number; endNs: number }>(
    `SELECT start_ns AS startNs, end_ns AS endNs FROM trace_chunks
      WHERE run_key = ? ORDER BY chunk_index`,
    runKey(db, runId),
  )
  return { startNs: rows.map((row) => row.startNs), endNs: rows.map((row) => row.endNs) }
}

/** See StoreOperations. */
export function chunksAt(db: Connection, runId: string, indexes: readonly number[]): Uint8Array[] {
  const rows = db.all<{ bytes: Uint8Array }>(
    `SELECT bytes FROM trace_chunks
      WHERE run_key = ? AND chunk_index IN (SELECT value FROM json_each(?)) ORDER BY chunk_index`,
    runKey(db, runId),
    JSON.stringify(indexes),
  )
  return rows.map((row) => row.bytes)
}

/** See StoreOperations. */
export function traceBlocks(
  db: Connection,
  runId: string,
  level: number,
  blocks: { readonly first: number; readonly last: number },
  tracks: readonly number[],
): LevelBlock[] {
  return db.all<LevelBlock>(
    `SELECT level, block, track, bytes FROM trace_blocks
      WHERE run_key = ? AND level = ? AND block BETWEEN ? AND ?
        AND track IN (SELECT value FROM json_each(?)) ORDER BY block, track`,
    runKey(db, runId),
    level,
    blocks.first,
    blocks.last,
    JSON.stringify(tracks),
  )
}

/** See StoreOperations. */
export const deleteTrace = (db: Connection, runId: string): number =>
  db.run('DELETE FROM traces WHERE run_key = ?', runKey(db, runId))

/** See StoreOperations. */
export function tracedRuns(db: Connection, runIds: readonly string[] | null): TracedRun[] {
  const named = runIds === null ? '' : 'AND id IN (SELECT value FROM json_each(?))'
  return db.all<TracedRun>(
    `SELECT id AS runId, kind, name, app, scheme, mix, seed,
      header ->> '$.endNs' AS endNs,
      (header ->> '$.intervals') + (header ->> '$.points') AS records,
      traces.created_at AS createdAt
      FROM traces JOIN runs USING (run_key)
      WHERE trashed_at IS NULL ${named} ORDER BY traces.created_at DESC, id`,
    ...(runIds === null ? [] : [JSON.stringify(runIds)]),
  )
}
