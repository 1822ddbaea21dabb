/** flexlab templates and flexlab catalogue: what ships with the app. */
import type { Command } from 'commander'
import type { Catalogue, Parameter } from '../../../core/contract/catalogue.ts'
import { LabError } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import type { Terminal } from '../output/terminal.ts'

type Options = { json?: boolean }

/** Adds the commands. */
export function addCatalogue(program: Command): void {
  addTemplates(program)
  const command = program
    .command('catalogue [id]')
    .description('list schemes, apps and hosts; with an id, its parameters and their sources')
    .option('--json', 'print JSON')
  act<Options>(command, async ({ lab, terminal, options }, id) => {
    const catalogue = (await lab(':memory:')).system.catalogue()
    if (options.json === true) terminal.json(id === '' ? catalogue : partOf(catalogue, id))
    else if (id === '') printAll(catalogue, terminal)
    else printParameters(partOf(catalogue, id), terminal)
    return EXIT.ok
  })
}

function addTemplates(program: Command): void {
  const command = program
    .command('templates [id]')
    .description('list the shipped campaigns; with an id, print its file')
    .option('--json', 'print JSON')
  act<Options>(command, async ({ lab, terminal, options }, id) => {
    const { templates } = (await lab(':memory:')).system.catalogue()
    const found = templates.find((template) => template.id === id)
    if (id !== '' && found === undefined) {
      const ids = templates.map((template) => template.id).join(', ')
      throw new LabError('not-found', `there is no template "${id}"`, `there are: ${ids}`)
    }
    if (options.json === true) terminal.json(found ?? templates)
    else if (found !== undefined) terminal.print(found.text.trimEnd())
    else {
      const rows = templates.map((template) => [template.id, template.description])
      terminal.table([{ title: 'id' }, { title: 'what' }], rows)
    }
    return EXIT.ok
  })
}

function printAll(catalogue: Catalogue, terminal: Terminal): void {
  const sections = [
    { title: 'Schemes', rows: catalogue.schemes.map((s) => [s.id, s.title, s.summary]) },
    { title: 'Apps', rows: catalogue.apps.map((app) => [app.id, app.title, app.summary]) },
    { title: 'Hosts', rows: catalogue.hosts.map((host) => [host.id, host.title, '']) },
  ]
  for (const { title, rows } of sections) {
    terminal.print(terminal.paint('bold', title))
    const columns = ['id', 'title', 'what'].map((name) => ({ title: name }))
    terminal.table(columns, rows)
    terminal.print()
  }
}

type Part = { readonly id: string; readonly parameters: readonly Parameter[] }

/** A scheme, an app, a host, or the guest kernel, with its parameters. */
function partOf(catalogue: Catalogue, id: string): Part {
  const hosts = catalogue.hosts.map((host) => ({ ...host, parameters: host.costs }))
  const guest = { id: 'guest', parameters: catalogue.guest }
  const parts: Part[] = [...catalogue.schemes, ...catalogue.apps, ...hosts, guest]
  const found = parts.find((part) => part.id === id)
  if (found !== undefined) return found
  const ids = parts.map((part) => part.id).join(', ')
  throw new LabError('not-found', `the catalogue has no "${id}"`, `it has: ${ids}`)
}

function printParameters({ id, parameters }: Part, terminal: Terminal): void {
  terminal.print(terminal.paint('bold', id))
  const columns = [
    { title: 'parameter' },
    { title: 'value', align: 'right' as const },
    { title: 'unit' },
    { title: 'mark' },
    { title: 'source' },
  ]
  const rows = parameters.map((p) => [p.key, String(p.value), p.unit, p.mark, p.source])
  terminal.table(columns, rows)
  terminal.print('marks: S read in a source, K common knowledge, D derived, A assumed')
}
