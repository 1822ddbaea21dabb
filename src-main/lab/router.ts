/**
 * The lab behind a bridge: every handler of the contract, answered by a use case. Handlers throw
 * LabError; each host turns it into what its bridge sends (contract/wire-error.ts).
 */
import { implement } from '@orpc/server'
import { contract } from '../core/contract/handlers.ts'
import type { CalibrationCases } from './calibrate/calibration-cases.ts'
import type { CampaignCases } from './campaign.ts'
import type { CompareCases } from './compare.ts'
import type { FigureCases } from './figures.ts'
import type { ExplainCases } from './explain.ts'
import type { HostCases } from './hosts/host-cases.ts'
import type { LibraryCases } from './library.ts'
import type { PowerCases } from './power.ts'
import type { ReportCases } from './report.ts'
import type { SystemCases } from './system.ts'
import type { TraceCases } from './trace.ts'
import type { TracePartCases } from './trace-parts.ts'

/** The use cases that the contract names. */
export type Cases = {
  readonly system: SystemCases
  readonly library: LibraryCases
  readonly campaign: CampaignCases
  readonly compare: CompareCases
  readonly power: PowerCases
  readonly calibration: CalibrationCases
  readonly report: ReportCases
  readonly figure: FigureCases
  readonly trace: TraceCases
  readonly traceParts: TracePartCases
  readonly host: HostCases
  readonly explain: ExplainCases
}

const lab = implement(contract)

/** The router over the whole contract. */
export function createRouter(cases: Cases) {
  return lab.router({
    system: systemRouter(cases.system),
    library: libraryRouter(cases.library),
    campaign: campaignRouter(cases.campaign),
    compare: {
      get: lab.compare.get.handler(({ input }) =>
        cases.compare.get(input.campaignId, input.baseline),
      ),
      corunners: lab.compare.corunners.handler(({ input }) =>
        cases.compare.corunners(input.campaignId, input.baseline),
      ),
      settings: lab.compare.settings.handler(({ input }) =>
        cases.compare.settings(input.campaignIds),
      ),
      power: lab.compare.power.handler(({ input }) => cases.power.plan(input)),
    },
    trace: traceRouter(cases.trace, cases.traceParts),
    host: hostRouter(cases.host),
    explain: {
      run: lab.explain.run.handler(({ input, signal }) => cases.explain.follow(input, signal)),
    },
    calibration: calibrationRouter(cases.calibration),
    figure: { pack: lab.figure.pack.handler(({ input }) => cases.figure.pack(input)) },
    report: reportRouter(cases.report),
  })
}

function systemRouter(system: SystemCases) {
  return {
    info: lab.system.info.handler(() => system.info()),
    doctor: lab.system.doctor.handler(() => system.doctor()),
    catalogue: lab.system.catalogue.handler(() => system.catalogue()),
    activity: lab.system.activity.handler(() => system.activity()),
    backups: lab.system.backups.handler(() => system.backups()),
    backUp: lab.system.backUp.handler(() => system.backUp()),
    libraries: lab.system.libraries.handler(() => system.libraries()),
  }
}

function libraryRouter(library: LibraryCases) {
  const { runs, facets, columns, groups, ids, run, tag, note, noteLine, trash } = lab.library
  const { views, saveView, removeView, exclude, importSample } = lab.library
  return {
    runs: runs.handler(({ input }) => library.runs(input)),
    facets: facets.handler(({ input }) => library.facets(input)),
    columns: columns.handler(({ input }) => library.columns(input)),
    groups: groups.handler(({ input }) => library.groups(input)),
    ids: ids.handler(({ input }) => library.ids(input)),
    run: run.handler(({ input }) => library.run(input.id)),
    tag: tag.handler(({ input }) => library.tag(input.ids, input.tag, input.on)),
    note: note.handler(({ input }) => library.note(input.id, input.note)),
    noteLine: noteLine.handler(({ input }) => library.noteLine(input.ids, input.line, input.on)),
    trash: trash.handler(({ input }) => library.trash(input.ids, input.on)),
    views: views.handler(() => library.views()),
    saveView: saveView.handler(({ input }) => library.saveView(input)),
    removeView: removeView.handler(({ input }) => library.removeView(input.name)),
    importSample: importSample.handler(() => library.importSample()),
    exclude: exclude.handler(({ input }) => library.exclude(input.ids, input.reason)),
  }
}

function campaignRouter(campaign: CampaignCases) {
  const { list, get, plan, create, pause, resume, cancel, retry, skip } = lab.campaign
  return {
    list: list.handler(() => campaign.list()),
    get: get.handler(({ input }) => campaign.get(input.id)),
    plan: plan.handler(({ input }) => campaign.plan(input.text)),
    create: create.handler(({ input }) => campaign.create(input.text, input.start)),
    pause: pause.handler(({ input }) => campaign.pause(input.id)),
    resume: resume.handler(({ input }) => campaign.resume(input.id)),
    cancel: cancel.handler(({ input }) => campaign.cancel(input.id)),
    retry: retry.handler(({ input }) => campaign.retry(input.id, input.cells)),
    skip: skip.handler(({ input }) => campaign.skip(input.id, input.cells)),
    queue: lab.campaign.queue.handler(() => campaign.queue()),
    progress: lab.campaign.progress.handler(({ input }) => campaign.progress(input.id)),
    watch: lab.campaign.watch.handler(({ input, signal }) => campaign.watch(input.id, signal)),
  }
}

function traceRouter(trace: TraceCases, parts: TracePartCases) {
  const { entry, record, findings, list, example, chunkTimes, chunks, blocks, find } = lab.trace
  return {
    entry: entry.handler(({ input }) => trace.entry(input.runId)),
    record: record.handler(({ input, signal }) =>
      trace.record(input.runId, input.recordsMax, signal === undefined ? {} : { signal }),
    ),
    delete: lab.trace.delete.handler(({ input }) => trace.delete(input.runId)),
    list: list.handler(({ input }) => trace.list(input.runIds ?? null)),
    example: example.handler(({ signal }) => trace.example(signal === undefined ? {} : { signal })),
    chunkTimes: chunkTimes.handler(({ input }) => parts.chunkTimes(input.runId)),
    chunks: chunks.handler(({ input }) => parts.chunks(input.runId, input.indexes)),
    blocks: blocks.handler(({ input }) => parts.blocks(input.runId, input)),
    find: find.handler(({ input }) => parts.find(input.runId, input)),
    barriers: lab.trace.barriers.handler(({ input }) => parts.barriers(input.runId, input.vm)),
    series: lab.trace.series.handler(({ input }) => trace.series(input.runId)),
    findings: findings.handler(({ input }) => trace.findings(input.runId, input, input.top)),
    bookmarks: lab.trace.bookmarks.handler(({ input }) => parts.bookmarks(input.runId)),
    bookmark: lab.trace.bookmark.handler(({ input }) =>
      parts.bookmark(input.runId, input.bookmark),
    ),
    unbookmark: lab.trace.unbookmark.handler(({ input }) =>
      parts.unbookmark(input.runId, input.id),
    ),
  }
}

function hostRouter(host: HostCases) {
  const { list, add, remove, note, probe, trust, facts, vms, plan, apply, restore } = lab.host
  return {
    list: list.handler(() => host.list()),
    add: add.handler(({ input }) => host.add(input)),
    remove: remove.handler(({ input }) => host.remove(input.name)),
    note: note.handler(({ input }) => host.note(input.name, input.note)),
    probe: probe.handler(({ input }) => host.probe(input.name)),
    trust: trust.handler(({ input }) => host.trust(input.name, input.fingerprint)),
    facts: facts.handler(({ input }) => host.facts(input.name)),
    vms: vms.handler(({ input }) => host.vms(input.name)),
    plan: plan.handler(({ input }) => host.plan(input)),
    apply: apply.handler(({ input }) => host.apply(input)),
    restore: restore.handler(({ input }) => host.restore(input.name)),
    journal: lab.host.journal.handler(({ input }) => host.journal(input.name, input.limit)),
    watch: lab.host.watch.handler(({ input, signal }) => host.watch(input.name, input, signal)),
  }
}

function calibrationRouter(calibration: CalibrationCases) {
  const { list, get, remove, run, predict } = lab.calibration
  return {
    list: list.handler(() => calibration.list()),
    get: get.handler(({ input }) => calibration.get(input.name)),
    remove: remove.handler(({ input }) => calibration.remove(input.name)),
    run: run.handler(({ input, signal }) => calibration.follow(input, signal)),
    replay: lab.calibration.replay.handler(({ input, signal }) =>
      calibration.replay(
        input.runId,
        input.scheme,
        { calibration: input.calibration ?? null, seeds: input.seeds },
        signal === undefined ? {} : { signal },
      ),
    ),
    predict: predict.handler(({ input, signal }) =>
      calibration.predict(
        input.campaignId,
        input.calibration ?? null,
        input.seeds,
        signal === undefined ? {} : { signal },
      ),
    ),
  }
}

function reportRouter(report: ReportCases) {
  const { preview, pdf, history, forget } = lab.report
  return {
    preview: preview.handler(({ input }) => report.preview(input)),
    pdf: pdf.handler(({ input }) => report.pdf(input)),
    history: history.handler(() => report.history()),
    forget: forget.handler(({ input }) => report.forget(input.id)),
  }
}

/** The router's type, for hosts and clients. */
export type LabRouter = ReturnType<typeof createRouter>
