/** Interference matrix: how much slower an app is beside each set of co-runners, one scheme. */
import type { Estimate } from '../contract/comparison.ts'
import type { RunKind } from '../contract/result.ts'
import type { Chart, ChartFrame } from './chart.ts'
import { numberColumn, textColumn } from './chart-table.ts'
import { finiteOrNull, KIND_LABELS } from './chart-text.ts'
import { heatGrid } from './heat-grid.ts'
import type { HeatCell } from './heat-grid.ts'

/** What the matrix is drawn from. */
export type InterferenceInput = ChartFrame & {
  readonly kind: RunKind
  readonly scheme: string
  /** What 1 stands for, in words. */
  readonly reference: string
  readonly cells: readonly {
    readonly app: string
    readonly beside: string
    readonly slowdown: Estimate
    readonly vms: number
  }[]
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)]

/** The matrix; see the head of this file. */
export function interferenceChart(input: InterferenceInput): Chart {
  const { kind, scheme, reference } = input
  const columns = unique(input.cells.map((cell) => cell.beside))
  const apps = unique(input.cells.map((cell) => cell.app))
  const cells = apps.map((row) =>
    columns.map((column): HeatCell => {
      const found = input.cells.find((cell) => cell.app === row && cell.beside === column)
      return { row, column, ratio: finiteOrNull(found?.slowdown.value), verdict: null }
    }),
  )
  const title = `Slowdown by co-runner under ${scheme}`
  const description =
    `${KIND_LABELS[kind]}. Slowdown of ${apps.length} apps beside ${columns.length} sets of ` +
    `co-runners under ${scheme}; 1 is ${reference}.`
  const subtitle = `rows: who suffers, columns: beside whom · 1 = ${reference}`
  return {
    id: 'interference',
    title,
    description,
    widthPx: input.widthPx,
    ...heatGrid(input, { kind, title, subtitle, description, columns, cells }),
    toRows: () => ({
      columns: [
        textColumn('app', 'App'),
        textColumn('beside', 'Beside'),
        numberColumn('slowdown', 'Slowdown'),
        numberColumn('lo', '95 % CI low'),
        numberColumn('hi', '95 % CI high'),
        numberColumn('vms', 'VMs'),
      ],
      rows: input.cells.map(({ app, beside, slowdown, vms }) => [
        ...[app, beside],
        ...[slowdown.value, slowdown.lo, slowdown.hi].map(finiteOrNull),
        vms,
      ]),
    }),
  }
}
