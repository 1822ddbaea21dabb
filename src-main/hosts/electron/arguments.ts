/** The one argument by which the launcher tells the desktop app where the library lies. */
import path from 'node:path'

const DATABASE_SWITCH = '--flexlab-db='

/** The argument for a library's file. */
export function databaseArgument(databaseFile: string): string {
  return `${DATABASE_SWITCH}${path.resolve(databaseFile)}`
}

/** The library's file that the arguments name; null when they name none. */
export function databaseFileOf(args: readonly string[]): string | null {
  const argument = args.find((one) => one.startsWith(DATABASE_SWITCH))
  return argument === undefined ? null : argument.slice(DATABASE_SWITCH.length)
}
