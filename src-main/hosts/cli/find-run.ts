/** Which run a user means: an id, the start of one that fits only one run, or `latest`. */
import { LabError, runQuery } from '../../lab/index.ts'
import type { Lab } from '../../lab/index.ts'

/** Largest page that the library gives. */
export const PAGE_ROWS = 1000
/** Of a whole UUID. */
const ID_LENGTH = 36

/** The run's id; one that fits none is left to the library to refuse. @throws LabError */
export async function findRun(lab: Lab, ref: string): Promise<string> {
  if (ref === 'latest') {
    const { rows } = await lab.library.runs(runQuery({ limit: 1 }))
    if (rows[0] === undefined) throw new LabError('not-found', 'the library holds no run yet')
    return rows[0].id
  }
  if (ref === '' || ref.length >= ID_LENGTH) return ref
  const found = await runsThatStart(lab, ref)
  if (found.length > 1) {
    throw new LabError('bad-input', `"${ref}" fits more than one run`, 'give more of the id')
  }
  return found[0] ?? ref
}

/** Ids that start alike, two at most. */
async function runsThatStart(lab: Lab, start: string): Promise<string[]> {
  const found: string[] = []
  for (let offset = 0, total = 1; offset < total && found.length < 2; offset += PAGE_ROWS) {
    const page = await lab.library.runs(runQuery({ limit: PAGE_ROWS, offset }))
    found.push(...page.rows.map((row) => row.id).filter((id) => id.startsWith(start)))
    total = page.total
  }
  return found.slice(0, 2)
}
