/**
 * The byte streams of a started agent as frames: finds the magic line behind a shell's banner,
 * checks every frame, and says in words why it ended.
 */
import * as v from 'valibot'
import { LabError } from '../core/base/lab-error.ts'
import {
  AGENT_MAGIC,
  BANNER_BYTES_MAX,
  encodeFrame,
  FrameReader,
} from '../core/contract/agent/frame.ts'
import {
  AgentFrameSchema,
  HelloSchema,
  type AgentFrame,
  type Hello,
  type LabFrame,
} from '../core/contract/agent/protocol.ts'
import type { HostShell } from './host-shell.ts'
import { lastLines } from './printable.ts'
import type { Exit, Transport } from './start-program.ts'

/** Who is told of what comes: the hello once, then frames; the end once, null when we closed it. */
export type LinkListener = {
  readonly onHello: (hello: Hello['hello']) => void
  readonly onFrame: (frame: AgentFrame) => void
  readonly onEnd: (reason: LabError | null) => void
}

type Stage = 'banner' | 'hello' | 'frames' | 'ended'

const MAGIC = Buffer.from(AGENT_MAGIC)
/** A login shell may be slow, and an agent may have a host to put back before it says hello, ms. */
const TIMEOUT_MS = { banner: 60_000, hello: 180_000 }
/** How long an agent may take to put the host back at a close; then it does so without us, ms. */
const CLOSE_TIMEOUT_MS = 60_000

const RESTORED_HINT = 'What was applied to the host is put back there without us; see its journal.'

/** A started agent. */
export class AgentLink {
  readonly #shell: HostShell
  readonly #transport: Transport
  readonly #listener: LinkListener
  readonly #frames = new FrameReader()
  #stage: Stage = 'banner'
  #noise: Buffer = Buffer.alloc(0)
  #timer: NodeJS.Timeout
  #isClosing = false

  constructor(shell: HostShell, transport: Transport, listener: LinkListener) {
    this.#shell = shell
    this.#transport = transport
    this.#listener = listener
    this.#timer = setTimeout(() => this.#fail('it did not start in time'), TIMEOUT_MS.banner)
    transport.output.on('data', (chunk: Buffer) => this.#read(chunk))
    void transport.exited.then((exit) => this.#end(this.#isClosing ? null : this.#reason(exit)))
  }

  /** @throws RangeError for a frame that is too large */
  send(frame: LabFrame): void {
    if (this.#stage !== 'ended') this.#transport.input.write(encodeFrame(frame))
  }

  /** Ends the agent in order; resolves when it has ended, or is left to end by itself. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#transport.input.end()
    const timer = setTimeout(this.#transport.kill, CLOSE_TIMEOUT_MS)
    await this.#transport.exited
    clearTimeout(timer)
  }

  /** Ends it at once, for a reason of ours. */
  abort(reason: LabError): void {
    this.#end(reason)
    this.#transport.kill()
  }

  #read(chunk: Buffer): void {
    if (this.#stage === 'ended') return
    if (this.#stage !== 'banner') {
      this.#readFrames(chunk)
      return
    }
    this.#noise = Buffer.concat([this.#noise, chunk])
    const at = this.#noise.indexOf(MAGIC)
    if (at >= 0) {
      const rest = this.#noise.subarray(at + MAGIC.length)
      this.#stage = 'hello'
      this.#restartTimer()
      this.#readFrames(rest)
    } else if (this.#noise.length > BANNER_BYTES_MAX) {
      this.#fail('the host prints without end where the agent should speak')
    }
  }

  #restartTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#fail('it said no hello in time'), TIMEOUT_MS.hello)
  }

  #readFrames(chunk: Uint8Array): void {
    const values = this.#frames.push(chunk)
    if (!values.ok) {
      this.#fail(values.error)
      return
    }
    for (const value of values.value) this.#take(value)
  }

  #take(value: unknown): void {
    if (this.#stage === 'hello') {
      const hello = v.safeParse(HelloSchema, value)
      if (!hello.success) return this.#fail('its first frame is no hello')
      clearTimeout(this.#timer)
      this.#stage = 'frames'
      return this.#listener.onHello(hello.output.hello)
    }
    const frame = v.safeParse(AgentFrameSchema, value)
    if (!frame.success) return this.#fail('it sent a frame that is none of the protocol')
    // A listener may have ended us.
    if (this.#stage === 'frames') this.#listener.onFrame(frame.output)
  }

  #fail(what: string): void {
    const isStarted = this.#stage === 'frames'
    const hint = isStarted ? RESTORED_HINT : 'See what its login shell prints (.profile, .bashrc).'
    const message = `the agent on ${this.#shell.target} is given up: ${what}`
    this.abort(this.#error(message, this.#transport.stderr(), hint))
  }

  #reason(exit: Exit): LabError {
    const isStarted = this.#stage !== 'banner'
    const failure = this.#shell.explain(exit, isStarted)
    if (failure !== null) return failure
    const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal
    const verb = isStarted ? 'has ended' : 'did not start'
    const message = `the agent on ${this.#shell.target} ${verb} (${how})`
    return this.#error(message, exit.stderr, RESTORED_HINT)
  }

  /** With what came instead of the magic line, and the last lines of the error output. */
  #error(message: string, stderr: string, hint: string): LabError {
    const noise = this.#stage === 'banner' ? lastLines(this.#noise.toString('utf8')) : ''
    const said = [message, noise, lastLines(stderr)].filter((text) => text !== '')
    return new LabError('unavailable', said.join(': '), hint)
  }

  #end(reason: LabError | null): void {
    if (this.#stage === 'ended') return
    this.#stage = 'ended'
    clearTimeout(this.#timer)
    this.#listener.onEnd(reason)
  }
}
