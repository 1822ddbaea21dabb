/**
 * What the lab tells ssh. A file of ours is read before the user's, and in ssh_config the first
 * value wins: so these hold whatever the user's say, for the host and for the hosts on the way to
 * it (ssh hands `-F` on to a ProxyJump, but no `-o`). See docs/adr/0054.
 */
import { LabError } from '../core/base/lab-error.ts'

/** For every host, also those on the way. */
const EVERYWHERE = [
  // Keywords that OpenSSH before 8.7 does not know.
  'IgnoreUnknown StdinNull,SessionType,ForkAfterAuthentication',
  'BatchMode yes',
  'StrictHostKeyChecking yes',
  'UpdateHostKeys no',
  'CheckHostIP no',
  'HashKnownHosts no',
  'ConnectTimeout 10',
  'ConnectionAttempts 1',
  'ServerAliveInterval 5',
  'ServerAliveCountMax 3',
  // Always, whatever the user's: how a connection failed is read from the messages, of which
  // those about an early end are INFO. So is the host's banner, which is shown after its key.
  'LogLevel INFO',
  'VisualHostKey no',
  'PermitLocalCommand no',
  'ForwardAgent no',
  'ForwardX11 no',
  'ClearAllForwardings yes',
  'Tunnel no',
  'RequestTTY no',
  'RemoteCommand none',
  'SessionType default',
  'StdinNull no',
  'ForkAfterAuthentication no',
  'EscapeChar none',
] as const

/** The user's files, in ssh's own order, unless one is given as with `ssh -F`. */
const USER_FILES = ['~/.ssh/config', '/etc/ssh/ssh_config']
const USER_KNOWN_HOSTS = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']

/** Our configuration file for ssh. @throws LabError `bad-input` for a path that it cannot hold */
export function sshConfigText(knownHostsFile: string, configFile?: string): string {
  const known = [quoted(knownHostsFile), ...USER_KNOWN_HOSTS].join(' ')
  const included = configFile === undefined ? USER_FILES : [quotedGlob(configFile)]
  const lines = [
    '# Made by FlexCore Lab for as long as it runs.',
    ...EVERYWHERE,
    `UserKnownHostsFile ${known}`,
    ...included.map((file) => `Include ${file}`),
  ]
  return `${lines.join('\n')}\n`
}

/** `UserKnownHostsFile=…` of these files, for `-o`. @throws LabError as sshConfigText */
export function knownHostsOption(files: readonly string[]): string {
  return `UserKnownHostsFile=${files.map(quoted).join(' ')}`
}

/** A path in ssh_config, where `%` and `${` would be expanded. */
function quoted(file: string): string {
  if (/["\\\p{Cc}]|\$\{/u.test(file)) {
    const hint = 'Choose a path without quotes, backslashes and ${…}.'
    throw new LabError('bad-input', `ssh cannot be told of the file ${JSON.stringify(file)}`, hint)
  }
  return `"${file.replaceAll('%', '%%')}"`
}

/** A path after Include, which is a pattern and knows no `%`. */
function quotedGlob(file: string): string {
  if (/[*?[\]{}%]/.test(file)) {
    throw new LabError('bad-input', `ssh cannot include ${JSON.stringify(file)}`, 'Rename it.')
  }
  return quoted(file)
}
