/** Environment, completeness, statistics and how to make the figures again. */
import type { Comparison } from '../../core/contract/comparison.ts'
import { formatDuration } from '../../core/charts/chart-text.ts'
import { isNotNeeded } from '../../core/contract/library.ts'
import type { Cell, Environment, MeasuredHost } from '../../core/contract/library.ts'
import type { Scenario } from '../../core/contract/scenario.ts'
import { describeDrift } from '../../core/stats/comparison-text.ts'
import { cell, figures, para, row, section, table, wide } from '../document.ts'
import type { Block, Section } from '../document.ts'
import type { ReportInput } from '../report-input.ts'
import { wrapCommand } from '../safe-text.ts'
import { counted } from './figures-text.ts'

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

const ON_SIMULATOR =
  'The machine that ran the simulator. Simulated times do not depend on it; only the wall ' +
  'clock that a campaign takes does.'
const ON_HOST =
  'The host that the VMs ran on, as it was when the lab connected to it; below it the machine ' +
  'that the lab ran on.'

/** The host of measured runs; what its kernel does not show is said. */
function measuredFacts({ name, facts, vms, accel, agent }: MeasuredHost): Block {
  const known = (value: string | null): string => value ?? 'not observable'
  const turbo = facts.turbo === null ? 'not observable' : facts.turbo ? 'on' : 'off'
  const mitigations = Object.entries(facts.mitigations).filter(([, v]) => v !== 'Not affected')
  const vcpus = vms.map((vm) => `${vm.name}: ${counted(vm.vcpus.length, 'vCPU')}`)
  return {
    type: 'facts',
    items: [
      ['Host', `${name} (${facts.hostname}), ${facts.os}`],
      ['VMs run by', accel === 'tcg' ? 'tcg: emulated, not by hardware' : accel],
      ['Processor', `${facts.cpuModel}, microcode ${known(facts.microcode)}`],
      ['pCPUs', `${facts.pcpus.length}, of which ${facts.allowedCpus.length} may be used`],
      ['Memory', gibibytes(facts.memoryBytes)],
      ['Kernel', `Linux ${facts.kernel}, ${facts.fairClass}, cgroup ${facts.cgroup}`],
      ['Command line', known(facts.cmdline)],
      ['Governor, turbo', `${known(facts.governor)}, ${turbo}`],
      ['Clock source', known(facts.clocksource)],
      ['QEMU, libvirt', `${facts.qemuVersion ?? 'none'}, ${facts.libvirtVersion ?? 'none'}`],
      ['Mitigations', mitigations.map(([key, value]) => `${key}: ${value}`).join('; ') || 'none'],
      ['VMs', vcpus.join('; ') || 'none'],
      ['Agent', `${agent.appVersion} (${agent.sha256.slice(0, 12)}) on Node ${agent.node}`],
    ],
  }
}

/** The machine and software that computed the figures. */
export function environmentSection(environment: Environment | null): Section {
  if (environment === null) {
    return section('Environment', [para('The runs name no environment.')])
  }
  const e = environment
  return section('Environment', [
    para(e.host === null ? ON_SIMULATOR : ON_HOST),
    ...(e.host === null ? [] : [measuredFacts(e.host)]),
    {
      type: 'facts',
      items: [
        ['FlexCore Lab', e.commit === null ? e.appVersion : `${e.appVersion}, commit ${e.commit}`],
        ['Runtime', e.runtime],
        ['Operating system', e.os],
        ['Processor', `${e.cpu}, ${counted(e.cpuCount, 'logical CPU')}`],
        ['Memory', gibibytes(e.memoryBytes)],
        ['Library schema', `version ${e.schemaVersion}`],
      ],
    },
  ])
}

function omittedTable(comparison: Comparison): readonly Block[] {
  if (comparison.omitted.length === 0) return []
  const rows = comparison.omitted.map((o) =>
    row([
      cell(o.group, 'strong'),
      o.scheme,
      String(o.runs),
      ...[o.failed, o.excluded, o.missing].map(String),
    ]),
  )
  const columns = [
    wide('Group'),
    wide('Scheme'),
    figures('Runs'),
    figures('Failed'),
    figures('Excluded'),
    figures('Not run'),
  ]
  return [table('Left out: without a single pair with the baseline.', columns, rows)]
}

function failureTable(cells: readonly Cell[]): readonly Block[] {
  const failed = cells.filter(
    (c) => c.status === 'failed' || (c.status === 'skipped' && !isNotNeeded(c)),
  )
  if (failed.length === 0) return []
  const rows = failed
    .slice(0, 200)
    .map((c) =>
      row([
        cell(c.factors.app, 'strong'),
        c.factors.scheme,
        c.factors.mix,
        String(c.seed),
        c.status,
        cell(c.error ?? '', 'faint'),
      ]),
    )
  const columns = [
    wide('App', 0.8),
    wide('Scheme', 0.8),
    wide('VM mix', 0.8),
    figures('Seed'),
    wide('Status', 0.5),
    wide('Reason', 2),
  ]
  const caption =
    failed.length > rows.length
      ? `Failed and skipped cells, the first ${rows.length} of ${failed.length}.`
      : 'Failed and skipped cells.'
  return [table(caption, columns, rows)]
}

function exclusionTable({ excluded }: Comparison): readonly Block[] {
  if (excluded.length === 0) return []
  const rows = excluded.map(({ group, scheme, seed, timeNs, reason }) =>
    row([
      cell(group, 'strong'),
      scheme,
      String(seed),
      formatDuration(timeNs),
      cell(reason, 'faint'),
    ]),
  )
  const columns = [wide('Group', 0.8), wide('Scheme', 0.8), figures('Seed'), figures('Time')]
  const caption = 'Runs that were excluded from the comparison by hand, each with its reason.'
  return [table(caption, [...columns, wide('Reason', 2)], rows)]
}

function exclusionText({ excluded, notNeededRuns }: Comparison): string {
  const byHand =
    excluded.length === 0
      ? 'No run was excluded by hand'
      : `${counted(excluded.length, 'run')} excluded by hand, listed with the reasons`
  const spared =
    notNeededRuns === 0 ? '' : `; ${counted(notNeededRuns, 'cell')} not run by the stopping rule`
  return `${byHand}${spared}. None is treated as an outlier by rule.`
}

/** What is missing from the figures, counted and named. */
export function completenessSection(comparison: Comparison, cells: readonly Cell[]): Section {
  const { finishedRuns, failedRuns, missingRuns } = comparison
  const isComplete = failedRuns + missingRuns + comparison.omitted.length === 0
  const whole = finishedRuns === 1 ? 'The only run' : `All ${finishedRuns} runs`
  const text =
    isComplete && comparison.excluded.length + comparison.notNeededRuns === 0
      ? `${whole} of the campaign finished; the figures leave none out.`
      : `${counted(finishedRuns, 'run')} compared, ${failedRuns} failed, ${missingRuns} were not ` +
        'run (pending, skipped or without a partner).'
  return section('Failures and exclusions', [
    para(`${text} ${exclusionText(comparison)}`),
    ...exclusionTable(comparison),
    ...omittedTable(comparison),
    ...failureTable(cells),
  ])
}

/** How the figures were made from the runs. */
export const methodSection = (comparison: Comparison): Section =>
  section('Statistics', [
    ...describeDrift(comparison).map((warning) => para(`Drift: ${warning}.`)),
    para(comparison.method),
  ])

const hasFile = ({ campaignFile, parts }: ReportInput): boolean =>
  campaignFile !== undefined && (parts?.includes('campaign-file') ?? true)

/** How to make the figures again. */
export function reproduceSection(input: ReportInput): Section {
  const tolerance =
    'Expected: the same run times to the nanosecond and the same trace hashes, on any machine. ' +
    'Tolerance: none.'
  return section('How to reproduce', [
    { type: 'code', text: wrapCommand(input.command) },
    para(
      `${hasFile(input) ? 'The campaign’s file is in the appendix; the' : 'The'} library that ` +
        'holds the campaign prints its file with ' +
        `“flexlab campaign file ${input.comparison.campaignId}”.`,
    ),
    para(
      input.comparison.kind === 'simulated' ? tolerance : 'Expected: within the intervals given.',
    ),
  ])
}

/** The file that makes the campaign again. */
export const campaignAppendix = (file: string): Section => ({
  title: 'The campaign file',
  appendix: true,
  blocks: [
    para('Every default filled in; saved as campaign.yaml, it makes the same runs again.'),
    { type: 'code', text: file.trimEnd() },
  ],
})

/** One scenario of the campaign as a file. */
export const scenarioAppendix = (scenario: Scenario): Section => ({
  title: 'A scenario in full',
  appendix: true,
  blocks: [
    para('One scenario of the campaign, as a file that the simulator reads.'),
    { type: 'code', text: JSON.stringify(scenario, null, 2) },
  ],
})
