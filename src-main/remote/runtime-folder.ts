/**
 * A folder of this process for what ssh needs while it runs: its configuration, the sockets of its
 * masters, keys that nobody has accepted yet. Nobody else may enter it, and it goes with us.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** sun_path of the shortest platform (macOS, BSD), with its NUL. */
const SOCKET_PATH_MAX = 104
/** ssh binds a temporary name first: a dot and sixteen random characters more. */
const SOCKET_SUFFIX_LENGTH = 17
const NAME = 'flexlab-'
const LONGEST = `/${NAME}XXXXXX/${'s'.repeat(16)}`

/** Makes the folder, mode 0700, with a path that is short and needs no quoting anywhere. */
export function makeRuntimeFolder(base = os.tmpdir()): Promise<string> {
  return mkdtemp(path.join(isGoodBase(base) ? base : '/tmp', NAME))
}

/** Removes the folder with all that is in it. */
export function removeRuntimeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true })
}

/** ssh hands the path of its configuration to a shell where it starts a ProxyJump by itself. */
function isGoodBase(base: string): boolean {
  const isPlain = /^[A-Za-z0-9_./:\\-]+$/.test(base)
  return isPlain && base.length + LONGEST.length + SOCKET_SUFFIX_LENGTH < SOCKET_PATH_MAX
}
