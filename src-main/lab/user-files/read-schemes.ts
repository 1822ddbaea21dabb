/** read-schemes: asks users' schemes who they are, in a worker that cannot hang or end the lab. */
import { Worker } from 'node:worker_threads'
import { err } from '../../core/base/result.ts'
import { workerEntry } from '../runner/worker-entry.ts'
import type { SchemeSource } from './scheme-loader.ts'
import type { SchemeReading } from './scheme-reader.worker.ts'

const READ_MS_MAX = 5000

const refused = (message: string, hint = ''): SchemeReading => err({ message, hint })

/** A reading for each source, in order. A file that hangs or ends its worker costs only itself. */
export async function readSchemes(
  sources: readonly SchemeSource[],
  readMsMax: number = READ_MS_MAX,
): Promise<readonly SchemeReading[]> {
  const readings: SchemeReading[] = []
  while (readings.length < sources.length) {
    const rest = sources.slice(readings.length)
    readings.push(...(await readSome(rest, readMsMax)))
  }
  return readings
}

/** Reads until the first file that does not answer, at least one. */
function readSome(
  sources: readonly SchemeSource[],
  readMsMax: number,
): Promise<readonly SchemeReading[]> {
  const worker = new Worker(workerEntry('scheme-reader', '../user-files/'), {
    workerData: sources,
    execArgv: [],
    stdout: true,
  })
  // What a scheme prints must not stand among the results of a command.
  worker.stdout.on('data', (chunk: Uint8Array) => process.stderr.write(chunk))
  const readings: SchemeReading[] = []
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout
    const end = (...more: readonly SchemeReading[]): void => {
      clearTimeout(timer)
      void worker.terminate()
      resolve([...readings, ...more].slice(0, sources.length))
    }
    const wait = (): void => {
      clearTimeout(timer)
      const { file } = sources[readings.length]!
      const message = `${file}: did not say within ${readMsMax} ms what it is`
      timer = setTimeout(() => end(refused(message, 'is there an endless loop?')), readMsMax)
    }
    worker.on('message', (reading: SchemeReading) => {
      readings.push(reading)
      if (readings.length === sources.length) end()
      else wait()
    })
    const broken = (why: string): void => {
      if (readings.length < sources.length)
        end(refused(`${sources[readings.length]!.file}: ${why}`))
    }
    worker.on('error', (error: unknown) =>
      broken(error instanceof Error ? error.message : String(error)),
    )
    worker.on('exit', (code) => broken(`it ended its worker, exit code ${code}`))
    wait()
  })
}
