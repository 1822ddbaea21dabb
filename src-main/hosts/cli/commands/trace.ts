/** flexlab trace: what happened in a run, nanosecond by nanosecond. */
import { Option } from 'commander'
import type { Command } from 'commander'
import type { TracePart } from '../../../core/contract/trace.ts'
import { RECORDS_MAX_DEFAULT, TRACE_FORMATS } from '../../../lab/index.ts'
import type { TraceFormat } from '../../../lab/index.ts'
import { act, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { findRun } from '../find-run.ts'
import { followed } from '../follow.ts'
import { printFindings, printTraceEntry, warnTruncated } from '../output/trace.ts'
import { requireWritable, writePieces } from '../write-whole.ts'

type Json = { readonly json?: boolean }
type Part = { readonly from?: number; readonly to?: number }

const RUN_HELP = 'an id, the start of one, or "latest"'
/** Of a run's id in a file's name. */
const SHORT_ID = 8
const TOP_DEFAULT = 10

/** Adds the commands. */
export function addTrace(program: Command): void {
  const trace = program.command('trace').description('record runs in detail, and look into them')
  addRecord(trace)
  addInfo(trace)
  addQuery(trace)
  addExport(trace)
  addDelete(trace)
}

function addRecord(trace: Command): void {
  const command = trace
    .command('record <run>')
    .description(`simulate a run again, record it and keep the trace (${RUN_HELP})`)
    .option('--records-max <n>', 'stop recording then', wholeNumber(1), RECORDS_MAX_DEFAULT)
    .option('--json', 'print JSON')
  act<Json & { recordsMax: number }>(command, async (session, ref) => {
    const { terminal, options, interrupts } = session
    const lab = await session.lab()
    const runId = await findRun(lab, ref)
    const entry = await lab.trace.record(runId, options.recordsMax, followed(terminal, interrupts))
    terminal.clearStatus()
    if (options.json === true) terminal.json({ runId, ...entry })
    else printTraceEntry(entry, terminal)
    return EXIT.ok
  })
}

function addInfo(trace: Command): void {
  const command = trace
    .command('info <run>')
    .description(`what a run’s trace holds (${RUN_HELP})`)
    .option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }, ref) => {
    const opened = await lab()
    const runId = await findRun(opened, ref)
    const entry = await opened.trace.entry(runId)
    if (options.json === true) terminal.json({ runId, ...entry })
    else printTraceEntry(entry, terminal)
    return EXIT.ok
  })
}

function addQuery(trace: Command): void {
  const command = withPart(
    trace
      .command('query <run>')
      .description(`who preempted whom, lock holders, barriers, run delays (${RUN_HELP})`)
      .option('--top <n>', 'length of the lists', wholeNumber(1, 1000), TOP_DEFAULT)
      .option('--json', 'print JSON'),
  )
  act<Part & Json & { top: number }>(command, async ({ lab, terminal, options }, ref) => {
    const opened = await lab()
    const runId = await findRun(opened, ref)
    const { header } = await opened.trace.entry(runId)
    const findings = await opened.trace.findings(runId, partOf(options), options.top)
    if (options.json === true) terminal.json({ runId, ...findings })
    else {
      const names = header.vms.map((vm) => vm.name)
      printFindings(findings, names, terminal)
    }
    warnTruncated({ header }, terminal)
    return EXIT.ok
  })
}

function addExport(trace: Command): void {
  const command = withPart(
    trace
      .command('export <run>')
      .description(`a run’s trace for other tools (${RUN_HELP})`)
      .addOption(
        new Option('--format <format>', 'for ui.perfetto.dev, as ftrace prints, or a table')
          .choices(Object.keys(TRACE_FORMATS))
          .default('perfetto'),
      )
      .option('-o, --output <file>', 'the file (default: the run’s id)'),
  )
  act<Part & { format: TraceFormat; output?: string }>(command, async (session, ref) => {
    const { terminal, options } = session
    const { format } = options
    if (options.output !== undefined) await requireWritable(options.output)
    const lab = await session.lab()
    const runId = await findRun(lab, ref)
    const pieces = await lab.trace.export(runId, format, partOf(options))
    const name = options.output ?? `${runId.slice(-SHORT_ID)}.${TRACE_FORMATS[format]}`
    terminal.print(await writePieces(name, pieces))
    warnTruncated(await lab.trace.entry(runId), terminal)
    return EXIT.ok
  })
}

function addDelete(trace: Command): void {
  const command = trace
    .command('delete <run>')
    .description(`delete a run’s trace, not the run (${RUN_HELP})`)
  act(command, async ({ lab, terminal }, ref) => {
    const opened = await lab()
    const runId = await findRun(opened, ref)
    const { changed } = await opened.trace.delete(runId)
    terminal.print(
      changed === 0 ? `run ${runId} has no trace` : `deleted the trace of run ${runId}`,
    )
    return EXIT.ok
  })
}

/** Adds the options that narrow a command to a part of a trace. */
function withPart(command: Command): Command {
  return command
    .option('--from <ns>', 'only from this simulated time on', wholeNumber(0))
    .option('--to <ns>', 'only up to this simulated time', wholeNumber(1))
}

function partOf({ from, to }: Part): TracePart {
  return {
    ...(from === undefined ? {} : { fromNs: from }),
    ...(to === undefined ? {} : { toNs: to }),
  }
}
