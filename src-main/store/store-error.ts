/** How SQLite's refusals become LabError, and how errors cross from the worker to the client. */
import { LabError, type LabErrorCode } from '../core/base/lab-error.ts'

/** An error as it is posted between threads. */
export type PostedError = {
  readonly code: LabErrorCode
  readonly message: string
  readonly hint: string
}

type Refusal = readonly [RegExp, string, string]

const REFUSALS: readonly Refusal[] = [
  [
    /^SQLITE_FULL/,
    'there is no space left for the library',
    'free some disk space and try again; nothing that was stored is lost',
  ],
  [
    /^SQLITE_IOERR/,
    'the disk refused to read or write the library',
    'check the disk and its free space, then try again; what was stored before is kept',
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'another program is writing to the library',
    'close the other program, or try again',
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'the library is damaged',
    'start the app again: it keeps the damaged file and offers the latest backup',
  ],
  [
    /^SQLITE_READONLY/,
    'the library cannot be written',
    'check the permissions of the file and its folder',
  ],
  [
    /^SQLITE_CANTOPEN/,
    'the library cannot be opened',
    'check that the path is a file in a folder that you may write to',
  ],
]

/** SQLite's extended result code of an error, e.g. `SQLITE_IOERR_WRITE`; '' for other errors. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : ''
}

/** Whether SQLite says that the file's content is not a sound database. */
export const isDamage = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error))

/** Whether the operating system refused: no such folder, no permission, no space. */
const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error

/** The LabError for anything thrown in the store; what is a LabError already stays as it is. */
export function toLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const code = sqliteCode(error)
  const message = error instanceof Error ? error.message : String(error)
  const refusal = REFUSALS.find(([pattern]) => pattern.test(code))
  if (refusal !== undefined) return new LabError('store', `${refusal[1]} (${code})`, refusal[2])
  if (isSystemError(error)) {
    const hint = 'check that the path is a file in a folder that you may write to'
    return new LabError('store', `the library cannot be used: ${message}`, hint)
  }
  if (code !== '') return new LabError('store', `the library refused: ${message} (${code})`)
  return new LabError('internal', message)
}

/** Plain data of an error, for postMessage. */
export function postError(error: unknown): PostedError {
  const { code, message, hint } = toLabError(error)
  return { code, message, hint }
}

/** The LabError that was posted. */
export const receiveError = (posted: PostedError): LabError =>
  new LabError(posted.code, posted.message, posted.hint)
