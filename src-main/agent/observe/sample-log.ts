/**
 * Samples of a run, as many as a frame can carry: when they are too many every second one goes, so
 * that a long run keeps its whole course at a coarser step.
 */
import type { Sample } from '../../core/contract/agent/work.ts'

/** Numbers in all samples together: about 2 MB of JSON, half a frame. */
const NUMBERS_MAX = 150_000
const SAMPLES_MIN = 20

/** Keeps samples in order. */
export class SampleLog {
  #samples: Sample[] = []
  #stride = 1
  #seen = 0
  #last: Sample | null = null

  add(sample: Sample): void {
    this.#last = sample
    if (this.#seen++ % this.#stride !== 0) return
    this.#samples.push(sample)
    if (this.#samples.length <= Math.max(SAMPLES_MIN, NUMBERS_MAX / numbersIn(sample))) return
    this.#samples = this.#samples.filter((_sample, index) => index % 2 === 0)
    this.#stride *= 2
  }

  /** What is kept, the first and the last sample among it. */
  all(): Sample[] {
    const last = this.#last
    return last === null || this.#samples.at(-1) === last ? this.#samples : [...this.#samples, last]
  }
}

function numbersIn({ vms, pcpuBusyNs }: Sample): number {
  return vms.reduce((sum, vm) => sum + 2 + 5 * vm.runNs.length, 1 + pcpuBusyNs.length)
}
