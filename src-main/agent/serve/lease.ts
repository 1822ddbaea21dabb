/**
 * How long the host stays changed without a word from the lab. TCP notices a frozen client late or
 * never (25 s with sshd's keep-alives on the bed), so the agent counts for itself.
 */
import { EventEmitter } from 'node:events'

/** Emits `renewed` with each frame while it is armed, and `expired` once when none came in time. */
export class Lease extends EventEmitter<{ renewed: []; expired: [leaseMs: number] }> {
  #leaseMs: number | null = null
  #timer: NodeJS.Timeout | undefined

  /** Starts to count, ms; again with another time if it counts already. */
  arm(leaseMs: number): void {
    this.#leaseMs = leaseMs
    this.#restart()
  }

  /** Stops counting: nothing is changed any more. */
  disarm(): void {
    this.#leaseMs = null
    clearTimeout(this.#timer)
  }

  /** Whether it counts. */
  get isArmed(): boolean {
    return this.#leaseMs !== null
  }

  /** A frame came. */
  renew(): void {
    if (this.#leaseMs === null) return
    this.#restart()
    this.emit('renewed')
  }

  #restart(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#expire()
    }, this.#leaseMs ?? 0)
  }

  #expire(): void {
    const leaseMs = this.#leaseMs
    this.disarm()
    if (leaseMs !== null) this.emit('expired', leaseMs)
  }
}
