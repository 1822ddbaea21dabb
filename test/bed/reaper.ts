// Ends a bed in one way, whatever happens: a process of its own holds the list of what was started,
// and kills all of it when its input ends: because the bed is stopped, or because its owner died.
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const SCRIPT = path.join(import.meta.dirname, 'reaper-process.ts')

/** The bed's side of the reaper. */
export class Reaper {
  readonly #process: ChildProcess

  /** Starts the reaper of a bed whose files are all in `folder`; they go last. */
  constructor(folder: string) {
    // In a session of its own, since Ctrl-C at a terminal reaches the whole process group.
    const stdio: StdioOptions = ['pipe', 'ignore', 'inherit']
    const options = { detached: true, stdio, shell: false }
    this.#process = spawn(process.execPath, [SCRIPT, folder], options)
    this.#process.unref()
  }

  /** The process that holds the list. */
  get pid(): number {
    return this.#process.pid!
  }

  /** Has a process, and whatever it has started by then, killed at the end. */
  watch(pid: number): void {
    this.#process.stdin!.write(`process ${pid}\n`)
  }

  /** Has the processes killed whose ids are in `*.pid` files of a folder at the end. */
  watchFolder(folder: string): void {
    this.#process.stdin!.write(`folder ${folder}\n`)
  }

  /** Ends everything; resolves when all is gone. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#process
    if (exitCode !== null || signalCode !== null) return
    this.#process.ref()
    const exit = once(this.#process, 'exit')
    this.#process.stdin!.end()
    await exit
  }
}
