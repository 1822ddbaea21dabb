/** The report's worker: gets one input as its worker data, posts one reply. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../core/base/assert.ts'
import { renderHere } from './render-here.ts'
import type { RenderedReport, ReportInput } from './report-input.ts'

/** The PDF, or why there is none. */
export type ReportReply = RenderedReport | { readonly error: string }

function reply(): ReportReply {
  try {
    return renderHere(workerData as ReportInput)
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

assert(parentPort !== null, 'this module runs as a worker')
parentPort.postMessage(reply())
