/** flexlab library: saved views, copies of the library's file, and the way back to one. */
import type { Command } from 'commander'
import path from 'node:path'
import { backupsOf, LabError, restoreLibrary } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { whereText } from '../output/run-table.ts'
import { addRunOptions, viewOf } from '../run-options.ts'
import type { RunOptions } from '../run-options.ts'

type Json = { json?: boolean }

/** Adds the command. */
export function addLibrary(program: Command): void {
  const library = program
    .command('library')
    .description('saved views; back the library up, or restore it')
  const backup = library
    .command('backup <file>')
    .description('copy the library into a file, whole or not at all, also while it is in use')
  act(backup, async ({ lab, terminal }, file) => {
    await (await lab()).library.backup(path.resolve(file))
    terminal.say(`backed up to ${path.resolve(file)}`)
    return EXIT.ok
  })
  addSample(library)
  addViews(library)
  addBackups(library)
  addRestore(library)
}

function addSample(library: Command): void {
  const command = library
    .command('sample')
    .description('add the sample campaign that ships with the app (simulated); twice adds nothing')
    .option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }) => {
    const imported = await (await lab()).library.importSample()
    if (options.json === true) terminal.json(imported)
    else terminal.print(`campaign ${imported.campaignId}: ${imported.added} runs added`)
    return EXIT.ok
  })
}

function addViews(library: Command): void {
  const all = library
    .command('views')
    .description('list the saved views; runs --view <name> shows one')
    .option('--json', 'print JSON')
  act<Json>(all, async ({ lab, terminal, options }) => {
    const views = await (await lab()).library.views()
    if (options.json === true) terminal.json(views)
    else if (views.length === 0) terminal.print('no saved views yet')
    else {
      const columns = ['name', 'saved at', 'where'].map((title) => ({ title }))
      const rows = views.map(({ name, savedAt, state }) => [name, savedAt, whereText(state)])
      terminal.table(columns, rows)
    }
    return EXIT.ok
  })
  const save = library.command('save-view <name>').description('keep a question under a name')
  act<RunOptions>(addRunOptions(save), async ({ lab, terminal, options }, name) => {
    const opened = await lab()
    await opened.library.saveView({ name, state: await viewOf(opened, options) })
    terminal.say(`saved the view ${name}`)
    return EXIT.ok
  })
  const remove = library.command('remove-view <name>').description('forget a saved view')
  act(remove, async ({ lab, terminal }, name) => {
    const { changed } = await (await lab()).library.removeView(name)
    if (changed === 0) throw new LabError('not-found', `there is no view “${name}”`)
    terminal.say(`removed the view ${name}`)
    return EXIT.ok
  })
}

function addBackups(library: Command): void {
  const command = library
    .command('backups')
    .description('list the copies that are made by themselves, newest first')
    .option('--json', 'print JSON')
  act<Json>(command, ({ terminal, options }) => {
    const backups = backupsOf(options.db)
    if (options.json === true) terminal.json(backups)
    else if (backups.length === 0) terminal.print(`no backups of ${options.db} yet`)
    else {
      const columns = ['taken at', 'reason', 'file'].map((title) => ({ title }))
      terminal.table(
        columns,
        backups.map(({ takenAt, reason, file }) => [takenAt, reason, file]),
      )
    }
    return EXIT.ok
  })
}

function addRestore(library: Command): void {
  const command = library
    .command('restore [file]')
    .description('put the latest sound copy, or the named file, where the library is')
    .option('--json', 'print JSON')
  act<Json>(command, async ({ terminal, options }, from) => {
    const { restored, kept } = await restoreLibrary(options.db, from === '' ? undefined : from)
    if (options.json === true) terminal.json({ restored, kept })
    else {
      terminal.print(`restored: ${options.db}, as it was at ${restored.takenAt}`)
      for (const file of kept) terminal.print(`kept: ${file}`)
    }
    return EXIT.ok
  })
}
