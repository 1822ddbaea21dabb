/** What a run gave: iterations on one time line, counters over it, and what could not be seen. */
import type { IterationSchema, RunReport, VmWorkResult } from '../../core/contract/agent/work.ts'
import type * as v from 'valibot'
import type { Sample } from '../../core/contract/agent/work.ts'
import type { Observed } from '../observe/kvm-counters.ts'
import { growth, merge, vcpuCounters } from './counters.ts'
import type { Done } from './crew.ts'
import { tailOf, timeOf } from './iteration-times.ts'

const NS_PER_MS = 1e6
const NS_PER_US = 1e3

type Iteration = v.InferOutput<typeof IterationSchema>

/** What was seen of the run, from before its barrier to its end. */
export type Seen = {
  readonly dones: readonly Done[]
  readonly clockErrorMs: number
  readonly samples: readonly Sample[]
  /** When sampling began, ms of `performance.now()`. */
  readonly sampledFromMs: number
  /** By VM: counters of guest and KVM before and after. */
  readonly before: readonly Observed[]
  readonly after: readonly Observed[]
  readonly agentCpuNs: number
  readonly foreignCpuNs: number | null
}

/** The report. @throws LabError when an iteration's output holds no time */
export function runReport(seen: Seen): RunReport {
  const { dones } = seen
  const opened = dones.map(({ openedMs }) => openedMs)
  const firstMs = Math.min(...opened)
  const makespanNs = Math.max(...dones.map((done) => ownEndNs(done, firstMs)))
  const barrierNs = (firstMs - seen.sampledFromMs) * NS_PER_MS
  const samples = fromBarrier(seen.samples, barrierNs)
  const before = seen.samples[lastBefore(seen.samples, barrierNs)]!
  const end = samples.find((sample) => sample.atNs >= makespanNs) ?? samples.at(-1)!
  return {
    makespanNs,
    startSkewNs: (Math.max(...opened) - firstMs) * NS_PER_MS,
    vms: dones.map((done, index) => vmResult(seen, done, index, firstMs, [before, end])),
    counters: { startSkewErrorNs: seen.clockErrorMs * NS_PER_MS },
    notObservable: {},
    samples,
    agentCpuNs: seen.agentCpuNs,
    foreignCpuNs: seen.foreignCpuNs,
  }
}

function vmResult(
  seen: Seen,
  done: Done,
  index: number,
  firstMs: number,
  [first, last]: readonly [Sample, Sample],
): VmWorkResult {
  const { part, launched } = done
  const inGuest = growth(seen.before[index]!, seen.after[index]!)
  const onHost = growth(vcpuCounters(first.vms[index]!), vcpuCounters(last.vms[index]!))
  const { counters, notObservable } = merge(onHost, inGuest, programCounters(done))
  return {
    vm: part.vm.name,
    threads: part.command.threads,
    iterations: iterationsOf(done, firstMs),
    counters,
    notObservable,
    tail: tailOf(launched),
  }
}

function iterationsOf(done: Done, firstMs: number): Iteration[] {
  const { part, launched } = done
  const asked = askedOf(done)
  return launched.iterations.map((one, index) => ({
    startNs: startNs(done, firstMs, one.startNs),
    timeNs: timeOf(part.vm.name, part.work.program, launched, one),
    counted: index < asked,
  }))
}

/** CPU time and switches that the guest's kernel charged to the counted iterations' processes. */
function programCounters(done: Done): Observed {
  const counted = done.launched.iterations.slice(0, askedOf(done))
  const sum = (key: 'cpuUs' | 'voluntary' | 'involuntary') =>
    counted.reduce((total, one) => total + one[key], 0)
  const counters = {
    programCpuNs: sum('cpuUs') * NS_PER_US,
    programVoluntary: sum('voluntary'),
    programInvoluntary: sum('involuntary'),
  }
  return { counters, notObservable: {} }
}

/** When a VM had the iterations asked of it, from the first barrier; 0 for one that is load. */
function ownEndNs(done: Done, firstMs: number): number {
  const last = done.launched.iterations[askedOf(done) - 1]
  return last === undefined ? 0 : startNs(done, firstMs, last.startNs) + last.elapsedNs
}

function askedOf({ part }: Done): number {
  return part.work.repeat === 'load' ? 0 : part.work.iterations
}

function startNs({ launched, openedMs }: Done, firstMs: number, guestNs: number): number {
  const gateNs = launched.barrier?.gateNs ?? guestNs
  return Math.max(0, (openedMs - firstMs) * NS_PER_MS + guestNs - gateNs)
}

const lastBefore = (samples: readonly Sample[], barrierNs: number): number =>
  Math.max(
    0,
    samples.findLastIndex((sample) => sample.atNs <= barrierNs),
  )

/**
 * Samples on the time line of the iterations. The last one before the barrier is carried on to it,
 * as 0: the counters grow evenly until the next sample, as far as anyone can tell.
 */
export function fromBarrier(samples: readonly Sample[], barrierNs: number): Sample[] {
  const before = lastBefore(samples, barrierNs)
  const [first, next] = [samples[before], samples[before + 1]]
  const start = next === undefined ? first : sampleAt(first!, next, barrierNs)
  return [...(start === undefined ? [] : [start]), ...samples.slice(before + 1)].map((sample) => ({
    ...sample,
    atNs: Math.max(0, sample.atNs - barrierNs),
  }))
}

/** What a sample at that time would have been; beyond the two, the nearer one. */
function sampleAt(from: Sample, to: Sample, atNs: number): Sample {
  const share = Math.min(1, Math.max(0, (atNs - from.atNs) / (to.atNs - from.atNs)))
  const between = (a: readonly number[], b: readonly number[]): number[] =>
    a.map((value, i) => Math.round(value + share * ((b[i] ?? value) - value)))
  return {
    atNs,
    vms: from.vms.map((vm, i) => {
      const later = to.vms[i]!
      return {
        ...vm,
        runNs: between(vm.runNs, later.runNs),
        runDelayNs: between(vm.runDelayNs, later.runDelayNs),
        voluntary: between(vm.voluntary, later.voluntary),
        involuntary: between(vm.involuntary, later.involuntary),
      }
    }),
    pcpuBusyNs: between(from.pcpuBusyNs, to.pcpuBusyNs),
  }
}
