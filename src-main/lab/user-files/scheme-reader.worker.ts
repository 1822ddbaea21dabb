/** Entry of the worker that asks users’ schemes who they are: no thread of ours runs them. */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../core/base/assert.ts'
import { LabError } from '../../core/base/lab-error.ts'
import { err, ok } from '../../core/base/result.ts'
import type { Result } from '../../core/base/result.ts'
import type { SchemeInfo } from '../../core/contract/catalogue.ts'
import { SchemeLoader } from './scheme-loader.ts'
import type { SchemeSource } from './scheme-loader.ts'
import type { Refusal } from './user-files.ts'

/** What a scheme says of itself, or why it cannot be used. Sent once for each source, in order. */
export type SchemeReading = Result<SchemeInfo, Refusal>

const sources = workerData as readonly SchemeSource[]
const loader = new SchemeLoader(sources)
const port = parentPort
assert(port !== null, 'the scheme reader runs in a worker thread')
for (const source of sources) port.postMessage(await read(source))

async function read(source: SchemeSource): Promise<SchemeReading> {
  try {
    const { info } = await loader.load(source)
    // A copy of plain data: what the user's code keeps of it can change nothing here.
    return ok(JSON.parse(JSON.stringify(info)) as SchemeInfo)
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return err({ message: error.message, hint: error.hint })
  }
}
