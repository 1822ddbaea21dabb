/** What a guest's kernel counts, read through its agent, and why some of it cannot be seen. */
import { LabError } from '../../core/base/lab-error.ts'
import { readGuestFile } from '../backend/guest-files.ts'
import type { Vm } from '../backend/vm.ts'
import { IPI_COUNTERS, ipiCounts, stealNs } from '../observe/guest-kernel.ts'
import type { Observed } from '../observe/kvm-counters.ts'

const FILE_BYTES_MAX = 256 * 1024
const NO_STEAL = 'an emulated guest (TCG) is told of no steal time; see the run delay'

/** Counters of a guest since its boot. */
export async function guestCounters(vm: Vm): Promise<Observed> {
  const interrupts = await attempt(vm, '/proc/interrupts')
  const stat = await attempt(vm, '/proc/stat')
  const counters: Record<string, number> = {}
  const notObservable: Record<string, string> = {}
  const note = (key: string, count: number | null, why: string) => {
    if (count === null) notObservable[key] = why
    else counters[key] = count
  }
  const counts = ipiCounts(interrupts.text)
  for (const key of IPI_COUNTERS) {
    note(key, counts[key], interrupts.why ?? 'the guest’s kernel does not count them')
  }
  if (vm.identity.accel === 'tcg') note('guestStealNs', null, NO_STEAL)
  else note('guestStealNs', stealNs(stat.text), stat.why ?? 'the guest’s kernel has no such field')
  return { counters, notObservable }
}

async function attempt(vm: Vm, file: string): Promise<{ text: string; why: string | null }> {
  try {
    const bytes = await readGuestFile(vm.guest, file, FILE_BYTES_MAX)
    return { text: bytes.toString(), why: null }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { text: '', why: `the guest’s ${file} cannot be read: ${error.message}` }
  }
}
