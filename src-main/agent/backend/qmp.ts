/**
 * QEMU's monitor (QMP): which threads are vCPUs, whether it runs, whether KVM is used. A monitor
 * serves one client; where another has it, ours gets no greeting and gives up.
 */
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'
import { Deadline, DeadlineError } from './deadline.ts'
import { parseAnswer, parseJson, replyValue } from './guest-channel.ts'
import { LineSocket } from './line-socket.ts'
import { Turns } from './turns.ts'

const GREETING_MS = 1000
const CALL_MS = 2000

const CpusSchema = v.array(
  v.object({ 'cpu-index': v.number(), 'thread-id': v.pipe(v.number(), v.safeInteger()) }),
)
const StatusSchema = v.object({ running: v.boolean(), status: v.string() })
const KvmSchema = v.object({ enabled: v.boolean() })
const IdSchema = v.object({ id: v.number() })

/** A monitor's socket, connected while it is needed. */
export class QmpClient {
  readonly #path: string
  readonly #turns = new Turns()
  #socket: LineSocket | null = null
  #lastId = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Host threads by vCPU index. */
  async vcpuThreads(): Promise<{ readonly index: number; readonly tid: number }[]> {
    const cpus = parseAnswer('query-cpus-fast', CpusSchema, await this.#call('query-cpus-fast'))
    return cpus.map((cpu) => ({ index: cpu['cpu-index'], tid: cpu['thread-id'] }))
  }

  /** Whether its vCPUs run. */
  async isRunning(): Promise<boolean> {
    return parseAnswer('query-status', StatusSchema, await this.#call('query-status')).running
  }

  /** Whether it uses hardware virtualisation. */
  async usesKvm(): Promise<boolean> {
    return parseAnswer('query-kvm', KvmSchema, await this.#call('query-kvm')).enabled
  }

  close(): void {
    this.#socket?.close()
  }

  #call(command: string): Promise<unknown> {
    const deadline = new Deadline(CALL_MS)
    return this.#turns.take(command, deadline, async () => {
      const socket = this.#socket ?? (await this.#connect(deadline))
      socket.hold()
      try {
        return await this.#execute(socket, command, deadline)
      } finally {
        socket.release()
      }
    })
  }

  async #connect(deadline: Deadline): Promise<LineSocket> {
    const greetingDeadline = deadline.within(GREETING_MS)
    const socket = await LineSocket.connect(this.#path, greetingDeadline)
    try {
      await greetingDeadline.race('greeting', nextLine(socket, isGreeting))
      await this.#execute(socket, 'qmp_capabilities', deadline)
    } catch (error) {
      socket.close()
      if (!(error instanceof DeadlineError)) throw error
      throw new LabError('unavailable', `its monitor ${this.#path} serves another client`)
    }
    this.#socket = socket
    socket.once('closed', () => {
      this.#socket = null
    })
    return socket
  }

  async #execute(socket: LineSocket, command: string, deadline: Deadline): Promise<unknown> {
    const id = ++this.#lastId
    const answer = nextLine(socket, (line) => {
      const reply = v.safeParse(IdSchema, parseJson(line.toString()))
      return reply.success && reply.output.id === id
    })
    socket.write(Buffer.from(`${JSON.stringify({ execute: command, id })}\n`))
    return replyValue(command, (await deadline.race(command, answer)).toString())
  }
}

const isGreeting = (line: Buffer): boolean => line.toString().startsWith('{"QMP"')

/** The next line that fits; events and late answers are passed over. */
function nextLine(socket: LineSocket, fits: (line: Buffer) => boolean): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const done = () => {
    socket.off('line', onLine)
    socket.off('closed', onClosed)
  }
  const onClosed = (error: LabError) => {
    done()
    reject(error)
  }
  const onLine = (line: Buffer) => {
    if (!fits(line)) return
    done()
    resolve(line)
  }
  socket.on('line', onLine)
  socket.on('closed', onClosed)
  // Whoever raced it against a deadline may no longer listen.
  promise.catch(() => undefined)
  return promise
}
