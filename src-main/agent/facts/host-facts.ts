/** What the host is: the provenance of every measured run, from /proc, /sys and /etc. */
import * as os from 'node:os'
import type { HostFacts } from '../../core/contract/agent/facts.ts'
import { cgroupVersion } from '../proc/cgroups.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { allowedCpus } from '../proc/threads.ts'
import { readCaches, readPcpus } from './topology.ts'

const TEXT_LENGTH_MAX = 4096
const SYSTEM = 'sys/devices/system'
const CPUFREQ = `${SYSTEM}/cpu/cpu0/cpufreq`

/** Versions that programs tell, not files. */
export type Versions = { readonly qemu: string | null; readonly libvirt: string | null }

/** The host as it is now. @param refused VMs that are not offered, in words */
export function readHostFacts(
  files: HostFiles,
  versions: Versions,
  refused: readonly string[],
): HostFacts {
  const kernel = files.text('proc/sys/kernel/osrelease') ?? 'unknown'
  const facts = {
    ...readMachine(files),
    hostname: clip(files.text('proc/sys/kernel/hostname')) ?? 'unknown',
    os: osName(files),
    kernel,
    cmdline: clip(files.text('proc/cmdline')),
    governor: clip(files.text(`${CPUFREQ}/scaling_governor`)),
    turbo: turbo(files),
    clocksource: clip(files.text(`${SYSTEM}/clocksource/clocksource0/current_clocksource`)),
    mitigations: textsOf(files, `${SYSTEM}/cpu/vulnerabilities`),
    fairClass: fairClassOf(kernel),
    kvmParameters: kvmParameters(files),
    cgroup: cgroupVersion(files),
    qemuVersion: clip(versions.qemu),
    libvirtVersion: clip(versions.libvirt),
    loadAverage: Number(files.text('proc/loadavg')?.split(' ')[0] ?? 0),
    uid: process.getuid?.() ?? 0,
  }
  return { ...facts, notObservable: notObservable(facts, refused) }
}

function readMachine(files: HostFiles) {
  const pcpus = readPcpus(files)
  const cpuinfo = files.text('proc/cpuinfo') ?? ''
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(cpuinfo)?.[1]
  const memoryKib = /^MemTotal:\s+(\d+) kB$/m.exec(files.text('proc/meminfo') ?? '')?.[1]
  return {
    arch: files.text('proc/sys/kernel/arch') ?? os.machine(),
    cpuModel: clip(field('model name') ?? field('Model') ?? null) ?? 'unknown',
    microcode: clip(field('microcode') ?? null),
    memoryBytes: Number(memoryKib ?? 0) * 1024,
    pcpus,
    caches: readCaches(files),
    allowedCpus: allowedCpus(files.text('proc/self/status')) ?? pcpus.map(({ id }) => id),
  }
}

function osName(files: HostFiles): string {
  const name = /^PRETTY_NAME=(.*)$/m.exec(files.text('etc/os-release') ?? '')?.[1]
  return clip(name?.replaceAll(/^"|"$/g, '') ?? null) ?? 'unknown'
}

/** Intel's driver says `no_turbo`, the others `boost`. */
function turbo(files: HostFiles): boolean | null {
  const off = files.number(`${SYSTEM}/cpu/intel_pstate/no_turbo`)
  if (off !== null) return off === 0
  const on = files.number(`${SYSTEM}/cpu/cpufreq/boost`)
  return on === null ? null : on === 1
}

/** EEVDF replaced CFS's pick in Linux 6.6 (kernel/sched/fair.c). */
function fairClassOf(kernel: string): 'cfs' | 'eevdf' {
  const version = /^(\d+)\.(\d+)/.exec(kernel)
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)]
  return major > 6 || (major === 6 && minor >= 6) ? 'eevdf' : 'cfs'
}

function kvmParameters(files: HostFiles): Record<string, string> {
  const modules = ['kvm', 'kvm_intel', 'kvm_amd']
  return Object.assign(
    {},
    ...modules.map((module) => textsOf(files, `sys/module/${module}/parameters`, `${module}.`)),
  ) as Record<string, string>
}

/** Every file of a folder with its text; what may not be read is left out. */
function textsOf(files: HostFiles, folder: string, prefix = ''): Record<string, string> {
  const entries = files.names(folder).flatMap((name) => {
    const text = clip(files.text(`${folder}/${name}`))
    return text === null ? [] : [[`${prefix}${name}`, text] as const]
  })
  return Object.fromEntries(entries)
}

const WHY_NULL: Readonly<Record<string, string>> = {
  microcode: 'the kernel does not tell it (a virtual machine, or not x86)',
  governor: 'no cpufreq: the hypervisor or firmware sets the clock',
  turbo: 'no driver tells whether it is on',
  clocksource: 'not in sysfs',
  cmdline: '/proc/cmdline cannot be read',
  qemuVersion: 'no qemu-system program on the path of the agent',
  libvirtVersion: 'virsh is missing or does not answer',
}

function notObservable(
  facts: Omit<HostFacts, 'notObservable'>,
  refused: readonly string[],
): Record<string, string> {
  const missing = Object.entries(WHY_NULL).filter(
    ([key]) => facts[key as keyof typeof facts] === null,
  )
  const empty = [
    ...(facts.caches.length === 0 ? [['caches', 'the kernel shows none in sysfs']] : []),
    ...(facts.pcpus.some((pcpu) => pcpu.maxKhz === null) ? [['maxKhz', 'no cpufreq']] : []),
    ...(Object.keys(facts.kvmParameters).length === 0
      ? [['kvmParameters', 'the kvm modules are not loaded']]
      : []),
  ] as [string, string][]
  const vms = refused.map((why, i) => [`vm ${i + 1}`, why] as const)
  return Object.fromEntries([...missing, ...empty, ...vms])
}

const clip = (text: string | null): string | null => text?.slice(0, TEXT_LENGTH_MAX).trim() ?? null
