// Starts one guest under QEMU and waits until its agent answers: then it is a VM like any other.
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GuestSystem } from './initramfs.ts'
import { JsonSocket } from './json-socket.ts'
import { findProgram } from './programs.ts'

/** How QEMU runs a guest's instructions: on the processor, or translated. */
export type Accelerator = 'kvm' | 'tcg'

/** What a guest is started with. */
export interface GuestOptions {
  readonly name: string
  readonly vcpus: number
  readonly system: GuestSystem
  readonly accelerator: Accelerator
  /** Version of the guest's cgroup hierarchy. */
  readonly cgroup: 1 | 2
  /** Where its sockets and its console's log go. */
  readonly folder: string
  /** Told of each QEMU process as it starts, also of those that do not make it. */
  readonly onStart: (pid: number) => void
}

/** A guest that has answered. */
export interface Guest {
  readonly name: string
  readonly vcpus: number
  readonly pid: number
  readonly qmpSocket: string
  readonly agentSocket: string
  /** ms from QEMU's start to the agent's first answer. */
  readonly bootMs: number
  /** Boots that hung before this one. */
  readonly hungBoots: number
}

/** Memory of a guest, MiB. */
export const MEMORY_MIB = 512

/** Ten times the usual boot, ms, for machines that do other things as well. */
export const BOOT_MS_MAX = 45_000

/** A guest that has hung so often is not started again. */
export const BOOTS_MAX = 3

const POLL_MS = 50

/**
 * Boots a guest. About one TCG boot in fifty hangs in the kernel, so a silent one is started anew.
 *
 * @throws Error when QEMU ends by itself, or when no boot leads to an answer in time
 */
export async function startGuest(options: GuestOptions, bootMsMax = BOOT_MS_MAX): Promise<Guest> {
  for (let hungBoots = 0; hungBoots < BOOTS_MAX; hungBoots += 1) {
    const guest = await bootOnce(options, bootMsMax)
    if (guest !== undefined) return { ...guest, hungBoots }
  }
  throw new Error(`guest ${options.name} has not answered after ${BOOTS_MAX} boots`)
}

/** Whether a guest answers within the time, tried once; its QEMU is gone afterwards. */
export async function canBoot(options: GuestOptions, bootMsMax: number): Promise<boolean> {
  try {
    const guest = await bootOnce(options, bootMsMax)
    if (guest !== undefined) process.kill(guest.pid, 'SIGKILL')
    return guest !== undefined
  } catch {
    return false
  }
}

async function bootOnce(options: GuestOptions, bootMsMax: number) {
  const startedMs = performance.now()
  const { name, vcpus } = options
  const { qmpSocket, agentSocket, console } = filesOf(options)
  for (const file of [qmpSocket, agentSocket]) rmSync(file, { force: true })
  const log = openSync(console, 'a')
  const argv = qemuArgv(options)
  const stdio: StdioOptions = ['ignore', log, log]
  const qemu = spawn(findProgram('qemu-system-x86_64'), argv, {
    detached: true,
    stdio,
    shell: false,
  })
  closeSync(log)
  qemu.unref()
  await once(qemu, 'spawn')
  const pid = qemu.pid!
  options.onStart(pid)
  if (await answersInTime(qemu, agentSocket, bootMsMax)) {
    const bootMs = Math.round(performance.now() - startedMs)
    return { name, vcpus, pid, qmpSocket, agentSocket, bootMs }
  }
  if (hasEnded(qemu)) throw new Error(`QEMU has ended: ${readFileSync(console, 'utf8')}`)
  qemu.kill('SIGKILL')
  await once(qemu, 'exit')
  return undefined
}

async function answersInTime(qemu: ChildProcess, socket: string, bootMsMax: number) {
  const deadline = AbortSignal.timeout(bootMsMax)
  let connection: JsonSocket | undefined
  try {
    while (connection === undefined) {
      connection = await JsonSocket.connect(socket).catch(() => undefined)
      if (connection === undefined && hasEnded(qemu)) return false
      await sleep(POLL_MS, undefined, { signal: deadline })
    }
    // QEMU keeps the question until the guest opens its end.
    const answer = connection.syncAgent()
    const end = once(qemu, 'exit', { signal: deadline })
    return await Promise.race([answer.then(() => true), end.then(() => false)])
  } catch {
    return false
  } finally {
    connection?.close()
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function filesOf({ folder, name }: GuestOptions) {
  const file = (extension: string) => path.join(folder, `${name}.${extension}`)
  return { qmpSocket: file('qmp'), agentSocket: file('qga'), console: file('console') }
}

function qemuArgv(options: GuestOptions): string[] {
  const { name, vcpus, system, accelerator } = options
  const { qmpSocket, agentSocket, console } = filesOf(options)
  const socket = (id: string, file: string) => `socket,id=${id},path=${file},server=on,wait=off`
  return [
    ...['-name', `guest=${name},debug-threads=on`, '-machine', 'pc', '-cpu', 'max'],
    ...['-accel', accelerator === 'tcg' ? 'tcg,thread=multi' : 'kvm'],
    ...['-smp', `${vcpus},sockets=${vcpus},cores=1,threads=1`, '-m', String(MEMORY_MIB)],
    ...['-nodefaults', '-display', 'none', '-no-reboot', '-serial', `file:${console}`],
    ...['-kernel', system.kernel, '-initrd', system.initrd, '-append', kernelArguments(options)],
    ...['-chardev', socket('qmp0', qmpSocket), '-mon', 'chardev=qmp0,mode=control'],
    ...['-device', 'virtio-serial-pci,id=vs0', '-chardev', socket('qga0', agentSocket)],
    ...['-device', 'virtserialport,bus=vs0.0,chardev=qga0,name=org.qemu.guest_agent.0'],
  ]
}

/** The guest kernel's command line; guest/init.sh reads the part that is the bed's own. */
export function kernelArguments({ name, cgroup }: Pick<GuestOptions, 'name' | 'cgroup'>): string {
  return `console=ttyS0 quiet panic=-1 hostname=${name} bed.cgroup=${cgroup}`
}
