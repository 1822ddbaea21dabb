/** flexlab templates and flexlab catalogue: what ships with the app. */
import type { Command } from 'commander'
import type {
  AppInfo,
  Catalogue,
  HostInfo,
  Parameter,
  SchemeInfo,
} from '../../../core/contract/catalogue.ts'
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
    else printPart(partOf(catalogue, id), terminal)
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
    { title: 'Hosts', rows: catalogue.hosts.map((h) => [h.id, h.title, topologyText(h)]) },
    { title: 'Guest kernel', rows: [['guest', 'Guest kernel', 'costs and scheduler of a VM']] },
  ]
  for (const { title, rows } of sections) {
    terminal.print(terminal.paint('bold', title))
    const columns = ['id', 'title', 'what'].map((name) => ({ title: name }))
    terminal.table(columns, rows)
    terminal.print()
  }
  terminal.print('parameters of one: flexlab catalogue <id>')
}

/** What has parameters. `where`: the place of a parameter's name in a scenario file. */
type Part = {
  readonly id: string
  readonly title: string
  readonly where: string
  readonly facts: readonly (readonly [name: string, text: string])[]
  readonly parameters: readonly Parameter[]
}

const schemePart = (scheme: SchemeInfo): Part => ({
  ...scheme,
  where: 'scheme.params',
  facts: [
    ['what', scheme.summary],
    ['fixes', scheme.fixes],
    ['breaks', scheme.breaks],
    ['source', scheme.source],
    ['note', scheme.note],
    ['file', scheme.file ?? ''],
  ],
})

const appPart = (app: AppInfo): Part => ({
  ...app,
  where: 'vms[].workload.params',
  facts: [['what', app.summary]],
})

const hostPart = ({ costs, ...host }: HostInfo): Part => ({
  ...host,
  where: 'host.costs',
  facts: [['pCPUs', topologyText(host)]],
  parameters: costs,
})

type Topology = Pick<HostInfo, 'sockets' | 'coresPerSocket' | 'coresPerLlc' | 'threadsPerCore'>

function topologyText(host: Topology): string {
  const { sockets, coresPerSocket, coresPerLlc, threadsPerCore } = host
  const count = sockets * coresPerSocket * threadsPerCore
  const cores = `sockets ${sockets}, coresPerSocket ${coresPerSocket}`
  return `${count}: ${cores}, coresPerLlc ${coresPerLlc}, threadsPerCore ${threadsPerCore}`
}

/** A scheme, an app, a host, or the guest kernel, with its parameters. */
function partOf(catalogue: Catalogue, id: string): Part {
  const { schemes, apps, hosts, guest } = catalogue
  const kernel = {
    id: 'guest',
    title: 'Guest kernel',
    where: 'guest',
    facts: [],
    parameters: guest,
  }
  const parts = [...schemes.map(schemePart), ...apps.map(appPart), ...hosts.map(hostPart), kernel]
  const found = parts.find((part) => part.id === id)
  if (found !== undefined) return found
  const ids = parts.map((part) => part.id).join(', ')
  throw new LabError('not-found', `the catalogue has no "${id}"`, `it has: ${ids}`)
}

function printPart(part: Part, terminal: Terminal): void {
  terminal.print(terminal.paint('bold', `${part.id} · ${part.title}`))
  for (const [name, text] of part.facts) {
    if (text !== '') terminal.print(`${name.padEnd(7)} ${text}`)
  }
  terminal.print()
  if (part.parameters.length === 0) {
    terminal.print('no parameters')
    return
  }
  const columns = [
    ...[{ title: part.where }, { title: 'default', align: 'right' as const }, { title: 'unit' }],
    ...[{ title: 'mark' }, { title: 'what' }, { title: 'source' }],
  ]
  const rows = part.parameters.map(({ key, value, unit, mark, label, source, choices }) => {
    const what = choices === undefined ? label : `${label}: ${choices.join(' | ')}`
    return [key, String(value), unit, mark, what, source]
  })
  terminal.table(columns, rows)
  terminal.print('marks: S read in a source, K common knowledge, D derived, A assumed')
}
