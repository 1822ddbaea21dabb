/**
 * Load balancing of credit2 (credit2.c, balance_load): between the sockets that are furthest apart,
 * the push, pull or swap of vCPUs that leaves the least difference. Loads are averages over about a
 * second, so it is slow. Xen moves running vCPUs too; here only those that wait.
 */
import { requestReschedule } from '../model/events.ts'
import { mayUse, moveQueued, runDelayNs } from '../model/host-queue.ts'
import type { Machine } from '../model/machine.ts'
import type { SimSpec } from '../model/spec.ts'
import { VCPU } from '../model/vocabulary.ts'

/** Least difference that is balanced: with pCPUs to spare (2^0), and of full sockets (2^-3). */
const UNDERLOAD = 1
const OVERLOAD = 1 / 8

/** Averages of load, and what follows from them. */
export class LoadBalance {
  readonly #windowNs: number
  readonly #load: Float64Array
  readonly #busyNs: Float64Array
  readonly #socketLoad: Float64Array
  readonly #pushable: Int32Array
  readonly #pullable: Int32Array
  #updatedAt = 0
  #push = -1
  #pull = -1

  constructor(spec: SimSpec, windowNs: number) {
    const vcpus = spec.vms.reduce((sum, vm) => sum + vm.vcpus, 0)
    this.#windowNs = windowNs
    this.#load = new Float64Array(vcpus).fill(1)
    this.#busyNs = new Float64Array(vcpus)
    this.#socketLoad = new Float64Array(spec.topology.sockets)
    this.#pushable = new Int32Array(vcpus)
    this.#pullable = new Int32Array(vcpus)
  }

  /** Balances once, if the loads are far enough apart. */
  run(m: Machine): void {
    if (m.sockets === 1) return
    this.#update(m)
    const low = this.#extreme(m, -1)
    const high = this.#extreme(m, 1)
    const gap = this.#socketLoad[high]! - this.#socketLoad[low]!
    const isFull = this.#socketLoad[high]! >= m.perSocket
    if (gap < (isFull ? OVERLOAD : UNDERLOAD)) return
    this.#consider(m, high, low, gap)
    if (this.#push >= 0) move(m, this.#push, low)
    if (this.#pull >= 0) move(m, this.#pull, high)
  }

  /** A vCPU's load: how much of the time it was runnable, decaying over the window. */
  #update(m: Machine): void {
    const pastNs = m.now - this.#updatedAt
    if (pastNs === 0) return
    const decay = Math.min(1, pastNs / this.#windowNs)
    this.#updatedAt = m.now
    this.#socketLoad.fill(0)
    for (let v = 0; v < m.vcpus; v++) {
      const nowNs = m.vState[v] === VCPU.running ? m.now - m.vExecAt[v]! : 0
      const busyNs = m.vRanNs[v]! + nowNs + runDelayNs(m, v)
      const recent = (busyNs - this.#busyNs[v]!) / pastNs
      this.#busyNs[v] = busyNs
      this.#load[v]! += decay * (recent - this.#load[v]!)
      this.#socketLoad[m.pSocket[m.vP[v]!]!]! += this.#load[v]!
    }
  }

  /** The socket of most (sign 1) or least (−1) load. */
  #extreme(m: Machine, sign: number): number {
    let best = 0
    for (let s = 1; s < m.sockets; s++)
      if (sign * this.#socketLoad[s]! > sign * this.#socketLoad[best]!) best = s
    return best
  }

  #consider(m: Machine, high: number, low: number, gap: number): void {
    const pushes = this.#collect(m, high, low, this.#pushable)
    const pulls = this.#collect(m, low, high, this.#pullable)
    let least = gap
    this.#push = -1
    this.#pull = -1
    for (let i = 0; i <= pushes; i++)
      for (let k = 0; k <= pulls; k++) {
        const v = i < pushes ? this.#pushable[i]! : -1
        const w = k < pulls ? this.#pullable[k]! : -1
        const moved = (v < 0 ? 0 : this.#load[v]!) - (w < 0 ? 0 : this.#load[w]!)
        const left = Math.abs(gap - 2 * moved)
        if (left >= least) continue
        least = left
        this.#push = v
        this.#pull = w
      }
  }

  #collect(m: Machine, from: number, to: number, into: Int32Array): number {
    let count = 0
    for (let v = 0; v < m.vcpus; v++) if (mayMove(m, v, from, to)) into[count++] = v
    return count
  }
}

const mayMove = (m: Machine, v: number, from: number, to: number): boolean =>
  m.vState[v] === VCPU.runnable &&
  m.vHeld[v] === 0 &&
  m.pSocket[m.vP[v]!] === from &&
  target(m, v, to) >= 0

/** The pCPU of a socket with the shortest queue that the vCPU may use; −1: none. */
function target(m: Machine, v: number, socket: number): number {
  let best = -1
  for (let p = socket * m.perSocket; p < (socket + 1) * m.perSocket; p++)
    if (mayUse(m, v, p) && (best < 0 || m.pCount[p]! < m.pCount[best]!)) best = p
  return best
}

function move(m: Machine, v: number, socket: number): void {
  const to = target(m, v, socket)
  moveQueued(m, v, to)
  if (m.pCur[to]! < 0) requestReschedule(m, to)
}
