/**
 * A trace of ten million intervals, as a generator: a run of twelve pCPUs under two VMs of twelve
 * vCPUs each, simulated and recorded into a library of its own. Always the same trace.
 *
 *   node test/e2e/support/big-trace.ts /tmp/big/library.sqlite
 */
import { openLab } from '../../../src-main/lab/index.ts'

const RECORDS_MAX = 60_000_000

/** One iteration of bodytrack has some million intervals on this host. */
const scenarioOf = (iterations: number): string => `
kind: scenario
version: 1
name: Ten million intervals
host: { preset: intel-2x6-2014 }
vms:
  - { name: left, vcpus: 12, workload: { app: bodytrack }, iterations: ${iterations} }
  - { name: right, vcpus: 12, workload: { app: bodytrack }, iterations: ${iterations} }
`

/** What was recorded. */
export type BigTrace = {
  readonly runId: string
  readonly intervals: number
  readonly points: number
  readonly endNs: number
  readonly bytes: number
}

/** Records the trace into a library; fewer iterations make a smaller one. */
export async function recordBigTrace(databaseFile: string, iterations = 11): Promise<BigTrace> {
  const lab = await openLab({ databaseFile, host: 'cli', appVersion: 'bench', workers: 1 })
  try {
    const scenario = lab.simulation.read(scenarioOf(iterations))
    const { runId, entry } = await lab.trace.simulate(scenario, RECORDS_MAX)
    const { intervals, points, endNs } = entry.header
    return { runId, intervals, points, endNs, bytes: entry.bytes }
  } finally {
    await lab.close()
  }
}

if (import.meta.main) {
  const [file] = process.argv.slice(2)
  if (file === undefined) throw new Error('name the library’s file')
  process.stdout.write(`${JSON.stringify(await recordBigTrace(file), null, 2)}\n`)
}
