/**
 * A host on which constant commands are started: behind ssh, or the lab's own machine, where the
 * same commands run under /bin/sh. What is started speaks on its stdin and stdout.
 */
import { LabError } from '../core/base/lab-error.ts'
import { LOCAL_TARGET, type HostTarget } from '../core/contract/agent/names.ts'
import { SSH_FAILED, type OpenSsh } from './open-ssh.ts'
import { sshFailure } from './ssh-failure.ts'
import { startProgram, type Exit, type Transport } from './start-program.ts'

/** Where programs are started. */
export type HostShell = {
  readonly target: HostTarget
  /** Starts a command of POSIX sh; it must be a constant. */
  readonly start: (command: string) => Promise<Transport>
  /**
   * Why the connection failed, when an exit means that; null when the command itself ended so.
   * `wasConnected`: the command had answered.
   */
  readonly explain: (exit: Exit, wasConnected: boolean) => LabError | null
}

/**
 * The host of a target. Connects to nothing yet.
 * @throws LabError where ssh's configuration cannot be read, or the local host has no POSIX sh
 */
export async function hostShell(ssh: OpenSsh, target: HostTarget): Promise<HostShell> {
  if (target === LOCAL_TARGET) return localShell(target)
  const host = await ssh.host(target)
  return {
    target,
    start: (command) => ssh.start(host, inSh(command)),
    explain: (exit, wasConnected) =>
      exit.code === SSH_FAILED ? sshFailure(host, exit, wasConnected) : null,
  }
}

function localShell(target: HostTarget): HostShell {
  if (process.platform === 'win32') {
    throw new LabError('unavailable', 'there are no KVM hosts among Windows machines')
  }
  return {
    target,
    start: (command) => startProgram(['/bin/sh', '-c', command]),
    explain: () => null,
  }
}

/**
 * The command for a login shell of any kind. Quoted so, it means the same to sh, csh and fish, as
 * long as it has no quote, backslash, newline or exclamation mark.
 */
function inSh(command: string): string {
  if (/['\\\n!]/.test(command)) throw new Error('a constant command must quote in every shell')
  return `exec /bin/sh -c '${command}'`
}
