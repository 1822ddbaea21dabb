/** Errors as the lab gets them in frames, and as the host's log does: short and printable. */
import type * as v from 'valibot'
import type { AgentErrorSchema } from '../../core/contract/agent/protocol.ts'
import { LabError } from '../../core/base/lab-error.ts'

const TEXT_LENGTH_MAX = 8000
/** Bytes the agent may write to stderr in its life: it ends in the lab's memory. */
const STDERR_BYTES_MAX = 65_536

let stderrLeft = STDERR_BYTES_MAX

/** The fields of a LabError; any other error is a bug of ours, and noted on stderr too. */
export function agentError(error: unknown): v.InferOutput<typeof AgentErrorSchema> {
  if (error instanceof LabError && error.code !== 'store') {
    return { code: error.code, message: clip(error.message), hint: clip(error.hint) }
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return { code: 'cancelled', message: 'the lab cancelled this', hint: '' }
  }
  report('internal error', error)
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message: clip(message), hint: 'this is a bug of the agent' }
}

/** A line on stderr, of which a session has 64 KiB in all. */
export function report(what: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const line = `flexlab-agent: ${what}: ${printable(clip(detail))}\n`
  if (line.length > stderrLeft) return
  stderrLeft -= line.length
  process.stderr.write(line)
}

const clip = (text: string): string => text.slice(0, TEXT_LENGTH_MAX)

/** Control characters other than line feeds replaced, so that no terminal acts on them. */
const printable = (text: string): string => text.replaceAll(/[^\P{Cc}\n]/gu, '\uFFFD')
