/** The schemes compared: what each does, where it comes from, its parameters against defaults. */
import type { Campaign } from '../../core/contract/campaign.ts'
import type { Catalogue, Parameter, SchemeInfo } from '../../core/contract/catalogue.ts'
import type { SchemeRef } from '../../core/contract/scenario.ts'
import { NO_VALUE } from '../../core/charts/chart-text.ts'
import { schemeIdOf } from '../../core/charts/scheme-palette.ts'
import { schemeLabel } from '../../core/contract/scheme-label.ts'
import { cell, row, section, table, wide } from '../document.ts'
import type { DocRow, Section } from '../document.ts'
import { quantityText } from './figures-text.ts'
import { parameterTable } from './setup.ts'

type Used = {
  readonly label: string
  readonly info: SchemeInfo | undefined
  readonly params: Readonly<Record<string, Parameter['value']>>
}

function usedSchemes(campaign: Campaign, catalogue: Catalogue, labels: readonly string[]) {
  const refs = new Map(
    campaign.axes.scheme.map((s): [string, SchemeRef] => [
      schemeLabel(s),
      typeof s === 'string' ? { id: s, params: {} } : s,
    ]),
  )
  return labels.map((label): Used => {
    const ref = refs.get(label)
    const id = ref?.id ?? schemeIdOf(label)
    const info = catalogue.schemes.find((s) => s.id === id)
    return { label, info, params: ref?.params ?? {} }
  })
}

function schemeRow({ label, info }: Used): DocRow {
  const texts = [info?.summary, info?.fixes, info?.breaks].map((t) => t ?? NO_VALUE)
  const source = [info?.source, info?.note].flatMap((t) =>
    t ? [t.replace(/\.$/, '').replaceAll('`', '')] : [],
  )
  return row(
    [
      cell(label, 'strong'),
      ...texts,
      cell(source.length === 0 ? NO_VALUE : `${source.join('. ')}.`, 'faint'),
    ],
    true,
  )
}

function parameterRows(used: Used): readonly DocRow[] {
  return (used.info?.parameters ?? []).map((p, i) => {
    const value = used.params[p.key] ?? p.value
    const isChanged = value !== p.value
    return row(
      [
        cell(i === 0 ? used.label : '', 'strong'),
        p.label,
        cell(quantityText(value, p.unit), isChanged ? 'strong' : 'plain'),
        quantityText(p.value, p.unit),
        p.mark,
        cell(p.source, 'faint'),
      ],
      i === 0,
    )
  })
}

/** The schemes and their parameters; `labels` as in the campaign, `shown` as they are printed. */
export function schemesSection(
  campaign: Campaign,
  catalogue: Catalogue,
  labels: readonly string[],
  shown: readonly string[],
): Section {
  const used = usedSchemes(campaign, catalogue, labels).map((u, i) => ({
    ...u,
    label: shown[i] ?? u.label,
  }))
  const rows = used.flatMap(parameterRows)
  const columns = [
    wide('Scheme', 0.8),
    wide('Rule', 1.2),
    wide('Meant against', 1.2),
    wide('Price', 1.2),
    wide('Source', 1.5),
  ]
  const parameterColumns = parameterTable('', [], {})
  const heads = parameterColumns.type === 'table' ? parameterColumns.columns : []
  return section('Schemes', [
    table('The schemes compared.', columns, used.map(schemeRow)),
    ...(rows.length === 0
      ? []
      : [
          table('Scheme parameters against their defaults.', [wide('Scheme', 0.8), ...heads], rows),
        ]),
  ])
}
