/** flexlab simulate: one scenario, once. */
import type { Command } from 'commander'
import type { RunResult } from '../../../core/contract/result.ts'
import type { Scenario } from '../../../core/contract/scenario.ts'
import type { Lab } from '../../../lab/index.ts'
import { needsLibrary, readInput } from '../campaign-source.ts'
import { act, wholeNumber } from '../cli.ts'
import type { Session } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { followed } from '../follow.ts'
import { warnTruncated } from '../output/trace.ts'
import { printResult } from '../output/result.ts'

type Options = { scheme?: string; seed?: number; json?: boolean; save?: boolean; record?: boolean }

/** Adds the command. */
export function addSimulate(program: Command): void {
  const command = program
    .command('simulate <scenario>')
    .description('simulate a scenario file (YAML or JSON, - for standard input)')
    .option('--scheme <id>', 'another scheduling scheme than the file’s')
    .option('--seed <n>', 'another seed than the file’s', wholeNumber(0))
    .option('--save', 'keep the run in the library')
    .option('--record', 'record a trace and keep it with the run in the library')
    .option('--json', 'print JSON: times in ns, attribution, counters, trace hash')
  act<Options>(command, async (session, file) => {
    const { options, terminal } = session
    const text = await readInput(file)
    const isKept = options.save === true || options.record === true
    const lab = await session.lab(isKept || needsLibrary(text) ? options.db : ':memory:')
    const scenario = lab.simulation.read(text, options)
    const { result, runId } = await simulate(lab, scenario, session)
    if (options.json === true) terminal.json(outcome(scenario, result, runId))
    else printResult(scenario, result, terminal)
    if (runId !== null) terminal.say(`kept as run ${runId}`)
    return EXIT.ok
  })
}

async function simulate(
  lab: Lab,
  scenario: Scenario,
  { terminal, interrupts, options }: Session<Options>,
): Promise<{ readonly result: RunResult; readonly runId: string | null }> {
  const hooks = followed(terminal, interrupts)
  if (options.record === true) {
    const { result, runId, entry } = await lab.trace.simulate(scenario, undefined, hooks)
    terminal.clearStatus()
    warnTruncated(entry, terminal)
    return { result, runId }
  }
  const result = await lab.simulation.run(scenario, hooks)
  terminal.clearStatus()
  return {
    result,
    runId: options.save === true ? await lab.simulation.save(scenario, result) : null,
  }
}

/** What --json prints: the result, and which scenario it is of. */
function outcome(scenario: Scenario, result: RunResult, runId: string | null) {
  const { name, scheme, seed } = scenario
  return { scenario: { name, scheme, seed }, runId, ...result }
}
