/** Opens the user's browser, where there is one and a display to show it on. */
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { startDetached } from './start-program.ts'

/** What decides about displays and programs; the process has all of it. */
export type Desktop = {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Whether windows can be shown: always, except on a Unix without X11 and Wayland. */
export function hasDisplay({ platform, env }: Desktop): boolean {
  if (platform === 'darwin' || platform === 'win32') return true
  return isSet(env.DISPLAY) || isSet(env.WAYLAND_DISPLAY)
}

/** The command that opens a URL in the user's browser; null where there is none. */
export function browserCommand(
  url: string,
  desktop: Desktop,
): { readonly program: string; readonly args: readonly string[] } | null {
  if (!hasDisplay(desktop)) return null
  if (desktop.platform === 'win32') {
    return { program: 'rundll32', args: ['url.dll,FileProtocolHandler', url] }
  }
  const program = findProgram(desktop.platform === 'darwin' ? 'open' : 'xdg-open', desktop)
  return program === null ? null : { program, args: [url] }
}

/**
 * Opens a URL in the user's browser.
 * @returns whether a browser was started
 */
export async function openBrowser(url: string, desktop: Desktop = process): Promise<boolean> {
  const command = browserCommand(url, desktop)
  return command !== null && startDetached(command.program, command.args)
}

function findProgram(name: string, { env }: Desktop): string | null {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => path.join(folder, name)).find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
