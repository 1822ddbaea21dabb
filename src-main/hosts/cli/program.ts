/** The program `flexlab`: its commands, each a file in commands/, and its options. */
import { Command, CommanderError } from 'commander'
import { addBench } from './commands/bench.ts'
import { addCalibrate } from './commands/calibrate.ts'
import { addCampaign } from './commands/campaign.ts'
import { addCatalogue } from './commands/catalogue.ts'
import { addCompare } from './commands/compare.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExplain } from './commands/explain.ts'
import { addFigure } from './commands/figure.ts'
import { addHost } from './commands/host/index.ts'
import { addLibrary } from './commands/library.ts'
import { addPower } from './commands/power.ts'
import { addReport } from './commands/report.ts'
import { addRun } from './commands/run.ts'
import { addRuns } from './commands/runs.ts'
import { addSimulate } from './commands/simulate.ts'
import { addStatistics } from './commands/statistics.ts'
import { addTrace } from './commands/trace.ts'
import { addValidate } from './commands/validate.ts'
import { addWorkbench } from './commands/workbench.ts'
import { addCommonOptions, APP_VERSION } from './cli.ts'
import { EXIT, EXIT_CODES_HELP } from './exit-codes.ts'

/** In the order of --help. */
const COMMANDS = [
  ...[addDemo, addSimulate, addCampaign, addHost, addCompare, addPower, addReport, addCatalogue],
  ...[addRuns, addRun, addExplain, addTrace, addLibrary, addWorkbench, addDoctor, addBench],
  ...[addValidate, addCalibrate, addStatistics, addFigure],
]

/** Parses the arguments and runs the command; the exit code is left in process.exitCode. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const program = new Command('flexlab')
  program
    .description('FlexCore Lab: simulate, measure and compare virtual CPU scheduling')
    .version(APP_VERSION)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES_HELP)
    .exitOverride()
  addCommonOptions(program)
  for (const add of COMMANDS) add(program)
  inherit(program)
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // commander has printed what is wrong; help and version are no errors.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.badInput
  }
}

/** Commands behave like the program: they throw instead of ending the process. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command)
    inherit(child)
  }
}
