/** How far siblings drift apart, measured from outside: progress is time not spent waiting. */
import { runDelayNs } from '../../../../src-main/core/model/host-queue.ts'
import type { Machine } from '../../../../src-main/core/model/machine.ts'
import { VCPU } from '../../../../src-main/core/model/vocabulary.ts'

/**
 * The largest difference in progress that two siblings gathered while both were busy: each pair is
 * compared anew when one of the two has idled.
 */
export class Drift {
  readonly #from = new Map<string, number>()
  mostNs = 0

  look(m: Machine): void {
    for (const { firstV, vcpus } of m.vms)
      for (let a = firstV; a < firstV + vcpus; a++)
        for (let b = a + 1; b < firstV + vcpus; b++) this.#pair(m, a, b)
  }

  #pair(m: Machine, a: number, b: number): void {
    const key = `${a} ${b}`
    if (m.vState[a]! < VCPU.runnable || m.vState[b]! < VCPU.runnable) {
      this.#from.delete(key)
      return
    }
    const lead = runDelayNs(m, b) - runDelayNs(m, a)
    const from = this.#from.get(key)
    if (from === undefined) this.#from.set(key, lead)
    else this.mostNs = Math.max(this.mostNs, Math.abs(lead - from))
  }
}
