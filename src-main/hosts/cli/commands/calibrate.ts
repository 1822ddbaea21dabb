/** flexlab calibrate, calibration, predict, replay: measured costs, held against runs. */
import type { Command } from 'commander'
import type { Calibration } from '../../../core/contract/calibration.ts'
import type { SchemeRef } from '../../../core/contract/scenario.ts'
import { identitySvg, LabError, PREDICTION_SEEDS } from '../../../lab/index.ts'
import { act, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { findRun } from '../find-run.ts'
import { printCalibration, printCalibrations } from '../output/calibration.ts'
import { printPrediction } from '../output/prediction.ts'
import { printReplay } from '../output/replay.ts'
import { clockText, percentText } from '../output/quantities.ts'
import type { Terminal } from '../output/terminal.ts'
import { schemeOption } from '../scheme-option.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

const SEEDS_MAX = 1000

type Json = { readonly json?: boolean }

/** Adds the commands. */
export function addCalibrate(program: Command): void {
  addRun(program)
  addList(program)
  addPredict(program)
  addReplay(program)
}

type RunOptions = Json & { readonly name?: string; readonly vm?: string }

function addRun(program: Command): void {
  const command = program
    .command('calibrate <host>')
    .description('measure the simulator’s costs on a host and in a guest of it; puts it back')
    .option('--name <name>', 'keep it under this name (default: the host’s)')
    .option('--vm <vm>', 'the guest to measure in (default: the first that fits)')
    .option('--json', 'print the calibration as JSON')
  act<RunOptions>(command, async ({ options, terminal, interrupts, lab }, host) => {
    const { calibration } = await lab()
    const { name, vm, json } = options
    const startedMs = Date.now()
    const made = await calibration.run(
      { host, name, vm },
      {
        signal: interrupts.signal,
        onProgress: ({ title, done, of }) => {
          const share = percentText(done / of, 0)
          const left = done < 3 ? '' : ` · ${clockText(leftMs(startedMs, done, of))} left`
          terminal.status(`${share} · ${title}${left}`)
        },
      },
    )
    terminal.clearStatus()
    show(made, [], json, terminal)
    return EXIT.ok
  })
}

const leftMs = (startedMs: number, done: number, of: number): number =>
  ((Date.now() - startedMs) / done) * (of - done)

function show(
  calibration: Calibration,
  stale: Parameters<typeof printCalibration>[1],
  json: boolean | undefined,
  terminal: Terminal,
): void {
  if (json === true) terminal.json(calibration)
  else printCalibration(calibration, stale, terminal)
}

function addList(program: Command): void {
  const group = program.command('calibration').description('the calibrations of the library')
  const list = group.command('list').description('all, newest first').option('--json', 'print JSON')
  act<Json>(list, async ({ options, terminal, lab }) => {
    const rows = await (await lab()).calibration.list()
    if (options.json === true) terminal.json(rows)
    else printCalibrations(rows, terminal)
    return EXIT.ok
  })
  const one = group
    .command('show <name>')
    .description('its parameters, where they come from, and whether it still holds')
    .option('--json', 'print JSON')
  act<Json>(one, async ({ options, terminal, lab }, name) => {
    const { calibration, stale } = await (await lab()).calibration.get(name)
    show(calibration, stale, options.json, terminal)
    return EXIT.ok
  })
  const remove = group.command('remove <name>').description('forget one; runs stay')
  act(remove, async ({ terminal, lab }, name) => {
    const { changed } = await (await lab()).calibration.remove(name)
    if (changed === 0) throw new LabError('not-found', `there is no calibration "${name}"`)
    terminal.say(`calibration ${name} is removed`)
    return EXIT.ok
  })
}

type PredictOptions = Json & {
  readonly calibration?: string
  readonly seeds: number
  readonly chart?: string
}

function addPredict(program: Command): void {
  const command = program
    .command('predict <campaign>')
    .description('simulate a measured campaign with a calibration, and put both side by side')
    .option('--calibration <name>', 'which calibration (default: that of the campaign’s host)')
    .option('--seeds <n>', 'runs of a cell', wholeNumber(1, SEEDS_MAX), PREDICTION_SEEDS)
    .option('--chart <file>', 'write the plot of predicted and measured (SVG)')
    .option('--json', 'print JSON')
  act<PredictOptions>(command, async ({ options, terminal, interrupts, lab }, ref) => {
    if (options.chart !== undefined) await requireWritable(options.chart)
    const opened = await lab()
    const { id } = await opened.campaign.find(ref)
    const prediction = await opened.calibration.predict(
      id,
      options.calibration ?? null,
      options.seeds,
      {
        signal: interrupts.signal,
        onProgress: (done, runs) => terminal.status(`${done} of ${runs} runs`),
      },
    )
    terminal.clearStatus()
    if (options.chart !== undefined)
      await writeWhole(options.chart, Buffer.from(identitySvg(prediction)))
    if (options.json === true) terminal.json(prediction)
    else printPrediction(prediction, terminal)
    return EXIT.ok
  })
}

type ReplayOptions = Json & {
  readonly scheme: SchemeRef
  readonly calibration?: string
  readonly seeds: number
}

function addReplay(program: Command): void {
  const command = program
    .command('replay <run>')
    .description(
      'a measured run under another scheme: counterfactual, with the calibration’s error',
    )
    .requiredOption(
      '--scheme <scheme>',
      'which scheme, e.g. "gang" or "flexcore(resize=hotplug)"',
      schemeOption,
    )
    .option('--calibration <name>', 'which calibration (default: that of the run’s host)')
    .option('--seeds <n>', 'simulated runs of a cell', wholeNumber(1, SEEDS_MAX), PREDICTION_SEEDS)
    .option('--json', 'print JSON')
  act<ReplayOptions>(command, async ({ options, terminal, interrupts, lab }, ref) => {
    const opened = await lab()
    const { scheme, calibration = null, seeds, json } = options
    const replay = await opened.calibration.replay(
      await findRun(opened, ref),
      scheme,
      { calibration, seeds },
      {
        signal: interrupts.signal,
        onProgress: (done, runs) => terminal.status(`${done} of ${runs} runs`),
      },
    )
    terminal.clearStatus()
    if (json === true) terminal.json(replay)
    else printReplay(replay, terminal)
    return EXIT.ok
  })
}
