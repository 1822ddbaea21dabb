/** A VM as the lab sees it: threads, pins and weight from the host, the rest from its guest. */
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import type { GuestFacts, VmFacts } from '../../core/contract/agent/facts.ts'
import { readGuestFile } from '../backend/guest-files.ts'
import type { Guest } from '../backend/guest.ts'
import type { Vm } from '../backend/vm.ts'
import { cpuWeight } from '../proc/cgroups.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { allowedCpus, threadAffinity } from '../proc/threads.ts'

const STATUS_BYTES_MAX = 16_384
const WEIGHT_DEFAULT = 1024

const OsSchema = v.object({
  'kernel-release': v.optional(v.string()),
  'pretty-name': v.optional(v.string()),
  name: v.optional(v.string()),
})

type GuestSide = {
  readonly guest: GuestFacts | null
  readonly online: readonly number[] | null
  readonly problem: string | null
}

/** A VM as it is now. A guest that does not answer is null, with the reason in `problem`. */
export async function readVmFacts(files: HostFiles, vm: Vm): Promise<VmFacts> {
  const { name, backend, state, pid, accel, memoryBytes, tids, problem } = vm.identity
  const inside = await readGuest(vm)
  const problems = [problem, inside.problem].filter((text) => text !== null)
  return {
    ...{ name, backend, state, pid, accel, memoryBytes },
    vcpus: tids.map((tid, index) => ({
      index,
      tid,
      affinity: (pid !== null && tid !== null && threadAffinity(files, pid, tid)) || [],
      online: inside.online === null ? null : inside.online.includes(index),
    })),
    weight: (pid === null ? null : cpuWeight(files, pid)) ?? WEIGHT_DEFAULT,
    guest: inside.guest,
    problem: problems.length === 0 ? null : problems.join('; ').slice(0, 4096),
  }
}

async function readGuest(vm: Vm): Promise<GuestSide> {
  const { state } = vm.identity
  if (state !== 'running') return { guest: null, online: null, problem: `it is ${state}` }
  try {
    const { guest } = vm
    const { version, commands } = await guest.info()
    const canResize = commands.has('guest-set-vcpus') && commands.has('guest-get-vcpus')
    const facts = {
      agentVersion: version,
      canResize,
      canExec: commands.has('guest-exec') && commands.has('guest-exec-status'),
      ...(await readSystem(guest, commands)),
      allowedCpus: commands.has('guest-file-read') ? await readAllowedCpus(guest) : null,
    }
    const online = commands.has('guest-get-vcpus') ? await guest.online() : null
    return { guest: facts, online, problem: null }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    const isKnown = error.message === vm.identity.problem
    const problem = isKnown ? null : `its guest agent: ${error.message}`
    return { guest: null, online: null, problem }
  }
}

async function readSystem(guest: Guest, commands: ReadonlySet<string>) {
  const info = commands.has('guest-get-osinfo')
    ? await unlessRefused(guest.ask(OsSchema, 'guest-get-osinfo'))
    : null
  return {
    kernel: info?.['kernel-release'] ?? null,
    os: info?.['pretty-name'] ?? info?.name ?? null,
  }
}

/** CPUs of the guest agent itself; what it starts inherits them. */
async function readAllowedCpus(guest: Guest): Promise<number[] | null> {
  const status = await unlessRefused(readGuestFile(guest, '/proc/self/status', STATUS_BYTES_MAX))
  return status === null ? null : allowedCpus(status.toString())
}

/** null where the guest has no such thing: it keeps its files from its agent, or is no Linux. */
async function unlessRefused<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LabError && error.code === 'conflict') return null
    throw error
  }
}
