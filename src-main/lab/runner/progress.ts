/** A campaign's progress as screens and terminals show it. */
import type { ActiveCell, Progress, Queued } from '../../core/contract/progress.ts'
import type { ActiveEntry, CampaignRun } from './campaign-run.ts'
import { costGroup } from './cell-table.ts'
import type { EtaMs } from './eta.ts'

/** The progress of a campaign that this process runs or ran. */
export function progressOf(run: CampaignRun): Progress {
  const { fault, host, workers } = run
  return {
    campaignId: run.campaignId,
    name: run.name,
    status: run.status,
    reason: fault === null ? null : { message: fault.message, hint: fault.hint },
    host,
    cells: run.cells.size,
    finished: run.cells.count('finished'),
    failed: run.cells.count('failed'),
    skipped: run.cells.count('skipped'),
    stop: run.stopGate?.progress(run.notNeeded) ?? null,
    active: [...run.active.values()].flatMap(activeCell),
    etaMs: etaOf(run),
    elapsedMs: run.speed.elapsedMs,
    workers,
    eventsPerSecond: run.speed.rate(run.events),
    log: run.log.events,
  }
}

/** The same for the queue. One without active cells waits: others were there before it. */
export function queuedOf({ active, ...progress }: Progress): Queued {
  const { campaignId, name, host, cells, finished, failed, skipped, etaMs } = progress
  const isWaiting = active.length === 0
  return {
    ...{ campaignId, name, host, cells, etaMs, active: active.length },
    done: finished + failed + skipped,
    waitsFor: !isWaiting ? null : host === null ? 'workers' : 'host',
  }
}

function activeCell({ cell, task }: ActiveEntry): ActiveCell[] {
  const startedAt = task?.startedAt() ?? null
  if (task === null || startedAt === null) return []
  const { index, factors, seed } = cell
  const live = task.live?.() ?? null
  return [{ index, factors, seed, ...task.progress(), startedAt: startedAt.toISOString(), live }]
}

function etaOf(run: CampaignRun): EtaMs | null {
  const open = new Map(run.cells.pendingByGroup)
  for (const { cell, task } of run.active.values()) {
    const group = costGroup(cell.factors)
    open.set(group, (open.get(group) ?? 0) + 1 - (task?.progress().fraction ?? 0))
  }
  return run.wallTimes.eta(open, run.workers)
}
