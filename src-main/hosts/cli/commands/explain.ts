/** flexlab explain: what each harm of scheduling twice costs a run, by runs without it. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { Scenario } from '../../../core/contract/scenario.ts'
import type { Lab } from '../../../lab/index.ts'
import { readInput } from '../campaign-source.ts'
import { act, list, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { findRun } from '../find-run.ts'
import { printExplanation } from '../output/explanation.ts'
import { percentText } from '../output/quantities.ts'

type Options = { harms: string[]; seeds: number; orders: number; json?: boolean }

const SEEDS = 6
const ORDERS = 6
const SEEDS_MAX = 1000
const ORDERS_MAX = 5040

/** Adds the command. */
export function addExplain(program: Command): void {
  const command = program
    .command('explain <run>')
    .description('what each harm costs a run (id, start of an id, "latest", or a scenario file)')
    .option('--harms <list>', 'only these harms, e.g. refill,stacking (default: all)', list, [])
    .option('--seeds <n>', 'repetitions, from the run’s seed on', wholeNumber(1, SEEDS_MAX), SEEDS)
    .option(
      '--orders <n>',
      'orders of switching off for each seed',
      wholeNumber(1, ORDERS_MAX),
      ORDERS,
    )
    .option('--json', 'print JSON: times in ns with 95 % intervals')
  act<Options>(command, async ({ options, terminal, interrupts, lab }, ref) => {
    const isFile = ref === '-' || existsSync(ref)
    const opened = await lab(isFile ? ':memory:' : options.db)
    const scenario = isFile
      ? opened.simulation.read(await readInput(ref))
      : await scenarioOfRun(opened, ref)
    const { harms, seeds, orders } = options
    const explanation = await opened.explain.run(scenario, {
      ...{ harms, seeds, orders, signal: interrupts.signal },
      onProgress: (done, runs) =>
        terminal.status(`${percentText(done / runs, 0)} · ${done} of ${runs} runs`),
    })
    terminal.clearStatus()
    if (options.json === true) terminal.json(explanation)
    else printExplanation(explanation, terminal)
    return EXIT.ok
  })
}

async function scenarioOfRun(lab: Lab, ref: string): Promise<Scenario> {
  return (await lab.library.run(await findRun(lab, ref))).scenario
}
