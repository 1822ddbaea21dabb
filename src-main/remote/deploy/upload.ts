/** Puts one file into its hash-named folder on a host, verified there before it has its name. */
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { LabError } from '../../core/base/lab-error.ts'
import type { HostShell } from '../host-shell.ts'
import { lastLines } from '../printable.ts'
import type { Exit, Transport } from '../start-program.ts'
import { PUT, UPLOAD } from './scripts.ts'

/** A file to upload. */
export type Payload = {
  readonly kind: 'agents' | 'node'
  readonly sha256: string
  readonly bytes: number
  readonly open: () => NodeJS.ReadableStream
}

/** How far an upload is: bytes of the file that are on their way. */
export type UploadProgress = {
  readonly kind: 'agents' | 'node'
  readonly doneBytes: number
  readonly totalBytes: number
}

/** How an upload is done. */
export type UploadOptions = {
  /** Whether the host can unpack it. */
  readonly gzip: boolean
  readonly onProgress: (progress: UploadProgress) => void
  readonly signal?: AbortSignal | undefined
}

/** The fastest level: a network is slower than it, and the rest gains little. */
const GZIP_LEVEL = 1
const ANSWER_LENGTH_MAX = 65_536

/** What each answer of the host's means. */
const ANSWERS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  folder: ['~/.cache/flexlab cannot be made there', 'See that the home folder may be written.'],
  write: ['the file cannot be written there', 'See that ~/.cache has space, and a quota left.'],
  hash: ['the file arrived damaged', 'Try again; what arrived was thrown away.'],
  tools: ['it has no sha256sum', 'Install coreutils there.'],
  start: [
    'the Node of the lab does not run there',
    'Install Node 22 or newer on it, so that `node --version` works over ssh.',
  ],
  request: ['it did not understand the request', 'See what its login shell reads from its input.'],
}

/**
 * Uploads a file. Harmless when it is there already.
 * @throws LabError why the connection failed or the host refused it, or `cancelled`
 */
export async function upload(
  shell: HostShell,
  payload: Payload,
  options: UploadOptions,
): Promise<void> {
  const transport = await shell.start(UPLOAD)
  const onAbort = () => transport.kill()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const answering = answerOf(transport)
    await send(transport, payload, options)
    const { answer, exit } = await answering
    if (options.signal?.aborted === true)
      throw new LabError('cancelled', 'the upload was cancelled')
    if (answer === 'ok') return
    throw (answer === '' ? shell.explain(exit, false) : null) ?? refusal(shell, answer, exit)
  } finally {
    options.signal?.removeEventListener('abort', onAbort)
  }
}

/** The host may end early, with an answer that says why; so a broken pipe is none of ours. */
async function send(transport: Transport, payload: Payload, options: UploadOptions): Promise<void> {
  const { kind, sha256, bytes: totalBytes } = payload
  transport.input.write(`${kind} ${sha256} ${options.gzip ? 'gzip' : 'raw'}\n`)
  const count = countBytes((doneBytes) => options.onProgress({ kind, doneBytes, totalBytes }))
  const pack = options.gzip ? [createGzip({ level: GZIP_LEVEL })] : []
  try {
    await pipeline([payload.open(), count, ...pack, transport.input])
  } catch (error) {
    if (!isBrokenPipe(error)) throw error
  }
}

function countBytes(onCount: (bytes: number) => void): Transform {
  let done = 0
  return new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      done += chunk.length
      onCount(done)
      next(null, chunk)
    },
  })
}

/** Of writing to a program that has ended; reading the file of ours is another matter. */
function isBrokenPipe(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { syscall, code } = error as NodeJS.ErrnoException
  return syscall === 'write' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

async function answerOf(transport: Transport): Promise<{ answer: string; exit: Exit }> {
  let text = ''
  transport.output.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-ANSWER_LENGTH_MAX)
  })
  const exit = await transport.exited
  const line = text.split('\n').findLast((one) => one.startsWith(`${PUT} `)) ?? ''
  return { answer: line.slice(PUT.length + 1).trim(), exit }
}

function refusal(shell: HostShell, answer: string, exit: Exit): LabError {
  const what = answer === 'write' && /No space left/.test(exit.stderr) ? 'full' : answer
  const [message, hint] = (what === 'full' ? null : ANSWERS[what]) ?? [
    what === 'full' ? 'there is no space left' : `it ended with exit code ${exit.code}`,
    'Make room in the home folder there, and try again.',
  ]
  const said = lastLines(exit.stderr)
  const about = `nothing was put on ${shell.target}: ${message}`
  return new LabError('unavailable', said === '' ? about : `${about}: ${said}`, hint)
}
