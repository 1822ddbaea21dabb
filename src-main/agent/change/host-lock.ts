/**
 * One agent or guardian changes a host at a time. The lock is a name among the abstract sockets of
 * the kernel, which frees it when its holder ends, however it ends: nothing is left to be cleared.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../core/base/lab-error.ts'

const RETRY_MS = 50
const ASK_MS = 500

/** A lock that is held until `release`, or until the process ends. */
export class HostLock {
  readonly #server: net.Server

  constructor(server: net.Server) {
    this.#server = server
  }

  /**
   * Takes the lock of a state folder, waiting for it up to `waitMs`.
   *
   * @throws LabError `conflict` that names the holder's process
   */
  static async take(state: string, waitMs = 0): Promise<HostLock> {
    const name = nameOf(state)
    for (const endMs = performance.now() + waitMs; ; await sleep(RETRY_MS)) {
      const lock = await tryTake(name)
      if (lock !== null) return new HostLock(lock)
      if (performance.now() < endMs) continue
      const who = await holderOf(name)
      const process = who === null ? 'which does not answer' : `process ${who}`
      const hint = 'wait until it has put the host back; a frozen one is ended by its guardian'
      throw new LabError('conflict', `another agent changes this host: ${process}`, hint)
    }
  }

  /** Lets others take it. */
  release(): void {
    this.#server.close()
  }
}

function nameOf(state: string): string {
  const hash = createHash('sha256').update(state).digest('hex').slice(0, 32)
  return `\0flexlab-agent-${process.getuid?.() ?? 0}-${hash}`
}

async function tryTake(name: string): Promise<net.Server | null> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(`${process.pid}\n`)
  })
  server.listen(name)
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null
    throw error
  }
  // The lock itself is no reason to stay.
  server.unref()
  return server
}

/** The holder's process, if it answers. */
async function holderOf(name: string): Promise<number | null> {
  const socket = net.connect(name)
  const signal = AbortSignal.timeout(ASK_MS)
  try {
    const [data] = (await once(socket, 'data', { signal })) as [Buffer]
    const pid = Number(data.toString())
    return Number.isSafeInteger(pid) ? pid : null
  } catch {
    return null
  } finally {
    socket.destroy()
  }
}
