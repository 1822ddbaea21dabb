/**
 * The victim of sqlite-full-disk.ts: opens a library under a limit on the size of files, writes
 * until the first refusal, backs up and closes. Each step's outcome is a line on standard output.
 */
import { writeSync } from 'node:fs'
import { LabError } from '../../src-main/core/base/lab-error.ts'
import type { Store } from '../../src-main/store/index.ts'
import { machine, open, resultOf, scenarioOf } from '../store/library-fixture.ts'

const RUNS_MAX = 3000

const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

/** Says how a step ended: `refused <step>: …` for LabError `store`, `broken …` for the rest. */
function report(step: string, error: unknown): void {
  const isClear = error instanceof LabError && error.code === 'store' && error.hint !== ''
  say(`${isClear ? 'refused' : 'broken'} ${step}: ${String(error)}`)
}

async function attempt(step: string, action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    report(step, error)
    return false
  }
}

async function save(store: Store, seed: number): Promise<void> {
  const scenario = scenarioOf('vips', 'gang', seed)
  say(`run ${await store.saveRun({ scenario, result: resultOf(seed, 'vips'), machine })}`)
}

const file = process.argv[2]!
let store: Store | undefined
await attempt('open', async () => {
  store = await open(file)
})
if (store !== undefined) {
  const opened = store
  let isStored = true
  for (let seed = 1; isStored && seed < RUNS_MAX; seed += 4) {
    const group = [0, 1, 2, 3].map((more) => save(opened, seed + more))
    isStored = await attempt('write', () => Promise.all(group))
    await Promise.allSettled(group)
  }
  await attempt('backup', () => opened.backup(`${file}.copy`))
  await attempt('close', () => opened.close())
}
say('done')
