/** A crew let go and watched: samples and counters from the barrier until all are done. */
import { performance } from 'node:perf_hooks'
import type { RunReport, Sample } from '../../core/contract/agent/work.ts'
import type { Vm } from '../backend/vm.ts'
import { kvmCounters, type Observed } from '../observe/kvm-counters.ts'
import { SampleLog } from '../observe/sample-log.ts'
import type { HostFiles } from '../proc/host-files.ts'
import { Sampler, type CountInForce } from '../sample/sampler.ts'
import { streamSamples } from '../sample/stream-samples.ts'
import type { Call } from '../serve/handlers.ts'
import { merge } from './counters.ts'
import { cpuUse, cpuUseBetween } from './cpu-use.ts'
import type { Crew } from './crew.ts'
import { guestCounters } from './guest-counters.ts'
import { runReport } from './run-report.ts'

/** What is looked at, and how. */
export type Watch = {
  readonly files: HostFiles
  readonly vms: readonly Vm[]
  readonly countInForce: CountInForce
  readonly periodMs: number
  readonly call: Call<'run'>
}

/** Opens a crew's barriers, watches it to its end, and reports. @throws LabError as Crew does */
export async function observeRun(crew: Crew, watch: Watch): Promise<RunReport> {
  const { files, vms, countInForce } = watch
  const before = await countersOf(watch)
  const usedBefore = cpuUse(files, vms)
  const sampledFromMs = performance.now()
  const sampler = new Sampler(files, vms, countInForce)
  try {
    const samples = await follow(crew, sampler, watch)
    const used = cpuUseBetween(usedBefore, cpuUse(files, vms))
    const after = await countersOf(watch)
    const dones = await crew.finish()
    const { clockErrorMs } = crew
    return runReport({ dones, clockErrorMs, samples, sampledFromMs, before, after, ...used })
  } finally {
    sampler.close()
  }
}

/** Samples from before the barrier until all have their iterations. */
async function follow(crew: Crew, sampler: Sampler, watch: Watch): Promise<Sample[]> {
  const { periodMs, call } = watch
  const log = new SampleLog()
  const stop = new AbortController()
  const signal = AbortSignal.any([call.signal, stop.signal])
  const take = (sample: Sample) => {
    log.add(sample)
    return call.emit({ sample })
  }
  const sampling = streamSamples(sampler, { periodMs, durationMs: Infinity }, take, signal)
  const following = crew.release().then(() => crew.follow())
  try {
    // Sampling ends first only when it fails: a VM is gone, or the lab.
    await Promise.race([following, sampling])
  } catch (error) {
    // The signal's own reason says more than that something was aborted.
    call.signal.throwIfAborted()
    throw error
  } finally {
    stop.abort()
    await Promise.allSettled([sampling])
    // Where sampling failed, following is left to the crew's dismissal.
    following.catch(() => undefined)
  }
  log.add(sampler.read())
  return log.all()
}

function countersOf({ files, vms }: Watch): Promise<Observed[]> {
  return Promise.all(
    vms.map(async (vm) => merge(await guestCounters(vm), kvmCounters(files, vm.identity))),
  )
}
