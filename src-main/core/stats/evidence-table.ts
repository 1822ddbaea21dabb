/** The evidence of a measured campaign as text: one table for terminal, Markdown, screen, PDF. */
import type { Comparison, Estimate, Evidence } from '../contract/comparison.ts'
import type { MeasuredHost } from '../contract/library.ts'
import { formatEstimate } from './format-numbers.ts'

/** What the table is of, in a sentence. */
export const EVIDENCE_NOTE =
  'Counted on host and guests from the barrier until the last VM had its iterations, summed over ' +
  'the VMs; medians over the repetitions with 95 % intervals. Measured runs have no attribution: ' +
  'only a simulator sees all of a thread’s time.'

/** Titles, rows of text, and what could not be seen. */
export type EvidenceTable = {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** `guest steal: emulated guests see no steal`, one a figure. */
  readonly notObservable: readonly string[]
}

const DURATIONS = [
  { ns: 1e9, name: 's' },
  { ns: 1e6, name: 'ms' },
  { ns: 1e3, name: 'µs' },
  { ns: 1, name: 'ns' },
] as const

type Scale = { readonly per: number; readonly unit: string }

/** One unit for a whole column, so that its cells can be compared by eye. */
function scaleOf(unit: Evidence['figures'][number]['unit'], values: readonly number[]): Scale {
  const largest = Math.max(0, ...values)
  if (unit === 'count') return { per: 1, unit: '' }
  const { ns: per, name } = DURATIONS.find(({ ns }) => largest >= ns) ?? DURATIONS[3]
  return { per, unit: name }
}

/** Three significant figures, and none behind the point from a hundred on. */
function figure(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 3))
}

function cell(estimate: Estimate | null, { per }: Scale): string {
  if (estimate === null) return 'not observable'
  return formatEstimate(estimate, (value) => figure(value / per))
}

/** The table of a comparison's evidence; null where its runs were not measured. */
export function evidenceTable({ evidence }: Comparison): EvidenceTable | null {
  if (evidence === null) return null
  const { figures, rows, notObservable } = evidence
  const shown = figures.flatMap((one, at) =>
    rows.some(({ medians }) => medians[at] !== null) ? [{ ...one, at }] : [],
  )
  const columns = shown.map(({ at, unit, label }) => {
    const values = rows.flatMap(({ medians }) => medians[at]?.value ?? [])
    const scale = scaleOf(unit, values)
    return { at, scale, title: scale.unit === '' ? label : `${label} (${scale.unit})` }
  })
  const labelOf = (key: string): string => figures.find((one) => one.key === key)?.label ?? key
  return {
    titles: ['Group', 'Scheme', ...columns.map(({ title }) => title)],
    rows: rows.map(({ group, scheme, medians }) => {
      return [group, scheme, ...columns.map(({ at, scale }) => cell(medians[at] ?? null, scale))]
    }),
    notObservable: Object.entries(notObservable).map(([key, why]) => `${labelOf(key)}: ${why}`),
  }
}

/** Runs that were done again, and why, in words; empty when none was. */
export const redoneText = ({ redone }: Evidence): string =>
  redone === 0 ? '' : `${redone} runs were done again because something else used the host.`

/** `bed: Intel Xeon, 2 pCPUs, Linux 6.12 (eevdf), QEMU 10.0, VMs by tcg (emulation)`. */
export function describeMeasuredHost({ name, facts, accel }: MeasuredHost): string {
  const { cpuModel, allowedCpus, kernel, fairClass, qemuVersion, libvirtVersion } = facts
  const by = { kvm: 'kvm', tcg: 'tcg (emulation)', unknown: 'an unknown accelerator' }
  return [
    `${name}: ${cpuModel}, ${allowedCpus.length} pCPUs, Linux ${kernel} (${fairClass})`,
    ...(qemuVersion === null ? [] : [`QEMU ${qemuVersion}`]),
    ...(libvirtVersion === null ? [] : [`libvirt ${libvirtVersion}`]),
    `VMs by ${accel === 'mixed' ? 'kvm and tcg' : by[accel]}`,
  ].join(', ')
}
