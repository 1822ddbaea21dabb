/**
 * What the store can do: one list that the worker implements and the client offers as promises.
 * Free of better-sqlite3, so that importing it loads nothing native.
 */
import type { TimeByClassNs } from '../core/base/time-class.ts'
import type { NotObservable } from '../core/contract/agent/names.ts'
import type { Calibration } from '../core/contract/calibration.ts'
import type { Campaign, Factors } from '../core/contract/campaign.ts'
import type {
  CampaignDetail,
  CampaignRow,
  CampaignStatus,
  Cell,
  Environment,
  Facets,
  GroupQuery,
  RunColumns,
  RunDetail,
  RunGroups,
  RunIdsQuery,
  RunPage,
  RunQuery,
  RunQuestion,
} from '../core/contract/library.ts'
import type { LibraryView, SavedView } from '../core/contract/library-view.ts'
import type { HostProbe, HostRecord, TrustedKey } from '../core/contract/hosts.ts'
import type { Measure } from '../core/contract/measure.ts'
import type { ReportExport } from '../core/contract/report.ts'
import type { RunKind, RunResult } from '../core/contract/result.ts'
import type { Scenario } from '../core/contract/scenario.ts'
import type { Bookmark, ChunkTimes, TracedRun, TraceEntry } from '../core/contract/trace.ts'
import type { VmTimes } from '../core/stats/corunners.ts'
import type { PackedTrace } from '../core/trace/packed-trace.ts'
import type { LevelBlock } from '../core/trace/pyramid.ts'
import type { EncodedChunk } from '../core/trace/trace-writer.ts'

/** A cell as `expandCampaign` plans it. */
export type CellPlan = {
  readonly index: number
  readonly factors: Factors
  readonly seed: number
  readonly repetition: number
  readonly scenario: Scenario
}

/**
 * What the caller knows of the machine, and of the host of a measured run; version, commit, schema
 * and id are the store's part.
 */
export type Machine = Pick<Environment, 'runtime' | 'os' | 'cpu' | 'cpuCount' | 'memoryBytes'> &
  Partial<Pick<Environment, 'host'>>

/** Where a host is. */
export type HostPlace = Pick<HostRecord, 'name' | 'target' | 'sshConfig'>

/** Where a result landed. `added` is false when the cell already had its run. */
export type FinishedCell = { readonly runId: string; readonly added: boolean }

/** A campaign that was run elsewhere, with its runs under their own ids. */
export type CampaignBundle = {
  readonly id: string
  readonly createdAt: string
  readonly definition: Campaign
  /** In cell order. */
  readonly cells: readonly CellPlan[]
  /** What made the runs. */
  readonly environment: Omit<Environment, 'id'>
  readonly runs: readonly {
    readonly id: string
    readonly createdAt: string
    readonly cellIndex: number
    readonly result: RunResult
  }[]
  /** Set on every run. */
  readonly tags: readonly string[]
}

/** What an import changed: runs that are new, and runs that it took out of the trash. */
export type ImportedCampaign = {
  readonly row: CampaignRow
  readonly added: number
  readonly restored: number
}

/** A run that belongs to no campaign. `factors` default to what the scenario says of itself. */
export type SingleRun = {
  readonly scenario: Scenario
  readonly result: RunResult
  readonly machine: Machine
  readonly factors?: Factors
}

/** A finished cell's run as `compareCampaign` takes it; attribution summed over the VMs, ns. */
export type CampaignRun = {
  readonly runId: string
  readonly cellIndex: number
  readonly seed: number
  readonly factors: Factors
  /** The measure: the run's time, or the mean of its VMs' latencies; NaN where it has none. */
  readonly timeNs: number
  /** null of a measured run. */
  readonly attributionNs: TimeByClassNs | null
  /** Of a measured run, summed over the VMs, the host's own beside them; else null. */
  readonly counters: Readonly<Record<string, number>> | null
  /** Why a measured run lacks counters, by key. */
  readonly notObservable: NotObservable
  /** Why it takes no part in comparisons; null of a run that does. */
  readonly excluded: string | null
}

/** A finished run with its VMs, as `corunnersOf` takes it once it knows how idle the host was. */
export type CampaignVms = {
  readonly seed: number
  readonly factors: Factors
  readonly makespanNs: number
  readonly host: Scenario['host']
  /** Of a measured run that names them. */
  readonly pcpus: readonly number[] | null
  /** Counters of the host; null where it has none. */
  readonly idlePcpuNs: number | null
  readonly foreignCpuNs: number | null
  readonly vms: readonly (VmTimes & { readonly cpuNs: number })[]
}

/** What a campaign's runs were made with: scenarios of its first repetition, environments. */
export type CampaignSettings = {
  readonly scenarios: readonly { readonly scheme: string; readonly scenario: Scenario }[]
  readonly environments: readonly { readonly scheme: string; readonly environment: Environment }[]
}

/** Wall times of the latest runs of one app under one scheme, newest first, ms. */
export type WallHistory = {
  readonly app: string
  readonly scheme: string
  readonly wallMs: readonly number[]
}

/** An export to keep; its id and date are the store's part. */
export type NewReportExport = Omit<ReportExport, 'id' | 'createdAt' | 'campaignId'> & {
  readonly campaignId: string
}

/** Facts about the open library. */
export type StoreInfo = {
  readonly file: string
  readonly schemaVersion: number
  /** True when a newer app wrote the library: every writing operation then fails. */
  readonly readOnly: boolean
  readonly sqliteVersion: string
  readonly bytes: number
  readonly runs: number
  readonly campaigns: number
}

/**
 * The operations. In the worker they are synchronous; a client gets a promise that settles after
 * the commit. An unknown id is LabError `not-found`; a refusal by SQLite is LabError `store`.
 */
export type StoreOperations = {
  /** Stores a campaign, status `new`, and its cells, all `pending`, in one transaction. */
  readonly createCampaign: (definition: Campaign, cells: readonly CellPlan[]) => CampaignRow
  /**
   * Takes over a campaign with its runs, in one transaction; what is there already stays. LabError
   * `conflict` where a run's id is taken by another content.
   */
  readonly importCampaign: (bundle: CampaignBundle) => ImportedCampaign
  /** All campaigns, newest first. */
  readonly listCampaigns: () => CampaignRow[]
  /** A campaign with its definition and its cells in run order. */
  readonly getCampaign: (campaignId: string) => CampaignDetail
  /**
   * Changes a campaign's status. `running` takes the library's runner lock; LabError `conflict`
   * when another process runs a campaign of this library.
   */
  readonly setCampaignStatus: (campaignId: string, status: CampaignStatus) => CampaignRow
  /** Cells that are still to run, in run order. */
  readonly pendingCells: (campaignId: string) => Cell[]
  /** The scenario of a cell. */
  readonly cellScenario: (campaignId: string, cellIndex: number) => Scenario
  /** Marks a pending cell as running; false when it is not pending. */
  readonly startCell: (campaignId: string, cellIndex: number) => boolean
  /** Marks running cells as pending again, after a pause or a cancel; gives back how many. */
  readonly releaseCells: (campaignId: string) => number
  /** Stores the run and finishes its cell in one transaction. A cell never gets a second run. */
  readonly finishCell: (
    campaignId: string,
    cellIndex: number,
    scenario: Scenario,
    result: RunResult,
    machine: Machine,
  ) => FinishedCell
  /** Keeps a cell's error; false when the cell is finished already. */
  readonly failCell: (campaignId: string, cellIndex: number, error: string) => boolean
  /** Marks cells that are not finished as skipped; gives back how many. */
  readonly skipCells: (
    campaignId: string,
    cellIndexes: readonly number[],
    reason?: string,
  ) => number
  /**
   * Sets the failed cells, or of the named ones those that failed, were skipped or whose run is in
   * the trash, back to pending; gives back how many.
   */
  readonly resetCells: (campaignId: string, cellIndexes: readonly number[]) => number
  /** Stores a run without a campaign; gives back its id. */
  readonly saveRun: (run: SingleRun) => string
  /** A page of the runs table. */
  readonly queryRuns: (query: RunQuery) => RunPage
  /** Counts by which the question can be narrowed; each facet ignores its own selection. */
  readonly facets: (question: RunQuestion) => Facets
  /** Settings and metrics that matching runs have, and which columns differ among them. */
  readonly runColumns: (question: RunQuestion) => RunColumns
  /** Runs in groups; LabError `bad-input` when the measure is no number. */
  readonly groupRuns: (query: GroupQuery) => RunGroups
  /** Ids of matching runs, in order. */
  readonly runIds: (query: RunIdsQuery) => string[]
  /** A run with its scenario, result and environment. */
  readonly getRun: (runId: string) => RunDetail
  /** Runs of a campaign's finished cells in cell order, without those in the trash. */
  readonly campaignRuns: (campaignId: string, measure: Measure) => CampaignRun[]
  /** The same runs with their VMs. */
  readonly campaignVms: (campaignId: string) => CampaignVms[]
  /** What they were made with. */
  readonly campaignSettings: (campaignId: string) => CampaignSettings
  /** Sets or removes a tag; gives back the runs that changed. */
  readonly tagRuns: (runIds: readonly string[], tag: string, on: boolean) => string[]
  /** Replaces a run's note; gives back 1, or 0 when it was the same. */
  readonly noteRun: (runId: string, note: string) => number
  /**
   * Excludes runs from comparisons with a reason, or with null takes them in again; gives back how
   * many changed.
   */
  readonly excludeRuns: (runIds: readonly string[], reason: string | null) => number
  /** Adds a line to notes, or takes it off their ends; gives back the runs that changed. */
  readonly noteLine: (runIds: readonly string[], line: string, on: boolean) => string[]
  /** Moves runs into the trash or back; gives back the runs that changed. */
  readonly trashRuns: (runIds: readonly string[], on: boolean) => string[]
  /** Deletes for good what has been in the trash for more than `days`; gives back how many runs. */
  readonly purgeTrash: (days: number) => number
  /** Saved views, by name. */
  readonly listViews: () => SavedView[]
  /** Keeps a view, in place of an earlier one of its name. */
  readonly saveView: (view: LibraryView) => SavedView
  /** Forgets a view; gives back 1, or 0 when there was none. */
  readonly removeView: (name: string) => number
  /** Wall times of earlier runs of a kind, at most `limit` for each app and scheme. */
  readonly wallHistory: (limit: number, kind: RunKind) => WallHistory[]
  /** Keeps a run's trace in place of an earlier one; gives back its bytes. */
  readonly saveTrace: (runId: string, trace: PackedTrace) => number
  /** What is known of a run's trace; LabError `not-found` when it has none. */
  readonly getTrace: (runId: string) => TraceEntry
  /** The chunks with records between two times, ns, in order; still compressed. */
  readonly traceChunks: (runId: string, fromNs: number, toNs: number) => EncodedChunk[]
  /** The time that each chunk covers, in the order of their indexes. */
  readonly chunkTimes: (runId: string) => ChunkTimes
  /** Bytes of chunks, in the order of their indexes; still compressed. */
  readonly chunksAt: (runId: string, indexes: readonly number[]) => Uint8Array[]
  /** Blocks of a level and of some tracks; still compressed. */
  readonly traceBlocks: (
    runId: string,
    level: number,
    blocks: { readonly first: number; readonly last: number },
    tracks: readonly number[],
  ) => LevelBlock[]
  /** Runs with a trace, newest trace first, without those in the trash; of these ids, or all. */
  readonly tracedRuns: (runIds: readonly string[] | null) => TracedRun[]
  /** A run's bookmarks in order of time. */
  readonly listBookmarks: (runId: string) => Bookmark[]
  /** Keeps a bookmark, in place of an earlier one of its id; gives back 1. */
  readonly saveBookmark: (runId: string, bookmark: Bookmark) => number
  /** Forgets a bookmark; gives back 1, or 0 when there was none. */
  readonly deleteBookmark: (runId: string, id: string) => number
  /** Deletes a run's trace; gives back 1, or 0 when it had none. */
  readonly deleteTrace: (runId: string) => number
  /** All hosts, by name. */
  readonly listHosts: () => HostRecord[]
  /** A host; LabError `not-found`. */
  readonly getHost: (name: string) => HostRecord
  /** Keeps a host; LabError `conflict` when the name is taken. */
  readonly addHost: (place: HostPlace) => HostRecord
  /** Forgets a host; gives back 1, or 0 when there was none. Its runs stay. */
  readonly removeHost: (name: string) => number
  /** Keeps the key that the user accepted. */
  readonly trustHost: (name: string, key: TrustedKey) => HostRecord
  /** Keeps what the last look at a host found; gives back 0 when it was removed meanwhile. */
  readonly keepProbe: (probe: HostProbe) => number
  /** Replaces a host's note; gives back 1, or 0 when it was the same. */
  readonly noteHost: (name: string, note: string) => number
  /** All calibrations, newest first. */
  readonly listCalibrations: () => Calibration[]
  /** A calibration; LabError `not-found`. */
  readonly getCalibration: (name: string) => Calibration
  /** Keeps a calibration, in place of an earlier one of its name; gives back 1. */
  readonly saveCalibration: (calibration: Calibration) => number
  /** Forgets a calibration; gives back 1, or 0 when there was none. Runs made with it stay. */
  readonly removeCalibration: (name: string) => number
  /** Keeps what was exported; LabError `not-found` for an unknown campaign. */
  readonly keepReportExport: (report: NewReportExport) => ReportExport
  /** All exports, newest first. */
  readonly listReportExports: () => ReportExport[]
  /** Forgets an export, not its file; gives back 1, or 0 when there was none. */
  readonly forgetReportExport: (id: string) => number
  /** Facts about the open library. */
  readonly info: () => StoreInfo
}

/** Name of an operation. */
export type OperationName = keyof StoreOperations

/** Whether an operation writes; what writes is refused on a read-only library. */
export const OPERATION_KINDS: Readonly<Record<OperationName, 'read' | 'write'>> = {
  createCampaign: 'write',
  importCampaign: 'write',
  listCampaigns: 'read',
  getCampaign: 'read',
  setCampaignStatus: 'write',
  pendingCells: 'read',
  cellScenario: 'read',
  startCell: 'write',
  releaseCells: 'write',
  finishCell: 'write',
  failCell: 'write',
  skipCells: 'write',
  resetCells: 'write',
  saveRun: 'write',
  queryRuns: 'read',
  facets: 'read',
  runColumns: 'read',
  groupRuns: 'read',
  runIds: 'read',
  getRun: 'read',
  campaignRuns: 'read',
  campaignVms: 'read',
  campaignSettings: 'read',
  tagRuns: 'write',
  noteRun: 'write',
  excludeRuns: 'write',
  noteLine: 'write',
  trashRuns: 'write',
  purgeTrash: 'write',
  listViews: 'read',
  saveView: 'write',
  removeView: 'write',
  wallHistory: 'read',
  saveTrace: 'write',
  getTrace: 'read',
  traceChunks: 'read',
  chunkTimes: 'read',
  chunksAt: 'read',
  traceBlocks: 'read',
  tracedRuns: 'read',
  listBookmarks: 'read',
  saveBookmark: 'write',
  deleteBookmark: 'write',
  deleteTrace: 'write',
  listHosts: 'read',
  getHost: 'read',
  addHost: 'write',
  removeHost: 'write',
  trustHost: 'write',
  keepProbe: 'write',
  noteHost: 'write',
  listCalibrations: 'read',
  getCalibration: 'read',
  saveCalibration: 'write',
  removeCalibration: 'write',
  keepReportExport: 'write',
  listReportExports: 'read',
  forgetReportExport: 'write',
  info: 'read',
}
