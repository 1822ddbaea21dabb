/** `flexlab serve` as its own process with a fresh library, for tests that drive the workbench. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '..', '..', '..')
const CLI = path.join(ROOT, 'src-main/hosts/cli/main.ts')

/** A served lab. `url` holds the token; `folder` is the test's own. */
export type ServedLab = {
  readonly url: string
  readonly folder: string
  /** Ends the server as the user would, with Ctrl-C, and removes its folder. */
  readonly stop: () => Promise<void>
}

/** Starts `flexlab serve` on a new library, or a given one, and waits until it says its address. */
export const serveLab = (library?: string): Promise<ServedLab> => launch([CLI, 'serve'], library)

/** Does what `npm start` does on a machine without a display: the workbench in the browser. */
export const startLab = (): Promise<ServedLab> =>
  launch([path.join(ROOT, 'bootstrap.mjs'), 'start'])

async function launch(command: readonly string[], library?: string): Promise<ServedLab> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'flexlab-e2e-'))
  const args = [...command, '--db', library ?? path.join(folder, 'library.sqlite')]
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...environment } = process.env
  // Its list of recent libraries is not the user's.
  const env = { ...environment, XDG_DATA_HOME: folder }
  const server = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
    env,
  })
  return {
    url: await addressOf(server),
    folder,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      if (server.exitCode === null && server.kill('SIGINT')) await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const read = (chunk: Buffer) => {
      said += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${said}`)))
  })
}
