/** doctor: what works on this machine, what does not, and what to do about it. */
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '../../core/base/lab-error.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import type { Store } from '../../store/index.ts'
import { runtimeText } from '../environment.ts'
import type { WorkerPool } from '../runner/pool.ts'
import type { UserFiles } from '../user-files/load-user-files.ts'
import { failed, passed, warned } from './check.ts'
import type { Check } from './check.ts'
import { findElectron, findProgram, packageFolder } from './programs.ts'

const NODE_MIN = 24
const GIB = 2 ** 30
const DISK_LOW_BYTES = 1 * GIB
const DISK_FULL_BYTES = 0.1 * GIB
const BROWSERS = [
  ...['xdg-open', 'chromium', 'chromium-browser', 'google-chrome', 'firefox', 'microsoft-edge'],
  ...['open', 'explorer'],
]
const FONTS = ['source-sans', 'source-code-pro']

/** All checks, in the order in which they are shown. */
export async function examine(
  store: Store,
  pool: WorkerPool,
  tiny: Scenario,
  userFiles: UserFiles,
): Promise<Check[]> {
  return [
    checkRuntime(),
    await checkLibrary(store),
    await checkDisk(store),
    await checkSimulator(pool, tiny),
    checkUserFiles(userFiles),
    checkFonts(),
    checkBrowser(),
    checkElectron(),
    checkSsh(),
  ]
}

function checkRuntime(): Check {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= NODE_MIN) return passed('runtime', runtimeText())
  const fix = 'start it with `npm run flexlab -- …`, which uses the project’s own Node'
  return failed('runtime', `${runtimeText()}, needs Node.js ${NODE_MIN} or newer`, fix)
}

async function checkLibrary(store: Store): Promise<Check> {
  const { file, schemaVersion, readOnly, sqliteVersion, runs, campaigns } = await store.info()
  const content = `${campaigns} campaigns, ${runs} runs`
  const detail = `${file}, ${content}, schema ${schemaVersion}, SQLite ${sqliteVersion}`
  if (!readOnly) return passed('library', detail)
  const fix = 'update FlexCore Lab, or use another library (--db FILE)'
  return warned('library', `${detail}; a newer app wrote it, so it is read-only`, fix)
}

async function checkDisk(store: Store): Promise<Check> {
  const { file } = await store.info()
  if (file === ':memory:') return passed('disk', 'the library is in memory')
  const { bavail, bsize } = await statfs(path.dirname(file))
  const free = bavail * bsize
  const detail = `${(free / GIB).toFixed(1)} GiB free beside the library`
  const fix = 'free some space, or keep the library elsewhere (--db FILE)'
  if (free < DISK_FULL_BYTES) return failed('disk', detail, fix)
  return free < DISK_LOW_BYTES ? warned('disk', detail, fix) : passed('disk', detail)
}

async function checkSimulator(pool: WorkerPool, tiny: Scenario): Promise<Check> {
  const outcome = await pool.submit(tiny).done
  if (outcome.kind === 'finished') {
    const { events, wallMs } = outcome.result
    const trial = `a trial run took ${events} events, ${wallMs.toFixed(0)} ms`
    return passed('simulator', `${pool.size} workers; ${trial}`)
  }
  const error = outcome.kind === 'failed' ? outcome.error : new LabError('cancelled', 'cancelled')
  return failed('simulator', `a trial run failed: ${error.message}`, error.hint)
}

function checkUserFiles({ known, sources, problems }: UserFiles): Check {
  const counts = `${sources.length} schemes and ${known.ownWorkloads.length} workloads of your own`
  if (problems.length === 0) return passed('own files', counts)
  const broken = problems.map(({ message }) => message).join('; ')
  const hints = problems.flatMap(({ hint }) => (hint === '' ? [] : [hint]))
  const fix = [...hints, 'mend the file, or take it out of the folder (docs/extending.md)'].join(
    '; ',
  )
  return warned('own files', `${counts}; not loaded: ${broken}`, fix)
}

function checkFonts(): Check {
  const missing = FONTS.filter((name) => packageFolder(name) === null)
  if (missing.length === 0) return passed('fonts', 'Source Sans and Source Code Pro are here')
  return warned('fonts', `${missing.join(' and ')} missing: no PDF`, 'run: npm ci')
}

function checkBrowser(): Check {
  const found = findProgram(BROWSERS)
  if (found !== null) return passed('browser', found)
  // The server answers only to 127.0.0.1 and its own port, so the port stays the same on both ends.
  const tunnel = 'ssh -L 8080:127.0.0.1:8080 <this machine> flexlab serve --port 8080'
  const fix = `install one, or use that of another machine: ${tunnel}`
  return warned('browser', 'no program that opens a web page is on the PATH', fix)
}

function checkElectron(): Check {
  if (process.versions['electron'] !== undefined) return passed('electron', runtimeText())
  const { folder, version } = findElectron()
  if (folder !== null) return passed('electron', `${version} in ${folder}`)
  const detail = 'its binary is not here; the workbench opens in the browser instead'
  return warned('electron', detail, 'run: npm start, which fetches it where there is a display')
}

function checkSsh(): Check {
  const found = findProgram(['ssh'])
  if (found !== null) return passed('OpenSSH', found)
  const fix = 'install the OpenSSH client, on Debian: apt install openssh-client'
  return warned('OpenSSH', 'ssh is not on the PATH: no measuring on real hosts', fix)
}
