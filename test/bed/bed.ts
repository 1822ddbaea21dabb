// The test bed: real guests on this machine and a real SSH server in front of it, so that host and
// guests schedule for real wherever the tests run. docs/bed.md says what it shows and what not.
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findAccelerator } from './accelerator.ts'
import { startDomain, type Domain } from './domain.ts'
import { startGuest, type Accelerator, type Guest, type GuestOptions } from './guest.ts'
import { buildGuestSystem } from './initramfs.ts'
import { startLibvirt, type LibvirtServer } from './libvirtd.ts'
import { Reaper } from './reaper.ts'
import { startSshServer, type SshServer } from './sshd.ts'

/** What a bed is made of. */
export interface BedOptions {
  readonly guests: number
  readonly vcpus: number
  readonly ssh: boolean
  /** Guests are domains of a libvirtd, which needs root, instead of bare QEMU processes. */
  readonly libvirt?: boolean
  /** Guests are called NAME-1, NAME-2 …; one nobody else uses on this machine unless given. */
  readonly name?: string
  /** Version of the guests' cgroup hierarchy; 2 unless given. */
  readonly cgroup?: 1 | 2
}

/** A bed that runs until `stop`, or until the process that started it ends in any way. */
export interface Bed {
  /** Holds sockets, logs, keys and the home of SSH sessions; removed by `stop`. */
  readonly folder: string
  readonly accelerator: Accelerator
  /** Bare guests; none in a bed with libvirt. */
  readonly guests: readonly Guest[]
  /** The libvirtd and its domains, in a bed with libvirt. */
  readonly libvirt: (LibvirtServer & { readonly domains: readonly Domain[] }) | undefined
  readonly ssh: SshServer | undefined
  /** Every process that was started, the reaper's included. */
  readonly pids: readonly number[]
  /** Ends every process and removes the folder; resolves when all is gone. */
  stop(): Promise<void>
}

/**
 * Starts a bed; the guests boot at the same time.
 *
 * @throws Error when a program is missing or a part does not start; nothing is left behind then
 */
export async function startBed(options: BedOptions): Promise<Bed> {
  // Unix sockets have short names (108 bytes), so the folder is right in the temporary one.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-bed-'))
  const reaper = new Reaper(folder)
  const pids = [reaper.pid]
  const onStart = (pid: number) => {
    pids.push(pid)
    reaper.watch(pid)
  }
  const stop = () => reaper.stop()
  try {
    const libvirtd = options.libvirt ? await startLibvirt({ folder, reaper, onStart }) : undefined
    const { accelerator, guests, domains } = await startGuests(options, folder, onStart, libvirtd)
    const through = libvirtd?.through ?? []
    const ssh = options.ssh ? await startSshServer({ folder, through, onStart }) : undefined
    const libvirt = libvirtd && { ...libvirtd, domains }
    for (const { pid } of domains) pids.push(pid)
    return { folder, accelerator, guests, libvirt, ssh, pids, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startGuests(
  { guests: count, vcpus, name = `bed${randomBytes(2).toString('hex')}`, cgroup = 2 }: BedOptions,
  folder: string,
  onStart: (pid: number) => void,
  libvirtd: LibvirtServer | undefined,
) {
  const shared = { vcpus, cgroup, folder, onStart, system: buildGuestSystem() }
  const accelerator = await findAccelerator({ ...shared, name: 'probe' })
  const options = Array.from({ length: count }, (_, index): GuestOptions => {
    return { ...shared, accelerator, name: `${name}-${index + 1}` }
  })
  const none: never[] = []
  return libvirtd === undefined
    ? {
        accelerator,
        guests: await Promise.all(options.map((one) => startGuest(one))),
        domains: none,
      }
    : {
        accelerator,
        guests: none,
        domains: await Promise.all(options.map((one) => startDomain(libvirtd, one))),
      }
}
