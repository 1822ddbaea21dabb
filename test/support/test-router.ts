/**
 * A small real oRPC router over the whole contract for the tests of the hosts: answers from memory,
 * and fails in every way that a handler can fail.
 */
import { implement } from '@orpc/server'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import { contract } from '../../src-main/core/contract/handlers.ts'
import type { Progress } from '../../src-main/core/contract/progress.ts'
import type { LabRouter } from '../../src-main/hosts/web/rpc-handler.ts'

/** The bytes that `report.pdf` answers with. */
export const TEST_PDF = Buffer.from('%PDF-1.7 not a report, only bytes\n')

const lab = implement(contract)
const { system, library, campaign, compare, figure, report, trace, host, calibration, explain } =
  lab

function refuse(): never {
  throw new LabError('not-found', 'no such thing', 'Look elsewhere.')
}

function progress(id: string, finished: number): Progress {
  return {
    campaignId: id,
    name: 'test',
    reason: null,
    host: null,
    status: finished === 3 ? 'finished' : 'running',
    cells: 3,
    finished,
    failed: 0,
    skipped: 0,
    stop: null,
    active: [],
    etaMs: null,
    elapsedMs: finished,
    workers: 1,
    eventsPerSecond: 0,
    log: [],
  }
}

/** What a test sees of the router's work. */
export type TestRouterLog = { stoppedWatches: number }

async function* watch(id: string, log: TestRouterLog): AsyncGenerator<Progress> {
  try {
    for (let finished = 0; finished <= 3 || id === 'endless'; finished += 1) {
      if (id === 'broken' && finished === 1) {
        throw new LabError('store', 'the disk is full', 'Free some.')
      }
      yield progress(id, finished)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  } finally {
    log.stoppedWatches += 1
  }
}

/**
 * The router. `campaign.watch` with the id `endless` counts until it is stopped, `broken` fails
 * after one value; `library.note` with the note `bug` throws no LabError.
 */
export function createTestRouter(log: TestRouterLog = { stoppedWatches: 0 }): LabRouter {
  return lab.router({
    system: systemHandlers(),
    library: libraryHandlers(),
    campaign: campaignHandlers(log),
    compare: {
      get: compare.get.handler(refuse),
      corunners: compare.corunners.handler(refuse),
      power: compare.power.handler(refuse),
      settings: compare.settings.handler(refuse),
    },
    trace: {
      entry: trace.entry.handler(refuse),
      record: trace.record.handler(refuse),
      delete: trace.delete.handler(() => ({ changed: 0 })),
      list: trace.list.handler(() => []),
      example: trace.example.handler(refuse),
      chunkTimes: trace.chunkTimes.handler(refuse),
      chunks: trace.chunks.handler(refuse),
      blocks: trace.blocks.handler(refuse),
      find: trace.find.handler(refuse),
      barriers: trace.barriers.handler(refuse),
      series: trace.series.handler(refuse),
      findings: trace.findings.handler(refuse),
      bookmarks: trace.bookmarks.handler(() => []),
      bookmark: trace.bookmark.handler(() => ({ changed: 0 })),
      unbookmark: trace.unbookmark.handler(() => ({ changed: 0 })),
    },
    host: hostHandlers(),
    explain: { run: explain.run.handler(refuse) },
    calibration: {
      list: calibration.list.handler(() => []),
      get: calibration.get.handler(refuse),
      remove: calibration.remove.handler(() => ({ changed: 0 })),
      run: calibration.run.handler(refuse),
      predict: calibration.predict.handler(refuse),
      replay: calibration.replay.handler(refuse),
    },
    figure: { pack: figure.pack.handler(refuse) },
    report: {
      preview: report.preview.handler(refuse),
      pdf: report.pdf.handler(() => ({
        fileName: 'test.pdf',
        pages: 1,
        sha256: '0'.repeat(64),
        base64: TEST_PDF.toString('base64'),
      })),
      history: report.history.handler(() => []),
      forget: report.forget.handler(() => ({ changed: 0 })),
    },
  })
}

function hostHandlers() {
  return {
    list: host.list.handler(() => []),
    add: host.add.handler(refuse),
    remove: host.remove.handler(() => ({ changed: 0 })),
    note: host.note.handler(() => ({ changed: 0 })),
    probe: host.probe.handler(refuse),
    trust: host.trust.handler(refuse),
    facts: host.facts.handler(refuse),
    vms: host.vms.handler(refuse),
    plan: host.plan.handler(refuse),
    apply: host.apply.handler(refuse),
    restore: host.restore.handler(refuse),
    journal: host.journal.handler(() => []),
    watch: host.watch.handler(refuse),
  }
}

function systemHandlers() {
  return {
    info: system.info.handler(() => ({
      appVersion: '0.0.0-test',
      host: 'browser' as const,
      runtime: `Node ${process.versions.node}`,
      database: ':memory:',
      schemaVersion: 1,
      readOnly: false,
      sqliteVersion: '0',
      cpuCount: 1,
    })),
    doctor: system.doctor.handler(() => []),
    activity: system.activity.handler(() => ({ running: [], held: [] })),
    backups: system.backups.handler(() => []),
    backUp: system.backUp.handler(() => refuse()),
    libraries: system.libraries.handler(() => []),
    catalogue: system.catalogue.handler(() => ({
      schemes: [],
      hostSchemes: [],
      apps: [],
      hosts: [],
      guest: [],
      templates: [],
    })),
  }
}

function libraryHandlers() {
  return {
    runs: library.runs.handler(() => ({ rows: [], total: 0 })),
    importSample: library.importSample.handler(refuse),
    facets: library.facets.handler(refuse),
    columns: library.columns.handler(refuse),
    groups: library.groups.handler(refuse),
    ids: library.ids.handler(() => []),
    views: library.views.handler(() => []),
    saveView: library.saveView.handler(refuse),
    removeView: library.removeView.handler(() => ({ changed: 0 })),
    run: library.run.handler(refuse),
    tag: library.tag.handler(({ input: { ids } }) => ({ changed: ids.length, ids })),
    noteLine: library.noteLine.handler(({ input: { ids } }) => ({ changed: ids.length, ids })),
    note: library.note.handler(({ input }) => {
      if (input.note === 'bug') throw new TypeError('undefined is not a function')
      return { changed: input.note.length }
    }),
    trash: library.trash.handler(({ input: { ids } }) => ({ changed: ids.length, ids })),
    exclude: library.exclude.handler(({ input }) => ({ changed: input.ids.length })),
  }
}

function campaignHandlers(log: TestRouterLog) {
  return {
    list: campaign.list.handler(() => []),
    get: campaign.get.handler(refuse),
    plan: campaign.plan.handler(({ input }) => ({
      issues: [{ path: '', message: `${input.text.length} characters`, hint: '' }],
      campaign: null,
      cells: [],
      leftOut: [],
      etaMs: null,
    })),
    create: campaign.create.handler(refuse),
    queue: campaign.queue.handler(() => []),
    pause: campaign.pause.handler(() => ({ changed: 1 })),
    resume: campaign.resume.handler(() => ({ changed: 1 })),
    cancel: campaign.cancel.handler(() => ({ changed: 1 })),
    retry: campaign.retry.handler(() => ({ changed: 1 })),
    skip: campaign.skip.handler(() => ({ changed: 1 })),
    progress: campaign.progress.handler(({ input }) => progress(input.id, 0)),
    watch: campaign.watch.handler(({ input }) => watch(input.id, log)),
  }
}
