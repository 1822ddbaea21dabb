/** QEMU processes of the host, found in /proc; needs no rights beyond reading it. */
import path from 'node:path'
import type { HostFiles } from '../proc/host-files.ts'
import { parseQemuCommandLine, type QemuCommandLine } from './qemu-command-line.ts'

/** A QEMU process and what it was started with; its sockets as absolute paths. */
export type QemuProcess = QemuCommandLine & { readonly pid: number; readonly name: string }

/** All QEMU processes, by pid. Without `-name` a VM is called `qemu-PID`. */
export function findQemuProcesses(files: HostFiles): QemuProcess[] {
  const pids = files.names('proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).flatMap((pid) => {
    const argv = files.text(`proc/${pid}/cmdline`)?.split('\0') ?? []
    const line = parseQemuCommandLine(argv)
    if (line === null) return []
    const folder = files.link(`proc/${pid}/cwd`) ?? '/'
    const absolute = (socket: string | null) => (socket ? path.resolve(folder, socket) : null)
    return [
      {
        ...line,
        pid,
        name: line.name ?? `qemu-${pid}`,
        qmpPath: absolute(line.qmpPath),
        qgaPath: absolute(line.qgaPath),
      },
    ]
  })
}
