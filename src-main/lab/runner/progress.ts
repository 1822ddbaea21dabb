/** A campaign's progress as screens and terminals show it. */
import type { ActiveCell, Progress } from '../../core/contract/progress.ts'
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
