/** What a host has, before anything is put on it: parsed from what the constant script prints. */
import { LabError } from '../../core/base/lab-error.ts'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { HostShell } from '../host-shell.ts'
import { lastLines, printable } from '../printable.ts'
import { finish } from '../start-program.ts'
import { PROBE, PROBE_BEGIN, PROBE_END } from './scripts.ts'

/** A Node on the host: `path` for the one of its PATH, else the hash of one that we uploaded. */
export type HostNode = { readonly place: string; readonly major: number }

/** What a host has. */
export type Probe = {
  /** `Linux x86_64`. */
  readonly system: string
  readonly home: string
  /** The C library as the host tells it: `glibc 2.36`, `musl libc (x86_64)`. */
  readonly libc: string
  readonly canWrite: boolean
  /** Bytes free where the agent goes; null where df does not tell. */
  readonly freeBytes: number | null
  readonly canGunzip: boolean
  readonly nodes: readonly HostNode[]
  /** SHA-256 of each agent that is there. */
  readonly agents: readonly string[]
}

const TIMEOUT_MS = 60_000
const SHA256 = /^[0-9a-f]{64}$/
/** File system, blocks, used, available, capacity: POSIX's format of df. */
const DF = /\s\d+\s+\d+\s+(\d+)\s+\d+%\s/

/**
 * Asks a host what it has.
 * @throws LabError why the connection failed, or what the host answered instead
 */
export async function probeHost(shell: HostShell, signal?: AbortSignal): Promise<Probe> {
  const transport = await shell.start(PROBE)
  const { stdout, ...exit } = await finish(transport, { timeoutMs: TIMEOUT_MS, signal })
  const parsed = parseProbe(stdout)
  if (parsed.ok) return parsed.value
  const failure = shell.explain(exit, false)
  if (failure !== null) throw failure
  const answer = exit.signal === 'SIGKILL' ? 'it did not answer in time' : parsed.error
  const said = [lastLines(stdout), lastLines(exit.stderr)].filter((text) => text !== '')
  throw new LabError(
    'unavailable',
    [`${shell.target} does not run commands: ${answer}`, ...said].join(': '),
    'The lab needs a login with a POSIX shell; see that this works: ssh HOST uname',
  )
}

/** Reads the lines between the marks; unknown ones are ignored. */
function parseProbe(output: string): Result<Probe, string> {
  const lines = output.split(/\r?\n/)
  const [begin, end] = [lines.indexOf(PROBE_BEGIN), lines.lastIndexOf(PROBE_END)]
  if (begin < 0 || end < begin) return err('its answer is cut off')
  const facts = lines.slice(begin + 1, end).map(nameAndValue)
  const all = (name: string) => facts.flatMap(([key, value]) => (key === name ? [value] : []))
  const one = (name: string) => printable(all(name)[0] ?? '').trim()
  if (one('system') === '' || one('home') === '') return err('it has no uname or no HOME')
  const free = DF.exec(`${one('free')} `)
  return ok({
    system: one('system'),
    home: one('home'),
    libc: one('libc'),
    canWrite: one('writable') === 'yes',
    freeBytes: free === null ? null : Number(free[1]) * 1024,
    canGunzip: one('gzip') === 'yes',
    nodes: all('node').flatMap(hostNode),
    agents: all('agent').filter((hash) => SHA256.test(hash)),
  })
}

function nameAndValue(line: string): [string, string] {
  const at = line.indexOf(' ')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
}

/** `PLACE vMAJOR.…`; one that does not tell its version is none. */
function hostNode(value: string): HostNode[] {
  const match = /^(path|[0-9a-f]{64}) v(\d{1,4})\./.exec(value)
  return match === null ? [] : [{ place: match[1]!, major: Number(match[2]) }]
}
