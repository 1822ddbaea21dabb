/** The lab: the use cases over one library and one pool of workers, the same in every host. */
import * as os from 'node:os'
import path from 'node:path'
import type { CalibratedHost } from '../core/contract/calibration.ts'
import { openStore } from '../store/index.ts'
import { CalibrationCases, calibratedHosts } from './calibrate/calibration-cases.ts'
import { hostUse } from './calibrate/agent-calls.ts'
import { CampaignCases } from './campaign.ts'
import { CompareCases } from './compare.ts'
import type { LabContext, LabOptions } from './context.ts'
import { prepareFolder } from './database-folder.ts'
import { describeMachine, sourceCommit } from './environment.ts'
import { defaultDatabaseFile, defaultUserFolder } from './default-paths.ts'
import { ExplainCases } from './explain.ts'
import { InputError } from './input-error.ts'
import { FigureCases } from './figures.ts'
import { HostExecutors } from './hosts/host-executor.ts'
import { HostLinks } from './hosts/host-links.ts'
import { HostCases } from './hosts/host-cases.ts'
import { LibraryCases, TRASH_DAYS } from './library.ts'
import { PowerCases } from './power.ts'
import { ReportCases } from './report.ts'
import { rememberLibrary } from './recent-libraries.ts'
import { createRouter } from './router.ts'
import type { Cases, LabRouter } from './router.ts'
import { WorkerPool } from './runner/pool.ts'
import { Runner } from './runner/runner.ts'
import { simulationWorkerEntry } from './runner/worker-entry.ts'
import { SimulationCases } from './simulation.ts'
import { StatisticsCases } from './statistics/statistics-cases.ts'
import { SystemCases } from './system.ts'
import { TraceCases } from './trace.ts'
import { TracePartCases } from './trace-parts.ts'
import { loadUserFiles, NO_USER_FILES } from './user-files/load-user-files.ts'
import type { UserFiles } from './user-files/load-user-files.ts'
import type { UserProblem } from './user-files/user-files.ts'
import { ValidateCases } from './validate/validate.ts'

export { COMPARISON_CHARTS } from '../core/charts/comparison-figures.ts'
export type { ComparisonChart } from '../core/charts/comparison-figures.ts'
export { checkBands } from '../core/stats/band-check.ts'
export type { BandCheck } from '../core/stats/band-check.ts'
export {
  describeCauses,
  describeDrift,
  describeExclusions,
  describeGaps,
  describeRuns,
  inconclusiveReasons,
} from '../core/stats/comparison-text.ts'
export {
  describeMeasuredHost,
  EVIDENCE_NOTE,
  evidenceTable,
  redoneText,
} from '../core/stats/evidence-table.ts'
export type { Explanation } from '../core/stats/explain.ts'
export { COMPARISON_FORMATS } from '../core/stats/comparison-formats.ts'
export type { ComparisonFormatKey } from '../core/stats/comparison-formats.ts'
export { toExplanationTable } from '../core/stats/format-explanations.ts'
export { toGrid } from '../core/stats/format-grid.ts'
export { narrowComparison } from '../core/stats/narrow.ts'
export { LabError } from '../core/base/lab-error.ts'
export type { LabErrorCode } from '../core/base/lab-error.ts'
export { backupsOf, restoreLibrary } from './backups.ts'
export type { Backup, Recovery } from './backups.ts'
export { BENCH_PARTS, runBench } from './bench/bench.ts'
export type { BenchFigures, BenchPart, ModelFigures } from './bench/bench.ts'
export type { BulkFigures } from './bench/bulk-rate.ts'
export type { LibraryFigures } from './bench/library/library-speed.ts'
export type { TraceFigures } from './bench/trace-cost.ts'
export type { EngineFigures } from './bench/engine-rate.ts'
export { SIMSO_VARIABLE } from './bench/simso.ts'
export type { SimsoFigures } from './bench/simso.ts'
export type { Spread } from './bench/spread.ts'
export type { Target } from './bench/targets.ts'
export type { WorkersFigures } from './bench/workers-rate.ts'
export { defaultDatabaseFile, defaultUserFolder }
export { InputError }
export { PREDICTION_SEEDS } from '../core/contract/calibration.ts'
export { evenSeries } from '../core/charts/even-series.ts'
export { identitySvg, loadCsv, loadSvg } from './chart-files.ts'
export { groupQuery, runQuery, TRASH_DAYS } from './library.ts'
export { TRACE_FORMATS } from './trace.ts'
export type { TraceFormat } from './trace.ts'
export { RECORDS_MAX_DEFAULT } from '../core/simulate/recording.ts'
export type { StatisticsFigures } from './statistics/statistics-cases.ts'
export type { Figure, FigureUnit } from './validate/row.ts'
export { SEEDS_MIN } from './validate/validate.ts'
export type { RowReport, Validation } from './validate/validate.ts'
export { RULES } from './validate/verdict.ts'
export type { Verdict } from './validate/verdict.ts'
export type { LabOptions, LabRouter }
export type { UserPlaces, UserProblem } from './user-files/user-files.ts'

/** An open lab: the use cases, and the same behind a router for hosts with a bridge. */
export type Lab = Cases & {
  readonly simulation: SimulationCases
  readonly validate: ValidateCases
  readonly statistics: StatisticsCases
  readonly router: LabRouter
  /** Files of the user's that are not used, and why. */
  readonly userProblems: readonly UserProblem[]
  /** Stops what runs (it can be resumed), then closes the library. */
  readonly close: () => Promise<void>
}

/**
 * Opens a lab. @throws LabError `store` when the library cannot be opened, InputError when a file
 * that the user named cannot be used
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { databaseFile, appVersion } = options
  const userFiles = await requireUserFiles(options)
  if (databaseFile !== ':memory:') prepareFolder(databaseFile)
  const store = await openStore({ file: databaseFile, appVersion, commit: sourceCommit() })
  if (!store.opened.readOnly) await store.purgeTrash(TRASH_DAYS)
  remember(options)
  const pool = new WorkerPool({
    size: options.workers ?? os.availableParallelism(),
    entry: options.workerEntry ?? simulationWorkerEntry(),
    schemes: userFiles.sources,
  })
  const machine = describeMachine()
  const links = new HostLinks(store, hostsFolder(options))
  const executors = new HostExecutors(links)
  const runner = new Runner(store, pool, machine, (host) => executors.of(host))
  const calibrated = await calibratedHosts(store)
  const known = { ...userFiles.known, calibrated }
  const context = { options, store, pool, runner, machine, links }
  const cases = openCases({ ...context, userFiles: { ...userFiles, known } }, calibrated)
  return {
    ...cases,
    router: createRouter(cases),
    userProblems: userFiles.problems,
    async close() {
      await runner.close()
      await executors.idle()
      await links.close()
      await store.close()
    },
  }
}

/** Windows have a list of recent libraries; a command of the command line leaves no trace. */
function remember({ host, userPlaces, databaseFile }: LabOptions): void {
  const folder = userPlaces?.folder ?? null
  if (host !== 'cli' && folder !== null) rememberLibrary(folder, path.resolve(databaseFile))
}

/** A library that is not kept shares the keys of the one that is. */
function hostsFolder({ databaseFile, hostsFolder: given }: LabOptions): string {
  if (given !== undefined) return given
  return path.dirname(databaseFile === ':memory:' ? defaultDatabaseFile() : databaseFile)
}

async function requireUserFiles({ userPlaces }: LabOptions): Promise<UserFiles> {
  if (userPlaces === undefined) return NO_USER_FILES
  const userFiles = await loadUserFiles(userPlaces)
  const named = userFiles.problems.filter((problem) => problem.named)
  if (named.length === 0) return userFiles
  const issues = named.map(({ message, hint }) => ({ path: '', message, hint }))
  throw new InputError('a file of yours cannot be used', issues)
}

function openCases(
  context: LabContext,
  calibrated: Map<string, CalibratedHost>,
): Omit<Lab, 'router' | 'close' | 'userProblems'> {
  const compare = new CompareCases(context)
  const simulation = new SimulationCases(context)
  const host = new HostCases(context)
  return {
    system: new SystemCases(context, host),
    library: new LibraryCases(context),
    campaign: new CampaignCases(context),
    compare,
    power: new PowerCases(context, compare),
    report: new ReportCases(context, compare),
    figure: new FigureCases(context, compare),
    simulation,
    trace: new TraceCases(context, simulation),
    traceParts: new TracePartCases(context),
    host,
    calibration: new CalibrationCases(context, calibrated, hostUse(context.links)),
    explain: new ExplainCases(context),
    validate: new ValidateCases(context),
    statistics: new StatisticsCases(context),
  }
}
