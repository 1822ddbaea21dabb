/** The agent's side of its guardian: starts it, feeds it, sees that it is there, dismisses it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { performance } from 'node:perf_hooks'
import type { Readable, Writable } from 'node:stream'
import { LabError } from '../../core/base/lab-error.ts'
import { DISMISS, FEED, guardianArguments, type GuardianTask } from './guardian.ts'

const START_MS = 10_000
const DISMISS_MS = 2000
/** Feeds in a lease, so that one that is late is no reason to act. */
const FEEDS = 5

/** Emits `lost` once when the guardian has ended, or no longer answers, without being dismissed. */
export class GuardianProcess extends EventEmitter<{ lost: [] }> {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #input: Writable
  readonly #timer: NodeJS.Timeout
  #answeredAtMs = performance.now()
  #isOver = false

  constructor(child: ChildProcess, input: Writable, output: Readable, leaseMs: number) {
    super()
    this.#child = child
    this.#input = input
    this.pid = child.pid!
    output.on('data', () => {
      this.#answeredAtMs = performance.now()
    })
    child.once('exit', () => {
      this.#lose()
    })
    this.#timer = setInterval(() => {
      this.#feed(leaseMs)
    }, leaseMs / FEEDS)
    this.#feed(leaseMs)
  }

  /**
   * Starts the agent's own program as a guardian; resolves when it watches.
   *
   * @param program how this program is started: Node's options and the script
   * @throws LabError `unavailable` when it does not come to that
   */
  static async start(program: readonly string[], task: GuardianTask): Promise<GuardianProcess> {
    const argv = [...program, ...guardianArguments(task)]
    const stdio = ['pipe', 'pipe', 'ignore'] as const
    const child = spawn(process.execPath, argv, { detached: true, stdio: [...stdio] })
    const { stdin, stdout } = child as ChildProcess & { stdin: Writable; stdout: Readable }
    // A broken pipe means that it ended, which its exit tells.
    stdin.on('error', () => undefined)
    const signal = AbortSignal.timeout(START_MS)
    try {
      const ended = once(child, 'exit', { signal }).then(() => {
        throw new Error('it ended at once')
      })
      await Promise.race([once(stdout, 'data', { signal }), ended])
    } catch (error) {
      child.kill('SIGKILL')
      const why = error instanceof Error ? error.message : String(error)
      throw new LabError('unavailable', `the guardian could not be started: ${why}`)
    }
    child.unref()
    return new GuardianProcess(child, stdin, stdout, task.leaseMs)
  }

  /** Lets it go: the host is put back. */
  async dismiss(): Promise<void> {
    this.#isOver = true
    clearInterval(this.#timer)
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit', { signal: AbortSignal.timeout(DISMISS_MS) })
    this.#input.end(DISMISS)
    await exit.catch(() => this.#child.kill('SIGKILL'))
  }

  #feed(leaseMs: number): void {
    if (performance.now() - this.#answeredAtMs > 2 * leaseMs) {
      // Frozen: it would guard nobody. Its end is noticed as any other.
      this.#child.kill('SIGKILL')
      return
    }
    this.#input.write(FEED)
  }

  #lose(): void {
    clearInterval(this.#timer)
    if (this.#isOver) return
    this.#isOver = true
    this.emit('lost')
  }
}
