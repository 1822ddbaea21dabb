// The real agent as a child process, spoken to in frames: for tests of the agent itself, which must
// not depend on the lab's side of the protocol.
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { AGENT_MAGIC, encodeFrame, FrameReader } from '../../src-main/core/contract/agent/frame.ts'
import type {
  AgentMethod,
  AgentOutput,
  Hello,
} from '../../src-main/core/contract/agent/protocol.ts'

/** A frame of the agent's, unchecked. */
export type RawFrame = {
  readonly hello?: Hello['hello']
  readonly id?: number | null
  readonly result?: unknown
  readonly event?: unknown
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string }
}

/** The agent's program. */
export const AGENT_MAIN = path.resolve(import.meta.dirname, '../../src-main/agent/main.ts')

/** How a test starts an agent. */
export type AgentProcessOptions = {
  /** Program to run instead of the sources, for a test's own handlers. */
  readonly main?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Starts it by other means, over ssh say; `main` and `args` do not count then. */
  readonly command?: readonly string[]
}

/**
 * The agent as a child process. Its journal is its own and ends with it, unless XDG_STATE_HOME is
 * given. Killed by `kill`, ended in order by `end`.
 */
export class AgentProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Every frame so far, in order; and what it wrote on stderr. */
  readonly frames: RawFrame[] = []
  stderr = ''
  readonly #waiting = new Set<() => void>()
  #nextId = 1

  constructor(options: AgentProcessOptions = {}) {
    const local = [process.execPath, options.main ?? AGENT_MAIN, ...(options.args ?? [])]
    const [program = '', ...argv] = options.command ?? local
    const state = mkdtempSync(path.join(os.tmpdir(), 'flexlab-state-'))
    const env = { ...process.env, XDG_STATE_HOME: state, ...options.env }
    this.child = spawn(program, argv, { env, stdio: 'pipe', shell: false })
    const read = this.#reader()
    this.child.stdout.on('data', (chunk: Buffer) => {
      read(chunk)
      for (const check of [...this.#waiting]) check()
    })
    this.child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
    this.child.stdin.on('error', () => undefined)
    this.child.on('close', () => {
      rmSync(state, { recursive: true, force: true })
      for (const check of [...this.#waiting]) check()
    })
  }

  #reader(): (chunk: Buffer) => void {
    const frames = new FrameReader()
    let opening: Buffer | null = Buffer.alloc(0)
    return (chunk) => {
      let rest = chunk
      if (opening !== null) {
        opening = Buffer.concat([opening, chunk])
        if (opening.length < AGENT_MAGIC.length) return
        if (!opening.toString('latin1').startsWith(AGENT_MAGIC)) throw new Error('no magic line')
        rest = opening.subarray(AGENT_MAGIC.length)
        opening = null
      }
      const values = frames.push(rest)
      if (!values.ok) throw new Error(values.error)
      this.frames.push(...(values.value as RawFrame[]))
    }
  }

  /** Sends any value as a frame. */
  send(value: unknown): void {
    this.sendBytes(encodeFrame(value))
  }

  sendBytes(bytes: Uint8Array): void {
    this.child.stdin.write(bytes)
  }

  /** Sends a request and gives its id. */
  request(method: AgentMethod, params: unknown = {}): number {
    const id = this.#nextId++
    this.send({ id, method, params })
    return id
  }

  /** Sends a request and gives its result. @throws Error with code and message of its error */
  async call<M extends AgentMethod>(method: M, params: unknown = {}): Promise<AgentOutput<M>> {
    const id = this.request(method, params)
    const answer = await this.frame((frame) => frame.id === id && frame.event === undefined)
    if (answer.error) throw new Error(`${answer.error.code}: ${answer.error.message}`)
    return answer.result as AgentOutput<M>
  }

  /** The first frame, so far or to come, that fits. @throws Error when the agent ends without */
  frame(fits: (frame: RawFrame) => boolean): Promise<RawFrame> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = this.frames.find(fits)
        const isOver = this.child.stdout.closed
        if (found === undefined && !isOver) return
        this.#waiting.delete(check)
        if (found) resolve(found)
        else reject(new Error(`the agent ended: ${this.stderr}`))
      }
      this.#waiting.add(check)
      check()
    })
  }

  /** Closes its stdin and gives its exit code. */
  async end(): Promise<number | null> {
    this.child.stdin.end()
    return this.exited()
  }

  /** Its exit code once it is over; null when a signal ended it. */
  async exited(): Promise<number | null> {
    const { exitCode, signalCode } = this.child
    if (exitCode === null && signalCode === null) await once(this.child, 'close')
    return this.child.exitCode
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal)
  }
}
