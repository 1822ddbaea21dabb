/** The experiment: factors and levels, VM topology, host, guest, switches, budget. */
import type { Campaign, Vary } from '../../core/contract/campaign.ts'
import type { Catalogue, Parameter } from '../../core/contract/catalogue.ts'
import type { ScenarioVm } from '../../core/contract/scenario.ts'
import { formatDuration } from '../../core/charts/chart-text.ts'
import { schemeLabel } from '../../core/contract/scheme-label.ts'
import { levelsOf } from '../../core/simulate/vary-levels.ts'
import type { Level } from '../../core/simulate/vary-levels.ts'
import { cell, figures, narrow, para, row, section, table, wide } from '../document.ts'
import type { Block, DocRow, Section } from '../document.ts'
import { counted, grouped, MARK_MEANINGS, quantityText } from './figures-text.ts'

const ORDERS = {
  interleaved: 'interleaved: every scheme of a repetition before the next repetition',
  blocked: 'blocked: all repetitions of a scheme before the next scheme',
} as const

function seedText(campaign: Campaign): string {
  const { first, count } = campaign.seeds
  const range = count === 1 ? String(first) : `${first} … ${first + count - 1}`
  return `${range}; ${counted(count, 'repetition')}, the same seeds for every scheme (paired)`
}

/** A further axis: its name, with the path if it varies just one field, and its levels. */
function varied(axis: Vary): [string, readonly string[]] {
  const name = axis.path === undefined ? axis.name : `${axis.name} (${axis.path})`
  return [name, levelsOf(axis).map(levelText)]
}

/** A level; one by name tells what it changes: `dear exits (host.costs.vmExitNs × 4)`. */
function levelText({ label, changes }: Level): string {
  const told = changes
    .filter(({ pathAt }) => pathAt !== 'path')
    .map(({ path, action, value }) => `${path} ${action === 'set' ? '=' : '×'} ${String(value)}`)
  return told.length === 0 ? String(label) : `${String(label)} (${told.join(', ')})`
}

function factorTable(campaign: Campaign): Block {
  const { axes } = campaign
  const factor = (name: string, levels: readonly string[]): readonly DocRow[] =>
    levels.length === 0
      ? []
      : [row([cell(name, 'strong'), String(levels.length), levels.join(', ')], true)]
  const rows = [
    ...factor('Application', axes.app),
    ...factor('Scheme', axes.scheme.map(schemeLabel)),
    ...factor(
      'VM mix',
      axes.mix.map((m) => m.name),
    ),
    ...factor('Overcommit', axes.overcommit.map(String)),
    ...axes.vary.flatMap((axis) => factor(...varied(axis))),
    row([cell('Seed', 'strong'), String(campaign.seeds.count), seedText(campaign)], true),
    row([cell('Run order', 'strong'), '', ORDERS[campaign.order]], true),
  ]
  const caption = 'Factors and levels; the cells are their product.'
  return table(caption, [wide('Factor', 0.7), figures('Levels'), wide('Which', 2.6)], rows)
}

const pairs = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([k, v]) => `${k} = ${String(v)}`)
    .join(', ')

function workloadText(vm: ScenarioVm): string {
  const params = pairs(vm.workload.params)
  return params === '' ? vm.workload.app : `${vm.workload.app}; ${params}`
}

const REPEATS: Readonly<Record<ScenarioVm['repeat'], string>> = {
  'until-others': 'loops until all others are done',
  stop: 'stops',
  load: 'load; not measured',
}

function vmRow(mix: string, vm: ScenarioVm, i: number): DocRow {
  return row(
    [
      cell(i === 0 ? mix : '', 'strong'),
      vm.name ?? `VM ${i + 1}`,
      String(vm.vcpus),
      String(vm.weight),
      workloadText(vm),
      vm.startNs === 0 ? '0' : formatDuration(vm.startNs),
      String(vm.iterations),
      REPEATS[vm.repeat],
    ],
    i === 0,
  )
}

function topologyTable(campaign: Campaign): Block {
  const columns = [
    wide('VM mix'),
    wide('VM', 0.7),
    figures('vCPUs'),
    figures('Weight'),
    wide('Workload', 1.4),
    figures('Start'),
    figures('Iterations'),
    wide('Then', 1.2),
  ]
  const rows = campaign.axes.mix.flatMap((m) => m.vms.map((vm, i) => vmRow(m.name, vm, i)))
  return table('VM topology. $app stands for the application of the cell.', columns, rows)
}

/** A parameter table: value in use, default where it differs, provenance. */
export function parameterTable(
  caption: string,
  parameters: readonly Parameter[],
  overrides: Readonly<Record<string, Parameter['value']>>,
): Block {
  const rows = parameters.map((p) => {
    const used = overrides[p.key]
    const isChanged = used !== undefined && used !== p.value
    return row([
      cell(p.label, isChanged ? 'strong' : 'plain'),
      cell(quantityText(used ?? p.value, p.unit), isChanged ? 'strong' : 'plain'),
      isChanged ? quantityText(p.value, p.unit) : '',
      isChanged ? '' : p.mark,
      cell(isChanged ? 'set by the campaign' : p.source, 'faint'),
    ])
  })
  const columns = [
    wide('Parameter', 1.1),
    figures('In use'),
    figures('Default'),
    narrow('Mark'),
    wide('Source', 2),
  ]
  return table(caption, columns, rows)
}

function budgetText(campaign: Campaign): string {
  const { eventsMax, simulatedNsMax, wallMsMax } = campaign.budget
  return (
    `${grouped(eventsMax)} events, ${quantityText(simulatedNsMax, 'ns')} simulated, ` +
    `${quantityText(wallMsMax * 1e6, 'ns')} wall clock`
  )
}

function hostFacts(campaign: Campaign, catalogue: Catalogue): Block {
  const { host } = campaign
  const preset = catalogue.hosts.find((h) => h.id === host.preset)
  const sockets = host.sockets ?? preset?.sockets
  const cores = host.coresPerSocket ?? preset?.coresPerSocket
  const threads = host.threadsPerCore ?? preset?.threadsPerCore
  const counts = [sockets, cores, threads].map((n) => n ?? '?')
  const total = (sockets ?? 0) * (cores ?? 0) * (threads ?? 0)
  const { ple, haltPolling, cgroupFairness, pvLocks } = campaign.switches
  const onOff = (on: boolean) => (on ? 'on' : 'off')
  return {
    type: 'facts',
    items: [
      ['Host', preset?.title ?? host.preset],
      ['Topology', `${counts.join(' × ')} = ${total} pCPUs (sockets × cores × threads)`],
      ['Pause-loop exiting', onOff(ple)],
      ['Halt polling', onOff(haltPolling)],
      ['Fairness per VM (cgroup)', onOff(cgroupFairness)],
      ['Paravirtual spin locks', pvLocks],
      ['Start of the VMs', 'together, unless a start time is listed'],
      ['Budget of a run', budgetText(campaign)],
      ['Clock', 'simulated time, whole nanoseconds; no warm-up is cut off'],
    ],
  }
}

/** Factors, VM topology and the host. */
export function setupSection(
  campaign: Campaign,
  catalogue: Catalogue,
  names: readonly Block[],
): Section {
  const description = campaign.description.trim()
  return section('Experimental set-up', [
    ...(description === '' ? [] : [para(description)]),
    factorTable(campaign),
    ...names,
    topologyTable(campaign),
    hostFacts(campaign, catalogue),
  ])
}

/** Host costs and guest parameters with their provenance. */
export function parameterAppendix(campaign: Campaign, catalogue: Catalogue): Section {
  const costs = catalogue.hosts.find((h) => h.id === campaign.host.preset)?.costs ?? []
  return {
    title: 'Host and guest parameters',
    appendix: true,
    blocks: [
      para(`Marks. ${MARK_MEANINGS.join('; ')}.`),
      parameterTable('Host: scheduler and costs.', costs, campaign.host.costs),
      parameterTable('Guest kernel.', catalogue.guest, campaign.guest),
    ],
  }
}
