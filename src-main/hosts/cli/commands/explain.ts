/** flexlab explain: what each harm of scheduling twice costs a run, by runs without it. */
import { existsSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Scenario } from '../../../core/contract/scenario.ts'
import { toExplanationTable } from '../../../lab/index.ts'
import type { Explanation, Lab } from '../../../lab/index.ts'
import { needsLibrary, readInput } from '../campaign-source.ts'
import { act, list, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { findRun } from '../find-run.ts'
import { printExplanation } from '../output/explanation.ts'
import { percentText } from '../output/quantities.ts'

type Options = {
  harms: string[]
  apps: string[]
  seeds: number
  orders: number
  format: 'table' | 'md'
  json?: boolean
}

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
    .option('--apps <list>', 'apps in place of the first VM’s, each explained', list, [])
    .option('--seeds <n>', 'repetitions, from the run’s seed on', wholeNumber(1, SEEDS_MAX), SEEDS)
    .option(
      '--orders <n>',
      'orders of switching off for each seed',
      wholeNumber(1, ORDERS_MAX),
      ORDERS,
    )
    .addOption(
      new Option('-f, --format <format>', 'table, or one line of Markdown for each app')
        .choices(['table', 'md'])
        .default('table'),
    )
    .option('--json', 'print JSON: times in ns with 95 % intervals')
  act<Options>(command, async ({ options, terminal, interrupts, lab }, ref) => {
    const isFile = ref === '-' || existsSync(ref)
    const text = isFile ? await readInput(ref) : null
    const opened = await lab(text === null || needsLibrary(text) ? options.db : ':memory:')
    const scenario = text === null ? await scenarioOfRun(opened, ref) : opened.simulation.read(text)
    const { harms, seeds, orders, apps } = options
    const scenarios = apps.length === 0 ? [scenario] : apps.map(appIn(opened, scenario))
    const explanations: Explanation[] = []
    for (const each of scenarios) {
      const explanation = await opened.explain.run(each, {
        ...{ harms, seeds, orders, signal: interrupts.signal },
        onProgress: (done, runs) =>
          terminal.status(`${each.name}: ${percentText(done / runs, 0)} · ${done} of ${runs} runs`),
      })
      explanations.push(explanation)
    }
    terminal.clearStatus()
    if (options.json === true) terminal.json(apps.length === 0 ? explanations[0] : explanations)
    else if (options.format === 'md') terminal.print(toExplanationTable(explanations).trimEnd())
    else for (const explanation of explanations) printExplanation(explanation, terminal)
    return EXIT.ok
  })
}

/** The scenario with another app wherever its first VM's runs, named after it. */
const appIn =
  (lab: Lab, scenario: Scenario) =>
  (app: string): Scenario => {
    const replaced = scenario.vms[0]?.workload.app
    const vms = scenario.vms.map((vm) => {
      const { definition: _, ...workload } = { ...vm.workload, app }
      return vm.workload.app === replaced ? { ...vm, workload } : vm
    })
    return lab.simulation.read(JSON.stringify({ ...scenario, name: app, vms }))
  }

async function scenarioOfRun(lab: Lab, ref: string): Promise<Scenario> {
  return (await lab.library.run(await findRun(lab, ref))).scenario
}
