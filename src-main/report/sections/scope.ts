/** What the figures are, and what they are not. */
import { schemeIdOf } from '../../core/charts/scheme-palette.ts'
import { para, section } from '../document.ts'
import type { Block, Section } from '../document.ts'
import type { ReportInput } from '../report-input.ts'
import { counted, enumerate } from './figures-text.ts'

const KIND_TEXTS = {
  simulated:
    'Every number in this report is a prediction of a discrete-event model of both schedulers, ' +
    'the guest’s and the hypervisor’s. Nothing was measured on hardware. Repetitions differ by ' +
    'their seed; a run is deterministic for its seed, so the seeds are the sample and the ' +
    'intervals speak of the variation between seeds, not of the model’s error.',
  measured: 'Every number in this report was measured on real virtual machines.',
  counterfactual:
    'Every number in this report is a replay: runs recorded under one scheme, played again under ' +
    'another by the model.',
} as const

function modelLimits(input: ReportInput): readonly string[] {
  const { campaign, catalogue, comparison } = input
  const used = new Set(comparison.schemes.map(schemeIdOf))
  const notes = catalogue.schemes
    .filter((s) => used.has(s.id) && s.note !== '')
    .map((s) => `${s.title}: ${s.note.replaceAll('`', '')}`)
  const preset = campaign.host.preset
  return [
    ...notes,
    'No number of a published evaluation, and no factor fitted to one, is used by the model or ' +
      'by a workload. Published figures are drawn beside the predictions as a reference only.',
    'Costs and kernel parameters carry their provenance; those marked K or A were not re-checked ' +
      'in a source, and the results depend on them.',
    `Results hold for the host “${preset}”, the VM mixes and the parameters listed here, and are ` +
      'not claimed for others.',
  ]
}

/** Scope and limitations. */
export function scopeSection(input: ReportInput): Section {
  const { comparison } = input
  const margin = (comparison.equivalenceMargin * 100).toFixed(1)
  const compared =
    `Compared: ${counted(comparison.groups.length, 'group')} × ` +
    `${counted(comparison.schemes.length, 'scheme')} (${enumerate(comparison.schemes)}), ` +
    `baseline ${comparison.baseline}. A difference below ${margin} % counts as equivalent.`
  const blocks: Block[] = [para(KIND_TEXTS[comparison.kind]), para(compared)]
  if (comparison.kind === 'measured') return section('Scope and limitations', blocks)
  return section('Scope and limitations', [...blocks, { type: 'list', items: modelLimits(input) }])
}
