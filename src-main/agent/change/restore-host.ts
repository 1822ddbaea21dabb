/** Puts a host back by a journal, reads it back, and writes into the journal how that ended. */
import { performance } from 'node:perf_hooks'
import { LabError } from '../../core/base/lab-error.ts'
import type { Restored, RestoredBy, VmSnapshot } from '../../core/contract/agent/change.ts'
import type { JournalFolder } from './journal.ts'
import { bootId, isAlive } from './processes.ts'
import { restoreVm, type VmRestored } from './restore-vm.ts'
import type { VmPort } from './vm-port.ts'

/** Finds VMs by name; those that are not there are left out. */
export type OpenVms = (names: readonly string[]) => Promise<ReadonlyMap<string, VmPort>>

/** Nothing was there to be put back. */
export const NOTHING_RESTORED: Restored = Object.freeze({
  journalId: null,
  clean: true,
  changes: [],
  differences: [],
  tookMs: 0,
})

/**
 * Puts back what a journal tells of. What cannot be is told, and makes the journal dirty.
 *
 * @param quiet settles when a change of ours that was under way is over
 * @throws LabError when the journal cannot be read or written
 */
export async function restoreJournal(
  journals: JournalFolder,
  id: string,
  by: RestoredBy,
  openVms: OpenVms,
  quiet?: Promise<unknown>,
): Promise<Restored> {
  const startMs = performance.now()
  const { begin } = journals.read(id)
  // After another boot none of these processes is there, and nothing of ours either.
  const left = begin.bootId === bootId() ? begin.vms.filter((vm) => isAlive(vm.process)) : []
  const results = await restoreAll(left, openVms, quiet)
  const changes = results.flatMap((result) => result.changes)
  const differences = results.flatMap((result) => result.differences)
  const clean = differences.length === 0
  const state = clean ? 'restored' : 'dirty'
  const endedAt = new Date().toISOString()
  journals.append(id, { record: 'end', state, by, endedAt, differences })
  return { journalId: id, clean, changes, differences, tookMs: performance.now() - startMs }
}

async function restoreAll(
  snapshots: readonly VmSnapshot[],
  openVms: OpenVms,
  quiet?: Promise<unknown>,
): Promise<readonly VmRestored[]> {
  if (snapshots.length === 0) return []
  let vms: ReadonlyMap<string, VmPort>
  try {
    vms = await openVms(snapshots.map(({ name }) => name))
  } catch (error) {
    const text = error instanceof LabError ? error.message : String(error)
    return [{ changes: [], differences: [`the VMs cannot be reached: ${text.slice(0, 1000)}`] }]
  }
  return await Promise.all(
    snapshots.map(async (snapshot): Promise<VmRestored> => {
      const vm = vms.get(snapshot.name)
      if (vm?.pid === snapshot.process.pid) return await restoreVm(vm, snapshot, quiet)
      // it ended between two looks: then it has nothing of ours any more
      if (!isAlive(snapshot.process)) return { changes: [], differences: [] }
      const differences = [`${snapshot.name} runs, but cannot be reached`]
      return { changes: [], differences }
    }),
  )
}

/** Several restores as one; nothing when there was none. */
export function together(all: readonly Restored[]): Restored {
  if (all.length === 0) return NOTHING_RESTORED
  return {
    journalId: all[0]!.journalId,
    clean: all.every(({ clean }) => clean),
    changes: all.flatMap(({ changes }) => changes),
    differences: all.flatMap(({ differences }) => differences),
    tookMs: all.reduce((sum, { tookMs }) => sum + tookMs, 0),
  }
}
