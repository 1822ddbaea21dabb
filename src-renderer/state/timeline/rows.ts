/** The rows of a timeline: groups that fold, and the lanes of their tracks, laid out in px. */
import { trackName } from '../../../src-main/core/trace/layout.ts'
import type { TraceLayout } from '../../../src-main/core/trace/layout.ts'

/** Heights, px, of a group's row and of a lane with the gap below it. */
export const GROUP_PX = 24
/** See GROUP_PX. */
export const LANE_PX = 18
/** Empty px below a row's colours. */
export const GAP_PX = 3

/** What kind of tracks a group holds. */
export type GroupOf = 'pcpus' | 'vcpus' | 'threads'

/** A group of tracks of one kind; `vm` is −1 for the host's pCPUs. */
export type Group = {
  readonly key: string
  readonly of: GroupOf
  readonly vm: number
  readonly tracks: readonly number[]
}

/** A row with its place. A group's row shows the sum of its tracks. */
export type Row = {
  readonly topPx: number
  readonly heightPx: number
  readonly group: Group
  readonly isOpen: boolean
  /** The lane's track, or null of a group's row. */
  readonly track: number | null
  readonly label: string
}

/** Lanes beyond which threads start folded. */
const LANES_OPEN_MAX = 64

const range = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i)

/** The groups of a trace: pCPUs, then of each VM its vCPUs and its threads. */
export function groupsOf(layout: TraceLayout): readonly Group[] {
  const { pcpus, vcpus } = layout
  const host: Group = { key: 'host', of: 'pcpus', vm: -1, tracks: range(0, pcpus) }
  return [
    host,
    ...layout.vms.flatMap((vm) => [
      {
        key: `${vm.index}v`,
        of: 'vcpus' as const,
        vm: vm.index,
        tracks: range(pcpus + vm.firstVcpu, vm.vcpus),
      },
      {
        key: `${vm.index}t`,
        of: 'threads' as const,
        vm: vm.index,
        tracks: range(pcpus + vcpus + vm.firstThread, vm.threads),
      },
    ]),
  ]
}

/** Which groups are folded at first: threads where there are many lanes. */
export function foldedAtFirst(layout: TraceLayout): ReadonlySet<string> {
  if (layout.tracks <= LANES_OPEN_MAX) return new Set()
  const threads = groupsOf(layout).filter((group) => group.of === 'threads')
  return new Set(threads.map((group) => group.key))
}

/** All rows from top to bottom. `titleOf` names a group. */
export function rowsOf(
  layout: TraceLayout,
  folded: ReadonlySet<string>,
  titleOf: (group: Group) => string,
): readonly Row[] {
  const rows: Row[] = []
  let topPx = 0
  const add = (row: Omit<Row, 'topPx'>): void => {
    rows.push({ ...row, topPx })
    topPx += row.heightPx
  }
  for (const group of groupsOf(layout)) {
    const isOpen = !folded.has(group.key)
    add({ group, isOpen, track: null, label: titleOf(group), heightPx: GROUP_PX })
    if (!isOpen) continue
    for (const track of group.tracks) {
      const name = trackName(layout, track)
      add({ group, isOpen, track, label: name.split('/').at(-1)!, heightPx: LANE_PX })
    }
  }
  return rows
}

/** Height of all rows, px. */
export function heightOf(rows: readonly Row[]): number {
  const last = rows.at(-1)
  return last === undefined ? 0 : last.topPx + last.heightPx
}

/** Rows that are at least partly between two heights, px. */
export const rowsBetween = (rows: readonly Row[], fromPx: number, toPx: number): readonly Row[] =>
  rows.filter((row) => row.topPx < toPx && row.topPx + row.heightPx > fromPx)

/** The row at a height, px from the top of the first row. */
export const rowAt = (rows: readonly Row[], y: number): Row | undefined =>
  rows.find((row) => y >= row.topPx && y < row.topPx + row.heightPx)

/** The row of a track: its lane, or that of its folded group. */
export const rowOfTrack = (rows: readonly Row[], track: number): Row | undefined =>
  rows.find((row) => row.track === track) ??
  rows.find((row) => row.track === null && row.group.tracks.includes(track))

/** Tracks whose data the rows need. */
export function tracksOf(rows: readonly Row[]): readonly number[] {
  const tracks = rows.flatMap((row) => (row.track === null ? row.group.tracks : [row.track]))
  return [...new Set(tracks)]
}
