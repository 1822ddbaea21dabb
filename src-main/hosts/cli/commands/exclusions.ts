/** flexlab run exclude and include: keep a run out of comparisons, with a reason that is shown. */
import type { Command } from 'commander'
import { LabError } from '../../../lab/index.ts'
import type { Lab } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { findRun } from '../find-run.ts'

/** Adds the commands under `run`. */
export function addExclusions(run: Command): void {
  const exclude = run
    .command('exclude <id>')
    .description('keep a run out of every comparison; it stays in the library and is counted')
    .requiredOption('--reason <text>', 'why, as it is to stand in every comparison and report')
  act<{ reason: string }>(exclude, async ({ lab, terminal, options }, ref) => {
    const opened = await lab()
    const id = await existingRun(opened, ref)
    const reason = options.reason.trim()
    if (reason === '') throw new LabError('bad-input', 'an exclusion needs a reason')
    await opened.library.exclude([id], reason)
    terminal.say(`run ${id} is excluded from comparisons: ${reason}`)
    return EXIT.ok
  })
  const include = run
    .command('include <id>')
    .description('take an excluded run into comparisons again')
  act(include, async ({ lab, terminal }, ref) => {
    const opened = await lab()
    const id = await existingRun(opened, ref)
    const { changed } = await opened.library.exclude([id], null)
    terminal.say(changed === 0 ? `run ${id} was not excluded` : `run ${id} is compared again`)
    return EXIT.ok
  })
}

/** The id of a run that the library has. @throws LabError `not-found` */
async function existingRun(lab: Lab, ref: string): Promise<string> {
  return (await lab.library.run(await findRun(lab, ref))).row.id
}
