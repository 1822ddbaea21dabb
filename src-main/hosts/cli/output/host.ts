/** Hosts on the terminal: lists, facts, VMs, plans, journals, samples. */
import { formatCpus } from '../../../core/base/cpu-list.ts'
import type {
  Change,
  HostPlan,
  JournalEntry,
  Restored,
} from '../../../core/contract/agent/change.ts'
import type { HostFacts, VcpuFacts, VmFacts } from '../../../core/contract/agent/facts.ts'
import type { Sample, VmSample } from '../../../core/contract/agent/work.ts'
import type { HostProbe, HostRow } from '../../../core/contract/hosts.ts'
import { bytesText, countText } from './quantities.ts'
import { tableLines } from './table.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const right = (title: string): Column => ({ title, align: 'right' })

/** The hosts as a table. */
export function hostLines(rows: readonly HostRow[]): string[] {
  if (rows.length === 0) return ['no hosts yet; try: flexlab host add <name of ~/.ssh/config>']
  const columns = ['name', 'target', 'key', 'last seen', 'VMs', 'state'].map((title) => ({ title }))
  return tableLines(columns, rows.map(hostCells))
}

function hostCells({ name, target, probe, trusted, session }: HostRow): string[] {
  const seen = probe === null ? 'never' : probe.at.slice(0, 19).replace('T', ' ')
  const state = session.state === 'closed' ? (probe?.problem?.message ?? 'ok') : session.state
  const key = trusted?.fingerprint.slice(0, 15) ?? probe?.key?.state ?? '–'
  return [name, target, key, seen, String(probe?.vms?.length ?? '–'), probe === null ? '–' : state]
}

/** What a probe found, step by step. */
export function printProbe(probe: HostProbe, terminal: Terminal): void {
  const { name, resolved, key, agent, facts, vms, problem, tookMs } = probe
  const steps: (readonly [string, string])[] = []
  if (resolved !== null) {
    steps.push(['ssh', `${resolved.user}@${resolved.hostName} port ${resolved.port}`])
  }
  if (key !== null) {
    const shown = key.state === 'unknown' ? ` ${key.algorithm} ${key.fingerprint}` : ''
    steps.push(['key', `${key.state}${shown}`])
  }
  if (agent !== null) steps.push(['agent', `${agent.appVersion} on Node ${agent.node}`])
  if (facts !== null) steps.push(['host', summaryOf(facts)])
  if (vms !== null) steps.push(['VMs', vms.map(({ name: vm }) => vm).join(', ') || 'none'])
  terminal.print(terminal.paint('bold', `${name}, in ${Math.round(tookMs)} ms`))
  for (const [step, text] of steps) terminal.print(`  ${step.padEnd(6)} ${text}`)
  if (problem === null) return
  terminal.print(`  ${terminal.paint('red', 'failed')} ${problem.message}`)
  if (problem.hint !== '') terminal.print(`  hint:  ${problem.hint}`)
}

const summaryOf = ({ cpuModel, allowedCpus, kernel, fairClass }: HostFacts): string =>
  `${cpuModel}, ${allowedCpus.length} CPUs, Linux ${kernel} (${fairClass})`

/** A host's facts; what its kernel does not show is said. */
export function printFacts(facts: HostFacts, terminal: Terminal): void {
  const { pcpus, caches, mitigations, kvmParameters } = facts
  const known = (value: string | null): string => value ?? 'not observable'
  const count = (key: 'socket' | 'core' | 'llc' | 'numa'): number =>
    new Set(pcpus.map((pcpu) => `${key === 'core' ? pcpu.socket : ''} ${pcpu[key]}`)).size
  const rows: (readonly [string, string])[] = [
    ['host', `${facts.hostname}, ${facts.os}`],
    ['kernel', `${facts.kernel}, ${facts.fairClass}, cgroup ${facts.cgroup}`],
    ['command line', known(facts.cmdline)],
    ['CPU', `${facts.cpuModel}, microcode ${known(facts.microcode)}`],
    ['topology', `${count('socket')} sockets, ${count('core')} cores, ${pcpus.length} pCPUs`],
    ['', `${count('llc')} last-level caches, ${count('numa')} NUMA nodes`],
    ['may use', formatCpus(facts.allowedCpus)],
    ['caches', caches.map((c) => `L${c.level} ${c.type} ${bytesText(c.bytes)}`).join(', ')],
    ['memory', bytesText(facts.memoryBytes)],
    ['governor', `${known(facts.governor)}, turbo ${turboText(facts.turbo)}`],
    ['clock source', known(facts.clocksource)],
    ['QEMU, libvirt', `${facts.qemuVersion ?? 'none'}, ${facts.libvirtVersion ?? 'none'}`],
    ['load', facts.loadAverage.toFixed(2)],
    ...Object.entries(kvmParameters).map(([key, value]) => [key, value] as const),
    ...Object.entries(mitigations).map(([key, value]) => [key, value] as const),
  ]
  const columns = [{ title: 'fact' }, { title: 'value' }]
  terminal.table(columns, rows)
  const missing = Object.entries(facts.notObservable)
  for (const [key, reason] of missing) terminal.print(`not observable: ${key}: ${reason}`)
}

const turboText = (turbo: boolean | null): string =>
  turbo === null ? 'not observable' : turbo ? 'on' : 'off'

/** The VMs of a host as a table. */
export function vmLines(vms: readonly VmFacts[]): string[] {
  if (vms.length === 0) return ['no VMs that the agent sees']
  const columns = [
    ...[{ title: 'VM' }, { title: 'by' }, { title: 'state' }, { title: 'accel' }],
    ...[right('vCPUs'), { title: 'online' }, { title: 'may run on' }, right('weight')],
    { title: 'guest' },
  ]
  return tableLines(columns, vms.map(vmCells))
}

function vmCells({ vcpus, guest, problem, ...vm }: VmFacts): string[] {
  const isKnown = vcpus.every(({ online }) => online !== null)
  const online = vcpus.filter((vcpu) => vcpu.online === true).map(({ index }) => index)
  const does = guest === null ? [] : [guest.canExec ? 'runs' : '', guest.canResize ? 'resizes' : '']
  const told = guest === null ? 'no guest agent' : `${guest.kernel ?? ''} ${does.join(' ')}`.trim()
  return [
    ...[vm.name, vm.backend, vm.state, vm.accel, String(vcpus.length)],
    isKnown ? formatCpus(online) : 'not observable',
    affinitiesText(vcpus),
    String(vm.weight),
    problem === null ? told : `${told}: ${problem.replaceAll(/\s+/g, ' ')}`,
  ]
}

/** `0-1` for all vCPUs, or `0 | 1` for each. */
function affinitiesText(vcpus: readonly VcpuFacts[]): string {
  const all = vcpus.map(({ affinity }) => formatCpus(affinity))
  return new Set(all).size === 1 ? (all[0] ?? '') : all.join(' | ')
}

/** Every change of a plan, and what speaks against it. */
export function printPlan(plan: HostPlan, terminal: Terminal): void {
  const { scheme, changes, controller, refusals, warnings } = plan
  terminal.print(terminal.paint('bold', `${scheme}: ${countText(changes.length)} changes`))
  if (changes.length > 0) printChanges(changes, terminal)
  if (controller !== null) {
    terminal.print(`then, every ${controller.periodMs} ms, as the VMs need it:`)
    for (const change of controller.changes) terminal.print(`  ${change}`)
  }
  for (const warning of warnings) terminal.print(`${terminal.paint('yellow', 'note:')} ${warning}`)
  for (const refusal of refusals) terminal.print(`${terminal.paint('red', 'refused:')} ${refusal}`)
}

function printChanges(changes: readonly Change[], terminal: Terminal): void {
  for (const { vm, kind, target, from, to, command, revert } of changes) {
    terminal.print(`  ${vm ?? 'host'}: ${kind} ${target}: ${from} → ${to}`)
    terminal.print(`    by:          ${command}`)
    terminal.print(`    put back by: ${revert}`)
  }
}

/** What a restore did, in one line. */
export function restoredText({ clean, changes, differences, tookMs }: Restored): string {
  if (!clean) return `NOT put back: ${differences.join('; ')}`
  if (changes.length === 0) return 'nothing was applied; the host is as it was'
  const count = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`
  return `put back and read back: ${count} undone in ${Math.round(tookMs)} ms`
}

/** What was changed on a host, newest first. */
export function printJournal(entries: readonly JournalEntry[], terminal: Terminal): void {
  if (entries.length === 0) terminal.print('nothing was ever changed here')
  const titles = ['started', 'scheme', 'VMs', 'changes', 'state', 'put back by', 'ended']
  const time = (text: string | null): string => text?.slice(0, 19).replace('T', ' ') ?? ''
  const rows = entries.map((entry) => [
    ...[time(entry.startedAt), entry.scheme, entry.vms.join(', '), String(entry.changes.length)],
    ...[entry.state, entry.restoredBy ?? '', time(entry.endedAt)],
  ])
  if (entries.length > 0) {
    terminal.table(
      titles.map((title) => ({ title })),
      rows,
    )
  }
  for (const { id, differences } of entries) {
    for (const difference of differences) terminal.print(`${id}: ${difference}`)
  }
}

/** What changed between samples as they come. */
export class SampleChanges {
  #before: Sample | null = null

  /** A text for each VM of what happened since the last sample; none for the first one. */
  since(sample: Sample, text: VmChangeText): string[] {
    const before = this.#before
    this.#before = sample
    const passedNs = before === null ? 0 : sample.atNs - before.atNs
    if (before === null || passedNs <= 0) return []
    return sample.vms.flatMap((vm) => {
      const earlier = before.vms.find((each) => each.vm === vm.vm)
      return earlier === undefined ? [] : [text(earlier, vm, passedNs)]
    })
  }
}

/** What happened to a VM within so many ns. */
type VmChangeText = (from: VmSample, to: VmSample, passedNs: number) => string

/** `a 0.98 used 1.02 waiting`: short enough for a status line. */
export const loadText: VmChangeText = (from, to, passedNs) =>
  `${to.vm} ${meanOf(from, to, 'runNs', passedNs)} used ` +
  `${meanOf(from, to, 'runDelayNs', passedNs)} waiting`

/** pCPUs used or vCPUs that waited, mean of the time between two samples. */
const meanOf = (
  from: VmSample,
  to: VmSample,
  key: 'runNs' | 'runDelayNs',
  passedNs: number,
): string => (Math.max(0, sum(to[key]) - sum(from[key])) / passedNs).toFixed(2)

/** A line on a VM for `host watch`. */
export const sampleText: VmChangeText = (from, to, passedNs) => {
  const grown = (of: (vm: VmSample) => readonly number[]): number => sum(of(to)) - sum(of(from))
  const used = meanOf(from, to, 'runNs', passedNs)
  const waiting = meanOf(from, to, 'runDelayNs', passedNs)
  const perSecond = (count: number): string => countText((count / passedNs) * 1e9)
  const switches = grown((vm) => vm.voluntary) + grown((vm) => vm.involuntary)
  const online = to.online === null ? '' : `, ${to.online} vCPUs by the scheme`
  const where = to.pcpu.map((pcpu) => pcpu ?? '?').join(' ')
  return (
    `${to.vm}: uses ${used} pCPUs, ${waiting} vCPUs wait, ` +
    `${perSecond(switches)} switches/s, on ${where}${online}`
  )
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
