/** The factors that tell a campaign's cells apart, as columns: only those that the campaign has. */
import type { Factors } from '../../../core/contract/campaign.ts'
import type { Column } from './table.ts'

type FactorColumn = Column & { readonly text: (factors: Factors) => string }

/** Columns for cells with these factors: app, scheme, mix, overcommit, each varied field. */
export function factorColumns(all: readonly Factors[]): readonly FactorColumn[] {
  const varied = new Set(all.flatMap(({ vary }) => Object.keys(vary)))
  const overcommit = all.some((factors) => factors.overcommit !== null)
  const right = 'right' as const
  return [
    { title: 'app', text: ({ app }) => app },
    { title: 'scheme', text: ({ scheme }) => scheme },
    { title: 'mix', text: ({ mix }) => mix },
    ...(overcommit
      ? [{ title: 'overcommit', align: right, text: (f: Factors) => String(f.overcommit ?? '') }]
      : []),
    ...[...varied].map((name): FactorColumn => {
      return { title: name, align: right, text: ({ vary }) => String(vary[name] ?? '') }
    }),
  ]
}
