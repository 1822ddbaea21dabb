/** Versions of QEMU and libvirt, as their own programs tell them. */
import { LabError } from '../../core/base/lab-error.ts'
import { runProgram } from '../backend/run-program.ts'
import type { Virsh } from '../backend/virsh.ts'
import type { Versions } from './host-facts.ts'

const VERSION_MS = 5000
/** Debian's and upstream's name, Red Hat's, and an older one. */
const QEMU_PROGRAMS = ['/usr/libexec/qemu-kvm', 'kvm']

/** What can be had of them. @param arch as the kernel calls it: `x86_64` */
export async function readVersions(virsh: Virsh, arch: string): Promise<Versions> {
  const [qemu, libvirt] = await Promise.all([
    qemuVersion([`qemu-system-${arch}`, ...QEMU_PROGRAMS]),
    orNull(virsh.version()),
  ])
  return { qemu, libvirt: libvirtVersion(libvirt ?? '') }
}

async function qemuVersion(programs: readonly string[]): Promise<string | null> {
  for (const program of programs) {
    const end = await orNull(runProgram([program, '--version'], VERSION_MS))
    const version = /version ([\w.+~-]+)/.exec(end?.stdout ?? '')?.[1]
    if (version !== undefined) return version
  }
  return null
}

/** Of `virsh version --daemon`: the daemon's, since that is what acts. */
export function libvirtVersion(text: string): string | null {
  return /^Running against daemon: ([\w.+~-]+)$/m.exec(text)?.[1] ?? null
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LabError) return null
    throw error
  }
}
