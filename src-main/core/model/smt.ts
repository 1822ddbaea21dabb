/** SMT: a core's hardware threads share its execution units; who is busy slows the others down. */
import { charge } from './charge.ts'
import type { Machine } from './machine.ts'
import { updateSpeed } from './memory.ts'
import { scheduleStep } from './step.ts'
import * as vocabulary from './vocabulary.ts'

const { MODE } = vocabulary

/**
 * Speed of each busy hardware thread by how many of the core's are busy: together they do
 * 1 + (throughput − 1) × (busy − 1) / (threads − 1) times what one alone does.
 */
export function smtSpeeds(threads: number, throughput: number): Float64Array {
  return Float64Array.from({ length: threads + 1 }, (_, busy) => {
    if (busy <= 1) return 1
    return (1 + ((throughput - 1) * (busy - 1)) / (threads - 1)) / busy
  })
}

/** The pCPU became busy (1) or idle (−1): the other hardware threads of its core change pace. */
export function countBusy(m: Machine, p: number, change: number): void {
  const core = m.pCore[p]!
  m.coreBusy[core]! += change
  for (let q = core * m.perCore; q < (core + 1) * m.perCore; q++) {
    const v = m.pCur[q]!
    const t = q === p || v < 0 ? -1 : m.vCur[v]!
    if (t < 0 || m.tOn[t] === 0) continue
    charge(m, t)
    updateSpeed(m, t, q)
    if (m.tMode[t] === MODE.work) scheduleStep(m, t)
  }
}
