/** The visible part of a timeline in words and numbers: a table, and a sentence for each group. */
import { numberColumn, textColumn } from '../../../src-main/core/charts/chart-table.ts'
import type { ChartCell, ChartTable } from '../../../src-main/core/charts/chart-table.ts'
import { vcpuName } from '../../../src-main/core/trace/layout.ts'
import { strings } from '../../strings/index.ts'
import type { Pane } from './pane.svelte.ts'
import type { Row } from './rows.ts'
import { meanShares } from './shares.ts'
import { firstAfter } from './tiles.ts'
import { spanOf } from './view.ts'

/** Most rows of the table. */
export const TABLE_ROWS_MAX = 500

/** Names a state of a track. */
export type StateNamer = (track: number, state: number) => string

/** Each interval that is visible; far out, each lane's time by state instead. */
export function visibleTable(pane: Pane, nameOf: StateNamer): ChartTable {
  return pane.data.isClose(pane.view, pane.widthPx)
    ? intervalTable(pane, nameOf)
    : shareTable(pane, nameOf)
}

const { columns } = strings.timeline

function intervalTable(pane: Pane, nameOf: StateNamer): ChartTable {
  const { data, view } = pane
  const tiles = data.chunksOf(view)
  const rows: ChartCell[][] = []
  for (const { track } of pane.rows) {
    if (track === null) continue
    for (const tile of tiles) {
      const { startNs, ns, state, arg } = tile.intervals
      for (let i = firstAfter(tile, track, view.fromNs); i < tile.firstOf[track + 1]!; i++) {
        if (startNs[i]! >= view.toNs || rows.length === TABLE_ROWS_MAX) break
        const on = arg[i]! < 0 ? null : placeName(pane, track, arg[i]!)
        rows.push([pane.nameOf(track), nameOf(track, state[i]!), startNs[i]!, ns[i]!, on])
      }
    }
  }
  return {
    columns: [
      textColumn('lane', columns.lane),
      textColumn('state', columns.state),
      numberColumn('start', columns.start, 'ns'),
      numberColumn('duration', columns.duration, 'ns'),
      textColumn('on', columns.on),
    ],
    rows,
  }
}

const placeName = (pane: Pane, track: number, arg: number): string =>
  pane.kindOf(track) === 'vcpu' ? `p${arg}` : vcpuName(pane.data.layout, arg)

function shareTable(pane: Pane, nameOf: StateNamer): ChartTable {
  const rows = pane.rows.flatMap((row) => laneRows(pane, row, nameOf)).slice(0, TABLE_ROWS_MAX)
  return {
    columns: [
      textColumn('lane', columns.lane),
      textColumn('state', columns.state),
      numberColumn('duration', columns.duration, 'ms'),
      numberColumn('share', columns.share, '%'),
    ],
    rows,
  }
}

function laneRows(pane: Pane, { track }: Row, nameOf: StateNamer): ChartCell[][] {
  if (track === null) return []
  const { view, widthPx } = pane
  const means = meanShares(pane.data.shares(track, view, widthPx))
  return means
    .map((share, state) => ({ share, state }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .map(({ share, state }) => [
      pane.nameOf(track),
      nameOf(track, state),
      round((share * spanOf(view)) / 1e6),
      round(share * 100),
    ])
}

const round = (value: number): number => Number(value.toPrecision(5))

/** A group's mean shares by state, most first, without what is below a half percent. */
export function groupShares(
  pane: Pane,
  tracks: readonly number[],
): readonly { readonly state: number; readonly share: number }[] {
  const sums: number[] = []
  for (const track of tracks)
    meanShares(pane.data.shares(track, pane.view, pane.widthPx)).forEach((share, state) => {
      sums[state] = (sums[state] ?? 0) + share / tracks.length
    })
  return sums
    .map((share, state) => ({ state, share }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share)
}
