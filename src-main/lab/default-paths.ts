/** Where the user's things lie unless they say otherwise: the platform's place for user data. */
import * as os from 'node:os'
import path from 'node:path'

const FOLDER = 'flexcore-lab'
const FILE = 'library.sqlite'

type Environment = Readonly<Record<string, string | undefined>>

/** The library's file: XDG on Linux, Application Support on macOS, AppData on Windows. */
export function defaultDatabaseFile(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  return path.join(dataHome(environment, platform, home), FOLDER, FILE)
}

/**
 * The folder whose `schemes` and `workloads` are loaded. It does not depend on which library is
 * open: one that came from somebody else must not bring code along.
 */
export const defaultUserFolder = (): string => path.dirname(defaultDatabaseFile())

function dataHome(environment: Environment, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') return environment['APPDATA'] ?? path.join(home, 'AppData', 'Roaming')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support')
  const xdg = environment['XDG_DATA_HOME']
  // The specification: a relative path there is invalid and is to be ignored.
  return xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'share')
}
