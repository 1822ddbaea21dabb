/**
 * What ssh makes of a name: `ssh -G` prints its configuration for a host, whatever of ssh_config,
 * Include and Match went into it. Only the few lines that the lab needs are read.
 */
import { err, ok, type Result } from '../core/base/result.ts'

/** A host as ssh's configuration has it. */
export type ResolvedHost = {
  readonly user: string
  readonly hostname: string
  readonly port: number
  /** The name under which known_hosts files have its key: `host`, or `[host]:port`. */
  readonly keyName: string
  /** Hosts on the way, as ssh has them; null when it is reached directly. */
  readonly proxyJump: string | null
  /** The user's own, tilde expanded, in ssh's order. */
  readonly knownHostsFiles: readonly string[]
}

const PORT_DEFAULT = 22

/** Reads the output of `ssh -G`: a line each of `key value`, keys in lower case. */
export function parseResolvedHost(output: string): Result<ResolvedHost, string> {
  const values = new Map(output.split('\n').map(keyAndValue))
  const [user, hostname] = [values.get('user'), values.get('hostname')]
  const port = Number(values.get('port'))
  if (user === undefined || hostname === undefined || !isPort(port)) {
    return err('ssh -G does not tell user, hostname and port')
  }
  const alias = values.get('hostkeyalias')
  const jump = values.get('proxyjump')
  return ok({
    user,
    hostname,
    port,
    keyName: alias ?? (port === PORT_DEFAULT ? hostname : `[${hostname}]:${port}`),
    proxyJump: jump === undefined || jump === 'none' ? null : jump,
    knownHostsFiles: (values.get('userknownhostsfile') ?? '').split(' ').filter(isFile),
  })
}

function keyAndValue(line: string): [string, string] {
  const at = line.indexOf(' ')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536
}

/** `none` stands for no file, and must be alone where ssh reads it. */
function isFile(name: string): boolean {
  return name !== '' && name !== 'none'
}
