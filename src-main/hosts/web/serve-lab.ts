/** `flexlab serve`: a lab and its browser host together, until it is told to end. */
import path from 'node:path'
import { openLab } from '../../lab/index.ts'
import type { UserPlaces } from '../../lab/index.ts'
import { serve } from './serve.ts'

/** What to serve and to whom it is said. */
export type ServeLabOptions = {
  readonly databaseFile: string
  readonly appVersion: string
  /** Simulation workers; the number of CPUs unless given. */
  readonly workers?: number
  /** The user's schemes and workloads; nowhere unless given. */
  readonly userPlaces?: UserPlaces
  /** 0 or absent: any free one. */
  readonly port?: number
  /** Opens the user's browser, where there is one. */
  readonly open?: boolean
  /** One line for the user, e.g. on stderr. */
  readonly say: (line: string) => void
  /** Ends serving when it is aborted. */
  readonly signal: AbortSignal
}

/** The built renderer, seen from the sources. */
const RENDERER = path.join(import.meta.dirname, '..', '..', '..', 'dist', 'client')

/**
 * Serves until the signal is aborted; then closes the connections and the library.
 * Throws LabError when the library cannot be opened, the port is taken or nothing was built.
 */
export async function serveLab(options: ServeLabOptions): Promise<void> {
  const { databaseFile, appVersion, workers, userPlaces, port, open, say, signal } = options
  const lab = await openLab({
    databaseFile,
    appVersion,
    host: 'browser',
    ...(workers === undefined ? {} : { workers }),
    ...(userPlaces === undefined ? {} : { userPlaces }),
  })
  for (const { message } of lab.userProblems) say(`Not loaded: ${message}`)
  try {
    const served = await serve({
      lab,
      rendererDir: RENDERER,
      port: port ?? 0,
      open: open ?? false,
      warn: say,
    })
    try {
      say(`The workbench is at ${served.url}`)
      say('Whoever has this address can use the lab until it ends. Ctrl-C ends it.')
      if (served.opened) say('It was opened in your browser.')
      await aborted(signal)
    } finally {
      await served.close()
    }
  } finally {
    await lab.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
