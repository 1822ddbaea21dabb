/**
 * The victim of sqlite-kills.ts: writes runs until it is killed. A line goes to standard output, by
 * a synchronous write, for each run that the store has acknowledged: `cell <index> <run id>` or
 * `run <run id>`.
 */
import { writeSync } from 'node:fs'
import {
  campaignOf,
  finish,
  machine,
  open,
  planOf,
  resultOf,
  scenarioOf,
} from '../store/library-fixture.ts'

const CELLS_AT_ONCE = 6
const SEEDS = 250

const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

const store = await open(process.argv[2]!)
const [known] = await store.listCampaigns()
const { id } = known ?? (await store.createCampaign(campaignOf(SEEDS), planOf(SEEDS)))
await store.setCampaignStatus(id, 'running')
const pending = await store.pendingCells(id)
say('writing')

async function finishCell(index: number): Promise<void> {
  await store.startCell(id, index)
  const { runId, added } = await finish(store, id, index)
  say(added ? `cell ${index} ${runId}` : `doubled ${index} ${runId}`)
}

async function saveRun(seed: number): Promise<void> {
  const scenario = scenarioOf('vips', 'gang', seed)
  say(`run ${await store.saveRun({ scenario, result: resultOf(seed, 'vips'), machine })}`)
}

for (let at = 0; at < pending.length; at += CELLS_AT_ONCE) {
  const group = pending.slice(at, at + CELLS_AT_ONCE).map((cell) => finishCell(cell.index))
  await Promise.all([...group, saveRun(at)])
}
for (let seed = 1; ; seed += 1) await saveRun(seed)
