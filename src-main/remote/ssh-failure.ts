/**
 * Why ssh failed, read from its messages (OpenSSH 8 and 9, LC_ALL=C), and what to do about it. It
 * is wording only: what is trusted, ssh decides. Text of a server is behind a prefix of ssh's on
 * the same line, so each pattern begins at the beginning of one; a banner of its own can come only
 * from a server whose key was accepted.
 */
import { LabError } from '../core/base/lab-error.ts'
import type { HostTarget } from '../core/contract/agent/names.ts'
import { lastLines } from './printable.ts'
import type { ResolvedHost } from './resolved-host.ts'
import type { Exit } from './start-program.ts'

/** The ways a connection fails. `other`: in none of the ways that are known here. */
export type SshFailureKind =
  | 'changed-key'
  | 'revoked-key'
  | 'unknown-key'
  | 'refused-login'
  | 'no-such-host'
  | 'refused-connection'
  | 'no-answer'
  | 'no-common-algorithm'
  | 'closed-early'
  | 'bad-configuration'
  | 'lost'
  | 'other'

/** In order: who is refused has accepted the key; a changed key is also a failed verification. */
const PATTERNS: readonly [SshFailureKind, RegExp][] = [
  ['refused-login', /^\S+: Permission denied \(|^.*Too many authentication failures/m],
  ['revoked-key', /^@ +WARNING: REVOKED HOST KEY DETECTED! +@$/m],
  ['changed-key', /^@ +WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! +@$/m],
  ['unknown-key', /^No \S+ host key is known for |^Host key verification failed\.$/m],
  ['bad-configuration', /^(?:\S.*: )?(?:Bad configuration option|Bad owner or permissions)/m],
  ['bad-configuration', /^(?:\S.* line \d+: )|^Can't open user config file /m],
  ['no-such-host', /^ssh: Could not resolve hostname /m],
  ['refused-connection', /^ssh: connect to host \S+ port \d+: Connection refused$/m],
  ['no-answer', /^ssh: connect to host \S+ port \d+: /m],
  ['no-answer', /^Connection timed out|^Timeout, server \S+ not responding/m],
  ['no-common-algorithm', /^Unable to negotiate with /m],
  ['closed-early', /^(?:kex|ssh)_exchange_identification: |^banner exchange: /m],
  ['closed-early', /^Connection (?:closed|reset) by \S+ port /m],
  ['lost', /^(?:ssh_dispatch_run_fatal|client_loop|mux_client_\w+): /m],
  [
    'lost',
    /^(?:Connection (?:to|closed by|reset by) |Shared connection to |Received disconnect )/m,
  ],
]

type Host = { readonly target: HostTarget; readonly resolved?: ResolvedHost }

/** Message and hint of each way. */
type Wording = (host: Host, stderr: string) => readonly [message: string, hint: string]

const WORDING: Readonly<Record<SshFailureKind, Wording>> = {
  'changed-key': ({ target, resolved }, stderr) => {
    const [, keyType, file] = /^Offending (\S+) key in (.+):\d+$/m.exec(stderr) ?? []
    const [, offered] = /^(SHA256:[A-Za-z0-9+/]{43})\.?$/m.exec(stderr) ?? []
    const name = changedName(stderr) ?? resolved?.keyName ?? target
    const known = keyType === undefined ? '' : ` (a key of type ${keyType} in ${file})`
    const shown = offered === undefined ? '' : `; it showed ${offered}`
    const removal = `ssh-keygen -R '${name}'${file === undefined ? '' : ` -f '${file}'`}`
    return [
      `${name} shows another host key than the one that is known${known}${shown}`,
      'Somebody may stand between you and the host. The lab does not connect. If an ' +
        `administrator confirms that the key was changed, remove the old one: ${removal}`,
    ]
  },
  'revoked-key': ({ target }) => [
    `the host key of ${target} is marked as revoked`,
    'It may have been stolen. Ask the administrator of the host for a new one.',
  ],
  'unknown-key': ({ target, resolved }, stderr) => {
    const [, name = ''] = /^No \S+ host key is known for (\S+) and /m.exec(stderr) ?? []
    const jump = resolved?.proxyJump ?? null
    const isOnTheWay = jump !== null && name !== '' && name !== resolved?.keyName
    if (isOnTheWay) {
      return [
        `the key of the host ${jump} on the way to ${target} is not known yet`,
        `Make it a host of the lab and accept its key first: flexlab host add ${jump}`,
      ]
    }
    return [
      `the key of the host ${target} is not known yet`,
      `Compare its fingerprint with the host's, then accept it: flexlab host trust ${target}`,
    ]
  },
  'refused-login': ({ target, resolved }, stderr) => {
    const { user, host, methods } = denial(stderr) ?? {}
    const isOnTheWay = host !== undefined && resolved !== undefined && host !== resolved.hostname
    const who = isOnTheWay ? `${host}, on the way to ${target},` : target
    const as = user === undefined ? '' : ` as ${user} (it takes ${methods})`
    return [
      `${who} does not let us in${as}`,
      'The lab types no passwords: put a key into your ssh agent or name it as IdentityFile in ' +
        `~/.ssh/config, and see that this works: ssh -o BatchMode=yes ${target} true`,
    ]
  },
  'no-such-host': ({ target, resolved }) => [
    `there is no host ${resolved?.hostname ?? target}`,
    'See that it is a name of ~/.ssh/config or of your network, and is spelled right.',
  ],
  'refused-connection': ({ target, resolved }) => [
    `${target} refuses connections on ${place(resolved)}`,
    'See that sshd runs on it, and that hostname and port in ~/.ssh/config are right.',
  ],
  'no-answer': ({ target, resolved }) => [
    `${target} does not answer on ${place(resolved)}`,
    'See that it is up, that no firewall or VPN is between, and that the port is right.',
  ],
  'no-common-algorithm': ({ target }) => [
    `ssh and ${target} have no algorithm in common`,
    'Its sshd is very old or very new; ~/.ssh/config can allow what it offers.',
  ],
  'bad-configuration': () => [
    'ssh cannot read its configuration',
    'Correct the file that it names.',
  ],
  'closed-early': ({ target, resolved }) => [
    `${target} closes connections on ${place(resolved)}`,
    'Something else than sshd may listen there, or sshd refuses us for a while (too many ' +
      'connections or failed logins). What it logs tells more.',
  ],
  lost: ({ target }) => [
    `the connection to ${target} was lost, or what ran there was killed`,
    'See that the host is up. What was applied to it is put back there without us.',
  ],
  other: ({ target }) => [`ssh to ${target} failed`, `Try it by hand: ssh ${target} true`],
}

/** Kinds whose own words say all; to the others ssh's last lines are added. */
const SELF_EXPLAINED = new Set<SshFailureKind>([
  'changed-key',
  'unknown-key',
  'refused-login',
  'refused-connection',
])

/** Which way a connection failed, by ssh's error output. */
export function failureKind(stderr: string): SshFailureKind {
  return PATTERNS.find(([, pattern]) => pattern.test(stderr))?.[0] ?? 'other'
}

/** Whether the host itself refused the login, and so after its key was accepted. */
export function isRefusedBy(resolved: ResolvedHost, stderr: string): boolean {
  return denial(stderr)?.host === resolved.hostname
}

/**
 * What a user is told of a connection that failed, and what to do about it. One that had worked
 * (`wasConnected`) was lost, whatever the program on the host had written by then.
 */
export function sshFailure(host: Host, exit: Exit, wasConnected = false): LabError {
  const kind = wasConnected ? 'lost' : kindOf(exit)
  const [message, hint] = WORDING[kind](host, exit.stderr)
  const said = SELF_EXPLAINED.has(kind) ? '' : lastLines(exit.stderr)
  return new LabError(codeOf(kind), said === '' ? message : `${message}: ${said}`, hint)
}

/** One that had to be killed had not answered. */
function kindOf(exit: Exit): SshFailureKind {
  const kind = failureKind(exit.stderr)
  return kind === 'other' && exit.signal === 'SIGKILL' ? 'no-answer' : kind
}

function codeOf(kind: SshFailureKind) {
  if (kind === 'changed-key' || kind === 'revoked-key' || kind === 'unknown-key') return 'conflict'
  return kind === 'bad-configuration' ? 'bad-input' : 'unavailable'
}

function denial(stderr: string) {
  const line = /^(?<user>\S+)@(?<host>\S+): Permission denied \((?<methods>[^)]*)\)/m
  return line.exec(stderr)?.groups as Record<'user' | 'host' | 'methods', string> | undefined
}

function changedName(stderr: string): string | undefined {
  return /^Host key for (\S+) has changed and you have requested strict/m.exec(stderr)?.[1]
}

function place(resolved: ResolvedHost | undefined): string {
  return resolved === undefined ? 'its port' : `${resolved.hostname} port ${resolved.port}`
}
