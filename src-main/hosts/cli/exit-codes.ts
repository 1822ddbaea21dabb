/** Exit codes of `flexlab`: documented in --help and docs/cli.md; scripts rely on them. */
import type { LabErrorCode } from '../../lab/index.ts'

/** What a command's exit code means. */
export const EXIT = {
  ok: 0,
  internal: 1,
  badInput: 2,
  notFound: 3,
  cancelled: 4,
  partial: 5,
  budget: 6,
  unavailable: 7,
  conflict: 8,
} as const

/** An exit code of ours. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const BY_ERROR: Record<LabErrorCode, ExitCode> = {
  'bad-input': EXIT.badInput,
  'not-found': EXIT.notFound,
  conflict: EXIT.conflict,
  cancelled: EXIT.cancelled,
  budget: EXIT.budget,
  store: EXIT.internal,
  unavailable: EXIT.unavailable,
  internal: EXIT.internal,
}

/** The exit code for an error's kind. */
export const exitCodeOf = (code: LabErrorCode): ExitCode => BY_ERROR[code]

/** The codes as text for --help. */
export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  internal error, or the database could not be read or written
  2  bad input: an option, a file, a name (each problem on its own line)
  3  not found: no such campaign, run or file
  4  cancelled; a campaign can be resumed
  5  partly failed: some cells failed, the others are kept
  6  the scenario's budget (events, simulated or wall time) ran out
  7  something is missing on this machine (see: flexlab doctor)
  8  conflict: e.g. the campaign is run by another process
`
