/** The method `sample`: a sample each period, on the beat of the start, until it is cancelled. */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sample } from '../../core/contract/agent/work.ts'
import type { Sampler } from './sampler.ts'

/** When and how long. */
export type SampleTimes = { readonly periodMs: number; readonly durationMs: number }

/**
 * Emits samples, the first at once, and gives their number. Beats that pass while the lab does not
 * take the last sample are left out. A cancel is its ordinary end.
 */
export async function streamSamples(
  sampler: Sampler,
  { periodMs, durationMs }: SampleTimes,
  emit: (sample: Sample) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  const startMs = performance.now()
  let samples = 0
  for (let beat = 0; beat * periodMs <= durationMs;) {
    const waitMs = startMs + beat * periodMs - performance.now()
    if (waitMs > 0) await sleep(waitMs, undefined, { signal })
    signal.throwIfAborted()
    await emit(sampler.read())
    samples++
    beat = Math.max(beat + 1, Math.ceil((performance.now() - startMs) / periodMs))
  }
  return samples
}
