/** flexlab serve and flexlab start: the workbench in a browser, or on the desktop where it can. */
import type { Command } from 'commander'
import { act, APP_VERSION, userPlaces, wholeNumber } from '../cli.ts'
import type { Session } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'

type Options = { port?: number; open?: boolean }

const PORT_MAX = 65_535

/** Adds the commands. */
export function addWorkbench(program: Command): void {
  const serve = program
    .command('serve')
    .description('serve the workbench to a browser of this machine')
    .option('--port <n>', 'port on 127.0.0.1 (default: any free one)', wholeNumber(0, PORT_MAX))
    .option('--open', 'open the browser')
  act<Options>(serve, async (session) => {
    const { serveLab } = await import('../../web/index.ts')
    await serveLab({ ...workbenchOptions(session), open: session.options.open === true })
    return EXIT.ok
  })
  const start = program
    .command('start')
    .description('open the workbench: the desktop app where it can run, else the browser')
    .option('--port <n>', 'port where it is served to the browser', wholeNumber(0, PORT_MAX))
  act<Options>(start, async (session) => {
    const desktop = await import('../../electron/launch.ts')
    const code = await desktop.start(workbenchOptions(session))
    return code === 0 ? EXIT.ok : EXIT.internal
  })
}

function workbenchOptions({ options, terminal, interrupts }: Session<Options>) {
  const { db, port, workers } = options
  return {
    databaseFile: db,
    appVersion: APP_VERSION,
    userPlaces: userPlaces(options),
    say: (line: string) => terminal.complain(line),
    signal: interrupts.signal,
    ...(port === undefined ? {} : { port }),
    ...(workers === undefined ? {} : { workers }),
  }
}
