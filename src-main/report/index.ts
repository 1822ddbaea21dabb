/** Reports: a campaign's comparison as a PDF. Typst is synchronous, so it works in a worker. */
import { Worker } from 'node:worker_threads'
import { LabError } from '../core/base/lab-error.ts'
import type { RenderedReport, ReportInput } from './report-input.ts'
import type { ReportReply } from './report.worker.ts'

export type { RenderedReport, ReportInput } from './report-input.ts'

/** The worker's place within the build; see vite.config.ts. */
const BUNDLE = 'workers/report/report.js'

/**
 * URL of the report worker, seen from `self`: this file, or the bundle `dist/main/main.js`; a
 * packed app has it unpacked beside `app.asar`, where workers can start.
 */
export function reportWorkerEntry(self: string = import.meta.url): URL {
  if (self.endsWith('.ts')) return new URL('./report.worker.ts', self)
  const bundled = new URL(`../${BUNDLE}`, self).href
  return new URL(bundled.replace('/app.asar/', '/app.asar.unpacked/'))
}

/**
 * Renders the report. Deterministic: the same input gives the same bytes. Throws LabError
 * `internal` when typesetting fails; that is a fault of ours, whatever the input.
 */
export async function renderReport(
  input: ReportInput,
  workerUrl: URL = reportWorkerEntry(),
): Promise<RenderedReport> {
  const reply = await ask(workerUrl, input)
  if ('error' in reply) throw new LabError('internal', `the report failed: ${reply.error}`)
  return reply
}

function ask(workerUrl: URL, input: ReportInput): Promise<ReportReply> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl, { workerData: input, name: 'report' })
    const fail = (error: unknown) => {
      const text = error instanceof Error ? error.message : String(error)
      reject(new LabError('internal', `the report worker stopped: ${text}`))
    }
    worker.once('message', (reply: ReportReply) => {
      resolve(reply)
      void worker.terminate()
    })
    worker.once('error', fail)
    worker.once('exit', (code) => fail(`exit code ${code}`))
  })
}
