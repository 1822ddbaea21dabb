/** Library: the operations bound to one open database. Lives in the worker. */
import type { Environment } from '../core/contract/library.ts'
import * as bookmarks from './bookmarks.ts'
import * as hosts from './hosts.ts'
import * as calibrations from './calibrations.ts'
import * as campaigns from './campaigns.ts'
import * as parts from './campaign-parts.ts'
import * as cells from './cells.ts'
import { Connection } from './connection.ts'
import type { OpenDatabase, OpenOptions } from './open-database.ts'
import type { Machine, StoreInfo, StoreOperations } from './operations.ts'
import * as views from './library-views.ts'
import { facets } from './run-facets.ts'
import { runColumns } from './run-column-list.ts'
import { groupRuns } from './run-groups.ts'
import * as marks from './run-marks.ts'
import { importCampaign } from './import-campaign.ts'
import * as exports from './report-exports.ts'
import * as query from './run-query.ts'
import * as reader from './run-reader.ts'
import * as writer from './run-writer.ts'
import type { RunnerLock } from './runner-lock.ts'
import * as traces from './traces.ts'

/** The operations on an open database. They are synchronous and start no transaction themselves. */
export function libraryOperations(
  opened: OpenDatabase,
  options: OpenOptions,
  lock: RunnerLock,
): StoreOperations {
  const db = new Connection(opened.database)
  const environment = (machine: Machine): Omit<Environment, 'id'> => ({
    appVersion: options.appVersion,
    commit: options.commit,
    runtime: machine.runtime,
    os: machine.os,
    cpu: machine.cpu,
    cpuCount: machine.cpuCount,
    memoryBytes: machine.memoryBytes,
    host: machine.host ?? null,
    schemaVersion: opened.version,
  })
  return {
    createCampaign: (definition, plan) => campaigns.createCampaign(db, definition, plan),
    importCampaign: (bundle) => importCampaign(db, bundle),
    listCampaigns: () => campaigns.listCampaigns(db),
    getCampaign: (id) => campaigns.getCampaign(db, id),
    setCampaignStatus: (id, status) => campaigns.setCampaignStatus(db, lock, id, status),
    pendingCells: (id) => cells.pendingCells(db, id),
    cellScenario: (id, index) => cells.cellScenario(db, id, index),
    startCell: (id, index) => cells.startCell(db, id, index),
    releaseCells: (id) => cells.releaseCells(db, id),
    finishCell: (id, index, scenario, result, machine) =>
      writer.finishCell(db, id, index, scenario, result, environment(machine)),
    failCell: (id, index, error) => cells.failCell(db, id, index, error),
    skipCells: (id, indexes, reason) => cells.skipCells(db, id, indexes, reason ?? null),
    resetCells: (id, indexes) => cells.resetCells(db, id, indexes),
    saveRun: (run) => writer.saveRun(db, run, environment(run.machine)),
    ...runOperations(db),
    saveTrace: (id, trace) => traces.saveTrace(db, id, trace),
    getTrace: (id) => traces.getTrace(db, id),
    traceChunks: (id, fromNs, toNs) => traces.traceChunks(db, id, fromNs, toNs),
    chunkTimes: (id) => traces.chunkTimes(db, id),
    chunksAt: (id, indexes) => traces.chunksAt(db, id, indexes),
    traceBlocks: (id, level, blocks, tracks) => traces.traceBlocks(db, id, level, blocks, tracks),
    tracedRuns: (ids) => traces.tracedRuns(db, ids),
    listBookmarks: (id) => bookmarks.listBookmarks(db, id),
    saveBookmark: (id, bookmark) => bookmarks.saveBookmark(db, id, bookmark),
    deleteBookmark: (id, bookmarkId) => bookmarks.deleteBookmark(db, id, bookmarkId),
    deleteTrace: (id) => traces.deleteTrace(db, id),
    listHosts: () => hosts.listHosts(db),
    getHost: (name) => hosts.getHost(db, name),
    addHost: (place) => hosts.addHost(db, place),
    removeHost: (name) => hosts.removeHost(db, name),
    trustHost: (name, key) => hosts.trustHost(db, name, key),
    keepProbe: (probe) => hosts.keepProbe(db, probe),
    noteHost: (name, note) => hosts.noteHost(db, name, note),
    listCalibrations: () => calibrations.listCalibrations(db),
    getCalibration: (name) => calibrations.getCalibration(db, name),
    saveCalibration: (calibration) => calibrations.saveCalibration(db, calibration),
    removeCalibration: (name) => calibrations.removeCalibration(db, name),
    keepReportExport: (report) => exports.keepReportExport(db, report),
    listReportExports: () => exports.listReportExports(db),
    forgetReportExport: (id) => exports.forgetReportExport(db, id),
    info: () => storeInfo(db, opened, options.file),
  }
}

type RunOperations = Pick<
  StoreOperations,
  | 'queryRuns'
  | 'facets'
  | 'runColumns'
  | 'groupRuns'
  | 'runIds'
  | 'getRun'
  | 'campaignRuns'
  | 'campaignVms'
  | 'campaignSettings'
  | 'tagRuns'
  | 'noteRun'
  | 'noteLine'
  | 'excludeRuns'
  | 'trashRuns'
  | 'purgeTrash'
  | 'listViews'
  | 'saveView'
  | 'removeView'
  | 'wallHistory'
>

/** What is asked of the runs that are kept, and what people add to them. */
function runOperations(db: Connection): RunOperations {
  return {
    queryRuns: (runQuery) => query.queryRuns(db, runQuery),
    facets: (question) => facets(db, question),
    runColumns: (question) => runColumns(db, question),
    groupRuns: (groupQuery) => groupRuns(db, groupQuery),
    runIds: (idsQuery) => query.runIds(db, idsQuery),
    getRun: (id) => reader.getRun(db, id),
    campaignRuns: (id, measure) => reader.campaignRuns(db, id, measure),
    campaignVms: (id) => parts.campaignVms(db, id),
    campaignSettings: (id) => parts.campaignSettings(db, id),
    tagRuns: (ids, tag, on) => marks.tagRuns(db, ids, tag, on),
    noteRun: (id, note) => marks.noteRun(db, id, note),
    noteLine: (ids, line, on) => marks.noteLine(db, ids, line, on),
    excludeRuns: (ids, reason) => marks.excludeRuns(db, ids, reason),
    trashRuns: (ids, on) => marks.trashRuns(db, ids, on),
    purgeTrash: (days) => marks.purgeTrash(db, days),
    listViews: () => views.listViews(db),
    saveView: (view) => views.saveView(db, view),
    removeView: (name) => views.removeView(db, name),
    wallHistory: (limit, kind) => reader.wallHistory(db, limit, kind),
  }
}

function storeInfo(db: Connection, opened: OpenDatabase, file: string): StoreInfo {
  const count = (table: string) =>
    db.one<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0
  return {
    file,
    schemaVersion: opened.version,
    readOnly: opened.readOnly,
    sqliteVersion: db.one<{ v: string }>('SELECT sqlite_version() AS v')!.v,
    bytes: Number(db.pragma('page_count')) * Number(db.pragma('page_size')),
    runs: count('runs'),
    campaigns: count('campaigns'),
  }
}
